"""Every figure of the report once more, by loops over rows.

Written from the notes under the tables and from what the district means by its words; nothing of
`reports.figures` is used. Slow, plain, and apart: where the two differ, one of them is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from deputies.models import Deputy, DutyDay
from stations.models import Category, Posting, Station
from suggestions.models import Handling, Suggestion
from tests.reports.per_cent import hundred, per_cent
from tests.reports.recounted_people import (
    of_deputies,
    of_funds,
    of_inspections,
    of_trainings,
    outcomes,
)
from tests.reports.recounted_shares import COLUMNS, Cells, share_of
from visits.models import (
    Activity,
    ActivityDeputy,
    Assistance,
    AssistanceDeputy,
    Opinion,
    Reception,
    ReceptionDeputy,
)

ALL = "合计"
KIND_WORDS = {"centre": "中心联络站", "station": "联络站", "home": "代表之家", "point": "联系点",
              "online": "网上站"}  # fmt: skip
STATE_WORDS = {"planned": "规划中", "building": "在建", "open": "已建成", "closed": "撤销"}
STAR_WORDS = {5: "五星", 4: "四星", 3: "三星", None: "未评星"}
LEVEL_WORDS = {"nation": "全国", "province": "省", "city": "市", "district": "区县",
               "township": "乡镇"}  # fmt: skip
STAFF_WORDS = {"station_head": "站长", "deputy_head": "副站长", "liaison": "联络员",
               "observer": "民意观察员"}  # fmt: skip
DISPOSAL_WORDS = {
    "on_site": "当场答复", "explained": "咨询解释", "village": "转村（社区）",
    "township": "转镇（街道）", "district": "转区级部门", "suggestion": "形成代表建议",
    "higher": "报上级或委托上级代表", "petition": "引导信访司法", "declined": "不予受理",
    "": "未填",
}  # fmt: skip
AT_ONCE = ("on_site", "explained")
HANDED_OVER = ("village", "township", "district", "suggestion", "higher")
ELSEWHERE = ("petition", "declined")
ENDED = ("solved", "partly", "planned", "unsolved")
KINDS = {"suggestion": "建议", "criticism": "批评", "opinion": "意见", "motion": "议案"}
NUMBERED = ("accepted", "assigned", "handling", "reviewing", "replied", "closed", "archived")
PENDING = ("submitted", "revising")

Found = dict[tuple[str, ...], Cells]  # {words of the row: its cells}


class Recount:
    """The rows of a place and of some days, picked one by one; or those of one deputy."""

    def __init__(
        self, first: date, last: date, today: date, *, code: str = "", station=None, deputy=None
    ):
        self.first, self.last, self.today, self.deputy = first, last, today, deputy
        self.stations = [
            one for one in Station.objects.select_related("area", "township")
            if (one.area.code.startswith(code) if station is None else one.pk == station.pk)
        ]  # fmt: skip
        self.code, self.keys = code, {one.pk for one in self.stations}
        self.visits = [row for row in Reception.objects.all() if self._counts(row, row.received_on)]
        self.visits = self._own(self.visits, ReceptionDeputy.objects.all(), "reception_id")
        keys = {row.pk for row in self.visits}
        rows = Opinion.objects.select_related("reception", "category__parent", "station__township")
        self.opinions = [row for row in rows if row.reception_id in keys]
        self.deeds = [row for row in Assistance.objects.all() if self._counts(row, row.helped_on)]
        self.deeds = self._own(self.deeds, AssistanceDeputy.objects.all(), "assistance_id")
        self.held = [row for row in Activity.objects.all() if self._counts(row, row.held_on)]
        came = ActivityDeputy.objects.filter(presence="present")
        self.held = self._own(self.held, came, "activity_id")
        self.days = [row for row in DutyDay.objects.all()
                     if row.station_id in self.keys and self._within(row.date)
                     and row.state not in ("draft", "cancelled")]  # fmt: skip
        self.raised_here = [row for row in Suggestion.objects.order_by("submitted_on", "pk")
                            if row.station_id in self.keys and row.submitted_on is not None
                            and self._within(row.submitted_on)
                            and row.state not in ("draft", "joining")]  # fmt: skip
        self.raised = [row for row in self.raised_here
                       if deputy is None or row.lead_id == deputy.pk]  # fmt: skip
        self.shares = list(self._shares())

    def _own(self, rows: list, people, entry: str) -> list:
        """Of one deputy, the rows that name them."""
        if self.deputy is None:
            return rows
        keys = {getattr(one, entry) for one in people if one.deputy_id == self.deputy.pk}
        return [row for row in rows if row.pk in keys]

    def _within(self, day: date) -> bool:
        return self.first <= day <= self.last

    def _counts(self, row, day: date) -> bool:
        return row.voided_at is None and row.station_id in self.keys and self._within(day)

    def tables(self) -> dict[str, Found]:
        found = {"T1": self.stock(), "T2": self.work(), "T3": self.months(),
                 "T4": self.by_disposal(), "T5": self.by_township(), "T6": of_deputies(self),
                 "T7A": self.adoption(), "T12": self.key_matters(), "T14": of_funds(self),
                 "T15": of_trainings(self), "T16": of_inspections(self)}  # fmt: skip
        return found | {
            name: self.of_units(name) for name in ("T7", "T8", "T9", "T10", "T11", "T13")
        }

    # T1 -----------------------------------------------------------------------------------------

    def stock(self) -> Found:
        found: Found = {}
        for group, words, value in (
            ("联络站类型", KIND_WORDS, lambda one: one.kind),
            ("联络站状态", STATE_WORDS, lambda one: one.state),
            ("联络站星级", STAR_WORDS, lambda one: one.star),
        ):
            counts = dict.fromkeys(words.values(), 0)
            for one in self.stations:
                counts[words[value(one)]] += 1
            parts = hundred(list(counts.values()))
            for (word, count), share in zip(counts.items(), parts, strict=True):
                found[group, word] = {"数量": count, "占比（%）": share}
            whole = len(self.stations)
            found[group, ALL] = {"数量": whole, "占比（%）": Decimal(100) if whole else None}
        found |= self._people()
        return found

    def _people(self) -> Found:
        levels, persons, staff = defaultdict(int), 0, defaultdict(int)
        for one in Deputy.objects.prefetch_related("mandates"):
            if one.state != "in_office" or one.station_id not in self.keys:
                continue
            persons += 1
            for level in {own.level for own in one.mandates.all() if own.ended_on is None}:
                levels[level] += 1
        for posting in Posting.objects.all():
            if posting.station_id in self.keys and posting.role in STAFF_WORDS:
                staff[posting.role] += 1
        lines = {("代表层级", word): levels[key] for key, word in LEVEL_WORDS.items()}
        lines["代表层级", "代表人数"] = persons
        lines |= {("工作人员", word): staff[key] for key, word in STAFF_WORDS.items()}
        lines["工作人员", ALL] = sum(staff.values())
        return {key: {"数量": count, "占比（%）": None} for key, count in lines.items()}

    # T2 -----------------------------------------------------------------------------------------

    def work(self) -> Found:
        found: Found = {}
        for one in self.stations:
            cells = self._work_of({one.pk})
            is_idle = not any(cells[name] for name in (
                "批次", "计划接待日", "办实事件数", "代表活动次数", "建议提出",
            )) and not any(row.station_id == one.pk for row in self.raised)  # fmt: skip
            if one.state == "open" or not is_idle:
                found[(one.name,)] = cells | {"星级": STAR_WORDS[one.star]}
        found[(ALL,)] = self._work_of(self.keys) | {"星级": ""}
        return found

    def _work_of(self, keys) -> Cells:
        own = [row for row in self.opinions if row.station_id in keys]
        visits = [row for row in self.visits if row.station_id in keys]
        rated = [row for row in own if row.satisfaction != "unrated"]
        content = sum(row.satisfaction == "satisfied" for row in rated)
        mostly = sum(row.satisfaction == "mostly" for row in rated)
        return {
            "批次": len(visits),
            "人次": sum(row.headcount for row in visits),
            "意见条数": len(own),
            "当场答复": sum(row.disposal in AT_ONCE for row in own),
            "交办": sum(row.disposal in HANDED_OVER for row in own),
            "办结": sum(
                row.disposal in (*AT_ONCE, *ELSEWHERE) or row.resolution in ENDED for row in own
            ),
            "已反馈": sum(row.feedback_on is not None or row.feedback_method != "" for row in own),
            "已评价": len(rated), "满意": content, "基本满意": mostly,
            "满意率（%）": per_cent(content, len(rated)),
            "含基本满意率（%）": per_cent(content + mostly, len(rated)),
            **self._duty_of(keys), **self._deeds_of(keys), **self._raised_of(keys),
        }  # fmt: skip

    def _duty_of(self, keys) -> Cells:
        days = [row for row in self.days if row.station_id in keys]
        held = [row for row in days if row.state in ("held", "no_visit")]
        said = list(outcomes(self, keys).values())
        due, leave, came = len(said), said.count("leave"), said.count("came")
        return {
            "计划接待日": len(days), "开展接待日": len(held), "应到人次": due, "请假人次": leave,
            "出席人次": came, "出勤率（%）": per_cent(came, due - leave),
        }  # fmt: skip

    def _deeds_of(self, keys) -> Cells:
        deeds = [row for row in self.deeds if row.station_id in keys]
        held = [row for row in self.held if row.station_id in keys]
        worth = sum((row.money + row.goods for row in deeds), Decimal(0))
        return {
            "办实事件数": len(deeds),
            "资金和物资（元）": int(worth.quantize(Decimal(1), ROUND_HALF_UP)),
            "受益人数": sum(row.people for row in deeds),
            "代表活动次数": len(held),
            "视察": sum(row.kind == "inspection" for row in held),
            "培训": sum(row.kind == "training" for row in held),
            "述职": sum(row.kind == "reporting" for row in held),
        }

    def _raised_of(self, keys) -> Cells:
        own = [row for row in self.raised if row.station_id in keys and row.state != "withdrawn"]
        return {
            "建议提出": len(own),
            "建议采纳": sum(row.state in NUMBERED for row in own),
            "建议办结": sum(row.state in ("closed", "archived") for row in own),
        }

    def approximate(self) -> dict[str, int]:
        """Of the totals of T2: how many rows behind them give a rough number."""
        return {
            "人次": sum(row.headcount_approximate for row in self.visits),
            "资金和物资（元）": sum(
                bool({"money", "goods"} & set(row.approximate)) for row in self.deeds
            ),
            "受益人数": sum("people" in row.approximate for row in self.deeds),
        }

    # T3, T4, T5 ---------------------------------------------------------------------------------

    def months(self) -> Found:
        found: Found = {}
        year, month = self.first.year, self.first.month
        several = self.first.year != self.last.year
        while (year, month) <= (self.last.year, self.last.month):
            found[(f"{year}年{month}月" if several else f"{month}月",)] = self._month(
                lambda day, at=(year, month): (day.year, day.month) == at
            )
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        found[(ALL,)] = self._month(lambda day: True)
        return found

    def _month(self, fits) -> Cells:
        visits = [row for row in self.visits if fits(row.received_on)]
        return {
            "批次": len(visits), "人次": sum(row.headcount for row in visits),
            "意见条数": sum(fits(row.reception.received_on) for row in self.opinions),
            "建议件数": sum(
                fits(row.submitted_on) and row.state != "withdrawn" for row in self.raised
            ),
        }  # fmt: skip

    def by_disposal(self) -> Found:
        return self._crossed(
            list(DISPOSAL_WORDS.values()), lambda row: DISPOSAL_WORDS[row.disposal]
        )

    def by_township(self) -> Found:
        names = {one.township.code: one.township.name for one in self.stations}
        return self._crossed(
            [names[code] for code in sorted(names)], lambda row: row.station.township.name
        )

    def _crossed(self, columns: list[str], word) -> Found:
        used = {_top(row) for row in self.opinions}
        tops = [top.name for top in Category.objects.filter(parent=None).order_by("position", "pk")
                if top.active or top.name in used]  # fmt: skip
        lines = {name: dict.fromkeys([*columns, ALL], 0) for name in [*tops, "未分类", ALL]}
        for row in self.opinions:
            for name in (_top(row), ALL):
                lines[name][word(row)] += 1
                lines[name][ALL] += 1
        parts = hundred([lines[name][ALL] for name in lines if name != ALL])
        whole = [Decimal(100) if self.opinions else None]
        return {
            (name,): {**cells, "占比（%）": share}
            for (name, cells), share in zip(lines.items(), [*parts, *whole], strict=True)
        }

    # Suggestions --------------------------------------------------------------------------------

    def adoption(self) -> Found:
        found = {(word,): self._fates([row for row in self.raised if row.kind == key])
                 for key, word in KINDS.items()}  # fmt: skip
        return found | {(ALL,): self._fates(self.raised)}

    def _fates(self, rows: list[Suggestion]) -> Cells:
        own = [row for row in rows if row.state != "withdrawn"]
        taken = sum(row.state in NUMBERED for row in own)
        return {
            "大会期间": sum(row.occasion == "session" for row in own),
            "闭会期间": sum(row.occasion == "between" for row in own),
            "提出": len(own), "采纳": taken,
            "不予接收": sum(row.state == "rejected" for row in own),
            "转作参考": sum(row.state == "reference" for row in own),
            "待审核": sum(row.state in PENDING for row in own),
            "采纳率（%）": per_cent(taken, len(own)), "撤回": len(rows) - len(own),
        }  # fmt: skip

    def key_matters(self) -> Found:
        rows = [row for row in self.raised if row.is_key and row.state in NUMBERED]
        found: Found = {(row.code,): {"标题": row.title, "状态": row.get_state_display()}
                        for row in rows}  # fmt: skip
        return found | {("合计（件）",): {"标题": len(rows)}}

    def _shares(self) -> Iterable[dict]:
        """One unit's part in one numbered suggestion: what it is now, what came of it."""
        for row in self.raised:
            if row.state not in NUMBERED:
                continue
            by_unit = defaultdict(list)
            for one in Handling.objects.filter(suggestion=row).select_related("unit"):
                by_unit[one.unit].append(one)
            for unit, parts in by_unit.items():
                latest = max(one.round for one in parts)
                now = [one for one in parts if one.round == latest and one.state != "p_left"]
                if now:
                    rounds = sorted((one for one in parts if one.state != "p_left"),
                                    key=lambda one: one.round)  # fmt: skip
                    yield share_of(unit.name, now[0], rounds, self.today)

    def of_units(self, table: str) -> Found:
        cells, keep = COLUMNS[table]
        shares = [one for one in self.shares if keep(one)]
        found = {(name,): cells(self, [one for one in shares if one["unit"] == name])
                 for name in {one["unit"] for one in shares}}  # fmt: skip
        found[(ALL,)] = cells(self, shares)
        if table == "T7":
            parts = hundred([line[ALL] for line in found.values()][:-1])
            # Equal remainders go by the order of the page, which this does not know.
            for line, share in zip(found.values(), parts, strict=False):
                line["占比（%）"] = share
            found[(ALL,)]["占比（%）"] = Decimal(100) if shares else None
        return found


def _top(row: Opinion) -> str:
    if row.category is None:
        return "未分类"
    return (row.category.parent or row.category).name
