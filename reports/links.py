"""From a figure to the rows it counts: addresses of lists, narrowed as the figure is."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from django.urls import reverse

from deputies.choices import DeputyState
from reports.periods import Period
from reports.scope import Scope

NONE = "none"  # asks for rows where nothing was chosen


class Links:
    """The lists behind the figures of one scope. `drill` shows also how many rows are 保密件; what
    deputies read of themselves is theirs to read, and asks for no more."""

    def __init__(self, scope: Scope):
        self._scope = scope
        self.period = scope.period
        self._days = _days(scope.period)
        self._place = self.place()
        self._drill = {} if scope.is_own else {"drill": 1}
        # Looked up once: a long table has a link at each of its figures.
        self._receptions = reverse("visits:reception_list")
        self._opinions = reverse("visits:opinion_list")
        self._assistance = reverse("visits:assistance_list")
        self._activities = reverse("visits:activity_list")
        self._duty_days = reverse("duty:index")
        self._voter_reports = reverse("visits:voter_reports")
        self._suggestions = reverse("suggestions:list")
        self._report = reverse("reports:period")
        self._funds = reverse("stations:funds")
        self._activity = reverse("visits:activity_detail", args=[0])

    def receptions(self, *, period=None, **narrower) -> str:
        days = _days(period) if period else self._days
        return _address(self._receptions, days | (narrower or self._place) | self._drill)

    def opinions(self, *, period=None, place=None, **conditions) -> str:
        """`conditions`: category (a key or "none"), disposal (likewise), progress. Deputies find
        what they heard with the visits: their list of opinions has those of activities, too."""
        days = _days(period) if period else self._days
        where = self._place if place is None else place
        address = self._receptions if self._scope.is_own else self._opinions
        return _address(address, days | where | conditions | self._drill)

    def assistance(self, *, place=None) -> str:
        where = self._place if place is None else place
        return _address(self._assistance, self._days | where | self._drill)

    def activities(self, *, place=None, **conditions) -> str:
        """`conditions`: kind; light; presence, of the deputy whom the place names."""
        where = self._place if place is None else place
        if self._scope.deputy:
            conditions.setdefault("presence", "present")
        return _address(self._activities, self._days | where | conditions | self._drill)

    def activity(self, key: int) -> str:
        """The page of one."""
        return self._activity.replace("/0/", f"/{key}/")

    def duty_days(self, *, place=None, show: str = "standing", **conditions) -> str:
        """The list of duty days with who came: `show` is a word of its filter; `conditions`:
        turn, of the deputy whom the place names."""
        where = self._place if place is None else place
        if self._scope.deputy:
            conditions.setdefault("turn", "due")
        return _address(self._duty_days, self._days | where | conditions | {"show": show})

    def voter_reports(self, *, place=None) -> str:
        where = self._place if place is None else place
        held = self._days | where | {"show": "held"} | self._drill
        return _address(self._voter_reports, held)

    def funds(self, **conditions) -> str:
        """The page of a year; of several years there is no page."""
        first, last = self.period.first.year, self.period.last.year
        if first != last:
            return ""
        where = self._place if "station" not in conditions else {}
        return _address(self._funds, {"year": last} | where | conditions)

    def suggestions(self, *, period=None, place=None, **conditions) -> str:
        """`conditions`: words of `suggestions.querysets.figures`; "class_" stands for "class"."""
        days = _days(period) if period else self._days
        where = self._place if place is None else place
        asked = {name.rstrip("_"): value for name, value in conditions.items()}
        if self._scope.deputy:
            asked = {"part": "led", **asked}
        return _address(self._suggestions, days | where | asked | (self._drill or {"step": "all"}))

    def stations(self, **conditions) -> str:
        if station := self._scope.station:
            return reverse("stations:detail", args=[station.pk])
        return _address(reverse("stations:list"), conditions | self._place)

    def deputies(self, **conditions) -> str:
        in_office = {"state": DeputyState.IN_OFFICE.value}
        return _address(reverse("deputies:list"), conditions | in_office | self._place)

    def staff(self, **conditions) -> str:
        return _address(reverse("reports:staff"), conditions | self._place)

    def report(self, **place) -> str:
        """The report of `place` on the same days."""
        return _address(self._report, _period_of(self.period) | place)

    def place(self, code: str = "") -> dict:
        """The scope's own place, or the area `code` in it, whichever is smaller; or its deputy."""
        if self._scope.deputy:
            return {"deputy": self._scope.deputy.pk}
        if self._scope.station:
            return {"station": self._scope.station.pk}
        own = self._scope.area.code if self._scope.area else ""
        area = code if code.startswith(own) and code else own
        return {"area": area} if area else {}


def _days(period: Period) -> dict:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _address(path: str, query: dict) -> str:
    return f"{path}?{'&'.join(_pair(*one) for one in query.items())}" if query else path


@lru_cache(maxsize=4096)
def _pair(name: str, value: str | int) -> str:
    """Kept: a long table says the same days and words at each of its figures."""
    return f"{quote_plus(name)}={quote_plus(str(value))}"


def report_address(name: str, period: Period, place: dict) -> str:
    """The report itself for other days or another place."""
    return _address(reverse(name), _period_of(period) | place)


def _period_of(period: Period) -> dict[str, Any]:
    return {"year": period.first.year} if period.is_year else _days(period)
