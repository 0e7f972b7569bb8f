"""Every act tried by every role, and what came of it: in common of the tests of the table."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.roles import Role
from common.errors import RuleViolation
from suggestions import rules, services
from suggestions.choices import Duty
from suggestions.models import Deadline, Handling, Suggestion
from tests.factories import DeputyFactory, UnitFactory, UserFactory, make_user
from tests.suggestions.making import drafted, letter, make_scene

DAY = datetime.date
TODAY = DAY(2026, 3, 5)
ROLES = (
    "lead", "cosigner", "liaison", "township", "office", "clerk", "other_clerk",
    "outsider_deputy", "clerk_elsewhere", "administrator", "nobody",
)  # fmt: skip

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
PARTS = {
    "sign": lambda s, row, part, actor: services.sign_for(row, part, actor=actor),
    "ask_return": lambda s, row, part, actor: services.ask_to_return(
        row, part, actor=actor, note="不归本单位管", proposed_unit="区住建局"
    ),
    "agree_return": lambda s, row, part, actor: services.agree_to_return(row, part, actor=actor),
    "refuse_return": lambda s, row, part, actor: services.refuse_return(
        row, part, actor=actor, note="职责相符"
    ),
    "reassign": lambda s, row, part, actor: services.reassign_part(
        row, part, s.new_unit, actor=actor
    ),
    "dispense": lambda s, row, part, actor: services.dispense_with_part(
        row, part, actor=actor, note="由另一单位答复"
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


def make_users():
    """The scene of Thursday, 5 March 2026, with its `users` by their role."""
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
    scene.new_unit = UnitFactory(name="区城市管理局", area=scene.area)
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
