"""What may be done to a suggestion, in which state, by whom: the whole course written by hand.

Every act is tried in every state by every role. Who may not is told so before the state is looked
at (PermissionDenied); who may, but not now, is refused in Chinese (RuleViolation); and neither
leaves a trace.
"""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.roles import Role
from common.errors import RuleViolation
from suggestions import rules, services
from suggestions.choices import Act, Duty
from suggestions.models import Deadline, Handling, Suggestion
from tests.factories import DeputyFactory, UserFactory, make_user
from tests.suggestions.making import accepted, drafted, letter, make_scene

pytestmark = pytest.mark.django_db
DAY = datetime.date
TODAY = DAY(2026, 3, 5)
ROLES = (
    "lead", "cosigner", "liaison", "township", "office", "clerk", "other_clerk",
    "outsider_deputy", "clerk_elsewhere", "administrator", "nobody",
)  # fmt: skip

# --- the suggestion as a whole -----------------------------------------------------------------
WHOLE = {
    "change": lambda s, row, actor: services.change_suggestion(
        row, actor=actor, version=row.version
    ),
    "invite": lambda s, row, actor: services.invite_signers(row, actor=actor),
    "agree": lambda s, row, actor: services.answer_invitation(
        row, actor=actor, agrees=True, deputy=s.second
    ),
    "decline": lambda s, row, actor: services.answer_invitation(
        row, actor=actor, agrees=False, deputy=s.second
    ),
    "submit": lambda s, row, actor: services.submit_suggestion(row, actor=actor),
    "withdraw": lambda s, row, actor: services.withdraw_suggestion(row, actor=actor, note="撤"),
    "turn_back": lambda s, row, actor: services.turn_back_suggestion(row, actor=actor, note="改"),
    "reject": lambda s, row, actor: services.reject_suggestion(row, actor=actor, note="不属职权"),
    "refer": lambda s, row, actor: services.refer_suggestion(row, actor=actor, note="区住建局"),
    "accept": lambda s, row, actor: services.accept_suggestion(row, actor=actor),
    "merge": lambda s, row, actor: services.merge_suggestions(row, [s.another], actor=actor),
    "split": lambda s, row, actor: services.split_suggestion(row, actor=actor),
    "assign": lambda s, row, actor: services.assign_suggestion(row, pair(s), actor=actor),
    "recall": lambda s, row, actor: services.recall_suggestion(row, actor=actor, note="改派"),
    "mark": lambda s, row, actor: services.mark_suggestion(
        row, actor=actor, is_key=True, is_excellent=False, is_public=True
    ),
    "urge": lambda s, row, actor: services.urge_suggestion(row, actor=actor),
    "supervise": lambda s, row, actor: services.supervise_suggestion(row, actor=actor, note="限期"),
    "redo": lambda s, row, actor: services.redo_suggestion(row, actor=actor, note="重办"),
    "archive": lambda s, row, actor: services.archive_suggestion(row, actor=actor),
}
# state: what may be done there, and where it leads
STAYS_WITH_UNITS = ("mark", "urge", "supervise")
ALLOWED = {
    "draft": {
        "change": "draft", "invite": "joining", "submit": "submitted", "withdraw": "withdrawn",
    },
    "joining": {
        "invite": "joining", "agree": "joining", "decline": "joining", "submit": "submitted",
        "withdraw": "withdrawn",
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


WAYS = {
    "draft": [],
    "joining": ["invite"],
    "submitted": ["invite", "agree", "submit"],
    "revising": ["invite", "agree", "submit", "turn_back"],
    "accepted": ["invite", "agree", "submit", "accept"],
    "assigned": ["invite", "agree", "submit", "accept", "assign"],
    "rejected": ["invite", "agree", "submit", "reject"],
    "reference": ["invite", "agree", "submit", "refer"],
    "withdrawn": ["invite", "agree", "submit", "withdraw"],
}
BY = {"agree": "cosigner", **dict.fromkeys(("invite", "submit", "withdraw"), "lead")}

# --- one unit's share --------------------------------------------------------------------------
PARTS = {
    "sign": lambda s, row, part, actor: services.sign_for(row, part, actor=actor),
    "ask_return": lambda s, row, part, actor: services.ask_to_return(
        row, part, actor=actor, note="不归本单位管", proposed_unit="区住建局"
    ),
    "agree_return": lambda s, row, part, actor: services.agree_to_return(row, part, actor=actor),
    "refuse_return": lambda s, row, part, actor: services.refuse_return(
        row, part, actor=actor, note="职责相符"
    ),
    "ask_extension": lambda s, row, part, actor: services.ask_for_extension(
        row, part, actor=actor, until=DAY(2026, 7, 3), note="要选点"
    ),
    "grant_extension": lambda s, row, part, actor: services.grant_extension(row, part, actor=actor),
    "refuse_extension": lambda s, row, part, actor: services.refuse_extension(
        row, part, actor=actor, note="请按期"
    ),
    "contact": lambda s, row, part, actor: services.record_contact(
        row, part, actor=actor, how="phone", on=TODAY
    ),
    "opine": lambda s, row, part, actor: services.give_opinion(
        row, part, actor=actor, note="上学时段最挤"
    ),
    "circulate": lambda s, row, part, actor: services.circulate_letter(
        row, part, letter("B"), actor=actor
    ),
    "countersign": lambda s, row, part, actor: services.countersign(row, part, actor=actor),
    "waive": lambda s, row, part, actor: services.waive_countersign(
        row, part, actor=actor, note="一直不签"
    ),
    "send": lambda s, row, part, actor: services.send_reply(row, part, letter("B"), actor=actor),
    "send_back": lambda s, row, part, actor: services.send_back_reply(
        row, part, actor=actor, note="没有答到点上"
    ),
    "release": lambda s, row, part, actor: services.release_reply(row, part, actor=actor),
    "correct_class": lambda s, row, part, actor: services.correct_class(
        row, part, actor=actor, result_class="C", note="没有列入计划"
    ),
    "rate": lambda s, row, part, actor: services.rate_reply(
        row, part, actor=actor, attitude="satisfied", outcome="mostly"
    ),
    "lapse": lambda s, row, part, actor: services.lapse_rating(row, part, actor=actor),
    "follow_up": lambda s, row, part, actor: services.follow_up_promise(
        row, part, actor=actor, note="已建成", result_class="A"
    ),
}
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
    "answered": {"contact": "p_answered", "correct_class": "p_answered", "rate": "p_rated"},
    "answered, time to rate is over": {
        "contact": "p_answered", "correct_class": "p_answered", "rate": "p_rated",
        "lapse": "p_rated",
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


@pytest.fixture
def scene(time_machine):
    """Thursday, 5 March 2026; `users` by their role."""
    time_machine.move_to("2026-03-05T10:00:00+08:00", tick=False)
    scene = make_scene()
    outsider = DeputyFactory(station=scene.station)
    outsider.user = make_user(Role.DEPUTY, scene.station)
    outsider.save()
    scene.users = {
        "lead": scene.lead.user, "cosigner": scene.second.user, "liaison": scene.liaison,
        "township": scene.township, "office": scene.office, "clerk": scene.police,
        "other_clerk": scene.school, "outsider_deputy": outsider.user,
        "clerk_elsewhere": scene.traffic, "nobody": scene.stranger,
        "administrator": UserFactory(is_superuser=True, is_staff=True),
    }  # fmt: skip
    return scene


def pair(scene):
    return [
        services.Share(scene.police_unit, Duty.LEAD), services.Share(scene.school_unit, Duty.ASSIST)
    ]  # fmt: skip


def brought_to(scene, state) -> Suggestion:
    row = drafted(scene, signers=[scene.second])
    for act in WAYS[state]:
        row = WHOLE[act](scene, fresh(row), scene.users[BY.get(act, "office")])
    return fresh(row)


def in_hand(scene, steps) -> Suggestion:
    row = brought_to(scene, "assigned")
    for step in steps:
        whose, act = step.split()
        PARTS[act](scene, row, part_of(scene, row, whose), scene.office)
    return fresh(row)


def part_of(scene, row, whose) -> Handling:
    unit = scene.police_unit if whose == "L" else scene.school_unit
    return Handling.objects.get(suggestion=row, unit=unit)


def fresh(row) -> Suggestion:
    return Suggestion.objects.get(pk=row.pk)


def trace(row) -> tuple:
    """All that a move writes."""
    return (
        list(Suggestion.objects.order_by("pk").values()),
        list(Handling.objects.order_by("pk").values()),
        list(Deadline.objects.order_by("pk").values()),
        row.steps.count(),
    )


def outcome_of(do, row, look) -> str:
    """Try it, say what came of it, and undo it."""
    try:
        with transaction.atomic():
            steps = row.steps.count()
            do()
            assert row.steps.count() > steps
            found = look()
            transaction.set_rollback(True)
    except PermissionDenied:
        return "denied"
    except RuleViolation:
        return "refused"
    return found


def compared(row, table, acts, may, do, look) -> tuple[dict, dict]:
    """Every act by every role: (found, expected)."""
    found, expected, before = {}, {}, trace(row)
    for act in acts:
        for role in ROLES:
            found[act, role] = outcome_of(lambda a=act, r=role: do(a, r), row, look)
            allowed = may(role, act)
            expected[act, role] = table.get(act, "refused") if allowed else "denied"
        assert trace(row) == before, act
    return found, expected


def offered(scene, row, part, today=TODAY) -> dict:
    shares = list(Handling.objects.filter(suggestion=row).for_page())
    page = Suggestion.objects.for_page().get(pk=row.pk)
    return {
        role: {
            str(one.act) for one in rules.offers(user, page, shares, today) if one.handling == part
        }
        for role, user in scene.users.items()
    }


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


def test_every_act_of_the_course_stands_in_these_tables():
    kept_elsewhere = {Act.RECKON, Act.IMPORT}  # written without a move, in tests of their own
    assert {*WHOLE, *PARTS} == set(Act.values) - kept_elsewhere
