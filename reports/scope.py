"""Whose figures, of which days, of which place: what every table is a function of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Min, QuerySet

from accounts.actors import SYSTEM
from accounts.roles import Capability, Role
from deputies.choices import DayState
from deputies.models import Assignment, Deputy, DutyDay
from reports.periods import Period
from reports.rules import report_places
from stations.models import Area, Posting, Station
from stations.querysets import PostingQuerySet
from suggestions.models import Suggestion
from suggestions.querysets import SuggestionQuerySet
from visits.choices import Presence
from visits.models import Activity, Assistance, Opinion, Reception, VoterReport
from visits.querysets import ReceptionQuerySet, VoterReportQuerySet

STAFF_ROLES = (Role.STATION_HEAD, Role.DEPUTY_HEAD, Role.LIAISON, Role.OBSERVER)


@dataclass(frozen=True)
class Scope:
    """Without area and station: everywhere the user may read reports."""

    user: Any
    period: Period
    area: Area | None = None
    station: Station | None = None
    deputy: Deputy | None = None  # the report of one person, wherever they worked

    @property
    def is_own(self) -> bool:
        """A deputy reads of themselves: all that the records have of them, wherever they worked.
        The stations and the people of a place stay those of the user."""
        return bool(self.deputy and self.deputy.user_id and self.deputy.user_id == self.user.pk)

    @property
    def reader(self) -> Any:
        """For whom rows are counted that are narrowed to the deputy."""
        return SYSTEM if self.is_own else self.user

    def stations(self) -> QuerySet[Station]:
        """The stations of the place as far as the user reads reports of them."""
        return self._here(self.user)

    def _worked_at(self) -> QuerySet[Station]:
        """The same; of a deputy's own report, wherever there are records of them."""
        return self._here(self.reader)

    def _here(self, reader: Any) -> QuerySet[Station]:
        rows = Station.objects.where_user_can(reader, Capability.VIEW_REPORT)
        if self.station:
            return rows.filter(pk=self.station.pk)
        return rows.within(self.area.code) if self.area else rows

    def receptions(self, period: Period | None = None) -> QuerySet[Reception]:
        """What counts: valid, received in the period (or in another), also what is confidential."""
        days = period or self.period
        rows = self._visits().between(days.first, days.last)
        if self.deputy:
            rows = rows.of_deputy(self.deputy)
        return rows.order_by()

    def records_began(self) -> date | None:
        """The day of the first reception there is of the place, whenever it was; for a deputy, of
        their station."""
        rows = self._visits()
        if self.deputy:
            rows = rows.filter(station=self.deputy.station_id)
        return rows.aggregate(first=Min("received_on"))["first"]

    def _visits(self) -> ReceptionQuerySet:
        rows = Reception.objects.countable_by(self.reader).valid()
        if self.station:
            rows = rows.filter(station=self.station)
        elif self.area:
            rows = rows.filter(station__area__code__startswith=self.area.code)
        return rows

    def opinions(self) -> QuerySet[Opinion]:
        """The opinions of these receptions."""
        return Opinion.objects.filter(reception__in=self.receptions()).order_by()

    def assistance(self) -> QuerySet[Assistance]:
        """The practical deeds of the period that count."""
        rows = self._of_place(Assistance.objects)
        return rows.of_deputy(self.deputy) if self.deputy else rows

    def activities(self) -> QuerySet[Activity]:
        """The activities of the period that count, duty days among them; of a deputy, those they
        came to."""
        rows = self._of_place(Activity.objects)
        return rows.of_deputy(self.deputy, Presence.PRESENT) if self.deputy else rows

    def _of_place(self, entries):
        rows = entries.countable_by(self.reader).valid()
        rows = rows.between(self.period.first, self.period.last)
        return rows.filter(station__in=self._worked_at()).order_by()

    def duty_days(self) -> QuerySet[DutyDay]:
        """The announced days of the period that were not cancelled."""
        days = DutyDay.objects.standing().between(self.period.first, self.period.last)
        days = days.filter(station__in=self._worked_at()).order_by()
        return days.of_turn(self.deputy, "due") if self.deputy else days

    def duty_visits(self) -> QuerySet[Assignment]:
        """Who was due on those of them that were held, and closed: the stand-in, not whose place
        they took."""
        held = self.duty_days().filter(state__in=(DayState.HELD, DayState.NO_VISIT))
        rows = Assignment.objects.filter(day__in=held)
        if self.deputy:
            rows = rows.filter(deputy=self.deputy)
        return rows.counted().order_by()

    def suggestions(self) -> SuggestionQuerySet:
        """What deputies of these stations submitted in the period, withdrawn ones among them; of
        a deputy, what they led."""
        rows = self.suggestions_here()
        return rows.filter(lead=self.deputy) if self.deputy else rows

    def suggestions_here(self) -> SuggestionQuerySet:
        """The same, whoever led them."""
        rows = Suggestion.objects.reported_to(self.reader)
        rows = rows.between(self.period.first, self.period.last)
        return rows.filter(station__in=self._worked_at()).order_by()

    def voter_reports(self) -> VoterReportQuerySet:
        """向选民述职 held in the period."""
        rows = VoterReport.objects.countable_by(self.reader).held()
        rows = rows.between(self.period.first, self.period.last)
        rows = rows.filter(station__in=self._worked_at()).order_by()
        return rows.of_deputy(self.deputy) if self.deputy else rows

    def deputies(self) -> QuerySet[Deputy]:
        """Those in office now, at these stations."""
        return Deputy.objects.in_office().filter(station__in=self.stations()).order_by()

    def staff(self) -> PostingQuerySet:
        """Who works at these stations now."""
        rows = Posting.objects.filter(station__in=self.stations(), role__in=STAFF_ROLES)
        return rows.order_by("station__township__code", "station__area__code", "station", "pk")

    @property
    def place(self) -> Area | Station | None:
        return self.station or self.area

    @property
    def place_name(self) -> str:
        if self.deputy:
            return f"{self.deputy.name}（{self.deputy.station.name}）"
        if self.place:
            return self.place.name
        if self.user.is_system:
            return settings.DISTRICT_NAME
        return "、".join(str(place) for place in report_places(self.user))

    @property
    def title(self) -> str:
        if self.deputy:
            return f"{self.period.title}{self.deputy.name}代表履职报告"
        return f"{self.period.title}人大代表联络站工作报告"
