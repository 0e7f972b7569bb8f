"""簿一 as a book: how a visit is laid out for the printer."""

from __future__ import annotations

from django.db.models import Sum

from visits.choices import Register
from visits.documents.book import Book
from visits.documents.laying import (
    PrintedEntry,
    cells_of,
    height_of,
    marked,
    text_of,
)
from visits.documents.register import RECEPTION_COLUMNS, Printer, Visit, visits_of
from visits.documents.tally import VisitTally

# The columns of static/css/paper.css in their order, with the widths (mm) it gives them.
_FACTS = {"no": 7, "date": 13.9, "place": 10.2, "dep": 13, "name": 10.2, "sex": 5.2, "addr": 10.4,
          "tel": 17, "n": 5.6, "how": 10.2}  # fmt: skip
_MATTER = {"cat": 7.6, "say": 45.6, "rep": 24.8, "disp": 13, "unit": 13, "res": 24.8,
           "fb": 13.9, "sat": 8.4}  # fmt: skip
_SIGNED = {"rec": 10.2, "note": 13}
_PLACE, _STATEMENT = list(_FACTS).index("place"), list(_MATTER).index("say")


def _lay_out(visit: Visit, printer: Printer, station: str) -> PrintedEntry:
    """What the head of the sheet says, year and station, is left out of the lines."""
    reception, year = visit.reception, visit.reception.year
    facts = [text_of(value, year) for value in printer.facts_of(reception)]
    facts[_PLACE] = facts[_PLACE].removeprefix(station) or facts[_PLACE]
    matters = [
        [text_of(value, year) for value in printer.opinion(opinion)] for opinion in visit.opinions
    ]
    if len(matters) > 1:
        for number, matter in enumerate(matters, start=1):
            matter[_STATEMENT] = f"{_circled(number)}{matter[_STATEMENT]}"
    signed = [reception.recorder, _remarks(reception)]
    own = sum(height_of(matter, _MATTER, small=True) for matter in matters)
    shared = max(height_of(facts, _FACTS, small=True), height_of(signed, _SIGNED, small=True))
    return PrintedEntry(
        facts=cells_of(facts, _FACTS),
        lines=[cells_of(matter, _MATTER) for matter in matters],
        signed=cells_of(signed, _SIGNED),
        height=max(own, shared),
        source=visit,
    )


def _remarks(reception) -> str:
    return marked(
        "匿名" if not reception.visitor_name else "",
        "保密" if reception.confidential else "",
        "补录" if reception.late_entry else "",
        reception.note,
    )


def _circled(number: int) -> str:
    return chr(0x245F + number) if number <= 20 else f"({number})"


RECEPTIONS = Book(
    register=Register.RECEPTION,
    short="簿一",
    unit="批",
    line_unit="条意见",
    day="received_on",
    line_count=Sum("opinion_count"),
    columns=RECEPTION_COLUMNS,
    page_columns={**_FACTS, **_MATTER, **_SIGNED},
    tally=VisitTally,
    printer=Printer,
    read=visits_of,
    row_of=lambda visit: visit.reception,
    lay_out=_lay_out,
)
