"""交办单, 催办单, 回执 and 接待记录."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from common.errors import RuleViolation
from common.models import AuditEntry
from tests.factories import UnitFactory
from tests.visits.opinions import assigned, logged
from visits.models import Reception
from visits.services import void_reception
from visits.services.receipts import grouped, issue_receipt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _april(time_machine):
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)


@pytest.fixture
def opinion(station, liaison):
    return logged(
        station,
        liaison,
        address="石桥村6组",
        opinion={"statement": "路灯不亮，我的电话是13800135678"},
    )


def page(client, user, name, pk):
    client.force_login(user)
    return client.get(reverse(f"visits:{name}", args=[pk]))


def test_the_slip_for_the_unit_says_what_and_until_when_and_not_who(client, liaison, opinion):
    assigned(opinion, liaison, unit=UnitFactory(name="石桥村"))
    text = page(client, liaison, "opinion_slip", opinion.pk).content.decode()
    assert "石桥村：" in text
    assert "请于 2026年4月20日前告知接收，2026年5月15日前将办理结果书面反馈我站" in text
    assert opinion.code in text
    for secret in ("王建国", "13800135678", "石桥村6组"):
        assert secret not in text


def test_the_reminder_says_how_late_the_unit_is(client, liaison, opinion, time_machine):
    assigned(opinion, liaison)
    time_machine.move_to("2026-05-20T10:00:00+08:00", tick=False)
    text = page(client, liaison, "opinion_urge_slip", opinion.pk).content.decode()
    assert "反馈期限为 2026年5月15日，已超期 5 天" in text
    assert "13800135678" not in text


def test_nothing_is_printed_of_what_was_not_handed_over(client, liaison, opinion):
    answer = page(client, liaison, "opinion_slip", opinion.pk)
    assert answer.url == reverse("visits:opinion_detail", args=[opinion.pk])


def test_a_receipt_gets_one_code_and_keeps_it(client, liaison, station_head, opinion):
    client.force_login(liaison)
    issue = reverse("visits:reception_issue_receipt", args=[opinion.reception_id])
    answer = client.post(issue)
    code = Reception.objects.get().receipt_code
    assert answer.url == reverse("visits:reception_receipt", args=[opinion.reception_id])
    assert len(code) == 10
    assert not set(code) & set("01OIL")
    client.force_login(station_head)
    client.post(issue)
    assert Reception.objects.get().receipt_code == code
    [line] = AuditEntry.objects.filter(note="出具回执")
    assert (line.actor, line.changes) == (liaison, {})


def test_the_receipt_shows_the_code_and_no_address_of_the_net(client, liaison, opinion):
    issue_receipt(opinion.reception, actor=liaison)
    text = page(client, liaison, "reception_receipt", opinion.reception_id).content.decode()
    code = Reception.objects.get().receipt_code
    assert f"{code[:3]}-{code[3:6]}-{code[6:]}" in text
    assert "王建国：" in text
    assert "http" not in text.split("<main", 1)[1]


def test_a_code_is_read_in_groups():
    assert grouped("ABCDEFGHJK") == "ABC-DEF-GHJK"


def test_who_does_not_keep_the_register_gives_no_receipt(
    opinion, outsider, district_officer, deputy
):
    for user in (outsider, district_officer, deputy.user):
        with pytest.raises(PermissionDenied):
            issue_receipt(opinion.reception, actor=user)
    assert Reception.objects.get().receipt_code is None


def test_a_void_visit_gets_no_receipt(opinion, liaison):
    void_reception(opinion.reception, actor=liaison, reason="重复")
    with pytest.raises(RuleViolation, match="已经作废"):
        issue_receipt(opinion.reception, actor=liaison)


def test_issuing_a_receipt_makes_no_change_stale(opinion, liaison):
    version = Reception.objects.get().version
    issue_receipt(opinion.reception, actor=liaison)
    assert Reception.objects.get().version == version


def test_the_record_masks_contacts_as_the_page_does(client, liaison, district_officer, opinion):
    text = page(client, liaison, "reception_record", opinion.reception_id).content.decode()
    assert "王建国" in text
    assert "2026年4月13日" in text
    masked = page(client, district_officer, "reception_record", opinion.reception_id)
    assert "王**" in masked.content.decode()
    assert "王建国" not in masked.content.decode()


def test_a_record_over_several_days_says_both(client, liaison, station):
    row = logged(
        station,
        liaison,
        until=datetime.date(2026, 4, 14),
        headcount=12,
        headcount_approximate=True,
    )
    text = page(client, liaison, "reception_record", row.reception_id).content.decode()
    assert "2026年4月13日至2026年4月14日" in text
    assert "约 12 人" in text
