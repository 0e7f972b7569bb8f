"""What people are told: written once by its key, in the transaction of what it tells about."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts import channels, hours, planners
from accounts.choices import Channel
from accounts.models import Delivery, Notice, User
from accounts.services.waking import wake_worker
from common.phones import first_mobile

logger = logging.getLogger(__name__)
BATCH = 1000


@dataclass(frozen=True)
class Message:
    """What is to be said, to whom. Its key is said once, whoever says it how often.

    `channels=None` means every channel that is set up and for which there is an address: e-mail
    to `email` or the user's own, SMS to the first mobile number in `phone`. The group robot
    speaks only when it is named. With `()` the message is read in the portal alone. `expires_on`
    is the last day on which it may go out.
    """

    key: str
    title: str
    text: str
    user: User | None = None
    recipient: str = ""
    phone: str = ""
    email: str = ""
    kind: str = ""
    url: str = ""
    station_key: int | None = None
    expires_on: date | None = None
    channels: tuple[str, ...] | None = None


def send(messages: Iterable[Message]) -> int:
    """Write `messages` into the ledger in the caller's transaction; return how many are new.

    A key that is known already is left alone. After the commit the worker is woken to deliver.
    """
    wanted = {message.key: message for message in messages}
    # In one order everywhere: two writers of the same keys never wait for each other in a ring.
    ordered = [wanted[key] for key in sorted(wanted)]
    with transaction.atomic():
        return sum(_write(ordered[at : at + BATCH]) for at in range(0, len(ordered), BATCH))


def _write(messages: Sequence[Message]) -> int:
    known = set(
        Notice.objects.filter(key__in=[message.key for message in messages]).values_list(
            "key", flat=True
        )
    )
    fresh = {message.key: message for message in messages if message.key not in known}
    if not fresh:
        return 0
    now = timezone.now()
    Notice.objects.bulk_create(
        [_notice(message, now) for message in fresh.values()], ignore_conflicts=True
    )
    # Who wrote a key at the same time has another moment on it: those are not ours to deliver.
    ours = Notice.objects.filter(key__in=list(fresh), created_at=now)
    keys = list(ours.values_list("pk", "key"))
    ways = channels.configured()
    deliveries = [
        Delivery(
            notice_id=pk,
            channel=way,
            address=address,
            queued_at=hours.whole_second(now),
            next_try_at=now,
        )
        for pk, key in keys
        for way, address in _ways_out(fresh[key], ways)
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        transaction.on_commit(wake_worker)
    return len(keys)


def _notice(message: Message, now: datetime) -> Notice:
    return Notice(
        key=message.key,
        user_id=message.user.pk if message.user else None,
        recipient=(message.recipient or str(message.user or ""))[:100],
        phone=message.phone,
        email=message.email,
        kind=message.kind,
        title=message.title[:200],
        text=message.text,
        url=message.url,
        station_key=message.station_key,
        expires_on=message.expires_on,
        created_at=now,
    )


def _ways_out(message: Message, ways) -> Iterator[tuple[Channel, str]]:
    """The channels that `message` goes out by, each with its address."""
    addresses = {
        Channel.EMAIL: message.email or (message.user.email if message.user else ""),
        Channel.SMS: first_mobile(message.phone),
        Channel.WECOM: "",
    }
    wanted = (Channel.EMAIL, Channel.SMS) if message.channels is None else message.channels
    for way in map(Channel, wanted):
        if way in ways and (addresses[way] or not ways[way].needs_address):
            yield way, addresses[way]


def unread_count(user: User) -> int:
    """As the log-in of this request read it along with the user, or counted now."""
    counted = getattr(user, "unread_notices", None)
    if counted is not None:
        return counted
    return Notice.objects.visible_to(user).unread().count()


def mark_read(subject: Notice | User | Iterable[Notice]) -> int:
    """Note that notices, or all of a user's notices, were read; the first reading counts."""
    if isinstance(subject, User):
        rows = Notice.objects.filter(user=subject)
    else:
        notices = [subject] if isinstance(subject, Notice) else subject
        rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    return rows.unread().update(read_at=timezone.now())


def plan_notices(on: date | None = None, now: datetime | None = None) -> int:
    """Ask every planner for the messages of a day and send what is new; return how many.

    Everybody for whom something is due gets one digest a day. May run twice, also at once. A
    planner that fails does not stop the others: administrators are told, and the failures are
    raised together at the end.
    """
    on = on or hours.day_of(now or timezone.now())
    failures: list[Exception] = []
    new = 0
    for name, plan in planners.planners().items():
        new += _attempt(name, partial(_send_plan, plan, on), failures, on) or 0
    lines: dict[int, list[planners.DueLine]] = defaultdict(list)
    for name, due in planners.dues().items():
        for line in _attempt(name, partial(_due_lines, due, on), failures, on) or ():
            lines[line.user.pk].append(line)
    new += send(_digest(own, on) for own in lines.values())
    if failures:
        raise ExceptionGroup("planners of notices failed", failures)
    return new


def _send_plan(plan: planners.Planner, on: date) -> int:
    return send(plan(on))


def _due_lines(due: planners.Due, on: date) -> list[planners.DueLine]:
    return [planners.DueLine(*line) for line in due(on)]


def _attempt(name: str, act: Callable, failures: list[Exception], on: date):
    """What `act` returns; None if it fails, which is noted and shown to the administrators."""
    try:
        with transaction.atomic():
            return act()
    except Exception as error:
        logger.exception("notices of %s could not be planned", name)
        failures.append(error)
        send(_alarms(name, error, on))
        return None


def _alarms(name: str, error: Exception, on: date) -> Iterator[Message]:
    for user in User.objects.filter(is_superuser=True, is_active=True):
        yield Message(
            key=f"plan-failed:{name}:{on}:{user.pk}",
            title="有一部分提醒没有生成",
            text=f"{on.month}月{on.day}日的提醒（{name}）计算出错：{type(error).__name__}。"
            "系统会继续重试，请联系维护人员查看日志。",
            user=user,
            kind="alarm",
            expires_on=on,
            channels=(),
        )


def _digest(lines: Sequence[planners.DueLine], on: date) -> Message:
    user = lines[0].user
    stations = (line.station_key for line in lines)
    return Message(
        key=f"digest:{user.pk}:{on}",
        title=f"今天有 {len(lines)} 件事等您处理",
        text="\n".join(f"· {line.line}" for line in lines),
        user=user,
        kind="digest",
        url=lines[0].url if len(lines) == 1 else "/",
        station_key=next((key for key in stations if key is not None), None),
        expires_on=on,
    )
