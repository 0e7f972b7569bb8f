"""How long a register takes to come in, and how much memory: one line a figure.

    .venv/bin/python benchmarks/import.py [--lines 10000 100000] [--stock 500] [--keep FOLDER]

Makes throw-away databases (SQLite, or DATABASE_URL if that is set: an empty one) and workbooks
of 簿一 with two receiving deputies a line, and brings them in, each in a process of its own: by
our services, as the browser does it (upload, check, one page of the preview, confirm with a
second check under the lock); and by a stock ModelResource of django-import-export as its admin
does it (a dry run, then the import), row by row, on fewer lines whose time is scaled up in
proportion. Times are CPU seconds of the process; memory is the highest resident size, above that
of a process that has all loaded.
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
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DAY = datetime.date(2025, 1, 1)
STATION = "石桥镇站"
DEPUTIES = ("常政坚", "邵腾绍", "廖波英", "石刚", "邓海", "蒋平", "段固艳", "任承鹏")
CATEGORIES = ("基础设施", "道路桥梁", "教育", "养老")
HEADERS = (
    "序号", "接待日期", "接待地点", "接待代表", "来访人姓名", "性别", "住址", "联系电话",
    "来访人数", "来访形式", "问题类别", "反映内容", "当场答复", "处理方式", "承办单位", "办理结果",
    "反馈日期", "满意度", "记录人", "备注",
)  # fmt: skip


def main() -> None:
    options = parser().parse_args()
    if options.run:
        say(json.dumps(measured(options.run, options.lines[0], options.keep)))
        return
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        compare(options.lines, options.stock, options.keep or folder)


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    found.add_argument("--lines", type=int, nargs=2, default=[10_000, 100_000])
    found.add_argument("--stock", type=int, default=500, help="lines of the stock import")
    found.add_argument("--keep", help="a folder for the database and the files")
    found.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    return found


def compare(lines: list[int], few: int, folder: str) -> None:
    for number in dict.fromkeys([few, *lines]):
        apart("sheet", number, folder)
    apart("seed", 0, folder)
    stock = apart("stock", few, folder)
    told = [apart("ours", number, folder) for number in lines]
    say(f"stock import-export   {few:>7,} lines {stock['seconds']:7.2f} s, row by row")
    for number, found in zip(lines, told, strict=True):
        stages = ", ".join(f"{name} {seconds:.2f}" for name, seconds in found["stages"].items())
        say(
            f"ours                  {number:>7,} lines {found['seconds']:7.2f} s ({stages})"
            f" {found['peak']:5.0f} MB {found['size'] / 1e6:5.1f} MB file"
        )
    for number, found in zip(lines, told, strict=True):
        ratio = stock["seconds"] * number / few / found["seconds"]
        say(f"stock × {number / few:g} / ours, {number:,} lines  {ratio:6.1f} x (aim: at least 20)")
    growth = told[1]["peak"] - told[0]["peak"]
    say(f"memory, {lines[0]:,} to {lines[1]:,} lines  {growth:+6.1f} MB (aim: less than 150)")


def apart(run: str, lines: int, folder: str) -> dict:
    """One run in a process of its own, for its memory and its clock."""
    environment = os.environ | {
        "DATA_DIR": folder, "DEBUG": "false", "DJANGO_SETTINGS_MODULE": "liaison_portal.settings",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, __file__, "--run", run, "--lines", str(lines), "0"]
    command += ["--keep", folder]
    told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(told.stdout.splitlines()[-1])


def measured(run: str, lines: int, folder: str) -> dict:
    import_module("django").setup()
    for module in ("visits.sheets", "import_export.resources", "tablib"):
        import_module(module)  # a server has them loaded
    path = Path(folder) / f"{lines}.xlsx"
    started, before = time.process_time(), peak()
    stages = RUNS[run](lines, path) or {}
    seconds = time.process_time() - started
    size = path.stat().st_size if path.exists() else 0
    return {"seconds": seconds, "peak": peak() - before, "size": size, "stages": stages}


def peak() -> float:
    """The highest resident size so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seed(lines: int, path: Path) -> None:
    import_module("django.core.management").call_command("migrate", verbosity=0)
    stations = import_module("stations.models")
    deputies = import_module("deputies.models")
    district = stations.Area.objects.get(level="district")
    station = stations.Station.objects.create(name=STATION, area=district, township=district)
    stations.Unit.objects.create(name="区住建局")
    for name in DEPUTIES:
        deputy = deputies.Deputy.objects.create(name=name, station=station)
        deputies.Mandate.objects.create(deputy=deputy, level="district", term="第五届")


def sheet(lines: int, path: Path) -> None:
    """As an office keeps it: a title, the station, the columns, a line an entry."""
    book = import_module("xlsxwriter").Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("来访接待")
    dated = book.add_format({"num_format": "yyyy-m-d"})
    page.write_row(0, 0, ["代表来访接待登记簿"])
    page.write_row(1, 0, [f"联络站：{STATION}    年度：2025年"])
    page.write_row(2, 0, HEADERS)
    for number in range(1, lines + 1):
        for column, value in enumerate(line(number, lines)):
            style = dated if isinstance(value, datetime.date) else None
            page.write(number + 2, column, value, style)
    book.close()


def line(number: int, of: int) -> list:
    """One entry; `of` makes the entries of two sheets differ."""
    count = len(DEPUTIES)
    deputies = f"{DEPUTIES[number % count]}、{DEPUTIES[(number // count + 1 + number) % count]}"
    if deputies.split("、")[0] == deputies.split("、")[1]:
        deputies = "、".join(DEPUTIES[:2])
    return [
        number, DAY + datetime.timedelta(days=number % 300), "石桥镇中心联络站接待室", deputies,
        f"王建{chr(0x4E00 + number % 3000)}", "男" if number % 2 else "女",
        f"石桥村{number % 12 + 1}组", f"138{number:08d}", number % 5 + 1, "来访",
        CATEGORIES[number % 4], f"{of}之{number}号反映：镇上主街没有路灯，晚上出行不便，要求安装。",
        "已与供电站沟通，提出现场勘察意见。", "转区级部门", "区住建局", "已解决", "2025-12-30"
        if number % 3 else "当天", "满意", "余固", "",
    ]  # fmt: skip


def ours(lines: int, path: Path) -> dict:
    """All that happens between the upload and the last line of the log."""
    actor = import_module("accounts.actors").SYSTEM
    services = import_module("common.importing.services")
    preview = import_module("common.importing.preview")
    options = import_module("common.importing.resources").Options()
    content, clock = path.read_bytes(), time.process_time
    started = clock()
    batch = services.store_upload("receptions", content, path.name, actor=actor, options=options)
    services.check_batch(batch, actor=actor)
    checked = clock()
    preview.of(batch, {"show": "all", "page": "2"})
    shown = clock()
    outcome = services.write_sheet(batch, content, actor=actor)
    assert outcome.written == lines, outcome.as_json()["errors"][:3]
    return {"check": checked - started, "page": shown - checked, "confirm": clock() - shown}


def stock(lines: int, path: Path) -> None:
    """What one gets by the manual: a ModelResource, and hooks for what hangs on the row."""
    tablib = import_module("tablib")
    content = path.read_bytes()

    def dataset():
        return tablib.Dataset().load(content, format="xlsx", headers=False)

    resource = _resource()()
    for dry_run in (True, False):
        rows = dataset()
        table = tablib.Dataset(*list(rows)[3:], headers=list(rows[2]))
        result = resource.import_data(table, dry_run=dry_run, raise_errors=False)
        assert result.totals["new"] == lines, [row.errors for row in result.error_rows][:2]


def _resource():
    found = import_module("import_export.resources")
    fields, widgets = import_module("import_export.fields"), import_module("import_export.widgets")
    visits, stations = import_module("visits.models"), import_module("stations.models")
    people = import_module("deputies.models").Deputy.objects
    names = {
        "序号": "number", "接待日期": "received_on", "接待地点": "place",
        "接待代表": "deputy_names",
        "来访人姓名": "visitor_name", "住址": "address", "联系电话": "phone",
        "来访人数": "headcount", "记录人": "recorder",
    }  # fmt: skip
    columns = {
        name: fields.Field(attribute=name, column_name=heading) for heading, name in names.items()
    }
    columns["received_on"].widget = widgets.DateWidget()
    columns["number"].widget = columns["headcount"].widget = widgets.IntegerWidget()
    columns["station"] = fields.Field(
        "station", "station", widget=widgets.ForeignKeyWidget(stations.Station, "name")
    )
    columns["year"] = fields.Field("year", "year", widget=widgets.IntegerWidget())
    columns["category"] = fields.Field(column_name="问题类别")

    def before_import_row(self, row, **kwargs):
        row["station"], row["year"] = STATION, 2024  # beside ours, which is of 2025

    def after_save_instance(self, instance, row, **kwargs):
        opinion = visits.Opinion(
            reception=instance, position=1, statement=row["反映内容"], disposal="district",
            category=stations.Category.objects.filter(name=row["问题类别"]).first(),
            unit=stations.Unit.objects.get(name=row["承办单位"]), result=row["办理结果"],
            on_site_reply=row["当场答复"], satisfaction="satisfied",
        )  # fmt: skip
        for name, value in (("station", instance.station), ("raised_on", instance.received_on)):
            if hasattr(visits.Opinion, name):
                setattr(opinion, name, value)
        opinion.save()
        for position, name in enumerate(row["接待代表"].split("、"), start=1):
            deputy = people.get(name=name, station=instance.station)
            visits.ReceptionDeputy.objects.create(
                reception=instance, deputy=deputy, position=position, name=name, level="district"
            )

    meta = type(
        "Meta",
        (),
        {"model": visits.Reception, "import_id_fields": ("station", "year", "number"),
         "fields": [*names.values(), "station", "year"]},
    )  # fmt: skip
    body = {**columns, "Meta": meta, "before_import_row": before_import_row,
            "after_save_instance": after_save_instance}  # fmt: skip
    body.pop("category")
    return type("StockResource", (found.ModelResource,), body)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


RUNS = {"seed": seed, "sheet": sheet, "ours": ours, "stock": stock}

if __name__ == "__main__":
    main()
