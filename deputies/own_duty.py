"""A deputy's own duty days, as the deputy's pages tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal

from deputies.choices import CAME, EXPECTED, Answer, Attendance, DayState, Request
from deputies.models import Assignment, Deputy, LeaveRequest, SwapRequest
from deputies.rules import duty as rules

_SOON = {0: "今天", 1: "明天", 2: "后天"}
_ANSWERED = {
    Answer.CONFIRMED: ("ok", "已确认"),
    Answer.LEAVE: ("", "已请假"),
    Answer.SWAPPED: ("", "已换班"),
    Answer.DROPPED: ("", "已调整"),
}


@dataclass(frozen=True)
class OwnDay:
    """One day of one deputy, read with `with_requests`."""

    row: Assignment
    today: date

    @property
    def left(self) -> str:
        days = (self.row.day.date - self.today).days
        return "" if days < 0 else _SOON.get(days, f"还有 {days} 天")

    @property
    def is_today(self) -> bool:
        return self.row.day.date == self.today

    @property
    def hours(self) -> str:
        return hours_of(self.row.day.starts_at, self.row.day.ends_at)

    @property
    def colleagues(self) -> list[str]:
        return [row.deputy.name for row in self.row.day.expected if row.pk != self.row.pk]

    @property
    def signed_at(self):
        return self.row.sign_in.at if rules.has_signed(self.row) else None

    @property
    def leave_asked(self) -> LeaveRequest | None:
        return next((r for r in self.row.leave_requests.all() if r.state == Request.ASKED), None)

    @property
    def leave_refused(self) -> LeaveRequest | None:
        """The last answer was no, and the deputy has not said since whether they come."""
        last = next(iter(self.row.leave_requests.all()), None)
        return last if last and last.state == Request.REFUSED else None

    @property
    def swap_asked(self) -> SwapRequest | None:
        return next((s for s in self.row.swaps_asked.all() if s.state == Request.ASKED), None)

    @property
    def can_change(self) -> bool:
        """Whether leave or a swap may still be asked for."""
        to_come = self.row.day.date >= self.today and not rules.has_signed(self.row)
        return rules.is_open(self.row) and to_come

    @property
    def can_confirm(self) -> bool:
        """Not while leave or a swap waits for its answer: that says the opposite."""
        asked = self.leave_asked or self.swap_asked
        return self.can_change and not asked and self.row.answer != Answer.CONFIRMED

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and word of where the day stands."""
        if self.row.day.state == DayState.CANCELLED:
            return "", "已取消"
        if rules.has_signed(self.row):
            return "ok", "已签到"
        if self.row.answer in EXPECTED and self.leave_asked:
            return "wait", "请假待答复"
        if self.row.answer in EXPECTED and self.swap_asked:
            return "wait", f"{words_of(self.swap_asked)}待答复"
        return _ANSWERED.get(Answer(self.row.answer), ("wait", "等您确认"))

    @property
    def attendance(self) -> tuple[str, str]:
        """Tone and word of what came of a day that is past."""
        row = self.row
        if row.attendance in CAME:
            tone = "ok" if row.attendance == Attendance.PRESENT else "wait"
            return tone, row.get_attendance_display()
        if row.attendance == Attendance.OPEN and row.answer == Answer.SWAPPED:
            return "", "换班"
        if row.attendance == Attendance.OPEN:
            not_held = row.day.state == DayState.NOT_HELD
            return ("", "未开展") if not_held else ("wait", "待登记")
        tone = "late" if row.attendance == Attendance.ABSENT else ""
        return tone, row.get_attendance_display()


@dataclass(frozen=True)
class Attended:
    """出勤 of some days as reports count it: 出勤率 = 出席 ÷（应到 − 请假）. Who had a stand-in
    was not due."""

    due: int
    came: int
    leave: int
    absent: int
    substituted: int
    waiting: int = 0  # days that are past or signed, and count when they are closed

    @classmethod
    def of(cls, words: Sequence[str], waiting: int = 0) -> Attended:
        """From what came of each day, in the words of `Attendance`."""
        substituted = words.count(Attendance.SUBSTITUTED)
        return cls(
            due=len(words) - substituted,
            came=sum(word in CAME for word in words),
            leave=words.count(Attendance.LEAVE),
            absent=words.count(Attendance.ABSENT),
            substituted=substituted,
            waiting=waiting,
        )

    @property
    def rate(self) -> Decimal | None:
        """In per cent; None where nothing is left to rate."""
        if self.due == self.leave:
            return None
        rate = Decimal(100 * self.came) / (self.due - self.leave)
        return rate.quantize(Decimal("0.01"), ROUND_HALF_UP)


def attended(days: Iterable[OwnDay]) -> Attended:
    """Counts what the reports count: the days that were held and are closed."""
    rows = [day.row for day in days]
    held = [row for row in rows if row.day.state in (DayState.HELD, DayState.NO_VISIT)]
    said = [row.attendance for row in held if row.attendance != Attendance.OPEN]
    still_open = [row for row in rows if row.day.state == DayState.PUBLISHED]
    waiting = sum(row.answer in (*EXPECTED, Answer.LEAVE) for row in still_open)
    return Attended.of(said, waiting)


def hours_of(starts_at: time, ends_at: time) -> str:
    """上午 9:00–11:30."""
    half = "上午" if starts_at.hour < 12 else "下午"
    return f"{half} {starts_at:%-H:%M}–{ends_at:%-H:%M}"


def words_of(swap: SwapRequest) -> str:
    return "换班" if swap.taken_id else "代班"


def with_requests(rows):
    """With colleagues, and what was asked of each day."""
    return rows.for_page().prefetch_related(
        "day__assignments__deputy",
        "leave_requests",
        "swaps_asked__other",
        "swaps_asked__taken__day",
    )


def coming_days(user, today: date) -> list[OwnDay]:
    """The announced days that `user` is expected on, the next first."""
    rows = with_requests(Assignment.objects.own(user).expected().upcoming(today))
    return [OwnDay(row, today) for row in rows]


def left_days(user, today: date) -> list[OwnDay]:
    """Days to come on which `user` is not expected any more."""
    rows = Assignment.objects.own(user).upcoming(today).exclude(answer__in=EXPECTED)
    return [OwnDay(row, today) for row in rows.for_page()]


def past_days(user, year: int, today: date) -> list[OwnDay]:
    """What came of the days of `year` up to today, the last first; who was taken off is left
    out, and so is today's day while nothing is said of it."""
    rows = Assignment.objects.own(user).once_a_day().exclude(answer=Answer.DROPPED)
    rows = rows.filter(day__date__year=year, day__date__lte=today).order_by("-day__date", "-pk")
    days = [OwnDay(row, today) for row in rows.for_page()]
    return [day for day in days if not day.is_today or day.row.attendance]


def years_of(user, today: date) -> list[int]:
    """The years in which `user` had a duty day, this one always among them; the last first."""
    dates = Assignment.objects.own(user).filter(day__date__lte=today)
    years = {on.year for on in dates.order_by().dates("day__date", "year")}
    return sorted(years | {today.year}, reverse=True)


def swaps_to_answer(deputy: Deputy, today: date) -> list[SwapRequest]:
    """换班 that others asked of `deputy` and that may still take place."""
    asked = deputy.swaps_received.filter(
        state=Request.ASKED,
        given__day__state=DayState.PUBLISHED,
        given__day__date__gte=today,
        given__answer__in=EXPECTED,
    )
    return list(asked.select_related("given__deputy", "given__day__station", "taken__day__station"))


def swappable(row: Assignment, user, today: date) -> list[Assignment]:
    """The coming days of colleagues that may be had for `row`: at the same station, on neither
    of which the two would be twice."""
    same = Assignment.objects.visible_to(user).expected().upcoming(today)
    same = same.filter(day__station=row.day.station_id).exclude(deputy=row.deputy_id)
    rows = list(same.select_related("deputy", "day").filter(sign_in=None))
    here = {other.deputy_id for other in row.day.expected}
    mine = Assignment.objects.own(user).expected().upcoming(today).values_list("day", flat=True)
    taken = set(mine)
    return [other for other in rows if other.deputy_id not in here and other.day_id not in taken]
