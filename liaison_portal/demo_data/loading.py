"""The demo written into an empty database, in batches that memory does not grow with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from itertools import islice
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.models import User
from common import audit
from common.calendar import workdays
from common.models import AuditEntry
from deputies.models import Deputy
from liaison_portal.demo_data.duty import write_duty
from liaison_portal.demo_data.generator import Visit, receptions
from liaison_portal.demo_data.honours import write_honours
from liaison_portal.demo_data.mailboxes import write_mailboxes
from liaison_portal.demo_data.people import LOG_INS
from liaison_portal.demo_data.plan import SEED, Plan, Scale, make_plan
from liaison_portal.demo_data.registers import write_registers
from liaison_portal.demo_data.steps import write_steps
from liaison_portal.demo_data.suggestions import write_suggestions
from liaison_portal.demo_data.world import World, build
from liaison_portal.demo_data.yearend import write_year_end
from liaison_portal.demo_data.yearly import write_yearly
from stations.models import Area, Station, Unit
from visits import rules
from visits.choices import Register
from visits.models import NumberSeries, Opinion, Reception, ReceptionDeputy
from visits.services.describe import search_text
from visits.services.facts import complete_opinion
from visits.services.receptions import names_of

MARK = "演示数据"
BATCH = 2000
TELL_EVERY = 50_000


def is_loaded() -> bool:
    """Whether what the database holds is the demo's: the log says so, and nobody edits the log."""
    return AuditEntry.objects.filter(action=audit.Action.IMPORT, note=MARK).exists()


def rows_in_the_way() -> list[str]:
    """What the demo would mix with, in the words of its users; nothing in an empty database."""
    models = [Station, Deputy, Reception, Unit]
    found = [model._meta.verbose_name for model in models if model.objects.exists()]
    if Area.objects.exclude(level="district").exists():
        found.append(Area._meta.verbose_name)
    names = [log_in.username for log_in in LOG_INS]
    phones = [log_in.phone for log_in in LOG_INS]
    users = User.objects.filter(username__in=names) | User.objects.filter(phone__in=phones)
    return [*found, *(f"账号 {user.username}" for user in users)]


@transaction.atomic
def load(scale: Scale, *, tell: Callable[[str], object]) -> int:
    """Write the demo of this scale, all or nothing, and return the number of receptions."""
    _check_keys_at_once()
    now = timezone.localtime()
    plan = make_plan(scale)
    world = build(plan, now.date())
    tell(f"联络站 {len(world.stations)} 个，代表 {len(world.deputies)} 名")
    written = _Writer(world, now).write_all(plan, scale, tell)
    shown = Deputy.objects.filter(user__username="deputy").select_related("station").first()
    days = write_duty(world.stations.values(), now, shown)
    tell(f"接待日 {days:,} 个")
    deeds, held = write_registers(world, now, workdays())
    boxes = write_mailboxes(world, now)
    honours = write_honours(now)
    funds, reports = write_yearly(world, now)
    if scale.steps:
        write_steps(now)
    proposed = write_suggestions(world, now, scale.suggestions)
    sheets = write_year_end(world, now) if scale.steps else 0
    tell(f"帮扶 {deeds:,} 件，活动 {held:,} 次，意见箱 {boxes:,} 个，建议 {proposed:,} 件")
    counted = {
        "接待": (0, written),
        "接待日": (0, days),
        "帮扶": (0, deeds),
        "活动": (0, held),
        "意见箱": (0, boxes),
        "表彰和四个一": (0, honours),
        "建议": (0, proposed),
        "经费": (0, funds),
        "述职": (0, reports),
        "达标自评": (0, sheets),
    }
    audit.record(audit.Action.IMPORT, world.district, actor=SYSTEM, changes=counted, note=MARK)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # the planner must not take the tables for empty
    return written


def _check_keys_at_once() -> None:
    """PostgreSQL would keep every foreign key to be checked in memory until the end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class _Writer:
    def __init__(self, world: World, now: datetime):
        self.world, self.now = world, now
        self.calendar = workdays()
        self.keys = Random(SEED)  # noqa: S311 - keys of forms that nobody sends again
        self.last: dict[tuple[int, int], int] = {}

    def write_all(self, plan: Plan, scale: Scale, tell: Callable[[str], object]) -> int:
        visits = receptions(plan, scale.receptions, self.now.date())
        written = 0
        entered = Reception._meta.get_field("created_at")
        entered.auto_now_add = False  # a line of last year was not entered today
        try:
            while batch := list(islice(visits, BATCH)):
                self._write(batch)
                written += len(batch)
                if written % TELL_EVERY == 0:
                    tell(f"接待 {written:,} 批")
        finally:
            entered.auto_now_add = True
        NumberSeries.objects.bulk_create(
            NumberSeries(station_id=station, register=Register.RECEPTION, year=year, last=last)
            for (station, year), last in self.last.items()
        )
        return written

    def _write(self, visits: list[Visit]) -> None:
        rows, opinions, receivers = [], [], []
        for visit in visits:
            reception = self._reception(visit)
            heard = [
                self._opinion(reception, position, fields)
                for position, fields in enumerate(visit.opinions, start=1)
            ]
            reception.search_text = search_text(reception, heard)
            rows.append(reception)
            opinions += heard
            receivers += self._receivers(reception, visit)
        Reception.objects.bulk_create(rows)
        Opinion.objects.bulk_create(opinions)
        ReceptionDeputy.objects.bulk_create(receivers)

    def _reception(self, visit: Visit) -> Reception:
        fields = visit.fields
        station = self.world.stations[visit.station]
        self.last[station.pk, fields["year"]] = fields["number"]
        return Reception(
            **fields,
            station_id=station.pk,
            deputy_names=names_of([self.world.deputies[found] for found in visit.deputies]),
            opinion_count=len(visit.opinions),
            late_entry=rules.is_late_entry(fields["received_on"], visit.entered_on),
            created_by_id=self.world.writers[visit.station],
            created_at=self._at(visit.entered_on, fields["number"]),
            voided_at=visit.voided_on and self._at(visit.voided_on, fields["number"] + 1),
            version=2 if visit.voided_on else 1,
            submission_key=uuid.UUID(int=self.keys.getrandbits(128), version=4),
        )

    def _at(self, day: date, number: int) -> datetime:
        """Some time of an afternoon that is not yet to come."""
        clock = time(12 + number % 6, number * 7 % 60)
        return min(datetime.combine(day, clock, self.now.tzinfo), self.now)

    def _opinion(self, reception: Reception, position: int, fields: dict) -> Opinion:
        category, unit = fields.pop("category"), fields.pop("unit")
        opinion = Opinion(
            **fields,
            reception=reception,
            position=position,
            category_id=self.world.categories[category],
            unit_id=self.world.units[unit].pk if unit else None,
        )
        complete_opinion(opinion, reception, self.calendar)
        return opinion

    def _receivers(self, reception: Reception, visit: Visit) -> list[ReceptionDeputy]:
        return [
            ReceptionDeputy(
                reception=reception,
                deputy_id=self.world.deputies[found].pk,
                position=position,
                name=found.name,
                level=self.world.levels[found],
            )
            for position, found in enumerate(visit.deputies, start=1)
        ]
