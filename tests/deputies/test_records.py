"""Awards and 四个一: who enters them, what is refused, what is voided."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from common.errors import RuleViolation
from common.models import AuditEntry
from deputies import services
from deputies.models import Award, FourOnes
from tests.factories import DeputyFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture(autouse=True)
def _autumn(time_machine):
    time_machine.move_to("2026-11-21T10:00:00+08:00", tick=False)


def award(deputy, **fields):
    given = {"on": DAY(2026, 5, 4), "title": "优秀人大代表", "granted_by": "临溪区人大常委会"}
    return Award(deputy=deputy, **{**given, **fields})


def deed(deputy, **fields):
    given = {"year": 2026, "kind": "lesson", "done_on": DAY(2026, 6, 1), "title": "给村民讲民法典"}
    return FourOnes(deputy=deputy, **{**given, **fields})


def test_deputy_and_staff_and_offices_enter_records_and_others_do_not(
    deputy, liaison, station_head, township_officer, district_officer, observer, outsider
):
    for day, actor in enumerate(
        (deputy.user, liaison, station_head, township_officer, district_officer), start=1
    ):
        services.add_award(award(deputy, on=DAY(2026, 5, day)), actor=actor)
    for actor in (observer, outsider):
        with pytest.raises(PermissionDenied):
            services.add_award(award(deputy, on=DAY(2026, 6, 1)), actor=actor)
    assert deputy.awards.count() == 5


def test_who_may_read_the_file_reads_its_records(deputy, liaison, observer, outsider):
    services.add_award(award(deputy), actor=liaison)
    assert Award.objects.visible_to(deputy.user).count() == 1
    assert Award.objects.visible_to(liaison).count() == 1
    assert not Award.objects.visible_to(observer).exists()
    assert not Award.objects.visible_to(outsider).exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"on": DAY(2026, 11, 22)}, "今天之后"),
        ({"on": DAY(1979, 1, 1)}, "1980"),
        ({"title": "  "}, "写明内容"),
    ],
)
def test_award_that_cannot_be_is_refused(deputy, liaison, fields, said):
    with pytest.raises(RuleViolation, match=said):
        services.add_award(award(deputy, **fields), actor=liaison)


def test_same_award_twice_is_refused_until_the_first_is_void(deputy, liaison):
    first = services.add_award(award(deputy), actor=liaison)
    with pytest.raises(RuleViolation, match="已经登记过"):
        services.add_award(award(deputy, title="优秀人大代表 "), actor=liaison)
    services.void_record(first, actor=liaison, reason="日期写错")
    services.add_award(award(deputy), actor=liaison)
    assert deputy.awards.count() == 2
    assert Award.objects.standing().count() == 1


def test_four_ones_of_january_may_be_last_years_but_of_no_other(deputy, liaison):
    services.add_four_ones(deed(deputy, year=2025, done_on=DAY(2026, 1, 10)), actor=liaison)
    with pytest.raises(RuleViolation, match="年度"):
        services.add_four_ones(deed(deputy, year=2024, done_on=DAY(2026, 1, 11)), actor=liaison)
    with pytest.raises(RuleViolation, match="年度"):
        services.add_four_ones(deed(deputy, year=2026, done_on=DAY(2025, 12, 31)), actor=liaison)


def test_voiding_keeps_the_row_with_its_reason_and_is_logged(deputy, liaison):
    record = services.add_four_ones(deed(deputy), actor=deputy.user)
    with pytest.raises(RuleViolation, match="原因"):
        services.void_record(record, actor=liaison, reason=" ")
    services.void_record(record, actor=liaison, reason="不是本人")
    record.refresh_from_db()
    assert record.is_void
    assert record.void_reason == "不是本人"
    assert AuditEntry.objects.filter(subject_type="deputies.fourones").count() == 2
    with pytest.raises(RuleViolation, match="已经作废"):
        services.void_record(record, actor=liaison, reason="再一次")


def test_page_takes_a_deed_for_the_year_it_shows(client, deputy, liaison):
    client.force_login(liaison)
    page = reverse("deputies:records", args=[deputy.pk])
    answer = client.post(
        reverse("deputies:add_four_ones", args=[deputy.pk]) + "?year=2025",
        {"four-kind": "community", "four-done_on": "2025年3月5日", "four-title": "进北街社区"},
    )
    assert answer.headers["Location"] == f"{page}?year=2025"
    assert FourOnes.objects.get().year == 2025
    assert "进北街社区" in client.get(f"{page}?year=2025").content.decode()
    assert "进北街社区" not in client.get(f"{page}?year=2026").content.decode()


def test_page_keeps_what_was_typed_when_it_is_refused(client, deputy):
    client.force_login(deputy.user)
    answer = client.post(
        reverse("deputies:add_award", args=[deputy.pk]),
        {"award-on": "2026.12.1", "award-title": "先进个人", "award-granted_by": "镇人大"},
    )
    assert answer.status_code == 422
    assert "先进个人" in answer.content.decode()
    assert "日期不能在今天之后" in answer.content.decode()
    assert not Award.objects.exists()


def test_another_deputys_record_is_not_voided_through_ones_own_page(client, deputy, liaison):
    record = services.add_award(award(deputy), actor=liaison)
    client.force_login(liaison)
    neighbour = DeputyFactory(station=deputy.station)
    address = reverse("deputies:void_award", args=[neighbour.pk, record.pk])
    assert client.post(address, {"reason": "x"}).status_code == 404
    record.refresh_from_db()
    assert not record.is_void
