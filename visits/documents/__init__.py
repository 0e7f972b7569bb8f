"""The registers on paper: Excel files that come back unchanged, and pages for the printer."""

from visits.documents.activities import ACTIVITY_COLUMNS
from visits.documents.assistance import ASSISTANCE_COLUMNS
from visits.documents.book import KEY_COLUMN, stations_unmasked_for
from visits.documents.export import Exported, export_register, export_rows, lines_of
from visits.documents.pages import PrintedRegister, printed_register
from visits.documents.register import RECEPTION_COLUMNS, reception_lines

__all__ = [
    "ACTIVITY_COLUMNS",
    "ASSISTANCE_COLUMNS",
    "KEY_COLUMN",
    "RECEPTION_COLUMNS",
    "Exported",
    "PrintedRegister",
    "export_register",
    "export_rows",
    "lines_of",
    "printed_register",
    "reception_lines",
    "stations_unmasked_for",
]
