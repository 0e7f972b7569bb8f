"""T6, T14, T15, T16 and 与上年同期比较 once more, by plain loops over rows."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from deputies.models import Assignment, Deputy
from stations.models import Fund
from suggestions.models import Signature
from tests.reports.per_cent import per_cent
from visits.models import ActivityDeputy, AssistanceDeputy, ReceptionDeputy, VoterReport

Cells = dict[str, object]
LEVELS = {"nation": "全国", "province": "省", "city": "市", "district": "区县",
          "township": "乡镇"}  # fmt: skip
CAME = ("present", "late", "left_early")
INSPECTING = {"inspection": "视察", "research": "专题调研", "law": "执法检查"}
COUNTED = ("应到天数", "请假天数", "出席天数", "接待批次", "听取意见", "办实事件数", "参加活动",
           "参加培训", "参加视察调研", "述职", "领衔建议", "附议建议")  # fmt: skip


def outcomes(count, keys=None) -> dict[tuple[int, int], str]:
    """{(day, deputy): came, leave or absent} of the days that were held; one outcome a day, the
    best that any line of it says: who had leave and came after all, came."""
    held = {row.pk for row in count.days if row.state in ("held", "no_visit")
            and (keys is None or row.station_id in keys)}  # fmt: skip
    found: dict[tuple[int, int], str] = {}
    for turn in Assignment.objects.all():
        if turn.day_id not in held or turn.attendance in ("", "substituted"):
            continue  # moved to another day, or another deputy came instead
        if count.deputy and turn.deputy_id != count.deputy.pk:
            continue
        word = "came" if turn.attendance in CAME else "absent"
        if turn.answer == "leave":
            word = "leave"
        known = found.get((turn.day_id, turn.deputy_id), "absent")
        found[turn.day_id, turn.deputy_id] = min(word, known, key=["came", "leave", "absent"].index)
    return found


# T6 -----------------------------------------------------------------------------------------------


def of_deputies(count) -> dict[tuple[str, ...], Cells]:
    """By station and then as names sound; who does not belong here only with something to show."""
    done = _done(count)
    people = [
        one
        for one in Deputy.objects.select_related("station__area", "station__township")
        if (one.pk == count.deputy.pk if count.deputy else one.pk in done
            or (one.state == "in_office" and one.station_id in count.keys))
    ]  # fmt: skip
    people.sort(key=lambda one: (one.station.township.code, one.station.kind != "centre",
                                 one.station.area.code, one.station_id, one.pinyin,
                                 one.pk))  # fmt: skip
    found = {(one.name, one.station.name): _cells(done[one.pk], _level(one)) for one in people}
    sums = {name: sum(line[name] for line in found.values()) for name in COUNTED}
    return found | {("合计", f"{len(people)} 人"): _cells(sums, "")}


def _cells(counts, level: str) -> Cells:
    came, due = counts["出席天数"], counts["应到天数"] - counts["请假天数"]
    cells: Cells = {name: counts[name] for name in COUNTED}
    return cells | {"代表层级": level, "代表出勤率（%）": per_cent(came, due)}


def _level(one: Deputy) -> str:
    held = [own.level for own in one.mandates.all() if own.ended_on is None]
    return next((word for key, word in LEVELS.items() if key in held), "—")


def _done(count) -> dict[int, dict[str, int]]:
    """{deputy: {column: n}}, with a line for whoever did anything here."""
    done: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTED, 0))

    def add(deputy: int, *columns: str, n: int = 1) -> None:
        if count.deputy is None or deputy == count.deputy.pk:
            for column in columns:
                done[deputy][column] += n

    for (_, deputy), word in outcomes(count).items():
        add(deputy, "应到天数", *{"came": ["出席天数"], "leave": ["请假天数"]}.get(word, ()))
    _enter(count, add)
    _take_part(count, add)
    _propose(count, add)
    return done


def _enter(count, add) -> None:
    visits = {row.pk for row in count.visits}
    for one in ReceptionDeputy.objects.all():
        if one.reception_id in visits:
            heard = sum(row.reception_id == one.reception_id for row in count.opinions)
            add(one.deputy_id, "接待批次")
            add(one.deputy_id, "听取意见", n=heard)
    deeds = {row.pk for row in count.deeds}
    for one in AssistanceDeputy.objects.all():
        if one.assistance_id in deeds:
            add(one.deputy_id, "办实事件数")


def _take_part(count, add) -> None:
    held = {row.pk: row.kind for row in count.held}
    for one in ActivityDeputy.objects.all():
        if one.activity_id in held and one.presence == "present":
            kind = held[one.activity_id]
            columns = ["参加活动"] + ["参加培训"] * (kind == "training")
            add(one.deputy_id, *columns, *["参加视察调研"] * (kind in INSPECTING))
    for row in VoterReport.objects.all():
        if row.dropped_at is None and row.held_on is not None and row.station_id in count.keys and (
            count.first <= row.held_on <= count.last
        ):  # fmt: skip
            add(row.deputy_id, "述职")


def _propose(count, add) -> None:
    here = {row.pk: row.lead_id for row in count.raised_here if row.state != "withdrawn"}
    for lead in here.values():
        add(lead, "领衔建议")
    for one in Signature.objects.all():
        if one.suggestion_id in here and one.consent == "agreed":
            add(one.deputy_id, "附议建议")


# T14 ----------------------------------------------------------------------------------------------


def of_funds(count) -> dict[tuple[str, ...], Cells]:
    years = range(count.first.year, count.last.year + 1)
    rows = [row for row in Fund.objects.all() if row.year in years and row.station_id in count.keys]
    found = {}
    for one in sorted(count.stations, key=lambda one: (
        one.township.code, one.kind != "centre", one.area.code, one.pk,
    )):  # fmt: skip
        own = [row for row in rows if row.station_id == one.pk]
        if own:
            found[(one.name,)] = _money(own)
    return found | {("合计",): _money(rows)}


def _money(rows: list[Fund]) -> Cells:
    names = ("预算", "已拨付", "未拨付", "已使用", "使用率（%）")
    if not rows:
        return dict.fromkeys(names)
    budget, given, spent = (
        sum(getattr(row, name) for row in rows) for name in ("budget", "allotted", "used")
    )
    amounts = [int(amount.quantize(Decimal(1), ROUND_HALF_UP))
               for amount in (budget, given, budget - given, spent)]  # fmt: skip
    share = per_cent(int(spent * 100), int(given * 100))
    return dict(zip(names, [*amounts, share], strict=True))


# T15, T16 -----------------------------------------------------------------------------------------


def of_trainings(count) -> dict[tuple[str, ...], Cells]:
    return _held(count, {"training": "学习培训"})


def of_inspections(count) -> dict[tuple[str, ...], Cells]:
    return _held(count, INSPECTING)


def _held(count, kinds: dict[str, str]) -> dict[tuple[str, ...], Cells]:
    names = {one.pk: one.name for one in count.stations}
    rows = sorted((row for row in count.held if row.kind in kinds),
                  key=lambda row: (row.held_on, row.pk))  # fmt: skip
    found: dict[tuple[str, ...], Cells] = {}
    for row in rows:
        found[(row.topic,)] = {
            "日期": row.held_on.isoformat(), "形式": kinds[row.kind],
            "联络站": names[row.station_id], "组织单位": row.organiser or "—",
            "地点": row.place or "—", **_presence([row]),
        }  # fmt: skip
    blank = {"日期": len(rows), "形式": "", "联络站": "", "组织单位": "", "地点": ""}
    return found | {("合计（次）",): blank | _presence(rows)}


def _presence(rows) -> Cells:
    due, leave, came = (
        sum(getattr(row, name) for row in rows)
        for name in ("due_count", "leave_count", "present_count")
    )
    return {"应到": due, "请假": leave, "实到": came, "出席率（%）": per_cent(came, due - leave)}


# The year before ----------------------------------------------------------------------------------


def beside(now: Cells, then: Cells, *, told: bool) -> dict[str, list]:
    """{what: now, then, 增减, 增减（%）} of two rows of totals: a rate's change is in points.
    Unless `told`, last year is not all recorded and no change is claimed."""
    found = {}
    for name, new in now.items():
        old = then[name]
        if isinstance(new, str):
            continue
        change = None if new is None or old is None or not told else new - old
        share = None
        if isinstance(change, int):
            size = per_cent(abs(change), old)
            share = -size if size is not None and change < 0 else size
        found[name] = [new, old, change, share]
    return found
