"""What the lines of every register need: who is named, what is known of a line, what stands.

An exported line carries `<row>:<version>` under KEY. Unchanged it is a duplicate; a changed cell
makes an update; a line whose row changed here meanwhile is rejected. Without a key, a line with
the same identity as a stored row is a duplicate of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from common.importing.rows import Change, SheetRow
from common.sheets.cells import Names, normalise_name, parse_text
from common.sheets.layout import Table
from deputies.models import Deputy
from visits.sheets.context import RegisterContext

KEY = "内部标识（勿改）"
_KEY_FORM = re.compile(r"(\d{1,18}):(\d{1,9})")
_MOST_KEPT = 2000


@dataclass(frozen=True)
class Returned:
    """A printed column of a line that is known: is it as it stands, how is it put right, and
    how does the stored cell read for who may see no contacts."""

    column: str
    same: Callable[[dict[str, Any], Any], bool]
    put: Callable[[dict[str, Any], Any, RegisterContext], None]
    shown: Callable[[Any], str]


def key_in(text: str) -> tuple[int, int] | None:
    """Row and version, if the text is a key."""
    match = _KEY_FORM.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def keyed_rows(tables: Iterable[Table]) -> set[int]:
    """The stored rows that lines of a file say to come from; read before the lines themselves."""
    found: set[int] = set()
    for table in tables:
        if KEY in table.columns:
            keys = (key_in(parse_text(entry.value(KEY))) for entry in table.entries)
            found.update(key[0] for key in keys if key)
    return found


def rows_with_keys(
    rows: Iterable[SheetRow], context: RegisterContext
) -> dict[int, tuple[SheetRow, int]]:
    """Stored row → the first line that came from it, and the version it then had."""
    found: dict[int, tuple[SheetRow, int]] = {}
    for row in rows:
        key = key_in(row.values[KEY]) if row.values[KEY] else None
        if key and key[0] not in context.claimed:
            found.setdefault(key[0], (row, key[1]))
    return found


def find_deputies(row: SheetRow, column: str, context: RegisterContext) -> list[Deputy]:
    """Every name must be one deputy of the station: none, or two people, is an error."""
    names: Names = row.values[column]
    found = context.people.get(names.people)
    if found is None:
        if len(context.people) >= _MOST_KEPT:
            context.people.clear()
        found = context.people[names.people] = _deputies_named(names, context)
    deputies, messages = found
    for message in messages:
        row.reject(column, message)
    return deputies


def _deputies_named(names: Names, context: RegisterContext) -> tuple[list[Deputy], list[str]]:
    deputies: list[Deputy] = []
    messages: list[str] = []
    for person in names.people:
        candidates = context.by_name.get(normalise_name(person.name), [])
        if len(candidates) == 1:
            deputies.append(candidates[0])
        elif not candidates:
            messages.append(f"{context.station}没有代表“{person.name}”，请核对姓名")
        else:
            messages.append(f"“{person.name}”有 {len(candidates)} 位，请注明是哪一位")
    return list(dict.fromkeys(deputies)), messages


def changed_cells(
    row: SheetRow, stored: Any, columns: Sequence[Returned], more: Iterable[Change] = ()
) -> Iterator[Change]:
    """Old and new of every cell by which a line differs from the row it came from."""
    yield from more
    for column in columns:
        yield Change(column.column, column.shown(stored), row.text(column.column))


def digest(*facts: Any) -> bytes:
    """An identity in twelve bytes: a register of a hundred thousand lines fits in memory."""
    return blake2b(repr(facts).encode("utf-8", "replace"), digest_size=12).digest()


class OnFile:
    """The identities of the lines that stand, read year by year as the sheet gets to them.

    `read(year)` gives them with what each may be called. k equal lines of a sheet match at most k
    stored rows.
    """

    def __init__(self, read: Callable[[int], Iterable[tuple[bytes, str]]]):
        self._read = read
        self._years: set[int] = set()
        self._left: dict[bytes, str | list[str]] = {}

    def take(self, identity: bytes, year: int) -> str | None:
        """What a stored row of this identity is called, taken once; None if there is none."""
        if year not in self._years:
            self._years.add(year)
            for known, name in self._read(year):
                self._add(known, name)
        found = self._left.get(identity)
        if not found:
            return None
        if isinstance(found, str):
            del self._left[identity]
            return found
        return found.pop()

    def _add(self, identity: bytes, name: str) -> None:
        before = self._left.get(identity)
        if before is None:
            self._left[identity] = name
        elif isinstance(before, list):
            before.append(name)
        else:
            self._left[identity] = [before, name]
