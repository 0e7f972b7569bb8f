"""T8, T9, T10: whether units answered in time, what they answered, and what deputies say of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from reports.figures.suggested.counted import (
    Counted,
    Counts,
    Part,
    Rated,
    columns_of,
    rate_column,
    rows_of,
)
from reports.figures.suggested.items import Found, Item
from reports.links import Links
from reports.percentages import rate, shares
from reports.tables import Column, Table
from suggestions.choices import ResultClass
from suggestions.models import ClassWording
from suggestions.querysets.figures import KEPT, NONE
from visits.choices import Satisfaction

DUE, REPLIED, MET = "应办", "已答复", "已面商"
REPLY_RATE, ON_TIME_RATE, MET_RATE = "办复率（%）", "按时办复率（%）", "面商率（%）"
UNDECIDED = "未定"
SOLVED_RATE, PLANNED_RATE = "解决率（%）", "解决和计划解决率（%）"
ATTITUDE, OUTCOME = "办理工作", "办理结果"
SIDES = {ATTITUDE: "attitude", OUTCOME: "outcome"}

_due = Counted(DUE, lambda item: True, {"duty": "answering"})
_replied = Counted(REPLIED, lambda item: item.replied, {"replied": "1"})

# T8 ---------------------------------------------------------------------------------------------
_ANSWERED, _OPEN = "已答复（项）", "未答复（项）"
TIMINGS = {
    "按期答复": "on_time",
    "延期后按期": "after_extension",
    "逾期答复": "late",
    "期限不明": "unknown",
    "未到期": "open",
    "已逾期": "open_late",
}
KEPT_NAMES = tuple(name for name, timing in TIMINGS.items() if timing in KEPT)
TIMELINESS_NOTES = (
    "应办 = 独办 + 主办 + 分办，每个单位算一项；只算报告期内提出、已交办的建议。",
    "已答复：答复函已经由机关审核并答复代表；报送待审的还算未答复。"
    "重办的以最后一次答复为准，只算一项；正在重办的，上一次答复仍算已答复。",
    "是否按期看第一轮的答复期限，以单位报送答复的日期为准；有“据台账”期限的，以台账为准。"
    "按期答复：不超过原期限；延期后按期：超过原期限，没有超过批准延期后的期限；"
    "期限不明：台账没有写期限或答复日期。",
    "已答复 = 按期答复 + 延期后按期 + 逾期答复 + 期限不明；应办 = 已答复 + 未到期 + 已逾期。",
    "办复率 = 已答复 ÷ 应办；按时办复率 =（按期答复 + 延期后按期）÷ 应办；"
    "面商率 = 已面商 ÷ 应办，任何一轮与代表走访、座谈、电话、信函商谈过都算。"
    "没有应办的写“—”。",
)


def _timed(name: str, group: str) -> Counted:
    timing = TIMINGS[name]
    return Counted(name, lambda item: item.timing == timing, {"timing": timing}, group)


_TIMELINESS: tuple[Part, ...] = (
    _due,
    Counted(REPLIED, _replied.fits, _replied.asked, _ANSWERED, "合计"),
    *(_timed(name, _ANSWERED) for name in [*TIMINGS][:4]),
    *(_timed(name, _OPEN) for name in [*TIMINGS][4:]),
    Counted(MET, lambda item: item.met, {"met": "1"}),
    Rated(
        [rate_column(REPLY_RATE), rate_column(ON_TIME_RATE), rate_column(MET_RATE)],
        lambda counts: [
            rate(counts[REPLIED], counts[DUE]),
            rate(sum(counts[name] for name in KEPT_NAMES), counts[DUE]),
            rate(counts[MET], counts[DUE]),
        ],
        _due.asked,
    ),
)


def timeliness(found: Found) -> Table:
    """T8: 应办 by whether and when it was answered."""
    rows = rows_of(found.items, _TIMELINESS, Links(found.scope))
    return Table("T8", "办理时限", "项", columns_of(_TIMELINESS), rows, TIMELINESS_NOTES)


# T9 ---------------------------------------------------------------------------------------------
CLASSES = {**{one.label: one.value for one in ResultClass}, UNDECIDED: ""}
_COUNTS, _SHARES = "结果类别（项）", "占已答复（%）"
CLASS_NOTES = (
    "只算已答复的，以最后一次答复的结果类别为准，机关更正过的以更正后为准；协办单位不计。",
    "A + B + C + D + 未定 = 已答复。占比按最大余数法保留两位小数，相加正好是 100.00。",
    "解决率 = A ÷ 已答复；解决和计划解决率 =（A + B）÷ 已答复，都由占比得出，与占比一致。",
)


def _classed(name: str) -> Counted:
    letter = CLASSES[name]
    return Counted(
        name, lambda item: item.replied and item.answer_class == letter,
        {"class_": letter or NONE}, _COUNTS,
    )  # fmt: skip


def _class_words(on: date) -> str:
    """What the classes meant on a day, as the place words them."""
    words = ClassWording.objects.valid_on(on)
    meant = "，".join(f"{code} {words[code]}" for code in ResultClass.values if code in words)
    return f"{meant or '类别的含义由本地规定'}；答复没有写类别的列为“{UNDECIDED}”。"


def _class_shares(counts: Counts) -> list:
    return shares([counts[name] for name in CLASSES])


def _solved(counts: Counts) -> list:
    """The rates are the shares beside them, so that the two never differ by a rounding."""
    solved, planned, *_ = _class_shares(counts)
    return [solved, None if solved is None else solved + planned]


_CLASSES: tuple[Part, ...] = (
    _replied,
    *(_classed(name) for name in CLASSES),
    Rated(
        [rate_column(f"{name} 占比（%）", group=_SHARES, short=name) for name in CLASSES],
        _class_shares,
    ),
    Rated([rate_column(SOLVED_RATE), rate_column(PLANNED_RATE)], _solved, _replied.asked),
)


def classes(found: Found) -> Table:
    """T9: result classes of what is answered."""
    rows = rows_of(found.items, _CLASSES, Links(found.scope))
    words = _class_words(found.scope.period.last)
    return Table(
        "T9",
        "办理结果类别",
        "项",
        columns_of(_CLASSES),
        rows,
        (*CLASS_NOTES, *filter(None, [words])),
    )


# T10 --------------------------------------------------------------------------------------------
RATINGS = {one.label: one.value for one in Satisfaction}
RATED = "已评价"
_GIVEN = [*RATINGS][:3]
# Of the result; these stand large above the tables.
SATISFIED, SATISFIED_RATE = f"{OUTCOME}满意", f"{OUTCOME}满意率（%）"
LESS_THAN_SATISFIED = (f"{OUTCOME}基本满意", f"{OUTCOME}不满意")
SATISFACTION_NOTES = (
    "只算已答复的，以最后一次答复的评价为准；代表对办理工作和办理结果分别评价。"
    "逾期没有评价的是“未评价”，不算满意。",
    "满意 + 基本满意 + 不满意 + 未评价 = 已答复，两个方面各自相等。",
    "反馈率 = 已评价（满意 + 基本满意 + 不满意）÷ 已答复。",
    "满意、基本满意、不满意的百分比都以已评价为分母，按最大余数法保留两位小数，"
    "相加正好是 100.00；满意率 = 满意 ÷ 已评价；含基本满意率 =（满意 + 基本满意）÷ 已评价。",
)


def _name(side: str, word: str) -> str:
    return f"{side}{word}"


def _is(side: str, value: str) -> Callable[[Item], bool]:
    return lambda item: item.replied and getattr(item, side) == value


def _side(side: str) -> tuple[Part, ...]:
    """The columns of one of the two sides that a deputy rates."""
    field, group = SIDES[side], f"对{side}"
    return (
        *(
            Counted(_name(side, word), _is(field, value), {field: value}, group, word)
            for word, value in RATINGS.items()
        ),
        Rated(
            [_rate_column(side, word) for word in [*_GIVEN, "含基本满意"]],
            lambda counts: _of_rated(counts, side),
            {field: "rated"},
        ),
        Rated(
            [_rate_column(side, "反馈")],
            lambda counts: [rate(sum(_given(counts, side)), counts[REPLIED])],
            _replied.asked,
        ),
    )


def _rate_column(side: str, word: str) -> Column:
    return rate_column(_name(side, f"{word}率（%）"), group=f"对{side}", short=f"{word}率%")


def _given(counts: Counts, side: str) -> list[int]:
    return [counts[_name(side, word)] for word in _GIVEN]


def _of_rated(counts: Counts, side: str) -> list:
    satisfied, mostly, unsatisfied = shares(_given(counts, side))
    pleased = None if satisfied is None or mostly is None else satisfied + mostly
    return [satisfied, mostly, unsatisfied, pleased]


_SATISFACTION = (_replied, *_side(ATTITUDE), *_side(OUTCOME))


def satisfaction(found: Found) -> Table:
    """T10: what deputies say of the work and of the result."""
    rows = rows_of(found.items, _SATISFACTION, Links(found.scope))
    return Table("T10", "代表评价", "项", columns_of(_SATISFACTION), rows, SATISFACTION_NOTES)
