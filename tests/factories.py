import datetime

import factory

from accounts.models import User
from accounts.roles import Role
from deputies.choices import DayState
from deputies.models import Assignment, Deputy, DutyDay, Mandate
from deputies.services import spell
from stations.models import Area, Category, Posting, Station, Unit
from visits.models import Opinion, Reception
from visits.services import log_reception


class AreaFactory(factory.django.DjangoModelFactory):
    """A township of the district by default."""

    class Meta:
        model = Area

    code = factory.Sequence(lambda n: f"990101{n % 400 + 500:03d}")
    name = factory.Sequence(lambda n: f"第{n}镇")
    level = "township"


class StationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Station

    name = factory.Sequence(lambda n: f"第{n}联络站")
    kind = "centre"
    township = factory.SubFactory(AreaFactory)
    area = factory.SelfAttribute("township")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"用户{n}")
    must_change_password = False


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"第{n}局")


class DeputyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Deputy
        skip_postgeneration_save = True

    station = factory.SubFactory(StationFactory)
    name = factory.Sequence(lambda n: f"代表{n}")
    pinyin = factory.LazyAttribute(lambda deputy: spell(deputy.name).full)
    initials = factory.LazyAttribute(lambda deputy: spell(deputy.name).initials)

    @factory.post_generation
    def level(deputy, create, extracted, **kwargs):
        Mandate.objects.create(deputy=deputy, level=extracted or "district", term="第五届")


def make_user(role: Role, place, **fields) -> User:
    """A user with one posting, at an area, a station or a unit."""
    user = UserFactory(**fields)
    field = place._meta.model_name
    Posting.objects.create(user=user, person_name=user.name, role=role, **{field: place})
    return user


def category(name: str) -> Category:
    return Category.objects.get(name=name, parent=None)


def make_reception(station, *, actor, deputies=None, opinions=None, **fields) -> Reception:
    """A reception as the service logs it; `opinions` are dicts of opinion fields."""
    fields.setdefault("received_on", datetime.date(2026, 3, 5))
    fields.setdefault("visitor_name", "王建国")
    fields.setdefault("phone", "13800135678")
    rows = [Opinion(**{"statement": "村口路灯不亮", **given}) for given in opinions or [{}]]
    return log_reception(
        Reception(station=station, **fields),
        actor=actor,
        deputies=deputies or [DeputyFactory(station=station)],
        opinions=rows,
    )


def make_day(station, on, *deputies, state=DayState.PUBLISHED, **fields) -> DutyDay:
    """A duty day of the station, announced unless told otherwise, with who is to come."""
    day = DutyDay.objects.create(
        station=station,
        date=on,
        state=state,
        **{
            "planned_on": on,
            "starts_at": datetime.time(9),
            "ends_at": datetime.time(11, 30),
            "place": f"{station.name}接待室",
            **fields,
        },
    )
    for position, deputy in enumerate(deputies):
        Assignment.objects.create(day=day, deputy=deputy, position=position)
    return day


def assignment(day, deputy) -> Assignment:
    """The latest row of the deputy on that day."""
    return day.assignments.filter(deputy=deputy).latest("pk")
