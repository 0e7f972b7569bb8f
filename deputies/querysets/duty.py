from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from accounts.roles import Capability
from deputies.choices import CAME, EXPECTED, STANDING_DAYS, Answer, Attendance, DayState
from stations.models import Station


class DutyDayQuerySet(models.QuerySet):
    def visible_to(self, user) -> DutyDayQuerySet:
        """The days of the stations `user` sees; drafts only for those who plan them."""
        if user.is_system:
            return self
        planned = Station.objects.where_user_can(user, Capability.MANAGE_DUTY)
        return self.filter(
            Q(station__in=Station.objects.visible_to(user), state__in=STANDING_DAYS)
            | Q(station__in=planned)
        )

    def managed_by(self, user) -> DutyDayQuerySet:
        """The days that `user` arranges, follows and closes."""
        return self.filter(station__in=Station.objects.where_user_can(user, Capability.MANAGE_DUTY))

    def of(self, deputy) -> DutyDayQuerySet:
        """The days on which `deputy` is expected."""
        return self.filter(assignments__deputy=deputy, assignments__answer__in=EXPECTED)

    def of_turn(self, deputy, turn: str = "") -> DutyDayQuerySet:
        """On which `deputy` stands, also where they left their place; `turn` narrows it to what
        the reports count: "due" (来了, 请假 or 缺席), "came" or "leave"."""
        rows = self.model._meta.get_field("assignments").related_model.objects
        rows = rows.filter(day=OuterRef("pk"), deputy=deputy)
        if turn:
            rows = rows.counted()
        if turn == "came":
            rows = rows.filter(attendance__in=CAME)
        if turn == "leave":
            rows = rows.filter(answer=Answer.LEAVE)
        return self.filter(Exists(rows))

    def standing(self) -> DutyDayQuerySet:
        """That take place or took place: neither drafts nor cancelled."""
        return self.filter(state__in=STANDING_DAYS)

    def published(self) -> DutyDayQuerySet:
        """Announced and not yet closed."""
        return self.filter(state=DayState.PUBLISHED)

    def drafts(self) -> DutyDayQuerySet:
        return self.filter(state=DayState.DRAFT)

    def between(self, first: date, last: date) -> DutyDayQuerySet:
        return self.filter(date__range=(first, last))

    def in_year(self, year: int) -> DutyDayQuerySet:
        """The days planned for `year`, also those that were moved past its end."""
        return self.filter(planned_on__year=year)

    def upcoming(self, today: date) -> DutyDayQuerySet:
        return self.published().filter(date__gte=today)

    def unclosed(self, today: date) -> DutyDayQuerySet:
        """Past, and nobody has said yet what came of them."""
        return self.published().filter(date__lt=today)

    def missed(self, at: date) -> DutyDayQuerySet:
        """Not held by `at`: closed as 未开展, or nobody has said what came of it."""
        return self.filter(state__in=[DayState.NOT_HELD, DayState.PUBLISHED], date__lt=at)

    def signed(self) -> DutyDayQuerySet:
        """On which somebody has signed in."""
        rows = self.model._meta.get_field("assignments").related_model.objects
        return self.filter(Exists(rows.filter(day=OuterRef("pk")).exclude(sign_in=None)))

    def with_people(self) -> DutyDayQuerySet:
        """With station and everybody assigned, who left the day included: three queries."""
        rows = self.model._meta.get_field("assignments").related_model.objects
        return self.select_related("station__area", "station__township", "plan").prefetch_related(
            Prefetch("assignments", rows.for_day())
        )

    def for_list(self) -> DutyDayQuerySet:
        return self.with_people()


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> AssignmentQuerySet:
        if user.is_system:
            return self
        days = self.model._meta.get_field("day").related_model.objects
        return self.filter(day__in=days.visible_to(user))

    def managed_by(self, user) -> AssignmentQuerySet:
        """Those on the days that `user` arranges."""
        days = self.model._meta.get_field("day").related_model.objects
        return self.filter(day__in=days.managed_by(user))

    def own(self, user) -> AssignmentQuerySet:
        """The user's own days as a deputy."""
        return self.filter(deputy__user=user, day__state__in=STANDING_DAYS)

    def expected(self) -> AssignmentQuerySet:
        return self.filter(answer__in=EXPECTED)

    def upcoming(self, today: date) -> AssignmentQuerySet:
        """On announced days that are still to come, the next first."""
        return self.filter(day__state=DayState.PUBLISHED, day__date__gte=today).order_by(
            "day__date", "pk"
        )

    def came(self) -> AssignmentQuerySet:
        return self.filter(attendance__in=CAME)

    def once_a_day(self) -> AssignmentQuerySet:
        """Of several lines that a deputy has on one day the one that counts: who was on leave and
        came after all, came; who was put back and stayed away, is on leave."""
        same = AssignmentQuerySet(self.model).filter(day=OuterRef("day"), deputy=OuterRef("deputy"))
        on_leave = same.filter(answer=Answer.LEAVE, attendance=Attendance.LEAVE)
        earlier = on_leave.filter(pk__lt=OuterRef("pk"))
        rows = self.exclude(Q(answer=Answer.LEAVE) & (Exists(same.came()) | Exists(earlier)))
        return rows.exclude(Q(attendance=Attendance.ABSENT) & Exists(on_leave))

    def counted(self) -> AssignmentQuerySet:
        """What the reports count of closed days: who came, was on leave or absent; not who gave
        the day away or had a stand-in."""
        return self.once_a_day().exclude(attendance__in=("", Attendance.SUBSTITUTED))

    def for_day(self) -> AssignmentQuerySet:
        return self.select_related("deputy__user", "sign_in", "stands_in_for__deputy").order_by(
            "position", "pk"
        )

    def for_page(self) -> AssignmentQuerySet:
        return self.select_related("deputy__user", "day__station__area", "sign_in")
