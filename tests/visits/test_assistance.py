"""簿二 扶贫帮困办实事: what is logged, who reads it, and its pages."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import RuleViolation, StaleVersion
from common.models import AuditEntry, Draft, ImportBatch
from tests.factories import DeputyFactory, make_reception
from visits.models import Assistance, NumberSeries, Opinion
from visits.services import (
    AlreadyLogged,
    Help,
    assistance_on_file,
    change_assistance,
    log_assistance,
    log_imported_assistance,
    void_assistance,
    void_batch,
)

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("visits:assistance_list"), reverse("visits:assistance_new")
TODAY = datetime.date(2026, 4, 15)


@pytest.fixture(autouse=True)
def _spring(time_machine):
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)


def helped(station, actor, *, deputies=None, **fields):
    fields = {"helped_on": datetime.date(2026, 4, 2), "deed": "送去棉被", **fields}
    return log_assistance(
        Assistance(station=station, **fields),
        actor=actor,
        deputies=deputies or [DeputyFactory(station=station)],
    )


def again(row, **fields):
    row = Assistance.objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def changed(row, actor, *, version, **fields):
    row = again(row, **fields)
    deputies = [helper.deputy for helper in row.helpers.all()]
    return change_assistance(row, actor=actor, version=version, deputies=deputies)


def test_lines_are_numbered_by_themselves_whatever_the_other_registers_hold(station, liaison):
    make_reception(station, actor=liaison)
    numbers = [helped(station, liaison).code for _ in range(2)]
    last_year = helped(station, liaison, helped_on=datetime.date(2025, 12, 30))
    assert numbers == ["2026-001", "2026-002"]
    assert (last_year.code, last_year.late_entry) == ("2025-001", True)


def test_names_and_order_stay_those_of_the_day(station, liaison):
    first, second = DeputyFactory(station=station, name="石刚"), DeputyFactory(station=station)
    row = helped(station, liaison, deputies=[second, first])
    first.name = "石钢"
    first.save()
    changed(row, liaison, version=1, address="石桥村")
    assert [helper.name for helper in row.helpers.all()] == [second.name, "石刚"]


def test_the_same_submission_twice_makes_one_row(station, liaison):
    key, deputy = uuid.uuid4(), DeputyFactory(station=station)
    first = helped(station, liaison, deputies=[deputy], submission_key=key, money=Decimal(500))
    twice = helped(station, liaison, deputies=[deputy], submission_key=key, money=Decimal("500.0"))
    assert twice.pk == first.pk
    assert NumberSeries.objects.get().last == 1
    with pytest.raises(AlreadyLogged, match="2026-001"):
        helped(station, liaison, deputies=[deputy], submission_key=key, deed="送去大米")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"helped_on": datetime.date(2026, 4, 16)}, "不能在今天之后"),
        ({"until": datetime.date(2026, 4, 1)}, "结束日期不能早于"),
        ({"finished_on": datetime.date(2026, 4, 1)}, "完成日期不能早于"),
        ({"finished_on": datetime.date(2026, 4, 16)}, "完成日期不能在今天之后"),
        ({"money": Decimal(-1)}, "不能是负数"),
        ({"goods": Decimal(-1)}, "不能是负数"),
        ({"deed": "  "}, "帮扶事项不能为空"),
    ],
)
def test_what_no_register_would_take_is_refused(station, liaison, fields, words):
    with pytest.raises(RuleViolation, match=words):
        helped(station, liaison, **fields)
    assert not Assistance.objects.exists()


def test_a_day_of_finishing_in_something_unfinished_is_only_a_hint(client, station, liaison):
    row = helped(station, liaison, state="ongoing", finished_on=TODAY)
    client.force_login(liaison)
    page = client.get(reverse("visits:assistance_detail", args=[row.pk])).content.decode()
    assert "完成情况却是“进行中”" in page


def test_who_may_not_log_at_the_station_is_refused(
    station, outsider, observer, deputy, district_officer
):
    for user in (outsider, observer, deputy.user, district_officer):
        with pytest.raises(PermissionDenied):
            helped(station, user)


def test_a_change_keeps_old_and_new_with_who(station, liaison):
    row = helped(station, liaison, address="石桥村6组")
    changed(row, liaison, version=1, address="百花村3组", money=Decimal(800))
    line = AuditEntry.objects.get(action="change")
    assert line.changes == {
        "住址": ["石桥村6组", "百花村3组"],
        "资金（元）": ["0.00", "800.00"],
    }


def test_an_outdated_version_writes_nothing(station, liaison, station_head):
    row = helped(station, liaison)
    changed(row, station_head, version=1, address="甲地")
    with pytest.raises(StaleVersion) as stale:
        changed(row, liaison, version=1, address="乙地")
    assert stale.value.current.address == "甲地"
    assert Assistance.objects.get().address == "甲地"


def test_the_year_of_a_number_cannot_change(station, liaison):
    row = helped(station, liaison)
    with pytest.raises(RuleViolation, match="编号属于 2026 年"):
        changed(row, liaison, version=1, helped_on=datetime.date(2025, 4, 2))


def test_a_void_row_keeps_its_number_and_is_not_changed_any_more(station, liaison):
    row = helped(station, liaison)
    with pytest.raises(RuleViolation, match="作废原因"):
        void_assistance(row, actor=liaison, reason=" ")
    void_assistance(row, actor=liaison, reason="重复登记")
    assert helped(station, liaison).number == 2
    with pytest.raises(RuleViolation, match="已经作废"):
        void_assistance(row, actor=liaison, reason="重复登记")
    with pytest.raises(PermissionDenied):
        changed(row, liaison, version=2, address="甲地")


def test_a_sheet_of_lines_comes_in_and_is_taken_back(station, liaison):
    batch, deputy = ImportBatch.objects.create(kind="assistance"), DeputyFactory(station=station)
    lines = [
        Help(
            Assistance(station=station, helped_on=datetime.date(year, 3, 5), deed=f"第{n}件"),
            [deputy],
        )
        for n, year in enumerate((2026, 2025, 2026), start=1)
    ]
    rows = log_imported_assistance(lines, station=station, batch=batch, actor=liaison)
    assert [row.code for row in rows] == ["2026-001", "2025-001", "2026-002"]
    days = [row.helped_on for row in rows]
    assert [words for _, words in assistance_on_file(station, days)] == [row.code for row in rows]
    assert void_batch(batch, actor=liaison) == 3
    assert assistance_on_file(station, days) == []


# who reads what


def test_whom_they_helped_is_masked_for_who_need_not_know(
    client, station, liaison, township_officer, deputy
):
    row = helped(station, liaison, beneficiary="王建国", note="电话 13800135678")
    changed(row, liaison, version=1, beneficiary="王建业", deed="为王建业筹集医疗费")
    client.force_login(township_officer)
    detail = reverse("visits:assistance_detail", args=[row.pk])
    for address in (detail, LIST):
        page = client.get(address).content.decode()
        assert "为王**筹集医疗费" in page
        assert "王建" not in page
    assert "13800135678" not in client.get(detail).content.decode()
    client.force_login(liaison)
    assert "王建业" in client.get(detail).content.decode()


def test_a_deputy_sees_whom_they_helped_and_nothing_else(client, station, liaison, deputy):
    own = helped(station, liaison, deputies=[deputy], beneficiary="王建国")
    other = helped(station, liaison, beneficiary="李四")
    client.force_login(deputy.user)
    page = client.get(LIST)
    assert [row.pk for row in page.context["page"]] == [own.pk]
    assert "王建国" in page.content.decode()
    assert client.get(reverse("visits:assistance_detail", args=[other.pk])).status_code == 404


def test_a_name_is_found_only_by_who_may_see_it(client, station, liaison, township_officer):
    helped(station, liaison, beneficiary="王建国", deed="为王建国筹集医疗费")
    for user, found in ((liaison, 1), (township_officer, 0)):
        client.force_login(user)
        assert len(client.get(LIST, {"q": "王建国"}).context["page"]) == found


def test_the_masked_name_stays_when_somebody_else_changes_the_rest(
    client, station, liaison, township_officer
):
    row = helped(station, liaison, beneficiary="王建国", note="电话 13800135678")
    client.force_login(township_officer)
    address = reverse("visits:assistance_change", args=[row.pk])
    assert "王建国" not in client.get(address).content.decode()
    data = typed(row.helpers.get().deputy, version=1, row=row.pk, beneficiary="别人")
    assert client.post(address, data).status_code == 302
    row.refresh_from_db()
    assert (row.beneficiary, row.note, row.deed) == ("王建国", "电话 13800135678", "送去大米")


def test_a_deed_that_names_them_is_not_shown_on_the_page_of_changes_either(
    client, station, liaison, township_officer
):
    row = helped(station, liaison, beneficiary="王建国", deed="为王建国筹集医疗费")
    client.force_login(township_officer)
    address = reverse("visits:assistance_change", args=[row.pk])
    assert "王建国" not in client.get(address).content.decode()
    data = typed(row.helpers.get().deputy, version=1, row=row.pk, address="石桥村")
    assert client.post(address, data).status_code == 302
    row.refresh_from_db()
    assert (row.deed, row.address) == ("为王建国筹集医疗费", "石桥村")


# pages


def typed(deputy, **changes):
    data = {
        "key": str(uuid.uuid4()),
        "station": deputy.station_id,
        "version": 1,
        "helped_on": "4月2日",
        "deputies": [deputy.pk],
        "beneficiary": "王建国",
        "deed": "送去大米",
        "kind": "poverty",
        "money": "3万余元",
        "goods": "",
        "households": "3户",
        "people": "约20人",
        "state": "done",
    }
    return {**data, **changes}


@pytest.fixture
def helper(station):
    return DeputyFactory(station=station, name="石刚")


def test_one_page_logs_it_and_keeps_rough_figures_in_words(client, liaison, helper):
    client.force_login(liaison)
    answer = client.post(NEW, typed(helper))
    row = Assistance.objects.get()
    assert answer.url == reverse("visits:assistance_detail", args=[row.pk])
    assert (row.money, row.goods, row.households, row.people) == (30000, 0, 3, 20)
    assert row.approximate == {"money": "3万余元", "people": "约20人"}
    page = client.get(reverse("visits:assistance_change", args=[row.pk])).content.decode()
    assert 'value="3万余元"' in page


def test_a_double_click_makes_one_row(client, liaison, helper):
    client.force_login(liaison)
    data = typed(helper)
    assert client.post(NEW, data).url == client.post(NEW, data).url
    assert Assistance.objects.count() == 1


def test_the_back_button_turns_a_second_save_into_a_change(client, liaison, helper):
    client.force_login(liaison)
    data = typed(helper)
    client.post(NEW, data)
    answer = client.post(NEW, {**data, "deed": "送去面粉"})
    assert answer.status_code == 409
    assert "送去面粉" in answer.content.decode()
    assert Assistance.objects.get().deed == "送去大米"


def test_wrong_input_says_where_and_keeps_what_was_typed(client, liaison, helper):
    client.force_login(liaison)
    answer = client.post(
        NEW, typed(helper, helped_on="2月30日", money="若干", finished_on="2099-1-1", deputies=[])
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="2月30日"' in page
    assert 'value="若干"' in page
    assert "请填写代表，至少一位。" in page
    assert set(answer.context["entry"].main.errors) == {
        "helped_on", "money", "finished_on", "deputies",
    }  # fmt: skip


def test_a_lost_update_shows_both_versions(client, station, liaison, helper):
    row = helped(station, liaison, deputies=[helper])
    client.force_login(liaison)
    address = reverse("visits:assistance_change", args=[row.pk])
    assert client.post(address, typed(helper, address="甲地", row=row.pk)).status_code == 302
    answer = client.post(address, typed(helper, address="乙地", row=row.pk))
    assert answer.status_code == 409
    assert ("住址", "乙地", "甲地") in answer.context["conflict"]
    data = typed(helper, address="乙地", row=row.pk, version=2)
    assert client.post(address, data).status_code == 302


def test_save_and_next_carries_day_and_deputies_over(client, liaison, helper):
    client.force_login(liaison)
    answer = client.post(NEW, typed(helper, save_and_next="1"), follow=True)
    initial = answer.context["entry"].main.initial
    assert initial["deputies"] == [helper.pk]
    assert initial["helped_on"] == datetime.date(2026, 4, 2)
    assert "deed" not in initial or not initial["deed"]


def test_a_draft_is_offered_on_its_own_page_only(client, liaison, helper):
    client.force_login(liaison)
    data = typed(helper, deed="没写完的事")
    kept = client.post(reverse("visits:assistance_draft_keep", args=[data["key"]]), data)
    assert kept.json()["saved_at"]
    assert "没写完的事" in client.get(NEW).content.decode()
    assert "没写完的事" not in client.get(reverse("visits:reception_new")).content.decode()
    assert "没写完的事" in client.get(f"{NEW}?draft={data['key']}").content.decode()
    client.post(NEW, data)
    assert not Draft.objects.exists()


def test_an_opinion_leads_to_a_line_that_stays_tied_to_it(client, station, liaison, helper):
    visit = make_reception(
        station, actor=liaison, deputies=[helper], address="石桥村6组", visitor_name="王建国"
    )
    opinion = visit.opinions.get()
    client.force_login(liaison)
    entry = client.get(NEW, {"opinion": opinion.pk}).context["entry"]
    assert entry.main.initial["deputies"] == [helper.pk]
    assert entry.main.initial["address"] == "石桥村6组"
    assert entry.opinion == opinion
    client.post(NEW, typed(helper, opinion=opinion.pk))
    row = Assistance.objects.get()
    assert row.opinion == opinion
    page = client.get(reverse("visits:assistance_detail", args=[row.pk])).content.decode()
    assert reverse("visits:opinion_detail", args=[opinion.pk]) in page


def test_a_confidential_visit_gives_no_name_away(client, station, liaison, helper):
    visit = make_reception(station, actor=liaison, deputies=[helper], confidential=True)
    client.force_login(liaison)
    entry = client.get(NEW, {"opinion": visit.opinions.get().pk}).context["entry"]
    assert "beneficiary" not in entry.main.initial or not entry.main.initial["beneficiary"]


def test_an_opinion_out_of_reach_cannot_be_tied(client, station, liaison, outsider, helper):
    elsewhere = outsider.postings.get().station
    hidden = make_reception(elsewhere, actor=outsider).opinions.get()
    client.force_login(liaison)
    assert client.post(NEW, typed(helper, opinion=hidden.pk)).status_code == 422
    with pytest.raises(RuleViolation, match="不在您可以查看的范围"):
        helped(station, liaison, opinion=Opinion.objects.get(pk=hidden.pk))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"from": "2026-3-1"}, [2]),
        ({"to": "2026.2.28"}, [1]),
        ({"kind": "schooling"}, [1]),
        ({"kind": "none"}, [2]),
        ({"state": "ongoing"}, [2]),
        ({"deputy_name": "石刚"}, [1]),
        ({"q": "书包"}, [1]),
        ({"q": "2026-002"}, [2]),
        ({"kind": "nonsense"}, []),
    ],
)
def test_the_list_is_narrowed_by_its_address(client, station, liaison, helper, query, found):
    helped(
        station, liaison, deputies=[helper], helped_on=datetime.date(2026, 2, 3),
        kind="schooling", deed="送去书包",
    )  # fmt: skip
    helped(station, liaison, state="ongoing")
    client.force_login(liaison)
    page = client.get(LIST, query).context["page"]
    assert [row.number for row in page] == found


def test_the_list_sums_what_it_shows(client, station, liaison):
    helped(station, liaison, money=Decimal(1200), goods=Decimal(300), households=2, people=7)
    helped(station, liaison, money=Decimal("0.50"), people=1)
    void_assistance(helped(station, liaison, money=Decimal(9)), actor=liaison, reason="重复")
    client.force_login(liaison)
    text = client.get(LIST).content.decode()
    assert "<b>2 件</b>，资金 1,200.50 元，物资 300 元，受益 2 户 8 人" in text


def test_the_list_asks_as_often_for_thirty_rows_as_for_one(client, station, liaison):
    client.force_login(liaison)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(LIST)
        return len(seen)

    helped(station, liaison)
    queries()
    one = queries()
    for _ in range(29):
        helped(station, liaison)
    assert queries() == one
