"""What people are told about duty days. Every message is written in its caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Channel
from accounts.models import User
from accounts.roles import Capability
from accounts.services import Message, send, withdraw
from common.templatetags.wording import day as in_words
from common.templatetags.wording import weekday
from deputies.addresses import answer_path
from deputies.choices import Answer, Request
from deputies.models import Assignment, Deputy, DutyDay, DutyPlan, LeaveRequest, SwapRequest
from stations.models import Posting, Station


def key_of(row: Assignment) -> str:
    """Every message about one deputy's day has a key that begins so."""
    return f"duty:{row.pk}:"


def to_deputy(row: Assignment, step: str, title: str, text: str, *, url: str = "") -> Message:
    """A message to the deputy of `row`: once for this step and this date of the day."""
    deputy, day = row.deputy, row.day
    return Message(
        key=f"{key_of(row)}{day.date:%Y%m%d}:{step}",
        title=title,
        text=text,
        user=deputy.user,
        recipient=deputy.name,
        phone=deputy.phone,
        kind="duty",
        url=url or answer_path(row),
        station_key=day.station_id,
        expires_on=_last_day_for(day),
    )


def when_and_where(day: DutyDay) -> str:
    """4月27日（星期一）9:00–11:30，石桥镇中心联络站接待室."""
    hours = f"{day.starts_at:%-H:%M}–{day.ends_at:%-H:%M}"
    return f"{_long(day.date)}{hours}，{day.place or day.station.name}"


def published(plan: DutyPlan, rows: Sequence[Assignment]) -> None:
    """The year's days to everybody who has some: one message a deputy."""
    by_deputy: dict[Deputy, list[Assignment]] = {}
    for row in rows:
        by_deputy.setdefault(row.deputy, []).append(row)
    send(
        Message(
            key=f"plan:{plan.pk}:{deputy.pk}",
            title=f"{plan.year}年接待日已排定",
            text=f"您{plan.year}年在{plan.station}接待 {len(own)} 次："
            + "、".join(in_words(row.day.date) for row in own)
            + "。",
            user=deputy.user,
            recipient=deputy.name,
            phone=deputy.phone,
            kind="duty",
            url=reverse("duty:mine"),
            station_key=plan.station_id,
            expires_on=timezone.localdate() + timedelta(days=7),
        )
        for deputy, own in by_deputy.items()
    )


def moved(day: DutyDay, old: date) -> None:
    """改期: what was planned for the old date goes out no more."""
    for row in day.expected:
        forget(row)
    text = f"原定{_long(old)}的接待日改到{when_and_where(day)}，请重新确认。"
    send(to_deputy(row, f"moved{day.version}", "接待日改期", text) for row in day.expected)


def changed(day: DutyDay) -> None:
    version = f"changed{day.version}"
    text = f"接待时间或地点有变：{when_and_where(day)}。"
    send(to_deputy(row, version, "接待日有变", text) for row in day.expected)


def cancelled(day: DutyDay) -> None:
    for row in day.expected:
        forget(row)
    reason = f"（{day.closing_note}）" if day.closing_note else ""
    text = f"{_long(day.date)}{day.station}的接待日取消{reason}，您不用来。"
    send(to_deputy(row, "cancelled", "接待日取消", text) for row in day.expected)


def undone(plan: DutyPlan, rows: Sequence[Assignment], reason: str) -> None:
    """A year taken back: what waited to be said of it is not said, and each deputy hears once."""
    withdraw(f"plan:{plan.pk}:")
    by_deputy: dict[Deputy, list[Assignment]] = {}
    for row in rows:
        forget(row)
        by_deputy.setdefault(row.deputy, []).append(row)
    send(
        Message(
            key=f"plan-undone:{plan.pk}:{deputy.pk}",
            title=f"{plan.year}年接待计划已撤销",
            text=f"{plan.station}{plan.year}年的接待计划撤销（{reason}），"
            f"以下 {len(own)} 天您不用来："
            + "、".join(in_words(row.day.date) for row in own)
            + "。重新排定后会再通知您。",
            user=deputy.user,
            recipient=deputy.name,
            phone=deputy.phone,
            kind="duty",
            url=reverse("duty:mine"),
            station_key=plan.station_id,
            expires_on=timezone.localdate() + timedelta(days=7),
        )
        for deputy, own in by_deputy.items()
    )


def assigned(rows: Iterable[Assignment]) -> None:
    """Asked to come. Who is asked late is asked and reminded in one message, not in two."""
    send(
        to_deputy(
            row,
            _step_of(row.day) or "assigned",
            "新排了一次接待",
            f"请您{when_and_where(row.day)}接待，请确认。",
        )
        for row in rows
    )


def _step_of(day: DutyDay) -> str:
    """The reminder that is due now for this day; "" if none is due yet."""
    left = (day.date - timezone.localdate()).days
    due = [step for step in sorted(settings.DUTY_REMIND_DAYS) if left <= step]
    return f"before{due[0]}" if due else ""


def released(row: Assignment) -> None:
    forget(row)
    text = f"{_long(row.day.date)}{row.day.station}的接待已调整，您不用来。"
    send([to_deputy(row, "released", "接待已调整", text)])


def reminder(row: Assignment, step: int, left: int) -> Message:
    """`step` days before, or what is `left` of them: asks for an answer, or reminds of it."""
    when = {1: "明天", 2: "后天"}.get(left, f"{left}天后")
    asks = "" if row.answer == Answer.CONFIRMED else "，请确认能否参加"
    text = f"{row.deputy}代表，{when}是您的接待日：{when_and_where(row.day)}{asks}。"
    message = to_deputy(row, f"before{step}", f"{when}接待", text)
    # It says how many days are left, so it goes out that day or not at all.
    return replace(message, expires_on=row.day.date - timedelta(days=left))


def forget(row: Assignment) -> None:
    """Nothing that waits to go out about this deputy's day goes out any more."""
    withdraw(key_of(row))


def leave_asked(request: LeaveRequest) -> None:
    row = request.assignment
    text = (
        f"{row.deputy}请假：{_long(row.day.date)}{row.day.station}的接待日。原因：{request.reason}"
    )
    _to_staff(
        row.day.station, Capability.DECIDE_LEAVE, f"leave:{request.pk}", f"{row.deputy}请假", text,
        url=reverse("duty:day", args=[row.day_id]),
    )  # fmt: skip


def leave_decided(request: LeaveRequest, row: Assignment) -> None:
    if request.state == Request.AGREED:
        forget(row)
        title, text = "请假已同意", f"{_long(row.day.date)}的接待日，您的请假已同意，不用来。"
    else:
        text = f"{_long(row.day.date)}的接待日，您的请假未同意：{request.decision_note}"
        title = "请假未同意"
    send([to_deputy(row, f"leave{request.pk}", title, text)])
    if request.state == Request.AGREED:
        liaisons = f"{row.deputy}请假，{_long(row.day.date)}少一位代表，请调整排班。"
        _to_staff(
            row.day.station, Capability.MANAGE_DUTY, f"leave-granted:{request.pk}", "请调整排班",
            liaisons, url=reverse("duty:day", args=[row.day_id]),
        )  # fmt: skip


def left_office(row: Assignment) -> None:
    """The staff are told; the deputy is not."""
    forget(row)
    _to_staff(
        row.day.station, Capability.MANAGE_DUTY, f"left:{row.pk}", "请调整排班",
        f"{row.deputy}不在任或已调离，{_long(row.day.date)}少一位代表，请调整排班。",
        url=reverse("duty:day", args=[row.day_id]),
    )  # fmt: skip


def swap_asked(swap: SwapRequest) -> None:
    given, other = swap.given, swap.other
    text = f"{given.deputy}请您{_for(swap)}：{when_and_where(given.day)}"
    text += f"，换您{_long(swap.taken.day.date)}的班。" if swap.taken else "。"
    message = Message(
        key=f"swap:{swap.pk}:asked",
        title=f"{given.deputy}想和您换班" if swap.taken else f"{given.deputy}请您代班",
        text=text + (f"留言：{swap.note}" if swap.note else ""),
        user=other.user,
        recipient=other.name,
        phone=other.phone,
        kind="duty",
        url=reverse("duty:mine"),
        station_key=given.day.station_id,
        expires_on=given.day.date,
    )
    send([message])


def swap_answered(swap: SwapRequest) -> None:
    given = swap.given
    said = "已同意" if swap.state == Request.AGREED else "未同意"
    text = f"{swap.other}{said}{_for(swap)}：{_long(given.day.date)}{given.day.station}。"
    send([to_deputy(given, f"swap{swap.pk}", f"换班{said}", text, url=reverse("duty:mine"))])
    if swap.state == Request.AGREED:
        _to_staff(
            given.day.station, Capability.MANAGE_DUTY, f"swap-agreed:{swap.pk}", "代表换班",
            f"{given.deputy}与{swap.other}换班：{_long(given.day.date)}由{swap.other}来。",
            url=reverse("duty:day", args=[given.day_id]),
        )  # fmt: skip


def to_group(days: Sequence[DutyDay], on: date) -> Message:
    """Who receives where on the next day, for everybody in the group to read."""
    lines = [
        f"{when_and_where(day)}：{'、'.join(str(row.deputy) for row in day.expected) or '待定'}"
        for day in days
    ]
    return Message(
        key=f"duty-group:{on}",
        title="明天接待",
        text="\n".join(["【明天接待】", *lines]),
        recipient="工作群",
        kind="duty",
        expires_on=on,
        channels=(Channel.WECOM,),
    )


def swaps_void(swaps: Iterable[SwapRequest]) -> None:
    """What somebody asked for cannot be had any more: the day it was about has changed."""
    send(
        to_deputy(
            swap.given,
            f"swapvoid{swap.pk}",
            "换班请求已失效",
            f"您请{swap.other}换班的日子有变动，这次请求已失效；还要换的请重新提出。",
            url=reverse("duty:mine"),
        )
        for swap in swaps
    )


def staff_at(station: Station, capability: Capability) -> list[User]:
    """Who holds `capability` by a posting at the station itself; the township's if nobody does."""
    able = Posting.objects.who_can(capability)
    return able.filter(station=station).users() or able.filter(area=station.township_id).users()


def _to_staff(station, capability, key: str, title: str, text: str, *, url: str) -> None:
    send(
        Message(
            key=f"{key}:{user.pk}",
            title=title,
            text=text,
            user=user,
            recipient=user.name,
            phone=user.phone or "",
            kind="duty",
            url=url,
            station_key=station.pk,
            expires_on=timezone.localdate() + timedelta(days=3),
        )
        for user in staff_at(station, capability)
    )


def _for(swap: SwapRequest) -> str:
    return "换班" if swap.taken_id else "代班"


def _last_day_for(day: DutyDay) -> date:
    """News of a day goes out until that day; what is told of a past day is told at once."""
    return max(day.date, timezone.localdate())


def _long(on: date) -> str:
    """4月27日（星期一）; with the year when it is not this year's: nobody stays at home on the
    wrong day."""
    return f"{in_words(on)}（{weekday(on)}）"
