"""T11, T12, T13: what was handled again, what leaders saw to, and what was promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse

from reports.figures.suggested.answers import RATINGS
from reports.figures.suggested.counted import Counted, columns_of, rows_of
from reports.figures.suggested.items import Found, Item
from reports.links import Links
from reports.tables import DASH, Column, Figure, Kind, Row, RowKind, Table
from suggestions.choices import Duty
from suggestions.models import Suggestion
from visits.choices import Satisfaction

# T11 --------------------------------------------------------------------------------------------
REDONE, AGAIN, ANSWERED = "重办", "重办中", "已重新答复"
_FIRST, _LAST = "第一次评价（办理结果）", "重办后评价（办理结果）"
REDONE_NOTES = (
    "进入第二轮或以后各轮的，一个单位一件建议算一项；办了几轮也只算一项。",
    "第一次评价是第一轮答复后对办理结果的评价，机关主动重办的也可以是满意或未评价。",
    "重办 = 重办中 + 已重新答复；重办后评价是最后一次答复的，只算已重新答复的，"
    "各项相加等于已重新答复。",
)


def _first(word: str) -> Counted:
    value = RATINGS[word]
    return Counted(
        f"第一次{word}", lambda item: item.first_outcome == value, {"first_outcome": value},
        _FIRST, word,
    )  # fmt: skip


def _last(word: str) -> Counted:
    value = RATINGS[word]
    return Counted(
        f"重办后{word}", lambda item: item.redo == "answered" and item.outcome == value,
        {"redo": "answered", "outcome": value}, _LAST, word,
    )  # fmt: skip


_REDONE = (
    Counted(REDONE, lambda item: True, {"redone": "1"}),
    *(_first(word) for word in RATINGS),
    Counted(AGAIN, lambda item: item.redo == "open", {"redo": "open"}, "现在"),
    Counted(ANSWERED, lambda item: item.redo == "answered", {"redo": "answered"}, "现在"),
    *(_last(word) for word in RATINGS),
)


def redone(found: Found) -> Table:
    """T11: items of a second or later round, by what deputies said before and after."""
    items = [item for item in found.items if item.is_redone]
    rows = rows_of(items, _REDONE, Links(found.scope))
    return Table("T11", "重办", "项", columns_of(_REDONE), rows, REDONE_NOTES)


# T12 --------------------------------------------------------------------------------------------
KEY_COLUMNS = tuple(
    Column(name, Kind.TEXT)
    for name in (
        "编号", "标题", "领衔代表", "督办领导", "承办单位", "结果类别", "对办理工作", "对办理结果",
        "状态",
    )
)  # fmt: skip
KEY_NOTES = (
    "机关标为重点督办的建议，按提出日期排列；类别和评价是各答复单位最后一次答复的，"
    "几个单位分办的按单位列出。",
)


def key_matters(found: Found) -> Table:
    """T12: a row for each suggestion that a leader sees to."""
    own: dict[int, list[Item]] = defaultdict(list)
    for share in found.shares:
        own[share.suggestion_id].append(share)
    rows = [_key_row(one, own[one.pk]) for one in found.key]
    count = Figure(len(rows), Links(found.scope).suggestions(is_key=1, fate="adopted"))
    empty = [Figure("")] * (len(KEY_COLUMNS) - 2)
    total = Row([Figure("合计（件）"), count, *empty], RowKind.TOTAL)
    return Table("T12", "重点督办", "件", KEY_COLUMNS, [*rows, total], KEY_NOTES)


def _key_row(one: Suggestion, shares: Iterable[Item]) -> Row:
    url = reverse("suggestions:detail", args=[one.pk])
    answers = [share for share in shares if share.answers]
    units = "；".join(f"{Duty(share.duty).label} {share.unit_name}" for share in _in_order(shares))
    words = [one.code, one.title, one.lead_name, one.key_leader, units]
    classed = _by_unit(answers, lambda item: item.answer_class or "未定")
    attitude = _by_unit(answers, lambda item: Satisfaction(item.attitude).label)
    outcome = _by_unit(answers, lambda item: Satisfaction(item.outcome).label)
    cells = [*words, classed, attitude, outcome, one.get_state_display()]
    return Row([Figure(word, url if place == 1 else "") for place, word in enumerate(cells)])


def _in_order(shares: Iterable[Item]) -> list[Item]:
    return sorted(shares, key=lambda share: not share.answers)


def _by_unit(answers: list[Item], word) -> str:
    """The word alone for one unit, with the unit before it where several answer."""
    if len(answers) == 1:
        return word(answers[0]) if answers[0].replied else DASH
    return "；".join(f"{one.unit_name} {word(one) if one.replied else DASH}" for one in answers)


# T13 --------------------------------------------------------------------------------------------
PROMISED, DUE, FOLLOWED, WAITING, OVERDUE = (
    "承诺续办",
    "期内到期",
    "已续办答复",
    "未续办",
    "其中逾期",
)
PROMISE_NOTES = (
    "答复为 B、C 类并承诺了办结日期的，以最后一次答复的承诺为准；"
    "正在重办的由重办答复代替，不计。只算报告期内提出的建议。",
    "期内到期：承诺办结日期在报告期内，不论是否已续办答复。",
    "承诺续办 = 已续办答复 + 未续办；其中逾期：未续办的里面，承诺办结日期已过的。",
)


def promises(found: Found) -> Table:
    """T13: what was promised in answers, and what came of it."""
    days = found.scope.period
    parts = (
        Counted(PROMISED, lambda item: True, {"promise": "any"}),
        Counted(DUE, lambda item: _is_due(item, days.first, days.last), {"promise": "due"}),
        Counted(FOLLOWED, lambda item: item.promise == "answered", {"promise": "answered"}),
        Counted(WAITING, lambda item: item.promise in ("open", "overdue"), {"promise": "open"}),
        Counted(OVERDUE, lambda item: item.promise == "overdue", {"promise": "overdue"}),
    )
    items = [item for item in found.items if item.promise]
    rows = rows_of(items, parts, Links(found.scope))
    return Table("T13", "续办", "项", columns_of(parts), rows, PROMISE_NOTES)


def _is_due(item: Item, first, last) -> bool:
    return item.promise_due is not None and first <= item.promise_due <= last
