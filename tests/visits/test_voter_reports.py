"""向选民述职: planned in batches, held, and what the ballots said."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actors import SYSTEM
from common.errors import RuleViolation, StaleVersion
from common.models import AuditEntry
from tests.factories import DeputyFactory, StationFactory
from tests.registers import make_activity
from visits.models import VoterReport
from visits.services.voter_reports import change_report, drop_report, plan_reports

pytestmark = pytest.mark.django_db
LIST, PLAN = "/visits/voter-reports/", "/visits/voter-reports/plan/"


@pytest.fixture(autouse=True)
def autumn(time_machine):
    time_machine.move_to("2026-09-01T10:00:00+08:00", tick=False)


@pytest.fixture
def people(station):
    return [DeputyFactory(station=station, name=name) for name in ("石刚", "廖波英", "段固艳")]


def plan(people, actor, **more):
    given = {"year": 2026, "batch": 1, "planned_on": date(2026, 6, 15), **more}
    return plan_reports(people, actor=actor, **given)


def outcome(row, actor, **fields):
    version = fields.pop("version", row.version)
    typed = VoterReport.objects.select_related("station").get(pk=row.pk)
    for name, value in fields.items():
        setattr(typed, name, value)
    return change_report(typed, actor=actor, version=version)


def ballots(sent, returned, satisfied, mostly, unsatisfied, on=date(2026, 6, 16)):
    return {
        "held_on": on, "ballots_sent": sent, "ballots_returned": returned,
        "satisfied": satisfied, "mostly": mostly, "unsatisfied": unsatisfied,
    }  # fmt: skip


# The plan ---------------------------------------------------------------------------------------


def test_a_batch_has_a_row_for_each_deputy(people, liaison, station):
    rows = plan(people[:2], liaison, place=" 村部 ")
    kept = VoterReport.objects.order_by("pk")
    assert [(row.deputy_name, row.batch, row.place, row.station) for row in kept] == [
        ("石刚", 1, "村部", station), ("廖波英", 1, "村部", station),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(subject_type="visits.voterreport").count() == len(rows) == 2


def test_a_deputy_is_planned_once_a_year(people, liaison):
    plan(people[:2], liaison)
    with pytest.raises(RuleViolation, match="石刚、廖波英2026年已经安排"):
        plan(people, liaison, batch=2)
    plan(people[:1], liaison, year=2027, planned_on=None)
    assert VoterReport.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"planned_on": date(2025, 6, 15)}, "不在 2026 年"),
        ({"batch": 0}, "批次"),
        ({"year": 1900, "planned_on": None}, "年度"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(people, liaison, change, said):
    with pytest.raises(RuleViolation, match=said):
        plan(people, liaison, **change)


def test_who_has_left_is_not_planned(people, liaison):
    people[0].state = "resigned"
    people[0].save()
    with pytest.raises(RuleViolation, match="石刚不在任"):
        plan(people, liaison)


@pytest.mark.parametrize("persona", ["observer", "outsider", "administrator"])
def test_only_who_arranges_duty_there_plans(people, request, persona):
    with pytest.raises(PermissionDenied):
        plan(people, request.getfixturevalue(persona))


# What came of it ----------------------------------------------------------------------------------


def test_the_outcome_is_kept_with_its_history(people, liaison, station):
    [row] = plan(people[:1], liaison)
    held = make_activity(station, actor=liaison, kind="reporting", held_on=date(2026, 6, 16))
    kept = outcome(row, liaison, activity=held, **ballots(30, 28, 25, 2, 1))
    assert (kept.is_held, kept.is_rated, kept.version) == (True, True, 2)
    change = AuditEntry.objects.get(subject_type="visits.voterreport", action="change")
    assert change.changes["述职日期"] == ["", "2026年6月16日"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ballots(30, 31, 20, 5, 1), "多于发出的 30 张"),
        (ballots(30, 28, 25, 3, 1), "共 29 张，多于收回的 28 张"),
        (ballots(None, 28, 25, 2, 1), "请填写发出测评票"),
        (ballots(30, None, 25, 2, 1), "请填写收回测评票"),
        (ballots(30, 28, 25, 2, 1, on=None), "请填写述职日期"),
        (ballots(30, 28, 25, 2, 1, on=date(2026, 9, 2)), "今天之后"),
    ],
)
def test_ballots_that_do_not_add_up_are_refused(people, liaison, given, said):
    [row] = plan(people[:1], liaison)
    with pytest.raises(RuleViolation, match=said):
        outcome(row, liaison, **given)
    assert not VoterReport.objects.held().exists()


def test_a_report_is_held_in_its_year_or_one_beside_it(people, liaison):
    [row] = plan(people[:1], liaison)
    with pytest.raises(RuleViolation, match="2025—2027 年"):
        outcome(row, liaison, held_on=date(1999, 1, 1))
    assert outcome(row, liaison, held_on=date(2025, 12, 30)).is_held


def test_an_activity_of_another_station_is_refused(people, liaison, district_officer):
    [row] = plan(people[:1], liaison)
    elsewhere = StationFactory()
    held = make_activity(elsewhere, actor=SYSTEM, kind="reporting")
    with pytest.raises(RuleViolation, match="别的联络站"):
        outcome(row, district_officer, activity=held, held_on=date(2026, 6, 16))


def test_a_stale_version_writes_nothing(people, liaison):
    [row] = plan(people[:1], liaison)
    outcome(row, liaison, place="村部")
    with pytest.raises(StaleVersion):
        outcome(row, liaison, version=1, place="镇上")
    assert VoterReport.objects.get().place == "村部"


def test_a_report_called_off_makes_room_for_another(people, liaison):
    [row] = plan(people[:1], liaison)
    with pytest.raises(RuleViolation, match="原因"):
        drop_report(row, actor=liaison, reason=" ")
    drop_report(row, actor=liaison, reason="出差")
    assert not VoterReport.objects.standing().exists()
    plan(people[:1], liaison, batch=2)
    with pytest.raises(RuleViolation, match="已经取消"):
        outcome(row, liaison, place="村部")


# The pages ----------------------------------------------------------------------------------------


def test_a_batch_is_chosen_from_those_who_are_not_planned_yet(client, people, liaison):
    plan(people[:1], liaison)
    client.force_login(liaison)
    form = client.get(PLAN).context["form"]
    assert {row.name for row in form.fields["deputies"].queryset} == {"廖波英", "段固艳"}
    assert (form.already, form.initial["batch"]) == (1, 2)
    data = {
        "year": 2026, "batch": 2, "planned_on": "11月20日", "place": "村部",
        "deputies": [row.pk for row in people[1:]],
    }  # fmt: skip
    response = client.post(PLAN, data)
    assert response.status_code == 302
    assert response.url == f"{LIST}?year=2026"
    assert VoterReport.objects.filter(batch=2, planned_on=date(2026, 11, 20)).count() == 2


def test_a_plan_without_deputies_keeps_what_was_typed(client, people, liaison):
    client.force_login(liaison)
    response = client.post(PLAN, {"year": 2026, "batch": 3, "place": "村部"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "请选择代表，至少一位。" in page
    assert 'value="村部"' in page


def test_the_list_says_who_is_late_and_what_the_ballots_come_to(client, people, liaison):
    first, second, third = plan(people, liaison)
    outcome(first, liaison, **ballots(30, 28, 25, 2, 1))
    outcome(second, liaison, **ballots(20, 20, 19, 1, 0))
    client.force_login(liaison)
    response = client.get(LIST)
    totals = response.context["totals"]
    assert (totals["planned"], totals["held"], totals["sent"], totals["returned"]) == (3, 2, 50, 48)
    assert (totals["satisfied"], totals["mostly"], totals["unsatisfied"]) == (44, 3, 1)
    assert "逾期" in response.content.decode()

    def shown(**asked):
        return [row.pk for row in client.get(LIST, asked).context["page"]]

    assert shown(show="late") == [third.pk]
    assert shown(show="held") == [first.pk, second.pk]
    assert shown(deputy=people[0].pk) == [first.pk]
    assert shown(year=2025) == []
    assert shown(**{"from": "2026-06-01", "to": "2026-06-30"}) == [first.pk, second.pk]


def test_the_page_takes_the_outcome_and_refuses_in_words(client, people, liaison):
    [row] = plan(people[:1], liaison)
    client.force_login(liaison)
    address = f"{LIST}{row.pk}/"
    data = {"batch": 1, "held_on": "6月16日", "ballots_sent": 30, "ballots_returned": 31,
            "version": 1}  # fmt: skip
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert "多于发出的 30 张" in refused.content.decode()
    assert client.post(address, data | {"ballots_returned": 28}).status_code == 302
    stale = client.post(address, data | {"ballots_returned": 27})
    assert stale.status_code == 409
    assert ("收回测评票", "27", "28") in stale.context["form"].conflict


def test_deputies_read_their_own_and_change_nothing(client, deputy, people, liaison):
    own, other = plan([deputy, people[1]], liaison)
    client.force_login(deputy.user)
    assert [row.pk for row in client.get(LIST).context["page"]] == [own.pk]
    assert client.get(f"{LIST}{own.pk}/").context["form"] is None
    assert client.get(f"{LIST}{other.pk}/").status_code == 404
    assert client.post(f"{LIST}{own.pk}/", {"batch": 2}).status_code == 403
    assert client.get(PLAN).status_code == 403


def test_the_list_asks_the_same_of_few_and_of_many(
    client, people, liaison, station, django_assert_max_num_queries
):
    plan(people[:1], liaison)
    client.force_login(liaison)
    client.get(LIST)
    with django_assert_max_num_queries(12) as few:
        client.get(LIST)
    plan([*people[1:], *(DeputyFactory(station=station) for _ in range(20))], liaison)
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)
