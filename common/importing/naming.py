"""Headings that nobody but an office itself could know, remembered once they were named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from common.importing.resources import REMARKS, Options, SheetResource
from common.models import ColumnName
from common.sheets.layout import Table, find_tables
from common.sheets.workbook import SheetData, SheetFileError

_LONGEST = 100  # characters of a heading that is remembered: what its column holds


@dataclass
class Recognised:
    """The tables of a file, and which headings were known from another time."""

    tables: list[Table]
    place: str = ""
    remembered: dict[str, str | None] = field(default_factory=dict)

    @property
    def unknown(self) -> list[str]:
        """Headings that name no column of the register; their cells go to 备注."""
        found = [text for table in self.tables for text in table.unknown.values() if text]
        return list(dict.fromkeys(found))

    @property
    def synonyms(self) -> dict[str, str]:
        return {name: text for table in self.tables for name, text in table.synonyms_used.items()}


def recognise(resource: SheetResource, sheets: Sequence[SheetData], options: Options) -> Recognised:
    """Find the tables; what is unknown is looked up among what was named at the same place.

    What the user says of this file goes first. Raises SheetFileError where no table is found.
    """
    columns = resource.columns()
    given = {REMARKS: None, **(options.mapping or {})}
    try:
        tables = find_tables(sheets, columns, mapping=given, mended=options.mended)
    except SheetFileError:
        known = names_at(resource, options.station) if options.station else {}
        if not known:
            raise
        tables = find_tables(sheets, columns, mapping=known | given, mended=options.mended)
        return Recognised(tables, options.station, known)
    found = Recognised(tables, resource.whose(tables, options))
    known = names_at(resource, found.place)
    found.remembered = {text: known[text] for text in found.unknown if text in known}
    if found.remembered:
        mapping = found.remembered | given
        found.tables = find_tables(sheets, columns, mapping=mapping, mended=options.mended)
    return found


def names_at(resource: SheetResource, place: str) -> dict[str, str | None]:
    """Heading → column, None for one to leave out, as they were named at `place` only."""
    columns = {column.name for column in resource.columns()}
    named = ColumnName.objects.of(resource.kind, place).values_list("heading", "column")
    return {heading: column or None for heading, column in named if not column or column in columns}


@transaction.atomic
def remember(kind: str, place: str, mapping: Mapping[str, str | None], *, actor) -> None:
    """Keep what headings mean at `place`; "" forgets what one meant."""
    for heading, column in mapping.items():
        if column == "":
            ColumnName.objects.of(kind, place).filter(heading=heading).delete()
        elif len(heading) <= _LONGEST:
            ColumnName.objects.update_or_create(
                kind=kind,
                place=place,
                heading=heading,
                defaults={"column": column or "", "named_by_id": actor.pk},
            )
