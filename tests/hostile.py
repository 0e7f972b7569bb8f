"""Files as people hand them in, and as nobody should."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

DOCX_TYPES = b'<Types><Override ContentType="application/vnd.wordprocessingml"/></Types>'


def upload(name, content):
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def picture(size=(64, 48), kind="JPEG", mode="RGB", colour="red", **options):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def photo_with_place(size=(64, 48)):
    """A JPEG that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[0x010F] = "相机".encode().decode("latin-1")
    exif.get_ifd(0x8825)[1] = "N"
    return picture(size, exif=exif)


def png_header(width, height):
    """A PNG of a few bytes that claims to be as large as told."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def pdf(inside=b""):
    return b"%PDF-1.4\n1 0 obj<<>>endobj\n" + inside + b"\ntrailer<<>>\n%%EOF\n"


def office(main="word/document.xml", extra=(), types=DOCX_TYPES, comment=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(main, "<document/>" * 20)
        for name, content in extra:
            archive.writestr(name, content)
        archive.comment = comment
    return out.getvalue()


def archive_of(name="a.txt"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


def opened(stored) -> Image.Image:
    stored.seek(0)
    return Image.open(io.BytesIO(stored.read()))
