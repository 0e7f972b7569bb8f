from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from accounts.actors import SYSTEM
from common.sheets.cells import CellError, parse_date
from reports import services
from reports.documents.papers import plain_text
from reports.documents.report import write_document
from reports.documents.workbook import file_name, write_workbook
from reports.figures import build
from reports.narrative.told import with_words
from reports.periods import Period, PeriodError
from reports.rules import organ_of, place_to_sign_for
from reports.scope import Scope
from stations.models import Area, Station


class Command(BaseCommand):
    help = "写出年度（或任一时段）报告：年度报告-….xlsx、年度报告-….docx 和 figures.json"

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, required=True, metavar="N", help="年度，如 2025")
        parser.add_argument("--from", dest="first", metavar="D", help="从哪天，如 2025-01-01")
        parser.add_argument("--to", dest="last", metavar="D", help="到哪天，如 2025-06-30")
        parser.add_argument("--area", metavar="CODE", help="区划代码；不写为全区")
        parser.add_argument("--station", metavar="NAME", help="联络站的全名；不写为全部")
        parser.add_argument("--out", required=True, metavar="DIR", help="写到哪个文件夹")

    def handle(self, *args, **options):
        area = _area(options["area"])
        scope = Scope(SYSTEM, _period(options), area, _station(options["station"], area))
        for path in _write(scope, Path(options["out"])):
            self.stdout.write(str(path))
        services.record_export(scope, actor=SYSTEM, form="annual_report")


def _period(options) -> Period:
    year = options["year"]
    first, last = (_day(options[side], f"--{name}", year) for side, name in _SIDES)
    try:
        return Period.between(first, last, year=year)
    except PeriodError as error:
        raise CommandError(str(error)) from None


_SIDES = (("first", "from"), ("last", "to"))


def _day(text: str | None, name: str, year: int) -> date | None:
    if text is None:
        return None
    try:
        span = parse_date(text, year=year)
    except CellError as error:
        raise CommandError(f"{name}：{error}") from None
    if span.start is None or span.start != span.end:
        raise CommandError(f"{name}：“{text}”不是一天，请写成 2025-01-31 的形式。")
    return span.start


def _area(code: str | None) -> Area | None:
    if code is None:
        return None
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise CommandError(f"没有代码为“{code}”的区划。")
    return area


def _station(name: str | None, area: Area | None) -> Station | None:
    if name is None:
        return None
    station = Station.objects.select_related("area", "township").filter(name=name.strip()).first()
    if station is None:
        raise CommandError(f"没有名为“{name}”的联络站，请写全名。")
    if area and not station.area.code.startswith(area.code):
        raise CommandError(f"“{station.name}”不在{area.name}。")
    return station


def _write(scope: Scope, folder: Path) -> list[Path]:
    """The three files, the text as it would be drafted today."""
    report, text = services.draft_report(scope, build(scope))
    report = with_words(report, text)
    name = file_name(scope)
    paths = [folder / f"{name}.xlsx", folder / f"{name}.docx", folder / "figures.json"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with paths[0].open("wb") as stream:
            write_workbook(stream, report, maker="系统", text=text)
        with paths[1].open("wb") as stream:
            write_document(stream, report, text, organ=_organ(scope), signed_on=localdate())
        paths[2].write_text(plain_text(report), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"写不进“{folder}”：{error.strerror}。") from None
    return paths


def _organ(scope: Scope) -> str:
    place = scope.place or place_to_sign_for(scope.user)
    return organ_of(place) if place else scope.place_name
