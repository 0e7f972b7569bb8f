"""`manage.py load_demo`: what it writes, and the log-ins it lists."""

from io import StringIO
from itertools import pairwise

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.models import AuditEntry
from deputies.models import Deputy, DutyDay, Group
from liaison_portal.demo_data.people import LOG_INS, PASSWORD
from liaison_portal.demo_data.plan import SCALES, Scale
from liaison_portal.management.commands.load_demo import width
from reports.models import Case, Edition
from stations.models import Area, Assessment, MailboxOpening, Station, Unit
from visits.models import (
    Activity,
    Assistance,
    NumberSeries,
    Opinion,
    OpinionStep,
    Reception,
    ReceptionDeputy,
)
from visits.rules import missing_before_closing, state_of
from visits.services import log_reception
from visits.services.assistance import assistance_search_text
from visits.services.describe import search_text


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """A small demo for all tests of this module; gone after them. Its passwords are cheap."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setitem(SCALES, "demo", Scale(200, steps=True))
        patch.setattr(PBKDF2PasswordHasher, "iterations", 1)
        call_command("load_demo", scale="demo", quiet=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    """The demo, with what a test changes taken back after it."""


def run(**options):
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def test_load_demo_makes_the_district(demo):
    assert Station.objects.count() == 18
    assert Area.objects.filter(level="township").count() == 6
    assert Area.objects.get(name="石桥镇").code == "990101103"
    assert Area.objects.get(name="百花村").code.startswith("990101103")
    assert Station.objects.get(name="百花村联络站").parent.name == "石桥镇中心联络站"
    assert Deputy.objects.count() == 105
    assert Unit.objects.filter(name__in=["区住建局", "石桥镇政府", "百花村"]).count() == 3
    assert 150 < Reception.objects.count() < 250


def test_load_demo_writes_rows_as_the_services_do(demo):
    rows = Reception.objects.prefetch_related("opinions", "receivers__deputy").order_by("pk")
    today = timezone.localdate()
    for row in rows:
        opinions, receivers = list(row.opinions.all()), list(row.receivers.all())
        assert row.opinion_count == len(opinions) > 0
        assert row.search_text == search_text(row, opinions)
        assert row.deputy_names == "、".join(receiver.name for receiver in receivers)
        assert all(receiver.level for receiver in receivers)
        assert row.received_on <= timezone.localdate(row.created_at) <= today
        waited = (timezone.localdate(row.created_at) - row.received_on).days
        assert row.late_entry == (waited > 7)
        row.full_clean(exclude=["batch"])


def test_load_demo_sets_when_a_visitor_is_to_be_told(demo):
    handed = ["village", "township", "district", "suggestion", "higher"]
    assert not Opinion.objects.filter(disposal__in=handed, due_on=None).exists()
    assert not Opinion.objects.exclude(disposal__in=handed).exclude(due_on=None).exists()


def test_load_demo_leaves_the_number_series_where_the_register_ends(demo):
    counted = 0
    for model in (Reception, Assistance, Activity):
        for series in NumberSeries.objects.filter(register=model.register):
            numbers = model.objects.filter(station=series.station, year=series.year)
            found = sorted(numbers.values_list("number", flat=True))
            assert found == list(range(1, series.last + 1))
        counted += model.objects.order_by().values("station", "year").distinct().count()
    assert NumberSeries.objects.count() == counted


def test_load_demo_writes_the_other_registers_as_the_services_do(demo):
    for row in Assistance.objects.prefetch_related("helpers"):
        assert row.search_text == assistance_search_text(row)
        assert row.deputy_names == "、".join(helper.name for helper in row.helpers.all())
    for row in Activity.objects.prefetch_related("attendance", "opinions"):
        ways = [came.presence for came in row.attendance.all()]
        assert (row.due_count, row.present_count) == (len(ways), ways.count("present"))
        assert row.opinion_count == len(row.opinions.all())
    held = DutyDay.objects.filter(state__in=["held", "no_visit"])
    assert Activity.objects.filter(duty_day__in=held).count() == held.count() > 0


def test_load_demo_leaves_opinions_where_their_facts_put_them(demo):
    rows = list(Opinion.objects.select_related("reception", "activity"))
    assert all(row.state == state_of(row) for row in rows)
    assert {row.state for row in rows} >= {"assigned", "handling", "answered", "closed"}
    assert not any(row.is_closed and missing_before_closing(row) for row in rows
                   if row.disposal not in ("on_site", "explained"))  # fmt: skip


def test_load_demo_tells_how_opinions_came_where_they_stand(demo):
    steps = list(OpinionStep.objects.select_related("opinion").order_by("opinion", "pk"))
    assert steps
    for before, after in pairwise(steps):
        if before.opinion_id == after.opinion_id:
            assert before.to_state == after.from_state
            assert before.on <= after.on
        else:
            assert before.to_state == before.opinion.state


def test_load_demo_opens_the_mailboxes_each_month(demo):
    letters = MailboxOpening.objects.filter(letter_count__gt=0)
    assert letters.exists()
    for opening in letters:
        assert opening.letters.count() == opening.letter_count


def test_a_reception_logged_after_the_demo_gets_the_next_number(demo):
    station = Station.objects.get(name="石桥镇中心联络站")
    today = timezone.localdate()
    last = Reception.objects.filter(station=station, year=today.year).count()
    row = log_reception(
        Reception(station=station, received_on=today),
        actor=User.objects.get(username="liaison"),
        deputies=[Deputy.objects.get(name="石刚")],
        opinions=[Opinion(statement="村口路灯不亮")],
    )
    assert row.number == last + 1
    assert timezone.localdate(row.created_at) == today


def test_groups_are_convened_by_a_member(demo):
    for group in Group.objects.select_related("convener"):
        assert group.convener.group_id == group.pk


def test_former_deputies_keep_their_receptions(demo):
    former = Deputy.objects.exclude(state="in_office")
    assert former.count() == 3
    assert not former.filter(mandates__ended_on=None).exists()
    assert not former.exclude(group=None).exists()


def test_load_demo_again_changes_nothing(demo):
    def counts():
        return [m.objects.count() for m in (Reception, Opinion, ReceptionDeputy, User, AuditEntry)]

    before = counts()
    assert "演示数据已在" in run(scale="district")
    assert counts() == before


@pytest.mark.parametrize("by", ["username", "phone"])
def test_every_listed_log_in_works(demo, client, by):
    for who in LOG_INS:
        address = reverse("accounts:login")
        response = client.post(address, {"username": getattr(who, by), "password": PASSWORD})
        assert response.status_code == 302, who
        user = User.objects.get(username=who.username)
        assert client.session["_auth_user_id"] == str(user.pk)
        assert client.get(reverse("home")).status_code == 200, who
        client.logout()


def test_log_ins_hold_the_roles_they_are_listed_with(demo):
    for who in LOG_INS:
        user = User.objects.get(username=who.username)
        assert [posting.role for posting in user.postings.all()] == ([who.role] * bool(who.role))
    assert User.objects.get(username="admin").is_superuser
    assert Deputy.objects.get(name="石刚").user.username == "deputy"


def test_what_each_log_in_sees(demo):
    seen = {
        who.username: Reception.objects.visible_to(User.objects.get(username=who.username)).count()
        for who in LOG_INS
    }
    assert seen["district"] > seen["township"] > seen["liaison"] == seen["head"] > 0
    assert seen["observer"] == seen["unit"] == seen["admin"] == 0


def test_list_log_ins_is_aligned(demo):
    lines = run(list_log_ins=True).splitlines()
    assert len(lines) == 9
    for column in range(1, 5):
        starts = {width(" | ".join(line.split(" | ")[:column])) for line in lines}
        assert len(starts) == 1
    assert "余固" in lines[4]
    assert PASSWORD in lines[4]


def test_stations_assessed_themselves_and_last_years_report_is_out(demo):
    states = set(Assessment.objects.values_list("state", flat=True))
    assert states == {"reviewed", "submitted", "returned", "draft"}
    for sheet in Assessment.objects.filter(state="reviewed"):
        assert sheet.findings.exclude(met=None).exclude(reviewed_met=None).count() == 8
    last = timezone.localdate().year - 1
    edition = Edition.objects.get(first__year=last)
    assert edition.state == "published"
    assert Case.objects.filter(on__year=last).exclude(source_url="").exists()
    assert "典型案例" in str(edition.figures["tables"])
