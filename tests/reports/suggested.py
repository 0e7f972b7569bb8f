"""Suggestions at any point of their course as bare rows, for what reports count."""

import datetime
from itertools import count
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

from accounts.actors import SYSTEM
from reports.figures.suggested import TABLES, find
from reports.periods import Period
from reports.scope import Scope
from suggestions.choices import Duty, Occasion, Part, State
from suggestions.models import Deadline, Handling, Promise, Rating, Reply, Suggestion
from tests.factories import AreaFactory, DeputyFactory, StationFactory, UnitFactory
from tests.suggestions import making

DAY = datetime.date
YEAR = Period.of_year(2026)
TODAY = DAY(2026, 9, 1)
RAISED_ON, DUE, LATER = DAY(2026, 2, 3), DAY(2026, 5, 5), DAY(2026, 6, 30)
_numbers = count(1)


def make_place():
    """Two stations with a deputy each, one session, three units."""
    area = making.district()
    stations = [
        StationFactory(name=name, township=AreaFactory(code=code, name=town, parent=area))
        for name, code, town in (
            ("石桥镇中心联络站", "990101102", "石桥镇"),
            ("柳河镇中心联络站", "990101104", "柳河镇"),
        )
    ]
    names = ("区公安分局", "区交通局", "区水务局")
    return SimpleNamespace(
        area=area, stations=stations, session=making.make_session(area),
        deputies=[DeputyFactory(station=station) for station in stations],
        units=[UnitFactory(name=name, area=area) for name in names],
    )  # fmt: skip


def raised(place, state=State.HANDLING, *, on=RAISED_ON, at=0, **fields):
    number = next(_numbers)
    deputy = place.deputies[at]
    numbered = state not in (State.SUBMITTED, State.REVISING, State.REJECTED, State.REFERENCE)
    return Suggestion.objects.create(**{
        "session": place.session, "occasion": Occasion.BETWEEN, "title": f"第{number}件建议",
        "content": "内容", "lead": deputy, "lead_name": deputy.name, "station": deputy.station,
        "number": number if numbered else None, "state": state, "submitted_on": on, **fields,
    })  # fmt: skip


def handled(suggestion, unit, duty=Duty.SOLE, *, round=1, state=Part.WORKING, **clock):
    """A share with its clock; `clock`: due, first_due, met."""
    share = Handling.objects.create(
        suggestion=suggestion, unit=unit, duty=duty, round=round, state=state,
        assigned_on=DAY(2026, 2, 5),
    )  # fmt: skip
    if clock.get("due"):
        Deadline.objects.create(
            suggestion=suggestion, handling=share, limit="reply" if round == 1 else "redo",
            round=round, starts_on=DAY(2026, 2, 5), due_on=clock["due"],
            first_due_on=clock.get("first_due"), met_on=clock.get("met"),
            by_sheet=clock.get("by_sheet", False),
        )  # fmt: skip
    return share


def answered(suggestion, unit, duty=Duty.SOLE, letter_class="A", ratings=(), **more):
    """A share whose letter is out; with `ratings` (work, result) it is rated."""
    promised, released = more.pop("promised", None), more.pop("released", DAY(2026, 5, 6))
    more.setdefault("due", DUE)
    more.setdefault("met", DAY(2026, 5, 5))
    state = Part.RATED if ratings else Part.ANSWERED
    share = handled(suggestion, unit, duty, state=state, **more)
    reply = Reply.objects.create(handling=share, result_class=letter_class, released_on=released)
    if ratings:
        Rating.objects.create(reply=reply, attitude=ratings[0], outcome=ratings[1])
    if promised:
        Promise.objects.create(reply=reply, due_on=promised)
    return share


def tables(period=YEAR, today=TODAY, **narrower):
    found = find(Scope(SYSTEM, period, **narrower), today)
    return {table.id: table for table in (make(found) for make in TABLES)}


def line(table, name="合计"):
    """{column: value} of a row."""
    row = next(row for row in table.rows if row.name.value == name)
    return dict(zip([one.name for one in table.columns[1:]], row.values[1:], strict=True))


def behind(figure, today=TODAY):
    """How many suggestions the list behind a figure holds."""
    asked = dict(parse_qsl(urlsplit(figure.url).query))
    first, last = (DAY.fromisoformat(asked[side]) for side in ("from", "to"))
    rows = Suggestion.objects.all().between(first, last).of_figure(asked, today)
    if "station" in asked:
        rows = rows.filter(station=asked["station"])
    return rows.count()
