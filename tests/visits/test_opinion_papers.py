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
from visits.services import follow_up, void_reception
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
    assert "石桥村6组</td>" in text
    for secret in ("王建国", "13800135678"):
        assert secret not in text


@pytest.mark.parametrize(
    ("address", "confidential", "place"),
    [
        ("石桥村6组12号", False, "石桥村6组"),
        ("建设路社区3栋2单元401室", False, "建设路社区"),
        ("", False, None),
        ("石桥村6组", True, None),
    ],
)
def test_the_slip_says_where_and_not_at_whose_door(
    client, station, liaison, address, confidential, place
):
    row = logged(station, liaison, address=address, confidential=confidential)
    assigned(row, liaison)
    text = page(client, liaison, "opinion_slip", row.pk).content.decode()
    assert (f"{place}</td>" in text) if place else ("问题地点" not in text)
    assert "12号" not in text


@pytest.mark.parametrize("way", ["suggestion", "higher"])
def test_what_no_unit_handles_has_no_slip(client, liaison, opinion, way):
    assigned(opinion, liaison, disposal=way, unit=None)
    answer = page(client, liaison, "opinion_slip", opinion.pk)
    assert answer.url == reverse("visits:opinion_detail", args=[opinion.pk])
    assert "交办单</a>" not in client.get(answer.url).content.decode()


def test_a_slip_without_addressee_asks_for_the_unit_first(client, liaison, station):
    row = logged(station, liaison, opinion={"disposal": "village"})  # as paper brought it
    client.force_login(liaison)
    for name in ("opinion_slip", "opinion_urge_slip"):
        answer = client.get(reverse(f"visits:{name}", args=[row.pk]), follow=True)
        assert "填写承办单位，再打印" in answer.content.decode()


def test_the_reminder_is_offered_when_the_unit_is_late_or_was_urged(
    client, liaison, opinion, time_machine
):
    row = assigned(opinion, liaison)
    detail = page(client, liaison, "opinion_detail", row.pk).content.decode()
    assert "交办单</a>" in detail
    assert "催办单</a>" not in detail
    follow_up.urge_opinion(row, actor=liaison)
    follow_up.urge_opinion(row, actor=liaison)
    assert "催办单</a>" in page(client, liaison, "opinion_detail", row.pk).content.decode()
    assert "第 2 次催办" in page(client, liaison, "opinion_urge_slip", row.pk).content.decode()


def test_the_reminder_is_offered_once_the_unit_has_not_accepted_in_time(
    client, liaison, opinion, time_machine
):
    row = assigned(opinion, liaison)
    time_machine.move_to("2026-04-21T10:00:00+08:00", tick=False)
    assert "催办单</a>" in page(client, liaison, "opinion_detail", row.pk).content.decode()
    assert "第 1 次催办" in page(client, liaison, "opinion_urge_slip", row.pk).content.decode()


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
    assert f"<td>{opinion.reception.code}</td>" in text


def test_the_receipt_promises_no_answer_for_what_is_not_taken_on(client, liaison, station):
    said = {"disposal": "declined", "decline_reason": "elsewhere", "where_to": "邻县信访局"}
    row = logged(station, liaison, opinion=said)
    issue_receipt(row.reception, actor=liaison)
    for name in ("reception_receipt", "reception_record"):
        text = page(client, liaison, name, row.reception_id).content.decode()
        assert "请到邻县信访局" in text
        assert "告诉您结果" not in text


def written(code):
    """The code as people type it."""
    yield from (code, grouped(code), grouped(code).lower(), f" {grouped(code).replace('-', '－')} ")


@pytest.mark.parametrize("name", ["reception_list", "opinion_list"])
def test_a_code_finds_its_visit_for_who_may_read_it(
    client, liaison, outsider, station, opinion, name
):
    logged(station, liaison, opinion={"statement": "水沟堵了"})
    issue_receipt(opinion.reception, actor=liaison)
    code = Reception.objects.get(pk=opinion.reception_id).receipt_code
    for text in written(code):
        client.force_login(liaison)
        found = client.get(reverse(f"visits:{name}"), {"q": text}).content.decode()
        assert "路灯不亮" in found
        assert "水沟堵了" not in found
        client.force_login(outsider)
        found = client.get(reverse(f"visits:{name}"), {"q": text}).content.decode()
        assert "路灯不亮" not in found


def test_a_part_of_a_code_or_a_strangers_finds_nothing(client, liaison, opinion):
    issue_receipt(opinion.reception, actor=liaison)
    code = Reception.objects.get().receipt_code
    client.force_login(liaison)
    for text in (code[:9], "Z" * 10):
        found = client.get(reverse("visits:reception_list"), {"q": text}).content.decode()
        assert "路灯不亮" not in found


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
