"""The extent of an OpenDocument sheet, whose repeated rows and cells say little and mean much."""

from common.sheets.ooxml import check_extent
from common.sheets.package import DOCUMENT, Package, parse_xml
from common.sheets.workbook import Limits


def check(package: Package, limits: Limits) -> None:
    """Refuse a document whose values reach beyond the limits. Raises SheetFileError."""
    reader = _Extent(limits)
    parse_xml(package.parts[DOCUMENT], reader.start, reader.end, reader.text)


class _Extent:
    """Follows the cells with their repetitions; what is blank at the end does not count."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sheet = ""
        self._rows = self._columns = self._last_row = self._last_column = 0
        self._row_repeat = self._cell_repeat = 1
        self._filled = self._in_cell = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name.endswith(":table"):
            self._sheet = plain.get("name", "")
            self._rows = self._last_row = self._last_column = 0
        elif name.endswith(":table-row"):
            self._row_repeat = int(plain.get("number-rows-repeated", "1"))
            self._columns, self._filled = 0, False
        elif name.endswith((":table-cell", ":covered-table-cell")):
            self._cell_repeat = int(plain.get("number-columns-repeated", "1"))
            self._columns += self._cell_repeat
            self._in_cell = True
            if "value-type" in plain:
                self._fill()

    def text(self, text: str) -> None:
        if self._in_cell and text.strip():
            self._fill()

    def end(self, name: str) -> None:
        if name.endswith("-cell"):
            self._in_cell = False
        elif name.endswith(":table-row"):
            self._rows += self._row_repeat
            if self._filled:
                self._last_row = self._rows
                check_extent(self._last_row, self._last_column, self._sheet, self._limits)

    def _fill(self) -> None:
        self._filled = True
        self._last_column = max(self._last_column, self._columns)
