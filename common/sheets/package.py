"""The zip a workbook comes in: only what its reader needs is unpacked, and that under a cap."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from posixpath import normpath
from xml.parsers import expat

from common.sheets.workbook import MIB, Limits, SheetFileError

BROKEN = "文件已损坏，打不开，请用 WPS 或 Excel 打开后另存为 .xlsx 再导入"
LOCKED = "文件设有密码，请去掉密码后再导入"
TOO_LARGE = "表格解压后太大，请删去空白行列、图片或多余的工作表，或分成几个文件导入"
UNSAFE = "文件含有不允许的 XML 声明，请用 WPS 或 Excel 打开后另存为 .xlsx 再导入"

WORKBOOK = "xl/workbook.xml"
SHARED_TEXTS = "xl/sharedStrings.xml"
DOCUMENT = "content.xml"  # of an OpenDocument

_RELATIONS = "xl/_rels/workbook.xml.rels"
_SMALL_PARTS = ("[Content_Types].xml", "_rels/.rels", WORKBOOK, _RELATIONS)
_LARGE_PARTS = ("xl/styles.xml", SHARED_TEXTS)
_DOCUMENT_PARTS = ("mimetype", "META-INF/manifest.xml", DOCUMENT)
# A large part is unpacked piece by piece into one buffer: joining pieces takes twice the room.
Part = bytes | bytearray

_SMALL = 4 * MIB
_CHUNK = MIB
_MOST_PARTS = 10_000
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")


@dataclass
class Package:
    """The parts of a workbook by path, unpacked and safe to parse.

    `sheets` has the visible sheets of an .xlsx and their paths, in their order.
    """

    parts: dict[str, Part] = field(default_factory=dict)
    sheets: list[tuple[str, str]] = field(default_factory=list)

    def repacked(self) -> io.BytesIO:
        """Move the parts into a zip that has nothing else; they are gone from here."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name in list(self.parts):
                archive.writestr(name, self.parts.pop(name))
        stream.seek(0)
        return stream


def open_package(content: bytes, limits: Limits) -> Package:
    """Unpack what is needed of a zip under the limits. Raises SheetFileError."""
    with _broken_archives_refused(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacker = _Unpacker(archive, len(content), limits)
        if WORKBOOK in unpacker:
            return _workbook(unpacker)
        return Package(unpacker.take(_DOCUMENT_PARTS) if DOCUMENT in unpacker else {})


def parse_xml(
    xml: Part,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Run expat over a part without any DTD. Raises SheetFileError."""

    def refuse(*_: object) -> None:
        raise SheetFileError(UNSAFE)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as error:  # ValueError: a number that is none
        raise SheetFileError(BROKEN) from error


@contextmanager
def _broken_archives_refused() -> Iterator[None]:
    try:
        yield
    except NotImplementedError as error:  # a compression that office programs do not use
        raise SheetFileError(BROKEN) from error
    except RuntimeError as error:  # what zipfile raises for an encrypted part
        raise SheetFileError(LOCKED) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise SheetFileError(BROKEN) from error


def _workbook(unpacker: "_Unpacker") -> Package:
    """Unpack a workbook and the sheets it shows; nothing else ever reaches the reader."""
    parts = unpacker.take(_SMALL_PARTS, _SMALL)
    targets = {
        attributes.get("Id", ""): _part_path(attributes.get("Target", ""))
        for attributes in _elements(parts.get(_RELATIONS, b""), "Relationship")
    }
    sheets = [
        (attributes.get("name", ""), targets.get(attributes.get("id", ""), ""))
        for attributes in _elements(parts[WORKBOOK], "sheet")
        if attributes.get("state", "visible") == "visible"
    ]
    paths = [path for _, path in sheets]
    if len(set(paths)) < len(paths):  # the same part again and again costs without end
        raise SheetFileError(BROKEN)
    large = unpacker.take([*_LARGE_PARTS, *paths])
    if any(b"\0" in part for part in large.values()):  # UTF-16, which is not what is scanned for
        raise SheetFileError(BROKEN)
    return Package(parts | large, sheets)


class _Unpacker:
    """Unpacks parts by path, spelled in capitals or not, while they are within the limits."""

    def __init__(self, archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
        entries = archive.infolist()
        if len(entries) > _MOST_PARTS:
            raise SheetFileError(TOO_LARGE)
        self._archive, self._size, self._limits = archive, size, limits
        self._entries = {entry.filename.lower(): entry for entry in entries}
        self._packed = self._unpacked = 0

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._entries

    def take(
        self, paths: "list[str] | tuple[str, ...]", most: int | None = None
    ) -> dict[str, Part]:
        """Unpack those of the parts that exist. Raises SheetFileError."""
        found = {path: self._entries[path.lower()] for path in paths if path in self}
        for entry in found.values():
            self._check(entry, self._limits.unzipped_bytes if most is None else most)
        return {path: self._unpack(entry) for path, entry in found.items()}

    def _check(self, entry: zipfile.ZipInfo, most: int) -> None:
        """Refuse by the directory: zipfile never returns more than the size it declares."""
        self._packed += entry.compress_size
        self._unpacked += entry.file_size
        if entry.file_size > most or self._unpacked > self._limits.unzipped_bytes:
            raise SheetFileError(TOO_LARGE)
        self._check_ratio(entry.file_size, entry.compress_size)
        self._check_ratio(self._unpacked, self._packed)

    def _check_ratio(self, unpacked: int, packed: int) -> None:
        packed = min(packed, self._size)  # the directory may claim anything
        if unpacked > max(self._limits.zip_ratio_from, packed * self._limits.zip_ratio):
            raise SheetFileError(TOO_LARGE)

    def _unpack(self, entry: zipfile.ZipInfo) -> Part:
        part = bytearray()
        with self._archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                part += chunk
        if any(declaration in part for declaration in _DECLARATIONS):
            raise SheetFileError(UNSAFE)
        return part


def _part_path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")


def _elements(xml: Part, wanted: str) -> list[dict[str, str]]:
    """Return the attributes of every element of one name, without namespace prefixes."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append({key.rpartition(":")[2]: value for key, value in attributes.items()})

    if xml:
        parse_xml(xml, start)
    return found
