"""What may be done to a suggestion, in which state, by whom: the whole course written by hand.

Every act is tried in every state by every role. Who may not is told so before the state is looked
at (PermissionDenied); who may, but not now, is refused in Chinese (RuleViolation); and neither
leaves a trace.
"""

import pytest

from suggestions import services
from suggestions.choices import Act
from tests.suggestions.making import accepted
from tests.suggestions.trying import (
    PARTS,
    ROLES,
    WAYS,
    WHOLE,
    brought_to,
    compared,
    fresh,
    in_hand,
    make_users,
    offered,
)

pytestmark = pytest.mark.django_db
SENT = ["L sign", "A sign", "L circulate", "A countersign", "L send"]
# state: what may be done there, and where it leads
STAYS_WITH_UNITS = ("mark", "urge", "supervise")
ALLOWED = {
    "draft": {
        "change": "draft", "invite": "joining", "submit": "submitted", "withdraw": "withdrawn",
    },
    "joining": {
        "change": "joining", "invite": "joining", "agree": "joining", "decline": "joining",
        "submit": "submitted", "withdraw": "withdrawn",
    },
    "submitted": {
        "decline": "submitted", "withdraw": "withdrawn", "turn_back": "revising",
        "reject": "rejected", "refer": "reference", "accept": "accepted",
    },
    "revising": {
        "change": "revising", "decline": "revising", "submit": "submitted",
        "withdraw": "withdrawn",
    },
    "accepted": {
        "withdraw": "withdrawn", "merge": "accepted", "assign": "assigned", "mark": "accepted",
    },
    "merged": {"withdraw": "withdrawn", "split": "accepted", "mark": "accepted"},
    "assigned": {
        "withdraw": "withdrawn", "recall": "accepted", **dict.fromkeys(STAYS_WITH_UNITS, "assigned")
    },
    "handling": {
        "withdraw": "withdrawn", "recall": "accepted", **dict.fromkeys(STAYS_WITH_UNITS, "handling")
    },
    "reviewing": {
        "withdraw": "withdrawn", "recall": "accepted",
        **dict.fromkeys(STAYS_WITH_UNITS, "reviewing"),
    },
    "replied": {"mark": "replied"},
    "closed": {"mark": "closed", "redo": "assigned", "archive": "archived"},
    "archived": {"mark": "archived"},
    "rejected": {},
    "reference": {},
    "withdrawn": {},
}  # fmt: skip
STAFF = {"liaison", "township", "office"}
OF_THE_LEAD = {"change", "invite", "submit", "withdraw"}
OF_THE_COSIGNER = {"agree", "decline"}
PRIVATE = {"draft", "joining"}  # a deputy's own: no staff types into it


def may_whole(role: str, act: str, state: str) -> bool:
    if act in OF_THE_LEAD:
        return role == "lead" or (role in STAFF and state not in PRIVATE)
    if act in OF_THE_COSIGNER:
        return role == "cosigner" or (role in STAFF and state not in PRIVATE)
    return role == "office"


@pytest.fixture
def scene(time_machine):
    time_machine.move_to("2026-03-05T10:00:00+08:00", tick=False)
    return make_users()


def check_whole(scene, row, state):
    found, expected = compared(
        row,
        ALLOWED[state],
        WHOLE,
        lambda role, act: may_whole(role, act, state),
        lambda act, role: WHOLE[act](scene, fresh(row), scene.users[role]),
        lambda: fresh(row).state,
    )
    assert found == expected
    assert offered(scene, row, None) == {
        role: {act for act in ALLOWED[state] if may_whole(role, act, state)} for role in ROLES
    }


@pytest.mark.parametrize("state", WAYS)
def test_each_act_on_the_whole_is_for_those_and_there_alone(scene, state):
    scene.another = accepted(scene, title="另一件")
    check_whole(scene, brought_to(scene, state), state)


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("handling", ["L sign"]),
        ("reviewing", SENT),
        ("replied", [*SENT, "L release"]),
        ("closed", [*SENT, "L release", "L rate", "L follow_up"]),
    ],
)
def test_each_act_on_the_whole_is_for_those_alone_while_units_have_it(scene, state, steps):
    scene.another = accepted(scene, title="另一件")
    row = in_hand(scene, steps)
    assert row.state == state
    check_whole(scene, row, state)


def test_nothing_but_a_mark_is_put_on_what_is_archived(scene):
    scene.another = accepted(scene, title="另一件")
    row = in_hand(scene, [*SENT, "L release", "L rate", "L follow_up"])
    check_whole(scene, services.archive_suggestion(row, actor=scene.office), "archived")


def test_what_is_merged_waits_for_its_lead(scene):
    scene.another = accepted(scene, title="另一件")
    row = brought_to(scene, "accepted")
    services.merge_suggestions(scene.another, [row], actor=scene.office)
    check_whole(scene, fresh(row), "merged")


def test_every_act_of_the_course_stands_in_these_tables():
    kept_elsewhere = {Act.RECKON, Act.IMPORT}  # written without a move, in tests of their own
    assert {*WHOLE, *PARTS} == set(Act.values) - kept_elsewhere
