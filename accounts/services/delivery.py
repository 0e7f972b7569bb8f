"""How messages leave: a row is claimed for a short lease, handed over, and marked in its own write.

A worker that is killed leaves a lease that ends; the next one takes the row. Between hand-over
and mark at most one message is in doubt, so a kill costs one repetition at most, which gateways
know by its id.
"""

from __future__ import annotations

import logging
import uuid
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import channels, hours
from accounts.channels.base import Gateway, HandOver
from accounts.choices import Channel, DeliveryState
from accounts.models import Delivery, Notice
from accounts.services.waking import wake_worker
from common import audit
from common.errors import RuleViolation

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
BATCH = 20
BACK_OFF_MINUTES = (1, 2, 4, 8, 15)
DAYS_TO_TRY = 3  # where the message itself has no last day
NEVER_TRIED = "到期时还没有轮到发送"


def deliver_due(*, limit: int = 500, now: datetime | None = None) -> int:
    """Hand over what is due, `limit` messages at most; return how many got through.

    Outside the hours nothing goes out. What is past its day is marked and never handed over.
    May run twice, also at once.
    """
    clock: Clock = (lambda: now) if now else timezone.now
    _expire(clock())
    delivered, left = 0, limit
    for way, gateway in channels.configured().items():
        got_through, tried = _deliver_by(way, gateway, left, clock)
        delivered, left = delivered + got_through, left - tried
    if not left:
        wake_worker()
    return delivered


@transaction.atomic
def withdraw(prefix: str) -> int:
    """Take back what was not yet handed over of notices whose key starts with `prefix`, and let
    none of them be sent again.

    In the caller's transaction; returns how many. One that is on the wire at this moment stays
    recorded as sent.
    """
    told = Q(key__startswith=prefix)
    Notice.objects.filter(told, void_at=None).update(void_at=timezone.now())
    waiting = Delivery.objects.still_open().about(told)
    return waiting.update(state=DeliveryState.WITHDRAWN)


@transaction.atomic
def resend(delivery: Delivery, *, actor) -> None:
    """重发: let a failed, expired or sent message go out again, today at least.

    Refuses one that waits anyway, was withdrawn or sent too often. The caller has checked who may
    do that.
    """
    stored = Delivery.objects.select_for_update(of=("self",)).for_list().get(pk=delivery.pk)
    if not stored.may_be_resent:
        if stored.notice.void_at:
            raise RuleViolation("这条消息说的事已有变动，不能再发。")
        raise RuleViolation(f"这条消息现在是“{stored.get_state_display()}”，不用重发。")
    if Channel(stored.channel) not in channels.configured():
        raise RuleViolation(f"没有设置{stored.get_channel_display()}，发不出去。")
    now = timezone.now()
    changes = {"状态": (stored.get_state_display(), DeliveryState.WAITING.label)}
    stored.state, stored.round = DeliveryState.WAITING, stored.round + 1
    stored.queued_at, stored.next_try_at = hours.whole_second(now), now
    stored.attempts, stored.error, stored.sent_at = 0, "", None
    stored.claim = stored.lease_until = None
    stored.save()
    today = hours.day_of(now)
    Notice.objects.filter(pk=stored.notice_id, expires_on__lt=today).update(expires_on=today)
    audit.record(audit.Action.CHANGE, stored, actor=actor, changes=changes, note="重发")
    transaction.on_commit(wake_worker)


def _expire(now: datetime) -> None:
    late = Delivery.objects.outlived(now, hours.day_of(now))
    late.filter(error="").update(state=DeliveryState.EXPIRED, error=NEVER_TRIED)
    late.update(state=DeliveryState.EXPIRED)


def _deliver_by(way: Channel, gateway: Gateway, limit: int, clock: Clock) -> tuple[int, int]:
    """Deliver through one channel until nothing is due, `limit` is reached or it is down.

    Returns how many got through and how many were tried.
    """
    delivered = tried = 0
    while tried < limit and hours.is_open(clock()):
        run = _Run(gateway, _claim(way, min(BATCH, limit - tried), clock()), clock)
        if not run.queue:
            break
        tried += len(run.queue)
        usable = run.work_off()
        delivered += run.delivered
        if not usable:
            break
    return delivered, tried


def _claim(way: Channel, size: int, now: datetime) -> list[Delivery]:
    """Take up to `size` due rows for ourselves; two workers never get the same one."""
    claim = uuid.uuid4()
    due = Delivery.objects.due(now, hours.day_of(now)).filter(channel=way)
    first = due.order_by("next_try_at", "pk")
    taken = {
        "state": DeliveryState.SENDING,
        "claim": claim,
        "lease_until": now + _lease(),
    }
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            first = first.select_for_update(skip_locked=True, of=("self",))
        picked = list(first.values_list("pk", flat=True)[:size])
        # Where rows were not locked, only those still due are ours.
        Delivery.objects.claimable(now).filter(pk__in=picked).update(**taken)
    if not picked:
        return []
    ours = Delivery.objects.held_by(claim).select_related("notice")
    return list(ours.order_by("next_try_at", "pk"))


def _lease() -> timedelta:
    return timedelta(seconds=settings.NOTICE_LEASE_SECONDS)


class _Run:
    """One claimed batch on its way through one connection."""

    def __init__(self, gateway: Gateway, batch: list[Delivery], clock: Clock):
        self.gateway, self.clock = gateway, clock
        self.queue = deque(batch)
        self.delivered = 0

    def work_off(self) -> bool:
        """Hand the batch over; False if the channel is down or closed for the night.

        What was not tried is given back at once.
        """
        try:
            with self.gateway.session() as hand_over:
                while self.queue and hours.is_open(self.clock()):
                    self._try(self.queue[0], hand_over)
                    self.queue.popleft()
        except channels.TryLater as failure:
            _put_off(self.queue.popleft(), str(failure), self.clock())
            return False
        finally:
            _give_back(self.queue)
        return not self.queue

    def _try(self, delivery: Delivery, hand_over: HandOver) -> None:
        """Hand one over and record it; raises TryLater if the whole channel is down."""
        if not _renew(delivery, self.clock()):
            return
        try:
            hand_over(_parcel(delivery))
        except channels.Refused as refusal:
            _settle(delivery, state=DeliveryState.FAILED, error=str(refusal))
        except channels.TryLater as failure:
            if failure.for_all:
                raise
            _put_off(delivery, str(failure), self.clock())
        except Exception as error:
            logger.exception("delivery %s could not be handed over", delivery.pk)
            _put_off(delivery, f"程序出错（{type(error).__name__}）", self.clock())
        else:
            self.delivered += 1
            _mark_sent(delivery, self.clock())


def _parcel(delivery: Delivery) -> channels.Parcel:
    notice = delivery.notice
    return channels.Parcel(
        id=delivery.hand_over_id,
        address=delivery.address,
        title=notice.title,
        text=notice.text,
        link=notice.link,
    )


def _renew(delivery: Delivery, now: datetime) -> bool:
    """Whether the row is still ours and its day not over; if so, for a whole lease from now."""
    last_day = delivery.notice.expires_on
    if last_day and last_day < hours.day_of(now):
        return False
    held = Delivery.objects.held_by(delivery.claim).filter(pk=delivery.pk)
    return held.update(lease_until=now + _lease()) == 1


def _mark_sent(delivery: Delivery, now: datetime) -> None:
    """Whatever became of the row meanwhile: it has gone out."""
    ours = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim)
    marked = ours.update(
        state=DeliveryState.DELIVERED, sent_at=now, error="", attempts=F("attempts") + 1,
        claim=None, lease_until=None,
    )  # fmt: skip
    if not marked:
        logger.warning("delivery %s was handed over after its lease", delivery.pk)


def _settle(delivery: Delivery, **outcome) -> None:
    held = Delivery.objects.held_by(delivery.claim).filter(pk=delivery.pk)
    outcome["error"] = outcome["error"][:300]
    held.update(claim=None, lease_until=None, attempts=F("attempts") + 1, **outcome)


def _put_off(delivery: Delivery, reason: str, now: datetime) -> None:
    """Another try later, longer apart each time; given up after three days without a last day."""
    if not delivery.notice.expires_on and now - delivery.queued_at > timedelta(days=DAYS_TO_TRY):
        _settle(delivery, state=DeliveryState.FAILED, error=f"{DAYS_TO_TRY} 天没有发出：{reason}")
        return
    minutes = BACK_OFF_MINUTES[min(delivery.attempts, len(BACK_OFF_MINUTES) - 1)]
    _settle(
        delivery,
        state=DeliveryState.WAITING,
        error=reason,
        next_try_at=now + timedelta(minutes=minutes),
    )


def _give_back(queue: deque[Delivery]) -> None:
    if queue:
        held = Delivery.objects.held_by(queue[0].claim).filter(pk__in=[row.pk for row in queue])
        held.update(state=DeliveryState.WAITING, claim=None, lease_until=None)
