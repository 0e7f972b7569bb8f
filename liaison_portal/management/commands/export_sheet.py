"""export_sheet KIND --out FILE.xlsx: a roster or the ledger, as it can be imported again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from deputies.documents.roster import write_deputies
from deputies.models import Deputy
from stations.documents import write_stations
from stations.models import Station
from suggestions.documents.ledger import export_ledger
from suggestions.models import Suggestion


def _stations(target: IO[bytes]) -> str:
    return f"{write_stations(target, Station.objects.for_page().order_by('pk'))} 个联络站"


def _deputies(target: IO[bytes]) -> str:
    return f"{write_deputies(target, Deputy.objects.for_page().order_by('pk'))} 行代表"


def _suggestions(target: IO[bytes]) -> str:
    return export_ledger(Suggestion.objects.all(), target, actor=SYSTEM).summary


KINDS: dict[str, Callable[[IO[bytes]], str]] = {
    "stations": _stations,
    "deputies": _deputies,
    "suggestions": _suggestions,
}


class Command(BaseCommand):
    help = "把名册或建议办理台账写成 Excel 文件，可以再导入；建议台账的导出记入操作日志。"

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=KINDS, metavar="KIND", help="、".join(KINDS))
        parser.add_argument("--out", required=True, metavar="FILE.xlsx")

    def handle(self, *, kind, out, **options):
        self.stdout.write(f"已写出 {out}：{_written(KINDS[kind], Path(out))}。")


def _written(write: Callable[[IO[bytes]], str], out: Path) -> str:
    """Write beside `out` and rename: nobody finds half a file."""
    if not out.parent.is_dir():
        raise CommandError(f"没有文件夹 {out.parent}，请先建好。")
    part = out.with_name(out.name + ".part")
    try:
        with part.open("w+b") as target:
            summary = write(target)
        part.replace(out)
    except RuleViolation as refusal:
        raise CommandError(str(refusal)) from refusal
    except OSError as error:
        raise CommandError(f"写不了 {out}：{error.strerror}。") from error
    finally:
        part.unlink(missing_ok=True)
    return summary
