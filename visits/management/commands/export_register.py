"""export_register KIND --station NAME --year N --out FILE.xlsx"""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from stations.models import Station
from visits.choices import Register
from visits.documents import Exported, export_register

KINDS = {
    "receptions": Register.RECEPTION,
    "assistance": Register.ASSISTANCE,
    "activities": Register.ACTIVITY,
}


class Command(BaseCommand):
    help = "把一个联络站一年的登记簿写成 Excel 文件；不脱敏，操作日志记为系统。"

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=KINDS, metavar="KIND", help="、".join(KINDS))
        parser.add_argument("--station", required=True, metavar="NAME", help="联络站的全名")
        parser.add_argument("--year", required=True, type=int, metavar="N", help="年度，如 2025")
        parser.add_argument("--out", required=True, metavar="FILE.xlsx")

    def handle(self, *, kind, station, year, out, **options):
        found = Station.objects.filter(name=station).first()
        if found is None:
            raise CommandError(_no_station(station))
        exported = _written(KINDS[kind], found, year, Path(out))
        self.stdout.write(f"已写出 {out}：{exported.summary}。")


def _written(register: Register, station: Station, year: int, out: Path) -> Exported:
    """Write beside `out` and rename: nobody finds half a file."""
    if not out.parent.is_dir():
        raise CommandError(f"没有文件夹 {out.parent}，请先建好。")
    part = out.with_name(out.name + ".part")
    try:
        with part.open("w+b") as target:
            exported = export_register(station, year, target, actor=SYSTEM, register=register)
        part.replace(out)
    except RuleViolation as refusal:
        raise CommandError(str(refusal)) from refusal
    except OSError as error:
        raise CommandError(f"写不了 {out}：{error.strerror}。") from error
    finally:
        part.unlink(missing_ok=True)
    return exported


def _no_station(name: str) -> str:
    like = Station.objects.filter(name__contains=name).values_list("name", flat=True)[:5]
    hint = f"是不是：{'、'.join(like)}？" if like else "请核对站名。"
    return f"没有叫“{name}”的联络站。{hint}"
