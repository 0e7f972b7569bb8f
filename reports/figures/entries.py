"""What the second and the third register give to T2: practical deeds, inspections, trainings."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, F, Q, Sum

from reports.links import Links
from reports.scope import Scope
from reports.tables import Column, Figure
from visits.choices import ActivityKind

_DEEDS, _ACTIVITIES = "办实事", "代表活动（次）"
_HELD = {
    "视察": ActivityKind.INSPECTION,
    "培训": ActivityKind.TRAINING,
    "述职": ActivityKind.REPORTING,
}
COLUMNS = (
    Column("办实事件数", group=_DEEDS, short="件数"),
    Column("资金和物资（元）", group=_DEEDS, short="资金物资（元）"),
    Column("受益人数", group=_DEEDS, short="受益人数"),
    Column("代表活动次数", group=_ACTIVITIES, short="合计"),
    *(Column(name, group=_ACTIVITIES) for name in _HELD),
)
NOTES = (
    "办实事按登记簿的日期算；资金和物资是资金与物资折款之和，不足一元的四舍五入；"
    "受益人数照登记簿相加，同一人受益几次算几次。",
    "代表活动按活动日期算，包括进站接待；视察、培训、述职是其中活动形式为视察、学习培训、"
    "向选民述职的。",
)


def work_by_station(scope: Scope) -> dict[int, dict]:
    """The figures of each station, {station: figures}: one pass over each register."""
    found: dict[int, dict] = {}
    deeds = scope.assistance().values("station").annotate(
        deeds=Count("pk"),
        total=Sum(F("money") + F("goods")),
        people=Sum("people"),
        rough_worth=Count(
            "pk", filter=Q(approximate__has_key="money") | Q(approximate__has_key="goods")
        ),
        rough_people=Count("pk", filter=Q(approximate__has_key="people")),
    )  # fmt: skip
    held = scope.activities().values("station").annotate(
        held=Count("pk"), **{kind: Count("pk", filter=Q(kind=kind)) for kind in _HELD.values()}
    )  # fmt: skip
    for line in [*deeds, *held]:
        found.setdefault(line["station"], {}).update(line)
    return found


def figures(line: dict, links: Links, place: dict) -> list[Figure]:
    deeds, held = links.assistance(place=place), links.activities(place=place)
    return [
        Figure(line.get("deeds", 0), deeds),
        Figure(_whole(line.get("total", 0)), deeds, approximate=line.get("rough_worth", 0)),
        Figure(line.get("people", 0), deeds, approximate=line.get("rough_people", 0)),
        Figure(line.get("held", 0), held),
        *(
            Figure(line.get(kind, 0), links.activities(place=place, kind=kind.value))
            for kind in _HELD.values()
        ),
    ]


def _whole(amount: Decimal | int) -> int:
    """In whole 元; half of one goes up, also from an even one."""
    return int(Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP))
