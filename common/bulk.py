"""Many rows at once, below the ORM: for imports, where `bulk_create` takes most of the time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

from django.db import connections, models, router
from django.db.models.base import ModelState
from django.utils import timezone

# Their values go to the database as they are in Python, whichever database it is.
_AS_IS = (models.IntegerField, models.BooleanField, models.ForeignKey, models.BigAutoField)
_TEXT = (models.CharField, models.TextField)
_MOST_KEPT = 1000


class Mould:
    """Makes new rows that are alike but for a few values; a model's own constructor goes through
    every field, which takes five times as long."""

    def __init__(self, first: models.Model):
        self._model = type(first)
        self._values = {key: value for key, value in vars(first).items() if key != "_state"}
        self._related = dict(first._state.fields_cache)
        # Each row has its own of what a default makes anew: a key, an empty list.
        self._made = [
            (field.attname, field.get_default)
            for field in self._model._meta.concrete_fields
            if field.has_default() and callable(field.default)
        ]

    def cast(self, **values: Any) -> Any:
        row = self._model.__new__(self._model)
        state = ModelState()
        state.fields_cache = dict(self._related)
        vars(row).update(self._values, _state=state)
        for name, make in self._made:
            vars(row)[name] = make()
        for name, value in values.items():
            setattr(row, name, value)
        return row


def insert_rows(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert new rows in the caller's transaction; they are not told their keys.

    What `save` would fill in (auto_now_add) is filled in; signals are not sent. PostgreSQL takes
    them by COPY, SQLite by one prepared statement, any other database by `bulk_create`.
    """
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    if not rows:
        return
    if connection.vendor not in {"postgresql", "sqlite"}:
        model._base_manager.bulk_create(rows, batch_size=2000)  # type: ignore[attr-defined]
        return
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    lines = _lines(rows, [_preparer(field, connection) for field in fields])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for line in lines:
                    copy.write_row(line)
        else:
            marks = ", ".join(["%s"] * len(fields))
            sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own tables
            cursor.executemany(sql, list(lines))


def _lines(
    rows: Iterable[models.Model], preparers: list[Callable[[Any], Any]]
) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield tuple([prepare(row) for prepare in preparers])


def _preparer(field: models.Field, connection: Any) -> Callable[[Any], Any]:
    """How the value of one field of a row becomes what the database driver takes."""
    name = field.attname
    if isinstance(field, models.ForeignKey):
        related = field.name

        def key(row):
            value = getattr(row, name)
            if value is None and related in row._state.fields_cache:
                owner = getattr(row, related)
                value = owner.pk if owner is not None else None  # saved after it was assigned
            return value

        return key
    if isinstance(field, _TEXT) and not field.choices:
        return lambda row: row.__dict__[name]
    if isinstance(field, _TEXT):  # a member of its choices is more than a text
        return lambda row: value if type(value := row.__dict__[name]) is str else _text(value)
    if isinstance(field, _AS_IS):
        return lambda row: row.__dict__[name]
    if isinstance(field, models.DateTimeField) and (field.auto_now or field.auto_now_add):
        now = field.get_db_prep_save(timezone.now(), connection)
        return lambda row: now
    return _prepared_once(field, connection)


def _prepared_once(field: models.Field, connection: Any) -> Callable[[Any], Any]:
    """Dates, choices and the like come again and again: each value is prepared once."""
    name = field.attname
    kept: dict[Any, Any] = {}

    def prepare(row):
        value = row.__dict__[name]
        if value is None or not isinstance(value, Hashable):
            return field.get_db_prep_save(value, connection) if value is not None else None
        if value not in kept:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[value] = field.get_db_prep_save(value, connection)
        return kept[value]

    return prepare


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
