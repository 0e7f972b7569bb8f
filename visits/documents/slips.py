"""What stands on the papers of a visit: 交办单, 催办单, 回执 and 接待记录, in words.

No slip that leaves the station for a unit names the visitor or holds a number to reach them by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from common.masking import mask_name_in, mask_numbers
from common.sheets.cells import chinese_date
from stations.models import Station
from visits.choices import Act, Disposal
from visits.models import Opinion, Reception
from visits.services.receipts import grouped

Facts = Sequence[tuple[str, str]]
# Where an address begins to say whose door it is.
_HOUSE = re.compile(r"[0-9０-９]+[-－—0-9０-９]*\s*(?:号|栋|幢|单元|室|户)")


@dataclass(frozen=True)
class Slip:
    """A paper for the unit that handles a matter."""

    title: str
    opinion: Opinion
    addressed_to: str
    opening: str
    facts: Facts
    blanks: Facts
    station: Station
    signed_on: date

    @property
    def filename(self) -> str:
        return re.sub(r'[\\/:*?"<>|\s]', "", f"{self.title}-{self.opinion.code}")


@dataclass(frozen=True)
class ReceiptLine:
    number: int
    said: str
    way: str


@dataclass(frozen=True)
class Receipt:
    """回执: what the visitor said, where it goes, and the code to ask with."""

    reception: Reception
    addressed_to: str
    opening: str
    code: str
    lines: Sequence[ReceiptLine]
    signed_on: date


@dataclass(frozen=True)
class Record:
    """接待记录: one visit on one page, to be signed."""

    reception: Reception
    facts: Facts
    opinions: Sequence[tuple[Opinion, Facts]]

    @property
    def fact_pairs(self) -> list[Facts]:
        """Two facts a line."""
        return [self.facts[at : at + 2] for at in range(0, len(self.facts), 2)]


def assign_slip(opinion: Opinion) -> Slip:
    handed_over = opinion.handed_over_on or timezone.localdate()
    asked = [f"请于 {chinese_date(opinion.accept_by)}前告知接收"] if opinion.accept_by else []
    if opinion.due_on:
        asked.append(f"{chinese_date(opinion.due_on)}前将办理结果书面反馈我站")
    return Slip(
        title="群众意见交办单",
        opinion=opinion,
        addressed_to=_addressed_to(opinion),
        opening="现将群众反映的下列意见交你单位办理。" + _sentence(asked),
        facts=[
            ("编号", opinion.code),
            ("交办日期", chinese_date(handed_over)),
            ("问题类别", str(opinion.category or "未分类")),
            ("处理方式", opinion.get_disposal_display()),
            *_matter(opinion),
            ("反馈期限", chinese_date(opinion.due_on) if opinion.due_on else ""),
        ],
        blanks=[("接收人签名", "接收日期"), ("办理结果", ""), ("经办人签名", "单位盖章")],
        station=opinion.source.station,
        signed_on=handed_over,
    )


def urge_slip(opinion: Opinion) -> Slip:
    today = timezone.localdate()
    begun = f"我站于 {chinese_date(opinion.handed_over_on)}" if opinion.handed_over_on else "我站"
    return Slip(
        title="群众意见催办单",
        opinion=opinion,
        addressed_to=_addressed_to(opinion),
        opening=f"{begun}交你单位办理的群众意见，{_how_late(opinion, today)}"
        "请抓紧办理，尽快将办理结果书面反馈我站。",
        facts=[
            ("编号", opinion.code),
            ("催办日期", f"{chinese_date(today)}，第 {max(_times_urged(opinion), 1)} 次催办"),
            *_matter(opinion),
            ("反馈期限", chinese_date(opinion.due_on) if opinion.due_on else ""),
        ],
        blanks=[("办到哪一步", ""), ("经办人签名", "单位盖章")],
        station=opinion.source.station,
        signed_on=today,
    )


def receipt_of(reception: Reception) -> Receipt:
    """The receipt of a visit that has its code."""
    opinions = list(reception.opinions.all())
    return Receipt(
        reception=reception,
        addressed_to=(reception.visitor_name and reception.shown_name) or "来访人",
        opening=f"您于 {chinese_date(reception.received_on)}到{reception.station}反映的 "
        f"{len(opinions)} 件意见，由{reception.deputy_names}代表接待，已经登记。",
        code=grouped(reception.receipt_code),
        lines=[
            ReceiptLine(opinion.position, opinion.summary or opinion.statement, _way(opinion))
            for opinion in opinions
        ],
        signed_on=timezone.localdate(),
    )


def record_of(reception: Reception) -> Record:
    heads = f"{'约 ' if reception.headcount_approximate else ''}{reception.headcount} 人"
    age = f"{reception.age} 岁" if reception.age else ""
    day = chinese_date(reception.received_on)
    if reception.until:
        day += f"至{chinese_date(reception.until)}"
    if reception.started_at:
        day += f" {reception.started_at:%H:%M}"
        day += f"–{reception.ended_at:%H:%M}" if reception.ended_at else ""
    who = [reception.shown_name, reception.get_gender_display(), age]
    return Record(
        reception=reception,
        facts=[
            ("编号", reception.code),
            ("接待时间", day),
            ("接待地点", reception.place or reception.station.name),
            ("来访形式", reception.get_channel_display()),
            ("接待代表", reception.deputy_names),
            ("记录人", reception.recorder),
            ("来访人", "，".join(filter(None, who))),
            ("来访人数", heads),
            ("住址", reception.address),
            ("联系电话", reception.shown_phone),
        ],
        opinions=[(opinion, _record_lines(opinion)) for opinion in reception.opinions.all()],
    )


def _record_lines(opinion: Opinion) -> Facts:
    lines = [("反映内容", opinion.statement)]
    if opinion.on_site_reply:
        lines.append(("当场答复", opinion.on_site_reply))
    return [*lines, ("处理方式", _way(opinion))]


def _matter(opinion: Opinion) -> Facts:
    deputies = opinion.source.deputy_names
    return [
        ("提出日期", chinese_date(opinion.raised_on)),
        ("接待代表" if opinion.has_visitor else "提出代表", deputies),
        *_where(opinion),
        ("反映内容", _without_visitor(opinion)),
    ]


def _where(opinion: Opinion) -> Facts:
    """问题地点: village and group of the visitor's address, where the matter usually is; neither
    house nor door, and nothing of a visit that is kept confidential."""
    if not opinion.has_visitor or opinion.source.confidential:
        return []
    place = _HOUSE.split(mask_numbers(opinion.source.address), maxsplit=1)[0].strip(" ，,、")
    return [("问题地点", place)] if place else []


def _way(opinion: Opinion) -> str:
    """Where the matter goes, as the visitor is told."""
    if not opinion.disposal:
        return "联络站研究后告诉您怎么处理"
    words = opinion.get_disposal_display()
    if opinion.unit:
        words += f"：{opinion.unit}"
    if opinion.disposal == Disposal.DECLINED and opinion.decline_reason:
        words += f"（{opinion.get_decline_reason_display()}）"
    if opinion.where_to:
        words += f"，请到{opinion.where_to}"
    waits = not opinion.is_closed and opinion.disposal not in Disposal.pointed_elsewhere()
    if opinion.due_on and waits and not opinion.is_fed_back:
        words += f"，{chinese_date(opinion.due_on)}前告诉您结果"
    return words


def _times_urged(opinion: Opinion) -> int:
    """How often the unit was urged in this round, the latest time included."""
    return opinion.steps.filter(act=Act.URGE, round=opinion.round).count()


def _addressed_to(opinion: Opinion) -> str:
    return str(opinion.unit or opinion.get_disposal_display())


def _how_late(opinion: Opinion, today: date) -> str:
    if not opinion.due_on:
        return "至今没有办理结果。"
    days = (opinion.due_on - today).days
    due = f"反馈期限为 {chinese_date(opinion.due_on)}，"
    if days < 0:
        return f"{due}已超期 {-days} 天。"
    return f"{due}{'今天到期' if days == 0 else f'还有 {days} 天到期'}。"


def _sentence(parts: list[str]) -> str:
    return "，".join(parts) + "。" if parts else ""


def _without_visitor(opinion: Opinion) -> str:
    """What was said, for a unit: whoever said their own name or number in it stays unnamed."""
    name = opinion.reception.visitor_name if opinion.reception else ""
    return mask_name_in(mask_numbers(opinion.statement), name)
