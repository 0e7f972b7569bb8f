"""plan_duty: a station's year by its rule 接待日, shown, or announced with --commit."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from common.templatetags.wording import WEEKDAYS
from deputies.services.duty import Preview, draft_plan, preview_year, publish_plan
from deputies.services.duty.planning import PlannedDay
from stations.models import Station

REFUSED = 2


class Command(BaseCommand):
    help = "编排一个联络站全年的接待日。不加 --commit 只显示；加了就公布今天起的日子并通知代表。"

    def add_arguments(self, parser):
        parser.add_argument("--station", required=True, help="联络站名称")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--commit", action="store_true", help="公布今天起的接待日并通知代表")
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def handle(self, *args, **options):
        try:
            preview = self._plan(**options)
        except RuleViolation as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(refusal)}, ensure_ascii=False))
            raise CommandError(str(refusal), returncode=REFUSED) from None
        for warning in [*preview.warnings, *preview.notes]:
            self.stderr.write(warning)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(preview.days), ensure_ascii=False))
        else:
            self._print(preview)

    def _plan(self, *, station: str, year: int, commit: bool, **options) -> Preview:
        """What stands after a commit; the whole year, past or not, without one."""
        found = Station.objects.filter(name=station).for_page().first()
        if found is None:
            raise RuleViolation(f"没有“{station}”这个联络站，请按名册上的全名填写。")
        if not 2000 <= year <= 2100:
            raise RuleViolation(f"年度应在 2000 到 2100 之间，写的是 {year}。")
        if not commit:
            return preview_year(found, year)
        preview = preview_year(found, year)
        publish_plan(draft_plan(found, year, actor=SYSTEM), actor=SYSTEM)
        return _standing(found, year, preview)

    def _print(self, preview: Preview) -> None:
        self.stdout.write(f"{preview.words}，共 {len(preview.days)} 次，每次 {preview.per_day} 人")
        for day in preview.days:
            names = "、".join(map(str, day.deputies))
            weekday = f"周{WEEKDAYS[day.date.weekday()]}"
            self.stdout.write(f"{day.date:%Y-%m-%d} {weekday} {names} {day.reason}".rstrip())
        for gone in preview.dropped:
            self.stdout.write(f"{gone.planned:%Y-%m-%d} 不安排 {gone.reason}")


def _standing(station: Station, year: int, before: Preview) -> Preview:
    """The announced days of the year: those planned just now, and those that stood before."""
    after = preview_year(station, year)
    days = [day for day in after.days if day.kept is not None]
    return Preview(days, before.dropped, after.words, after.per_day, after.notes, before.warnings)


def _as_json(days: Sequence[PlannedDay]) -> list[dict]:
    return [
        {
            "date": day.date.isoformat(),
            "planned": day.planned.isoformat(),
            "reason": day.reason,
            "deputies": [str(deputy) for deputy in day.deputies],
        }
        for day in days
    ]
