"""Addresses that work without a log-in: signed, for one thing, for one day."""

from __future__ import annotations

import time
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from deputies.choices import DayState
from deputies.models import Assignment, DutyDay, Feed

_ANSWER = signing.Signer(salt="duty.answer")
_SCREEN = signing.Signer(salt="duty.screen")


class _MinuteSigner(signing.TimestampSigner):
    """Signs alike for a minute: the screen may be read again without changing its code."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) // 60 * 60)


_SCAN = _MinuteSigner(salt="duty.scan")
# A code that was on the screen a moment ago still opens: phones are slow.
SCAN_SECONDS = 150
# From the scan to the tap, a log-in with a forgotten password between.
SCANNED_SECONDS = 15 * 60


def absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def answer_path(row: Assignment) -> str:
    """Opens the one day of one deputy, until that day is over."""
    return reverse("duty:answer", args=[_ANSWER.sign(f"{row.pk}.{row.deputy_id}")])


def assignment_of(token: str, *, today=None) -> Assignment | None:
    """The assignment that an answer address is for; None if it is forged or its day is over."""
    key = _unsigned(_ANSWER, token)
    if key is None:
        return None
    pk, deputy = key.split(".")
    announced = Assignment.objects.exclude(day__state=DayState.DRAFT)
    row = announced.for_page().filter(pk=pk, deputy=deputy).first()
    if row is None or row.day.date < (today or timezone.localdate()):
        return None
    return row


def screen_path(day: DutyDay) -> str:
    """Opens the sign-in screen of one day, that day only, until a new address is made."""
    return reverse("duty:screen", args=[_SCREEN.sign(f"{day.pk}.{day.screen_key}")])


def day_of_screen(token: str, *, today=None) -> DutyDay | None:
    """The day whose screen this is; None if it is forged, revoked or of another day."""
    key = _unsigned(_SCREEN, token)
    if key is None:
        return None
    pk, screen_key = key.split(".")
    days = DutyDay.objects.published().with_people()
    days = days.prefetch_related("assignments__deputy__mandates")
    return days.filter(pk=pk, screen_key=screen_key, date=today or timezone.localdate()).first()


def scan_path(day: DutyDay) -> str:
    """What the code on the screen says this minute."""
    return reverse("duty:scan", args=[_SCAN.sign(f"{day.pk}.{day.screen_key}")])


def day_of_scan(token: str) -> DutyDay | None:
    """The day whose code was scanned; None if it is forged, old or revoked."""
    try:
        key = _SCAN.unsign(token, max_age=SCAN_SECONDS)
    except signing.BadSignature:
        return None
    pk, screen_key = key.split(".")
    days = DutyDay.objects.published().with_people()
    return days.filter(pk=pk, screen_key=screen_key, date=timezone.localdate()).first()


def remember_scan(session, day: DutyDay) -> None:
    """Keep over a log-in that this browser stood before the station's screen."""
    session["scanned"] = {"day": day.pk, "key": day.screen_key, "at": timezone.now().timestamp()}


def has_scanned(session, day: DutyDay) -> bool:
    scanned = session.get("scanned") or {}
    age = timezone.now().timestamp() - scanned.get("at", 0)
    same = (scanned.get("day"), scanned.get("key")) == (day.pk, day.screen_key)
    return same and 0 <= age <= SCANNED_SECONDS


def scanned_day(session, pk: int) -> DutyDay | None:
    """The day before whose screen this browser stood a moment ago, if it is the day `pk`."""
    day = DutyDay.objects.with_people().filter(pk=pk).first()
    return day if day and has_scanned(session, day) else None


def seconds_left(now: datetime | None = None) -> int:
    """Until the code on the screen changes."""
    return 60 - (now or timezone.localtime()).second


def feed_path(feed: Feed) -> str:
    return reverse("duty:feed", args=[feed.key])


def _unsigned(signer: signing.Signer, token: str) -> str | None:
    try:
        return signer.unsign(token)
    except signing.BadSignature:
        return None
