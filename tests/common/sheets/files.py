"""Makes the files that the tests read."""

import io
import zipfile

import xlwt
from openpyxl import Workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx(*sheets, prepare=None):
    """Write each sheet (a list of rows, or (name, rows)) into a workbook and return its bytes."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for index, sheet in enumerate(sheets, start=1):
        name, rows = sheet if isinstance(sheet, tuple) else (f"表{index}", sheet)
        worksheet = workbook.create_sheet(name)
        for row in rows:
            worksheet.append(row)
    if prepare:
        prepare(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def xls(rows, prepare=None):
    """Write rows into an old binary workbook and return its bytes."""
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("来访")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(at, column, value)
    if prepare:
        prepare(workbook, sheet)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def zipped(parts):
    """Zip parts (path → text or bytes) and return the bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return stream.getvalue()


def raw_parts(sheet_data, shared="", before=""):
    """Return the parts of a minimal .xlsx around the given XML of its one sheet."""
    relations = f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="表1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{_MAIN}">'
        f"<sheetData>{sheet_data}</sheetData></worksheet>",
    }
    if shared:
        relations += (
            f'<Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        )
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{shared}</sst>'
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>'
    )
    return parts


def raw_xlsx(sheet_data, shared="", before=""):
    """Return a minimal .xlsx around the given XML of its one sheet."""
    return zipped(raw_parts(sheet_data, shared, before))


def ods(table_rows):
    """Return a minimal OpenDocument sheet around the given XML of its rows."""
    namespaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {namespaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="来访">{table_rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
        "</manifest:manifest>"
    )
    return zipped({"mimetype": _ODS, "content.xml": content, "META-INF/manifest.xml": manifest})
