"""The demo's suggestions: some in every state, and rows such as the services write."""

import datetime

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.models import Delivery, Notice, User
from common.importing.services import check_sheet
from liaison_portal.demo_data.plan import SCALES, Scale
from suggestions.choices import Limit, Part, State
from suggestions.models import Deadline, Extension, Handling, Promise, Suggestion
from suggestions.rules import running, state_of_parts
from suggestions.services import shifts
from tests.suggestions.ledgers import RATED, ledger

GROWN = 40


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """A small demo with some suggestions of the larger scales; gone after this module."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setitem(SCALES, "demo", Scale(200, steps=True, suggestions=GROWN))
        patch.setattr(PBKDF2PasswordHasher, "iterations", 1)
        call_command("load_demo", scale="demo", quiet=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    """The demo, with what a test changes taken back after it."""


def test_some_stand_in_every_state(demo):
    assert set(Suggestion.objects.values_list("state", flat=True)) == set(State.values)
    parts = set(Handling.objects.values_list("state", flat=True))
    assert parts >= {
        Part.WAITING, Part.WORKING, Part.RETURNING, Part.OPINED, Part.SENT, Part.ANSWERED,
        Part.RATED, Part.LEFT,
    }  # fmt: skip
    assert Suggestion.objects.count() - GROWN > 60


def test_what_people_look_for_is_there(demo):
    today = timezone.localdate()
    late = set(Deadline.objects.overdue(today).values_list("limit", flat=True))
    assert late >= {Limit.SIGN, Limit.ASSIGN, Limit.REPLY}
    assert Suggestion.objects.filter(round=2).exists()
    assert Suggestion.objects.exclude(merged_into=None).exists()
    assert Suggestion.objects.filter(is_key=True).exists()
    assert Extension.objects.filter(outcome="open").exists()
    assert Promise.objects.open().filter(due_on__lt=today).exists()
    assert Promise.objects.open().filter(due_on__gt=today).exists()
    assert Promise.objects.exclude(answered_on=None).exists()
    assert Handling.objects.filter(duty="assist").exists()


def test_the_deputy_and_the_clerk_of_the_demo_have_something_to_do(demo):
    deputy = User.objects.get(username="deputy")
    assert Suggestion.objects.asking_me(deputy).count() >= 2
    states = set(Suggestion.objects.filter(lead__user=deputy).values_list("state", flat=True))
    assert {State.DRAFT, State.REPLIED, State.CLOSED} <= states
    clerk = User.objects.get(username="unit")
    assert Suggestion.objects.visible_to(clerk).at_unit(clerk).count() >= 5


def test_nothing_lies_in_the_future(demo):
    today = timezone.localdate()
    for name in ("submitted_on", "accepted_on", "assigned_on", "replied_on", "closed_on"):
        assert not Suggestion.objects.filter(**{f"{name}__gt": today}).exists()
    assert not Suggestion.objects.filter(steps__on__gt=today).exists()
    assert not Suggestion.objects.filter(created_at__gt=timezone.now()).exists()


def test_numbers_have_no_gap(demo):
    books = {}
    for row in Suggestion.objects.exclude(number=None).select_related("session__area"):
        book = (row.session.area.level, row.session.number, row.occasion)
        books.setdefault(book, []).append(row.number)
    # Last year's first numbers stand in the office's own ledger.
    before = {("district", 4, "session"): 60, ("district", 4, "between"): 40}
    for book, numbers in books.items():
        first = before.get(book, 0) + 1
        assert sorted(numbers) == list(range(first, first + len(numbers)))


def test_the_ledger_of_last_year_comes_in_beside_the_demo(demo):
    book = {**RATED, "领衔代表": "石刚", "附议代表": ""}
    entries = [{**book, "建议编号": f"{number:03d}"} for number in range(1, 29)]
    entries += [{**book, "建议编号": f"闭会{number:03d}"} for number in range(1, 13)]
    outcome = check_sheet("suggestions", ledger(*entries), "台账.xlsx", actor=SYSTEM)
    assert (outcome.accepted, outcome.rejected) == (40, 0)


def test_states_and_clocks_are_those_of_the_rules(demo):
    for row in Suggestion.objects.for_page():
        shares = list(Handling.objects.filter(suggestion=row).for_page())
        if row.state in (State.ASSIGNED, State.HANDLING, State.REVIEWING, State.REPLIED):
            assert state_of_parts(shares) == row.state, row
        wanted = {(run.handling and run.handling.pk, run.limit) for run in running(row, shares)}
        clocks = Deadline.objects.open().filter(suggestion=row).exclude(limit=Limit.PROMISE)
        found = set(clocks.values_list("handling", "limit"))
        # The window to give back is opened once, and ends with its unit's answer.
        assert {one for one in found ^ wanted if one[1] != Limit.RETURN} == set(), row


def test_every_day_is_where_the_calendar_puts_it(demo):
    assert [one for one in shifts() if one.moves] == []


def test_old_news_lie_in_no_inbox_and_none_goes_out(demo):
    news = Notice.objects.filter(kind="suggestion")
    assert news.exists()
    old = timezone.now() - datetime.timedelta(days=11)
    assert not news.filter(created_at__lt=old).exists()
    assert not Delivery.objects.filter(notice__in=news).exists()
