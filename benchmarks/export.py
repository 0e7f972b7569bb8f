"""How long the register takes to go out, and how much memory: one line a figure.

    .venv/bin/python benchmarks/export.py [--lines 10000 100000] [--keep FOLDER]

Makes a throw-away database (SQLite, or DATABASE_URL if that is set: an empty one) with receptions
of which every tenth has two opinions, and exports it in processes of their own: by our service;
by a stock ModelResource of django-import-export with the same columns, as it comes and with its
relations joined; and by the floor, the least that turns the same rows into an .xlsx: one query,
no scope, mask, style or log. Times are CPU seconds of the process, so that a busy machine does
not count; memory is the highest resident size, above that of a process that has all loaded.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from importlib import import_module
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = (
    "reception__number", "reception__received_on", "reception__place", "reception__deputy_names",
    "reception__visitor_name", "reception__gender", "reception__address", "reception__phone",
    "reception__headcount", "reception__channel", "category__name", "statement", "on_site_reply",
    "disposal", "unit__name", "result", "feedback_on", "satisfaction", "reception__recorder",
    "reception__note", "id",
)  # fmt: skip
RELATIONS = ("reception", "category", "unit")
DAY = datetime.date(2025, 1, 1)


def main() -> None:
    options = parser().parse_args()
    if options.run:
        say(json.dumps(measured(options.run, options.lines[0], options.keep)))
        return
    with tempfile.TemporaryDirectory(prefix="bench-export-") as folder:
        compare(options.lines, options.keep or folder)


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    found.add_argument("--lines", type=int, nargs=2, default=[10_000, 100_000])
    found.add_argument("--keep", help="a folder for the database and the files")
    found.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    return found


def compare(lines: list[int], folder: str) -> None:
    few, many = lines
    apart("seed", many, folder)
    ours, more = apart("ours", few, folder), apart("ours", many, folder)
    stock, joined = apart("stock", few, folder), apart("joined", few, folder)
    floor, more_floor = apart("floor", few, folder), apart("floor", many, folder)
    for name, number, told in (
        ("ours", few, ours), ("ours", many, more), ("stock import-export", few, stock),
        ("stock, relations joined", few, joined), ("floor", few, floor),
        ("floor", many, more_floor),
    ):  # fmt: skip
        say(
            f"{name:<24} {number:>7,} lines {told['seconds']:7.2f} s "
            f"{told['peak']:6.0f} MB {told['size'] / 1e6:6.1f} MB file"
        )
    times = many / few
    say(f"stock / ours, {few:,} lines            {stock['seconds'] / ours['seconds']:6.1f} x")
    say(f"stock, joined / ours, {few:,} lines    {joined['seconds'] / ours['seconds']:6.1f} x")
    projected = stock["seconds"] * times / more["seconds"]
    say(f"stock × {times:g} / ours, {many:,} lines {projected:6.1f} x   (aim: at least 10)")
    say(f"ours / floor, {many:,} lines          {more['seconds'] / more_floor['seconds']:6.1f} x")
    growth = more["peak"] - ours["peak"]
    say(f"memory, {few:,} to {many:,} lines     {growth:+6.1f} MB (aim: at most 20)")


def apart(run: str, lines: int, folder: str) -> dict:
    """One run in a process of its own, for its memory and its clock."""
    environment = os.environ | {
        "DATA_DIR": folder, "DEBUG": "false", "DJANGO_SETTINGS_MODULE": "liaison_portal.settings",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, __file__, "--run", run, "--lines", str(lines), "0"]
    command += ["--keep", folder]
    told = subprocess.run(command, env=environment, check=True, capture_output=True)
    return json.loads(told.stdout.splitlines()[-1])


def measured(run: str, lines: int, folder: str) -> dict:
    import_module("django").setup()
    for module in ("visits.documents", "import_export.resources"):  # a server has them loaded
        import_module(module)
    out = Path(folder) / f"{run}-{lines}.xlsx"
    started, before = time.process_time(), peak()
    RUNS[run](lines, out)
    seconds = time.process_time() - started
    size = out.stat().st_size if out.exists() else 0
    return {"seconds": seconds, "peak": peak() - before, "size": size}


def peak() -> float:
    """The highest resident size so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seed(lines: int, out: Path) -> None:
    """One station's register of so many lines; a run takes as many from its beginning."""
    import_module("django.core.management").call_command("migrate", verbosity=0)
    stations = import_module("stations.models")
    district = stations.Area.objects.get(level="district")
    station = stations.Station.objects.create(name="石桥镇站", area=district, township=district)
    unit = stations.Unit.objects.create(name="区住建局")
    categories = list(stations.Category.objects.all())
    write_register(station, 2025, lines, unit, categories)


def write_register(station, year: int, lines: int, unit, categories) -> None:
    visits = import_module("visits.models")
    receptions = visits.Reception.objects.bulk_create(
        (
            visits.Reception(
                station=station, year=year, number=number, place="石桥镇中心联络站接待室",
                received_on=DAY + datetime.timedelta(days=number % 365),
                deputy_names="常政坚、邵腾绍、廖波英", recorder="余固", visitor_name="王建国",
                gender="male", address=f"石桥村{number % 12 + 1}组", headcount=number % 5 + 1,
                phone=f"138{number:08d}", opinion_count=1 + (number % 10 == 0),
            )
            for number in range(1, lines * 10 // 11 + 2)
        ),
        batch_size=2000,
    )  # fmt: skip
    visits.Opinion.objects.bulk_create(
        (
            visits.Opinion(
                reception=reception, position=position, category=categories[reception.pk % 9],
                statement=f"{reception.number}号反映：镇上主街没有路灯，晚上出行不便，要求安装。",
                on_site_reply="已与供电站沟通，提出现场勘察意见。", disposal="district", unit=unit,
                result="已解决", feedback_on=datetime.date(2025, 12, 30), satisfaction="satisfied",
            )
            for reception in receptions
            for position in range(1, reception.opinion_count + 1)
        ),
        batch_size=2000,
    )  # fmt: skip


def ours(lines: int, out: Path) -> None:
    """Scope, mask, styles, page, remarks and the log, as the button does it."""
    actor = import_module("accounts.actors").SYSTEM
    documents = import_module("visits.documents")
    reception = import_module("visits.models").Reception
    rows = reception.objects.visible_to(actor).filter(number__lte=lines * 10 // 11)
    with out.open("w+b") as target:
        documents.export_rows(rows, target, actor=actor)


def stock(lines: int, out: Path) -> None:
    out.write_bytes(_resource()().export(_opinions(lines)).xlsx)


def joined(lines: int, out: Path) -> None:
    rows = _opinions(lines).select_related(*RELATIONS)
    out.write_bytes(_resource()().export(rows).xlsx)


def floor(lines: int, out: Path) -> None:
    """A worksheet of inline texts, written as the rows come."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in PACKAGE.items():
            package.writestr(name, text)
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(SHEET_START)
            for row in _opinions(lines).values_list(*COLUMNS).iterator(chunk_size=2000):
                cells = "".join(
                    f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>' for value in row
                )
                sheet.write(f"<row>{cells}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")


def _opinions(lines: int):
    opinions = import_module("visits.models").Opinion.objects
    return opinions.filter(reception__number__lte=lines * 10 // 11).order_by("reception__number")


def _resource():
    resources = import_module("import_export.resources")
    fields = import_module("import_export.fields")
    opinion = import_module("visits.models").Opinion
    columns = {name: fields.Field(attribute=name, column_name=name) for name in COLUMNS}
    meta = type("Meta", (), {"model": opinion, "fields": COLUMNS})
    return type("OpinionResource", (resources.ModelResource,), {**columns, "Meta": meta})


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


RUNS = {"seed": seed, "ours": ours, "stock": stock, "joined": joined, "floor": floor}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OF_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET_START = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
PACKAGE = {
    "[Content_Types].xml": f'<Types xmlns="{OF_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{OF_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
    '<sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{OF_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}

if __name__ == "__main__":
    main()
