"""Parsers of one cell: each takes what the sheet holds and returns a typed value or CellError."""

from common.sheets.cells.amounts import (
    Count,
    Money,
    parse_count,
    parse_decimal,
    parse_int,
    parse_money,
)
from common.sheets.cells.base import (
    CellError,
    CellValue,
    is_ditto,
    is_nothing,
    parse_text,
)
from common.sheets.cells.dates import DateSpan, chinese_date, parse_date
from common.sheets.cells.feedback import Feedback, parse_feedback
from common.sheets.cells.marks import Rating, parse_rating, parse_tick
from common.sheets.cells.people import Names, PersonRef, normalise_name, parse_names
from common.sheets.cells.phones import Phones, parse_phones

__all__ = [
    "CellError",
    "CellValue",
    "Count",
    "DateSpan",
    "Feedback",
    "Money",
    "Names",
    "PersonRef",
    "Phones",
    "Rating",
    "chinese_date",
    "is_ditto",
    "is_nothing",
    "normalise_name",
    "parse_count",
    "parse_date",
    "parse_decimal",
    "parse_feedback",
    "parse_int",
    "parse_money",
    "parse_names",
    "parse_phones",
    "parse_rating",
    "parse_text",
    "parse_tick",
]
