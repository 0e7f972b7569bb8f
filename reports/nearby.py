"""What else of the same year and place belongs to the work of its report: links of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from reports import rules
from reports.links import Links
from reports.scope import Scope
from stations.rules import can_see_funds, can_see_standards


@dataclass(frozen=True)
class Nearby:
    """A page that the reader may open."""

    label: str
    url: str


def pages_near(scope: Scope) -> list[Nearby]:
    """The pages beside the report of `scope` that its reader may open, for the same year."""
    year = {"year": scope.period.last.year}
    if scope.deputy:
        file = reverse("reports:performance", args=[scope.deputy.pk])
        return [Nearby("履职档案", _address(file, year))]
    place, user = Links(scope).place(), scope.user
    return [
        Nearby("全部正式报告", reverse("reports:editions")),
        Nearby("典型案例", _address(reverse("reports:cases"), year)),
        Nearby("年度通报", _address(reverse("reports:circulars"), year | place)),
        *_of_district(user, year),
        *_of_stations(user, year | place),
    ]


def _of_district(user: Any, year: dict) -> list[Nearby]:
    if not rules.is_district(user):
        return []
    return [
        Nearby("缺席提醒", _address(reverse("reports:attendance"), year)),
        Nearby("履职积分", reverse("reports:score")),
    ]


def _of_stations(user: Any, asked: dict) -> list[Nearby]:
    found = [Nearby("述职", _address(reverse("visits:voter_reports"), asked))]
    if can_see_funds(user):
        found.append(Nearby("工作经费", _address(reverse("stations:funds"), asked)))
    if can_see_standards(user):
        year = {"year": asked["year"]}
        found.append(Nearby("达标情况", _address(reverse("stations:standard_overview"), year)))
    return found


def _address(path: str, query: dict) -> str:
    return f"{path}?{urlencode(query)}"
