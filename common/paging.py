"""Pages by key: the next page starts after the last row shown, however deep it lies."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

EXACT_UP_TO = 1000


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the cursors of its neighbours ("" where there is none)."""

    rows: list
    next: str
    previous: str

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


@dataclass(frozen=True)
class Tally:
    """How many rows there are: exact up to a bound, then "1000+"."""

    number: int
    exact: bool

    @classmethod
    def bounded(cls, number: int, *, up_to: int = EXACT_UP_TO, exactly: bool = False) -> Tally:
        """What to say of `number` rows, of which no more than one above the bound were read."""
        exact = exactly or number <= up_to
        return cls(number if exact else up_to, exact)

    def __str__(self):
        return f"{self.number:,}" if self.exact else f"{self.number:,}+"


def tally(rows: QuerySet, *, exactly: bool = False) -> Tally:
    """Count `rows`, reading no more than the bound unless asked for the exact figure."""
    if exactly:
        return Tally(rows.count(), True)
    return Tally.bounded(rows.order_by()[: EXACT_UP_TO + 1].count())


def page_of(
    rows: QuerySet, keys: Sequence[str], *, size: int, after: str = "", before: str = ""
) -> Page:
    """Return the page of `rows` after or before a cursor, in the order of `keys`.

    `keys` are non-null fields like ("-received_on", "-pk"); the last one is unique. A cursor that
    cannot be read counts as none.
    """
    backwards = bool(before) and not after
    order = [_turned(key) for key in keys] if backwards else list(keys)
    values = _decode(before if backwards else after, len(keys))
    if values is not None:
        try:
            rows = rows.filter(_beyond(order, values))
        except (ValidationError, ValueError, TypeError):
            values = None
    found = list(rows.order_by(*order)[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    came_from = values is not None
    return Page(
        found,
        next=cursor_of(found[-1], keys) if found and (came_from if backwards else more) else "",
        previous=cursor_of(found[0], keys) if found and (more if backwards else came_from) else "",
    )


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after `values` in `order`, written so that an index can be walked."""
    field = order[0].lstrip("-")
    side = "lt" if order[0].startswith("-") else "gt"
    past = Q(**{f"{field}__{side}": values[0]})
    if len(order) == 1:
        return past
    return Q(**{f"{field}__{side}e": values[0]}) & (past | _beyond(order[1:], values[1:]))


def cursor_of(row, keys: Sequence[str]) -> str:
    """What an address says of the row that a page starts after or ends before."""
    values = [_value(row, key.lstrip("-")) for key in keys]
    text = json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row, path: str):
    for name in path.split("__"):
        row = getattr(row, name)
    # The encoder would cut a moment to milliseconds, and the next page leave rows out.
    return row.isoformat() if isinstance(row, datetime) else row


def _decode(cursor: str, length: int) -> list | None:
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError):
        return None
    usable = isinstance(values, list) and len(values) == length
    return values if usable and not any(isinstance(v, list | dict) for v in values) else None
