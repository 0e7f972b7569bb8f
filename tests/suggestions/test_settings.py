"""What the district sets: times with a preview, meetings of each congress, wordings."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.roles import Role
from common.calendar_services import set_day
from common.errors import RuleViolation, StaleVersion
from suggestions import services
from suggestions.forms.settings import LimitTable
from suggestions.models import ClassWording, Deadline, Session, TimeLimit
from tests.factories import make_user
from tests.suggestions.making import assigned, make_scene

DAY = datetime.date
pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def today(monkeypatch):
    """Fixed by the clock of Django, as a day in May."""
    moment = datetime.datetime(2026, 5, 6, 1, 0, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return DAY(2026, 5, 6)


def typed(**changed):
    """The fifteen rows as the page sends them, with some changed: reply=(2, "months")."""
    found = {}
    for row in TimeLimit.objects.all():
        count, unit = changed.get(row.limit, (row.count, row.unit))
        found |= {
            f"{row.limit}-count": count, f"{row.limit}-unit": unit, f"{row.limit}-rolls": "on",
            f"{row.limit}-version": row.version,
        }  # fmt: skip
    return found


def reply_clock():
    return Deadline.objects.get(limit="reply")


def test_page_has_the_fifteen_limits(client, scene):
    client.force_login(scene.office)
    page = client.get(reverse("suggestions:settings"))
    assert len(page.context["limits"].forms) == 15
    assert "答复没有写明日期的承诺" in page.content.decode()


def test_preview_says_which_days_would_move_and_writes_nothing(client, scene, today):
    assigned(scene)
    assert reply_clock().due_on == DAY(2026, 8, 6)
    client.force_login(scene.office)
    page = client.post(reverse("suggestions:set_limits"), typed(reply=(2, "months")))
    [shift] = page.context["shifts"]
    assert (shift.clock.due_on, shift.found.due) == (DAY(2026, 8, 6), DAY(2026, 7, 6))
    assert shift.is_earlier
    assert "提前" in page.content.decode()
    assert TimeLimit.objects.get(limit="reply").count == 3
    assert reply_clock().due_on == DAY(2026, 8, 6)


def test_confirmed_change_leaves_running_days_where_they_are(client, scene, today):
    assigned(scene)
    client.force_login(scene.office)
    sent = typed(reply=(2, "months")) | {"confirm": "1"}
    assert client.post(reverse("suggestions:set_limits"), sent).status_code == 302
    assert TimeLimit.objects.get(limit="reply").count == 2
    assert reply_clock().due_on == DAY(2026, 8, 6)
    assert services.days_out_of_step() == 1


def test_confirmed_change_moves_running_days_when_asked_to(client, scene, today):
    row = assigned(scene)
    client.force_login(scene.office)
    sent = typed(reply=(2, "months")) | {"confirm": "1", "reckon": "on"}
    client.post(reverse("suggestions:set_limits"), sent)
    assert reply_clock().due_on == DAY(2026, 7, 6)
    assert services.days_out_of_step() == 0
    step = row.steps.latest("pk")
    assert (step.act, step.note) == ("reckon", "答复期限由 2026-08-06 改为 2026-07-06")


def test_stale_limits_write_nothing(client, scene):
    client.force_login(scene.office)
    sent = typed(reply=(2, "months"), sign=(4, "workdays")) | {"confirm": "1"}
    TimeLimit.objects.filter(limit="reply").update(version=2)
    assert client.post(reverse("suggestions:set_limits"), sent).status_code == 409
    assert TimeLimit.objects.get(limit="sign").count == 3


def test_several_limits_are_set_together_or_not_at_all(scene):
    table = LimitTable(typed(reply=(2, "months"), sign=(4, "workdays")))
    assert table.is_valid()
    TimeLimit.objects.filter(limit="reply").update(version=9)
    with pytest.raises(StaleVersion):
        services.set_time_limits(table.changes, actor=scene.office, reckon_running=False)
    assert TimeLimit.objects.get(limit="sign").count == 3


@pytest.mark.parametrize("count", ["0", "401", "三", ""])
def test_a_limit_out_of_bounds_is_refused_at_its_field(client, scene, count):
    client.force_login(scene.office)
    page = client.post(reverse("suggestions:set_limits"), typed(sign=(count, "workdays")))
    assert page.status_code == 422
    assert "请填写 1 到 400 的整数" in page.content.decode()


def test_a_changed_calendar_is_told_of_and_reckoned_on_request(client, scene, today):
    assigned(scene)
    set_day(DAY(2026, 8, 6), is_off=True, name="停电", actor=scene.office)
    client.force_login(scene.office)
    page = client.get(reverse("suggestions:settings")).content.decode()
    assert "有 1 个期限与现行日历和设置不符" in page
    shown = client.get(reverse("suggestions:reckon")).content.decode()
    assert "2026年8月7日" in shown or "8月7日" in shown
    client.post(reverse("suggestions:reckon"))
    assert reply_clock().due_on == DAY(2026, 8, 7)


def test_only_the_district_sets_limits(scene):
    with pytest.raises(PermissionDenied):
        services.set_time_limits([], actor=scene.township, reckon_running=True)
    with pytest.raises(PermissionDenied):
        services.set_class_wording(
            "A", words="解决", valid_from=DAY(2027, 1, 1), actor=scene.township
        )


def test_township_office_keeps_its_own_meetings_only(client, scene):
    client.force_login(scene.township)
    page = client.get(reverse("suggestions:settings"))
    assert list(page.context["sessions"]) == []
    assert "办理期限" not in page.content.decode()
    sent = {"area": scene.station.township.pk, "term": 5, "number": 7, "starts_on": "2026-01-08"}
    assert client.post(reverse("suggestions:session_new"), sent).status_code == 302
    assert Session.objects.get(area=scene.station.township).number == 7
    sent["area"] = scene.area.pk
    assert client.post(reverse("suggestions:session_new"), sent).status_code == 422


def test_a_meeting_that_is_there_is_refused(client, scene):
    client.force_login(scene.office)
    sent = {"area": scene.area.pk, "term": 5, "number": 4}
    page = client.post(reverse("suggestions:session_new"), sent)
    assert page.status_code == 422
    assert Session.objects.count() == 1


def test_a_meeting_may_be_moved(client, scene):
    client.force_login(scene.office)
    address = reverse("suggestions:session_change", args=[scene.session.pk])
    sent = {"term": 5, "number": 4, "starts_on": "2026-01-21", "ends_on": "2026-01-24"}
    assert client.post(address, sent).status_code == 302
    scene.session.refresh_from_db()
    assert scene.session.ends_on == DAY(2026, 1, 24)


def test_a_wording_is_used_from_its_day_on(scene, today):
    services.set_class_wording(
        "C", words="暂时不能解决", valid_from=DAY(2026, 7, 1), actor=scene.office
    )
    assert ClassWording.objects.valid_on(DAY(2026, 6, 30))["C"] == "因条件限制待以后解决"
    assert ClassWording.objects.valid_on(DAY(2026, 7, 1))["C"] == "暂时不能解决"
    assert ClassWording.objects.filter(code="C").count() == 2


def test_a_wording_not_in_use_yet_is_replaced(scene, today):
    for words in ("暂时不能解决", "条件不具备"):
        services.set_class_wording("C", words=words, valid_from=DAY(2026, 7, 1), actor=scene.office)
    assert ClassWording.objects.filter(code="C").count() == 2
    assert ClassWording.objects.valid_on(DAY(2026, 7, 1))["C"] == "条件不具备"


def test_a_wording_is_never_changed_backwards(scene, today):
    with pytest.raises(RuleViolation, match="不能在今天之前"):
        services.set_class_wording("C", words="难", valid_from=DAY(2026, 5, 5), actor=scene.office)


def test_a_stranger_finds_no_settings(client, scene):
    client.force_login(make_user(Role.LIAISON, scene.station))
    assert client.get(reverse("suggestions:settings")).status_code == 403


def test_a_mistake_says_which_limit_it_is_about(client, scene):
    client.force_login(scene.office)
    answer = client.post(reverse("suggestions:set_limits"), typed(sign=("很多", "workdays")))
    assert answer.status_code == 422
    assert "签收</a>：请填写 1 到 400 的整数。" in answer.content.decode()
