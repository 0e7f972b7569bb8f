"""Suggestions at any point of their course, brought there by the services themselves."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

from accounts.roles import Role
from stations.models import Area
from suggestions import services
from suggestions.choices import Duty
from suggestions.models import Handling, Session, Suggestion
from tests.factories import (
    AreaFactory,
    DeputyFactory,
    StationFactory,
    UnitFactory,
    UserFactory,
    make_user,
)

DAY = datetime.date
OPENED, CLOSED = DAY(2026, 1, 20), DAY(2026, 1, 23)


def district() -> Area:
    found = Area.objects.filter(code="990101").first()
    return found or AreaFactory(code="990101", name="临溪区", level="district")


def make_session(area=None, *, term=5, number=4, starts_on=OPENED, ends_on=CLOSED):
    return Session.objects.get_or_create(
        area=area or district(), term=term, number=number,
        defaults={"starts_on": starts_on, "ends_on": ends_on},
    )[0]  # fmt: skip


def make_scene() -> SimpleNamespace:
    """A district with its office, a township with its station, two deputies and three units.

    `lead` and `second` have log-ins; `office`, `township`, `liaison`, `police`, `traffic` and
    `school` are users, the last three clerks of the units `*_unit`.
    """
    area = district()
    station = StationFactory(
        name="石桥镇中心联络站", township=AreaFactory(code="990101102", name="石桥镇", parent=area)
    )
    lead = DeputyFactory(station=station, name="石刚")
    second = DeputyFactory(station=station, name="邵腾绍")
    for deputy in (lead, second):
        deputy.user = make_user(Role.DEPUTY, station, name=deputy.name)
        deputy.save()
    units = {
        "police": UnitFactory(name="区公安分局", area=area),
        "traffic": UnitFactory(name="区交通运输局", area=area),
        "school": UnitFactory(name="区教育局", area=area),
    }
    return SimpleNamespace(
        area=area, station=station, lead=lead, second=second, session=make_session(area),
        office=make_user(Role.DISTRICT_OFFICER, area, name="黎坚"),
        township=make_user(Role.TOWNSHIP_OFFICER, station.township),
        liaison=make_user(Role.LIAISON, station),
        **{name: make_user(Role.UNIT_CLERK, unit) for name, unit in units.items()},
        **{f"{name}_unit": unit for name, unit in units.items()},
        stranger=UserFactory(),
    )  # fmt: skip


def drafted(scene, **fields) -> Suggestion:
    """A draft of the lead."""
    signers, opinions = fields.pop("signers", ()), fields.pop("opinions", ())
    actor = fields.pop("actor", scene.lead.user)
    row = Suggestion(**{
        "session": scene.session, "lead": scene.lead, "title": "关于石桥中学路口设置信号灯的建议",
        "content": "石桥中学门前没有信号灯，学生横穿马路十分危险。", **fields,
    })  # fmt: skip
    return services.draft_suggestion(row, actor=actor, signers=signers, opinions=opinions)


def submitted(scene, **fields) -> Suggestion:
    return services.submit_suggestion(drafted(scene, **fields), actor=scene.lead.user)


def accepted(scene, **fields) -> Suggestion:
    return services.accept_suggestion(submitted(scene, **fields), actor=scene.office)


def assigned(scene, *shares, **fields) -> Suggestion:
    """With the police alone, or with `shares` [(unit, duty)]."""
    given = shares or ((scene.police_unit, Duty.SOLE),)
    row = accepted(scene, **fields)
    return services.assign_suggestion(
        row, [services.Share(unit, duty) for unit, duty in given], actor=scene.office
    )


def share_of(suggestion, unit) -> Handling:
    """The unit's share in its last round."""
    return Handling.objects.filter(suggestion=suggestion, unit=unit).standing().latest("round")


def letter(result_class="A", **fields) -> services.Letter:
    if result_class == "B":
        fields.setdefault("promised_until", DAY(2027, 6, 30))
        fields.setdefault("promise", "列入下半年道路设施项目")
    return services.Letter(
        **{"text": "已到现场勘查，信号灯已装好。", "result_class": result_class,
           "document_no": "临公函〔2026〕11号", **fields}
    )  # fmt: skip


def signed(scene, **fields) -> Suggestion:
    row = assigned(scene, **fields)
    return services.sign_for(row, share_of(row, scene.police_unit), actor=scene.police)


def replied(scene, result_class="A", **fields) -> Suggestion:
    """Answered by the police and released by the office: the deputy is to rate it."""
    row = signed(scene, **fields)
    share = share_of(row, scene.police_unit)
    services.send_reply(row, share, letter(result_class), actor=scene.police)
    return services.release_reply(row, share, actor=scene.office)


def rated(scene, attitude="satisfied", outcome="satisfied", result_class="A", **fields):
    row = replied(scene, result_class, **fields)
    return services.rate_reply(
        row, share_of(row, scene.police_unit), actor=scene.lead.user, attitude=attitude,
        outcome=outcome, comment="下半年太晚",
    )  # fmt: skip
