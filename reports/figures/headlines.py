"""What stands large above the tables: of the registers, and of suggestions."""

from __future__ import annotations

from dataclasses import dataclass

from reports.figures import deputies
from reports.figures import stations as columns
from reports.figures.suggested import answers, raised
from reports.links import Links
from reports.percentages import rate
from reports.tables import Figure, Table


@dataclass(frozen=True)
class Headline:
    """One of the large figures; `note` says what it is made of."""

    label: str
    figure: Figure
    unit: str
    note: str
    change: str = ""  # since the same days a year ago, where the note does not say it


def of_registers(work: Table, links: Links, before: int | None) -> list[Headline]:
    """From T2; `before` is 批次 of the same days a year ago, None where not all is recorded."""
    visits, heads = work.figure(columns.VISITS), work.figure(columns.HEADS)
    opinions, fed_back = work.total_of(columns.OPINIONS), work.total_of(columns.FED_BACK)
    rated, satisfied = work.total_of(columns.RATED), work.total_of(columns.SATISFIED)
    feedback = Figure(rate(fed_back, opinions), links.opinions(progress="fed_back"))
    rough = f"其中 {heads.approximate:,} 批为约数" if heads.approximate else "按登记的来访人数"
    return [
        Headline("接待", visits, "批", _compared(work.total_of(columns.VISITS), before)),
        Headline("来访", Figure(heads.value, heads.url), "人次", rough),
        Headline("意见", work.figure(columns.OPINIONS), "条", "一事一条"),
        Headline("办结", work.figure(columns.FINISHED), "条", f"意见 {opinions:,} 条中"),
        Headline("反馈率", feedback, "%", f"已反馈 {fed_back:,} ÷ 意见 {opinions:,}"),
        Headline(
            "满意率",
            work.figure(columns.SATISFACTION_RATE),
            "%",
            f"满意 {satisfied:,} ÷ 已评价 {rated:,}",
        ),
    ]


def of_suggestions(adoption: Table, timeliness: Table, satisfaction: Table) -> list[Headline]:
    """From T7A, T8 and T10."""
    count, taken = adoption.total_of(raised.RAISED), adoption.total_of(raised.ADOPTED)
    due, replied = timeliness.total_of(answers.DUE), timeliness.total_of(answers.REPLIED)
    kept = sum(timeliness.total_of(name) for name in answers.KEPT_NAMES)
    satisfied = satisfaction.total_of(answers.SATISFIED)
    rated = satisfied + sum(satisfaction.total_of(name) for name in answers.LESS_THAN_SATISFIED)
    return [
        Headline("提出建议", adoption.figure(raised.RAISED), "件", "不含已撤回的"),
        Headline(
            "采纳率",
            adoption.figure(raised.ADOPTION_RATE),
            "%",
            f"采纳 {taken:,} ÷ 提出 {count:,}",
        ),
        Headline("应办", timeliness.figure(answers.DUE), "项", "独办、主办、分办"),
        Headline(
            "办复率",
            timeliness.figure(answers.REPLY_RATE),
            "%",
            f"已答复 {replied:,} ÷ 应办 {due:,}",
        ),
        Headline(
            "按时办复率",
            timeliness.figure(answers.ON_TIME_RATE),
            "%",
            f"按时 {kept:,} ÷ 应办 {due:,}",
        ),
        Headline(
            "结果满意率",
            satisfaction.figure(answers.SATISFIED_RATE),
            "%",
            f"满意 {satisfied:,} ÷ 已评价 {rated:,}",
        ),
    ]


def of_deputy(work: Table) -> list[Headline]:
    """From T6, of one person."""
    due, leave, came = (
        work.figure(name) for name in (deputies.DUE, deputies.ON_LEAVE, deputies.CAME_NAME)
    )
    signed = work.total_of(deputies.SIGNED)
    return [
        Headline("接待", work.figure(deputies.RECEIVED), "批", "登记为接待代表的"),
        Headline("听取意见", work.figure(deputies.HEARD), "条", "一事一条"),
        Headline(
            "出勤率",
            work.figure(deputies.ATTENDANCE),
            "%",
            f"出席 {came.count} ÷（应到 {due.count} − 请假 {leave.count}）",
        ),
        Headline("办实事", work.figure(deputies.DEEDS), "件", "登记为帮扶代表的"),
        Headline("参加活动", work.figure(deputies.ATTENDED), "次", "含进站接待"),
        Headline("领衔建议", work.figure(deputies.LED), "件", f"另附议 {signed} 件"),
    ]


def _compared(now: int, before: int | None) -> str:
    if before is None:
        return "上年同期登记不全"
    if not before:
        return "上年同期没有登记"
    if now == before:
        return "与上年同期相同"
    return f"比上年同期{'多' if now > before else '少'} {abs(now - before):,} 批"
