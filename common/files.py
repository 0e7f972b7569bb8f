"""Files that people hand in: told by their content, never by their name.

Photos are decoded and written anew, so that nothing of the file handed in is kept but the picture.
Papers are kept as they came, and are only ever given out to be saved.
"""

from __future__ import annotations

import hashlib
import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from PIL import Image, ImageOps

from common.errors import RuleViolation

MEGABYTE = 1024 * 1024
PHOTO_PIXELS = 40_000_000  # read off the header, before anything is decoded
LONGEST_SIDE, THUMBNAIL_SIDE = 2560, 320
JPEG_QUALITY, THUMBNAIL_QUALITY = 85, 78
NAME_CHARACTERS = 100

# What an office paper may unpack to; nothing of it is unpacked here but its list of contents.
UNPACKED_BYTES = 300 * MEGABYTE
UNPACKED_RATIO = 200
PARTS = 5000
LIST_BYTES = MEGABYTE

_JPEG, _PNG, _PDF, _ZIP = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTENTS = "[Content_Types].xml"
_OFFICE = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx"}
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS = ("xl/macrosheets/", "word/activex/", "xl/activex/")
# What Pillow raises for a picture that is not one: it has no exception of its own.
_UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError,
    struct.error, zlib.error,
)  # fmt: skip

CONTENT_TYPES = {
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# For the chooser of the browser; what is chosen is judged here.
ACCEPT = ",".join(["image/jpeg", "image/png", "image/webp", ".pdf", ".docx", ".xlsx"])


class FileRefused(RuleViolation):
    """A file is not taken; the message names it and says what to do."""

    def __init__(self, name: str, reason: str):
        super().__init__(f"“{name}”{reason}，没有上传。")


@dataclass(frozen=True)
class Accepted:
    """A file as it will be kept: `digest` is that of what was handed in, `name` has the ending
    of what it is; only a photo has a thumbnail."""

    name: str
    ending: str
    content: File
    size: int
    digest: str
    thumbnail: File | None = None

    @property
    def is_photo(self) -> bool:
        return self.thumbnail is not None


def accept(upload: File) -> Accepted:
    """Take a photo (JPEG, PNG, WebP) or a paper (PDF, .docx, .xlsx). Raises FileRefused.

    Limits: `settings.PHOTO_BYTES`, PHOTO_PIXELS, `settings.PAPER_BYTES`; no macros, no password,
    nothing that is two kinds of file at once. A photo comes out as a JPEG of LONGEST_SIDE at
    most, upright, without EXIF.
    """
    name = plain_name(upload.name or "")
    stream = _stream_of(upload)
    if not upload.size:
        raise FileRefused(name, "是空的")
    stream.seek(0)
    read = _reader_of(stream.read(32), name)
    try:
        return read(upload, name)
    finally:
        stream.seek(0)


def plain_name(name: str) -> str:
    """The name of a file without its folder, without what hides or turns round its letters."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(" " if char.isspace() else char for char in bare)
    kept = "".join(char for char in shown if unicodedata.category(char)[0] != "C").strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: NAME_CHARACTERS - len(ending) - 1]}.{ending}"
    return kept[:NAME_CHARACTERS] or "文件"


def _reader_of(head: bytes, name: str) -> Callable[[File, str], Accepted]:
    if head.startswith((_JPEG, _PNG)) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return _photo
    if head.startswith(_PDF):
        return _pdf
    if head.startswith(_ZIP):
        return _office
    if head.startswith(_OLD_OFFICE):
        raise FileRefused(name, "是旧格式（.doc、.xls）或加了密码，请另存为不加密的 .docx、.xlsx")
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        raise FileRefused(name, "是 HEIC 照片，请转成 JPEG")
    raise FileRefused(name, "不是照片（JPEG、PNG、WebP）、PDF、Word（.docx）或 Excel（.xlsx）文件")


def _photo(upload: File, name: str) -> Accepted:
    _check_size(upload, settings.PHOTO_BYTES, name, "照片")
    stream = _stream_of(upload)
    try:
        _check_picture(stream, name)
        picture = _decoded(stream)
        shown = _as_jpeg(picture, JPEG_QUALITY)
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        small = _as_jpeg(picture, THUMBNAIL_QUALITY)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(name) from error
    except _UNREADABLE as error:
        raise FileRefused(name, "读不出来，可能没有传完整，请重新拍照或另存后再传") from error
    content = ContentFile(shown, "photo.jpg")
    return Accepted(
        _with_ending(name, ".jpg"),
        ".jpg",
        content,
        len(shown),
        _digest(upload),
        ContentFile(small, "thumbnail.jpg"),
    )


def _check_picture(stream: IO[Any], name: str) -> None:
    """By its header and structure; no picture is decoded that is larger than a camera makes."""
    stream.seek(0)
    with Image.open(_Kept(stream), formats=("JPEG", "PNG", "WEBP")) as picture:
        if picture.width * picture.height > PHOTO_PIXELS:
            raise _too_many_pixels(name)
        picture.verify()


def _too_many_pixels(name: str) -> FileRefused:
    return FileRefused(name, f"像素太多，照片最多 {PHOTO_PIXELS // 10_000} 万像素，请缩小后再传")


def _decoded(stream: IO[Any]) -> Image.Image:
    """The first picture in the file, upright, in colour on white, no larger than is kept.

    Made small first: each step copies the picture, and a large one takes 120 MB.
    """
    stream.seek(0)
    with Image.open(_Kept(stream), formats=("JPEG", "PNG", "WEBP")) as opened:
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        picture = _in_plain_mode(opened)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        picture = ImageOps.exif_transpose(picture)
    if "A" in picture.getbands():
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture.convert("RGB")


def _in_plain_mode(picture: Image.Image) -> Image.Image:
    """In a mode that can be made smaller without loss of its colours."""
    if picture.mode.startswith("I"):  # a scan of 16 bits; Pillow would cut it to white
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("P", "PA", "1") or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture


def _as_jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    # Said empty: Pillow would carry these over from the file handed in.
    picture.save(
        out, "JPEG", quality=quality, optimize=True, exif=b"", icc_profile=None, comment=b""
    )
    return out.getvalue()


def _pdf(upload: File, name: str) -> Accepted:
    _check_size(upload, settings.PAPER_BYTES, name, "文件")
    stream = _stream_of(upload)
    stream.seek(max(0, upload.size - 2048))
    if b"%%EOF" not in stream.read():
        raise FileRefused(name, "不完整，可能没有传完，请重新上传")
    if zipfile.is_zipfile(stream):
        raise FileRefused(name, "里面夹带了别的文件，请重新导出 PDF")
    return _paper(upload, name, ".pdf")


def _office(upload: File, name: str) -> Accepted:
    _check_size(upload, settings.PAPER_BYTES, name, "文件")
    try:
        with zipfile.ZipFile(_Kept(_stream_of(upload))) as archive:
            ending = _office_ending(archive, upload.size, name)
    except (zipfile.BadZipFile, zlib.error, *_UNREADABLE, RuntimeError) as error:
        raise FileRefused(name, "打不开，可能已损坏或没有传完整，请重新上传") from error
    return _paper(upload, name, ending)


def _office_ending(archive: zipfile.ZipFile, size: int, name: str) -> str:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    ending = next((_OFFICE[part] for part in names if part in _OFFICE), "")
    if not ending or _CONTENTS not in names:
        raise FileRefused(name, "是压缩包，请解压后把里面的照片、文件分别上传")
    if any(part.flag_bits & 0x1 for part in parts):
        raise FileRefused(name, "加了密码，请去掉密码")
    starts_late = min(part.header_offset for part in parts) != 0
    if starts_late or archive.comment or len(set(names)) != len(names):
        raise FileRefused(name, "里面夹带了别的内容，请用 WPS 或 Office 另存后再传")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > PARTS or unpacked > min(UNPACKED_BYTES, size * UNPACKED_RATIO):
        raise FileRefused(name, "展开后太大")
    if _has_macros(archive, names):
        raise FileRefused(name, "带有宏，请另存为不含宏的 .docx、.xlsx")
    return ending


def _has_macros(archive: zipfile.ZipFile, names: list[str]) -> bool:
    lower = [name.lower() for name in names]
    if any(name.endswith(_MACRO_PARTS) or name.startswith(_MACRO_FOLDERS) for name in lower):
        return True
    with archive.open(_CONTENTS) as contents:
        listed = contents.read(LIST_BYTES + 1).lower()
    return len(listed) > LIST_BYTES or b"macroenabled" in listed or b"vbaproject" in listed


def _paper(upload: File, name: str, ending: str) -> Accepted:
    return Accepted(_with_ending(name, ending), ending, upload, upload.size, _digest(upload))


def _check_size(upload: File, most: int, name: str, what: str) -> None:
    if upload.size > most:
        raise FileRefused(name, f"太大，{what}最大 {most // MEGABYTE} MB")


def _digest(upload: File) -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    return found.hexdigest()


def _with_ending(name: str, ending: str) -> str:
    """The name says what the file is, whatever it said before."""
    stem, dot, old = name.rpartition(".")
    if ending == ".jpg" and old.lower() == "jpeg":
        return name
    return f"{stem if dot else name}{ending}"


def _stream_of(upload: File) -> IO[Any]:
    if upload.file is None:
        raise ValueError("the upload is closed")
    return upload.file


class _Kept:
    """A stream that its reader cannot close: it is read once more to be stored."""

    def __init__(self, stream: IO[Any]):
        self._stream = stream

    def __getattr__(self, name: str):
        return getattr(self._stream, name)

    def close(self) -> None:
        """Nothing: who handed the file in closes it."""
