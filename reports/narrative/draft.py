"""The draft of a report's text: what the figures say, in the manner of a station's yearly report.

It is a draft: the office reads, mends and signs it. A sentence stands only where there is
something to say. A paragraph begins with its heading, "（一）认真接待群众。", which the page and
the Word file set apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.conf import settings

from common.sheets.cells import chinese_date
from deputies.choices import Level
from reports.choices import Part
from reports.figures import Report
from reports.figures import stations as work_columns
from reports.figures.stock import PERSONS
from reports.models import Case
from reports.narrative.findings import Finding
from reports.narrative.words import (
    Totals,
    amount,
    as_printed,
    change,
    count_of,
    join,
    most_frequent,
    numbered,
    share_of,
    topics,
)  # fmt: skip

# Stands where the records say nothing and people must; a report with it is not published.
TO_FILL_IN = "请补充"
KINDS_OF_ACTIVITY = ("视察", "培训", "述职")


def draft_text(
    report: Report,
    problems: Sequence[Finding],
    cases: Iterable[Case],
    before: Mapping[str, int] | None = None,
    today: date | None = None,
) -> dict[str, str]:
    """Each chapter as paragraphs, a line each; `before` are totals of T2 a year earlier."""
    written = {
        Part.STANDING: map(as_printed, _standing(report)),
        Part.WORK: map(as_printed, _work(report, before or {}, today or report.made_at.date())),
        Part.CASES: numbered(f"{_ended(case.title)}{case.text}" for case in cases),
        Part.PROBLEMS: map(as_printed, _problems(problems)),
        Part.PLANS: _plans(problems, topics(report.tables.get("T4"))),
    }
    return {
        part.value: "\n".join(line for line in lines if line) for part, lines in written.items()
    }


def _ended(title: str) -> str:
    return title if title.endswith(("。", "！", "？")) else f"{title}。"


def _standing(report: Report) -> Iterator[str]:
    stock = report.tables["T1"]
    kinds, levels, staff = (
        {str(row.cells[1].value): row.cells[2].count for row in stock.rows
         if row.cells[0].value == group}
        for group in ("联络站类型", "代表层级", "工作人员")
    )  # fmt: skip
    states, stars = (
        [(str(row.cells[1].value), row.cells[2].count) for row in stock.rows
         if row.cells[0].value == group and not row.kind]
        for group in ("联络站状态", "联络站星级")
    )  # fmt: skip
    total, persons, workers = kinds.pop("合计", 0), levels.pop(PERSONS, 0), staff.pop("合计", 0)
    if not report.scope.station:
        several = [f"{name} {n:,} 个" for name, n in kinds.items() if n]
        of_kinds = f"，其中{'、'.join(several)}" if len(several) > 1 else ""
        yield f"{report.scope.place_name}现有代表联络站点 {total:,} 个{of_kinds}。" + "".join(
            f"按{name}分，{several}。"
            for name, several in (("建设情况", _several(states)), ("星级", _several(stars)))
            if several
        )
    if persons:
        held = [(name, n) for name, n in levels.items() if n]
        of_levels = "、".join(f"{_own(name)}代表 {n:,} 名" for name, n in held)
        twice = "（兼任几级代表的分别计入）" if sum(n for _, n in held) > persons else ""
        where = "编入" + ("本站" if report.scope.station else "各站") + "的在任代表"
        yield f"{where} {persons:,} 名" + (f"，其中{of_levels}{twice}" if held else "") + "。"
    if workers:
        roles = "、".join(f"{name} {n:,} 名" for name, n in staff.items() if n)
        yield f"配有工作人员 {workers:,} 名，其中{roles}。"


def _several(parts: Sequence[tuple[str, int]]) -> str:
    """已建成 15 个、在建 3 个; nothing where all are alike."""
    some = [f"{name} {n:,} 个" for name, n in parts if n]
    return "、".join(some) if len(some) > 1 else ""


def _own(level: str) -> str:
    """区县代表 is 区代表 in a district, 县代表 in a county."""
    last = settings.DISTRICT_NAME[-1:]
    return last if level == Level.DISTRICT.label and last in "区县市" else level


def _work(report: Report, before: Mapping[str, int], today: date) -> Iterator[str]:
    work = Totals(report.tables.get("T2"))
    paragraphs = [
        _of_duty(report, work, today),
        _of_receptions(report, work, before),
        _of_opinions(work),
        _of_deeds(work, before),
        _of_activities(work),
        _of_suggestions(report, before),
        _of_funds(Totals(report.tables.get("T14"))),
    ]
    said = [words for words in paragraphs if words]
    if not said:
        yield f"{report.scope.period.label}没有接待、帮办实事、代表活动和代表建议的记录。"
        return
    opening = _opening(report, today)
    yield from [opening] if opening else []
    yield from numbered(said)


def _opening(report: Report, today: date) -> str:
    """Of a period that is not over: up to which day the figures are."""
    last = report.scope.period.last
    return f"以下数字截至{chinese_date(today)}。" if today < last else ""


def _of_duty(report: Report, work: Totals, today: date) -> str:
    if not work.has("计划接待日"):
        return ""
    said = f"{report.scope.period.label}安排接待日 {count_of(work['计划接待日'])} 个"
    said += f"，已开展 {count_of(work['开展接待日'])} 个" if work.has("开展接待日") else ""
    came, rate = work["出席人次"], work["出勤率（%）"]
    if work.has("出席人次"):
        said += f"，代表出席 {count_of(came)} 人次"
        said += f"，出勤率 {rate.shown}%" if rate.value is not None else ""
    return f"落实接待日制度。{said}。"


def _of_receptions(report: Report, work: Totals, before: Mapping[str, int]) -> str:
    if not work.has(work_columns.VISITS):
        return ""
    visits = work[work_columns.VISITS]
    said = f"共接待来访群众 {count_of(visits)} 批、{amount(work[work_columns.HEADS])} 人次"
    if work.has(work_columns.OPINIONS):
        said += f"，听取意见建议 {count_of(work[work_columns.OPINIONS])} 条"
    compared = join(
        change("接待批次", visits.count, before.get(work_columns.VISITS, 0), "批"),
        change("意见建议", work.count(work_columns.OPINIONS),
               before.get(work_columns.OPINIONS, 0), "条"),
    )  # fmt: skip
    said += f"。与上年同期相比，{compared}" if compared else ""
    frequent = most_frequent(report.tables.get("T4"))
    if frequent:
        said += f"。群众反映较多的是{frequent}"
    return f"认真接待来访群众。{said}。"


def _of_opinions(work: Totals) -> str:
    whole = work.count(work_columns.OPINIONS)
    if not whole:
        return ""
    said = join(
        f"当场答复 {count_of(work['当场答复'])} 条" if work.has("当场答复") else "",
        f"交有关单位办理 {count_of(work['交办'])} 条" if work.has("交办") else "",
        share_of(work, "办结", whole, "办结率"),
        share_of(work, "已反馈", whole, "反馈率", said="向来访人反馈"),
    )
    rate, both = work["满意率（%）"], work["含基本满意率（%）"]
    pleased = ""
    if rate.value is not None:
        pleased = f"。来访人已评价 {count_of(work['已评价'])} 条，满意率 {rate.shown}%"
        pleased += f"，含基本满意 {both.shown}%" if both.value is not None else ""
    return f"推动意见办理。{said}{pleased}。" if said or pleased else ""


def _of_deeds(work: Totals, before: Mapping[str, int]) -> str:
    if not work.has("办实事件数"):
        return ""
    said = f"代表帮办实事 {count_of(work['办实事件数'])} 件"
    said += f"，投入资金和物资 {amount(work['资金和物资（元）'], '元')}" if work.has(
        "资金和物资（元）") else ""  # fmt: skip
    said += f"，受益 {amount(work['受益人数'])} 人" if work.has("受益人数") else ""
    now, then = work.count("办实事件数"), before.get("办实事件数", 0)
    compared = change("办实事", now, then, "件")
    return f"用心办好实事。{said}" + (f"；与上年同期相比，{compared}" if compared else "") + "。"


def _of_activities(work: Totals) -> str:
    if not work.has("代表活动次数"):
        return ""
    kinds = "、".join(
        f"{name} {count_of(work[name])} 次" for name in KINDS_OF_ACTIVITY if work.has(name)
    )
    parts = f"，其中{kinds}" if kinds else ""
    return f"组织代表活动。开展代表活动 {count_of(work['代表活动次数'])} 次（含进站接待）{parts}。"


def _of_suggestions(report: Report, before: Mapping[str, int]) -> str:
    raised, answered = Totals(report.tables.get("T7A")), Totals(report.tables.get("T8"))
    if not raised.has("提出"):
        return ""
    said = f"代表提出建议 {count_of(raised['提出'])} 件"
    said += f"，采纳 {count_of(raised['采纳'])} 件" if raised.has("采纳") else ""
    if answered.has("应办"):
        said += f"；交承办单位办理 {count_of(answered['应办'])} 项"
        said += share_of(answered, "已答复", answered.count("应办"), "办复率", unit="项", lead="，")
    solved = Totals(report.tables.get("T9"))["解决和计划解决率（%）"]
    rated = Totals(report.tables.get("T10"))["办理结果满意率（%）"]
    later = join(
        f"已答复的建议中，解决和计划解决率 {solved.shown}%" if solved.value is not None else "",
        f"代表对办理结果的满意率 {rated.shown}%" if rated.value is not None else "",
    )
    return f"做好代表建议工作。{said}。" + (f"{later}。" if later else "")


def _of_funds(funds: Totals) -> str:
    if not funds.has("预算"):
        return ""
    said = join(
        f"安排工作经费 {amount(funds['预算'], '元')}",
        f"已拨付 {amount(funds['已拨付'], '元')}" if funds.has("已拨付") else "",
        f"已使用 {amount(funds['已使用'], '元')}" if funds.has("已使用") else "",
        f"使用率 {funds['使用率（%）'].shown}%" if funds.has("使用率（%）") else "",
    )
    return f"加强工作保障。{said}。"


def _problems(problems: Sequence[Finding]) -> Iterable[str]:
    if not problems:
        return [f"（记录中没有发现超期、缺勤等问题，{TO_FILL_IN}实际存在的问题，或者删去这一段。）"]
    return numbered(f"{found.about}。{found.words}" for found in problems)


def _plans(problems: Sequence[Finding], often: str) -> Iterable[str]:
    """What is done about each problem, and about what people speak of most (`often`)."""
    if not problems:
        return [f"（{TO_FILL_IN}下一步打算。）"]
    plans = [f"{found.remedy}。" for found in problems]
    if often:
        plans.append(f"围绕群众反映较多的{often}等问题，组织代表开展专题视察和调研，推动解决。")
    return numbered(plans)
