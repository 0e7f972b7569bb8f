"""What may be done to one unit's share, in which state, by whom: written by hand, too."""

import pytest

from suggestions import services
from suggestions.choices import Duty
from suggestions.models import Handling
from tests.suggestions.making import accepted
from tests.suggestions.trying import (
    DAY,
    PARTS,
    ROLES,
    TODAY,
    compared,
    fresh,
    in_hand,
    make_users,
    offered,
    part_of,
)

pytestmark = pytest.mark.django_db
# 主办, beside one unit that assists
OF_LEAD_UNIT = {
    "waiting": {"sign": "p_working", "ask_return": "p_returning"},
    "working": {
        "ask_return": "p_returning", "ask_extension": "p_working", "contact": "p_working",
        "circulate": "p_working",
    },
    "working, more time asked for": {
        "ask_return": "p_returning", "grant_extension": "p_working",
        "refuse_extension": "p_working", "contact": "p_working", "circulate": "p_working",
    },
    "working, all have signed": {
        "ask_return": "p_returning", "ask_extension": "p_working", "contact": "p_working",
        "circulate": "p_working", "send": "p_sent",
    },
    "returning": {"agree_return": "p_left", "refuse_return": "p_working"},
    "sent": {"contact": "p_sent", "send_back": "p_working", "release": "p_answered"},
    "answered": {
        "contact": "p_answered", "correct_class": "p_answered", "rate": "p_rated",
        "follow_up": "p_answered",
    },
    "answered, time to rate is over": {
        "contact": "p_answered", "correct_class": "p_answered", "rate": "p_rated",
        "lapse": "p_rated", "follow_up": "p_answered",
    },
    "rated": {"correct_class": "p_rated", "follow_up": "p_rated"},
    "left": {},
}  # fmt: skip
# 协办
OF_ASSISTING_UNIT = {
    "waiting": {"sign": "p_working", "ask_return": "p_returning", "waive": "p_countersigned"},
    "working": {
        "ask_return": "p_returning", "opine": "p_opined", "waive": "p_countersigned",
    },
    "working, the letter went round": {
        "ask_return": "p_returning", "opine": "p_opined", "waive": "p_countersigned",
        "countersign": "p_countersigned",
    },
    "opined": {"waive": "p_countersigned"},
    "opined, the letter went round": {
        "waive": "p_countersigned", "countersign": "p_countersigned",
    },
    "returning": {"agree_return": "p_left", "refuse_return": "p_working"},
    "countersigned": {},
    "left": {},
}  # fmt: skip
OF_THE_UNIT = {
    "sign", "ask_return", "ask_extension", "contact", "opine", "circulate", "countersign", "send",
    "follow_up",
}  # fmt: skip


def may_part(role: str, act: str, part: str) -> bool:
    if act in OF_THE_UNIT:
        # a unit that has given it back is a stranger to it
        return role == "office" or (role == "clerk" and part != "left")
    if act == "rate":
        return role in ("lead", "office")
    return role == "office"


# (whose share: L lead, A assist; act), from the day of assignment
LETTER_WENT_ROUND = ["L sign", "A sign", "L circulate"]
SENT = [*LETTER_WENT_ROUND, "A countersign", "L send"]
LEAD_WAYS = {
    "waiting": [],
    "working": ["L sign"],
    "working, more time asked for": ["L sign", "L ask_extension"],
    "working, all have signed": [*LETTER_WENT_ROUND, "A countersign"],
    "returning": ["L sign", "L ask_return"],
    "sent": SENT,
    "answered": [*SENT, "L release"],
    "answered, time to rate is over": [*SENT, "L release"],
    "rated": [*SENT, "L release", "L rate"],
    "left": ["L ask_return", "L agree_return"],
}
ASSIST_WAYS = {
    "waiting": [],
    "working": ["A sign"],
    "working, the letter went round": LETTER_WENT_ROUND,
    "opined": ["A sign", "A opine"],
    "opined, the letter went round": [*LETTER_WENT_ROUND, "A opine"],
    "returning": ["A ask_return"],
    "countersigned": [*LETTER_WENT_ROUND, "A countersign"],
    "left": ["A ask_return", "A agree_return"],
}
# 分办: its unit has left, the other one goes on
LEFT_A_PART = {"reassign": "p_left", "dispense": "p_left"}


@pytest.fixture
def scene(time_machine):
    time_machine.move_to("2026-03-05T10:00:00+08:00", tick=False)
    return make_users()


def check_part(scene, row, whose, name, table, today=TODAY):
    part = part_of(scene, row, whose)
    if whose == "A":
        scene.users["clerk"], scene.users["other_clerk"] = scene.school, scene.police
    found, expected = compared(
        row,
        table,
        PARTS,
        lambda role, act: may_part(role, act, name),
        lambda act, role: PARTS[act](scene, row, part, scene.users[role]),
        lambda: Handling.objects.get(pk=part.pk).state,
    )
    assert found == expected
    assert offered(scene, row, part, today) == {
        role: {act for act in table if may_part(role, act, name)} for role in ROLES
    }


@pytest.mark.parametrize("name", LEAD_WAYS)
def test_each_act_of_the_lead_unit_is_for_those_and_there_alone(scene, time_machine, name):
    row, today = in_hand(scene, LEAD_WAYS[name]), TODAY
    if name.endswith("is over"):  # twenty workdays end on Thursday, 2 April
        time_machine.move_to("2026-04-03T10:00:00+08:00", tick=False)
        today = DAY(2026, 4, 3)
    check_part(scene, row, "L", name, OF_LEAD_UNIT[name], today)


@pytest.mark.parametrize("name", ASSIST_WAYS)
def test_each_act_of_an_assisting_unit_is_for_those_and_there_alone(scene, name):
    row = in_hand(scene, ASSIST_WAYS[name])
    check_part(scene, row, "A", name, OF_ASSISTING_UNIT[name])


def test_a_part_without_a_unit_is_for_the_office_alone(scene):
    row = services.assign_suggestion(
        accepted(scene),
        [services.Share(unit, Duty.SEPARATE) for unit in (scene.police_unit, scene.school_unit)],
        actor=scene.office,
    )
    given = {"note": "不归本单位管", "proposed_unit": "区交通运输局"}
    part = part_of(scene, row, "L")
    services.ask_to_return(row, part, actor=scene.police, **given)
    services.agree_to_return(row, part, actor=scene.office)
    check_part(scene, fresh(row), "L", "left", LEFT_A_PART)
