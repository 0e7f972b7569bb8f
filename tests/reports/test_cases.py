"""典型案例: from an entry to a told case, without the visitor; in the report of its days."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from reports import services
from reports.figures import build
from reports.figures.plain import plain
from reports.models import Case
from reports.periods import Period
from reports.scope import Scope
from reports.sources import find_sources
from tests.factories import make_reception
from visits.models import Assistance, Reception
from visits.services import log_assistance, void_reception

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp(station):
    return make_reception(
        station,
        actor=SYSTEM,
        received_on=date(2025, 3, 5),
        visitor_name="王小明",
        phone="13812345678",
        address="石桥村三组",
        opinions=[
            {
                "statement": "王小明说村口路灯坏了，电话 13812345678",
                "on_site_reply": "联系供电所",
                "result": "第二天修好",
            }
        ],
    )


def told(station, **fields) -> Case:
    case = {"on": date(2025, 3, 5), "title": "一盏路灯", "text": "次日修好。", **fields}
    return Case(station=station, **case)


def test_an_entry_is_found_by_its_number_and_by_its_address(lamp, district_officer):
    address = reverse("visits:reception_detail", args=[lamp.pk])
    for words in (lamp.code, f" {lamp.code} ", address, f"http://127.0.0.1:8000{address}?x=1"):
        [found] = find_sources(words, district_officer)
        assert (found.station, found.on) == (lamp.station, date(2025, 3, 5))
        assert (found.source, found.url) == (f"接待 {lamp.code}", address)


def test_nothing_of_the_visitor_comes_along(lamp, district_officer):
    [found] = find_sources(lamp.code, district_officer)
    said = found.title + found.text
    for secret in ("王小明", "13812345678", "石桥村三组"):
        assert secret not in said
    assert found.text.endswith("当场答复：联系供电所。办理结果：第二天修好。")


def test_nor_of_whom_deputies_helped(station, deputy, district_officer):
    row = Assistance(
        station=station, helped_on=date(2025, 5, 6), deed="给李大山家送棉被", beneficiary="李大山"
    )
    log_assistance(row, actor=SYSTEM, deputies=[deputy])
    [found] = find_sources(row.code, district_officer)
    assert found.text == "代表帮办实事：给某某家送棉被。"


def test_what_is_confidential_is_no_case(station, station_head):
    secret = make_reception(station, actor=SYSTEM, received_on=date(2025, 3, 6), confidential=True)
    with pytest.raises(RuleViolation, match="保密件"):
        find_sources(secret.code, station_head)


def test_what_is_not_ones_own_is_not_found(lamp, outsider):
    with pytest.raises(RuleViolation, match="没有找到"):
        find_sources(reverse("visits:reception_detail", args=[lamp.pk]), outsider)


def test_words_that_mean_nothing_are_said_back(district_officer):
    for words in ("路灯", "2025-999", "/nowhere/", "第999号"):
        with pytest.raises(RuleViolation, match="没有找到"):
            find_sources(words, district_officer)


def test_the_form_begins_with_the_entry_and_keeps_the_case(client, lamp, district_officer):
    client.force_login(district_officer)
    page = client.get(reverse("reports:case_new"), {"from": lamp.code})
    form = page.context["form"]
    assert form["source"].value() == f"接待 {lamp.code}"
    assert "王小明" not in page.content.decode()
    posted = {
        "station": lamp.station_id, "on": "2025年3月5日", "title": "一盏路灯亮了一条街",
        "text": "代表次日到现场。", "source": form["source"].value(),
        "source_url": form["source_url"].value(), "version": 1,
    }  # fmt: skip
    answer = client.post(reverse("reports:case_new"), posted)
    assert answer.url == f"{reverse('reports:cases')}?year=2025"
    case = Case.objects.get()
    assert (case.title, case.station, case.created_by) == (
        "一盏路灯亮了一条街", lamp.station, district_officer,
    )  # fmt: skip
    assert "一盏路灯亮了一条街" in client.get(answer.url).content.decode()


def test_a_number_that_several_stations_gave_is_asked_about(
    client, lamp, other_station, district_officer
):
    make_reception(other_station, actor=SYSTEM, received_on=date(2025, 4, 1))
    client.force_login(district_officer)
    page = client.get(reverse("reports:case_new"), {"from": lamp.code})
    assert len(page.context["choice"]) == 2
    assert not page.context["begun"]
    named = client.get(reverse("reports:case_new"), {"from": f"柳河镇 {lamp.code}"})
    assert named.context["form"]["station"].value() == other_station.pk


def test_an_address_elsewhere_is_not_kept(client, station, district_officer):
    client.force_login(district_officer)
    posted = {
        "station": station.pk, "on": "2025-03-05", "title": "甲", "text": "乙",
        "source_url": "https://example.com/", "version": 1,
    }  # fmt: skip
    client.post(reverse("reports:case_new"), posted)
    assert Case.objects.get().source_url == ""


def test_two_people_mend_one_case(client, station, district_officer):
    case = services.add_case(told(station), actor=district_officer)
    client.force_login(district_officer)
    address = reverse("reports:case_change", args=[case.pk])
    posted = {"on": "2025-03-05", "title": "新标题", "text": "次日修好。", "version": 1}
    assert client.post(address, posted).status_code == 302
    late = client.post(address, {**posted, "title": "另一个"})
    assert late.status_code == 409
    assert [row[:1] for row in late.context["form"].conflict] == [("标题",)]
    assert Case.objects.get().title == "新标题"


def test_a_case_that_was_taken_back_is_in_no_list_and_no_new_report(
    client, station, district, district_officer
):
    case = services.add_case(told(station), actor=district_officer)
    client.force_login(district_officer)
    client.post(reverse("reports:case_drop", args=[case.pk]))
    assert not Case.objects.visible_to(district_officer).standing().exists()
    scope = Scope(district_officer, Period.of_year(2025), area=district)
    report, _ = services.draft_report(scope, build(scope))
    assert report.tables["T17"].body == []


def test_cases_of_the_period_and_the_place_are_t17(
    station, other_station, township, district_officer
):
    for case in (
        told(station),
        told(station, on=date(2024, 12, 31), title="去年的"),
        told(other_station, title="别镇的"),
    ):
        services.add_case(case, actor=district_officer)
    scope = Scope(district_officer, Period.of_year(2025), area=township)
    report, _ = services.draft_report(scope, build(scope))
    assert plain(report)["tables"]["T17"]["rows"] == [
        ["2025年3月5日", "石桥镇中心联络站", "一盏路灯", "次日修好。", ""],
        ["合计（例）", 1, "", "", ""],
    ]


def chosen(row, actor) -> Case:
    """The case that is made of an entry as it stands."""
    [found] = find_sources(row.code, actor)
    begun = Case(
        station=found.station, on=found.on, title=found.title, text=found.text,
        source=found.source, source_url=found.url,
    )  # fmt: skip
    return services.add_case(begun, actor=actor)


def make_confidential(row):
    Reception.objects.filter(pk=row.pk).update(confidential=True)


def make_void(row):
    void_reception(row, actor=SYSTEM, reason="重复登记")


@pytest.mark.parametrize(
    ("withdraw", "why"), [(make_confidential, "已经转为保密件"), (make_void, "已经作废")]
)
def test_a_case_does_not_outlive_its_entry(client, lamp, district, district_officer, withdraw, why):
    chosen(lamp, district_officer)
    scope = Scope(district_officer, Period.of_year(2025), area=district)
    before = services.make_edition(scope, actor=district_officer)
    assert "路灯" in before.text["cases"]["text"]
    withdraw(lamp)

    plans = {"problems": "无", "plans": "无"}
    before = services.change_text(before, plans, actor=district_officer, version=before.version)
    with pytest.raises(RuleViolation, match=why):  # a draft of before is not published either
        services.publish_edition(before, actor=district_officer, version=before.version)

    edition = services.refresh_edition(before, actor=district_officer)
    assert edition.text["cases"]["text"] == ""
    assert "路灯" not in str(edition.figures["tables"])
    client.force_login(district_officer)
    page = client.get(reverse("reports:edition", args=[edition.pk]))
    [found] = [one for one in page.context["findings"] if one.about == "案例没有写进报告"]
    assert why in found.words
    services.publish_edition(edition, actor=district_officer, version=edition.version)


def test_what_became_confidential_while_it_was_typed_is_no_case(lamp, district_officer):
    address = reverse("visits:reception_detail", args=[lamp.pk])
    make_confidential(lamp)
    for url in (address, reverse("visits:opinion_detail", args=[lamp.opinions.get().pk])):
        with pytest.raises(RuleViolation, match="保密件"):
            services.add_case(told(lamp.station, source_url=url), actor=district_officer)


def test_a_voided_reception_is_not_found_by_its_opinion(lamp, district_officer):
    address = reverse("visits:opinion_detail", args=[lamp.opinions.get().pk])
    assert find_sources(address, district_officer)
    make_void(lamp)
    with pytest.raises(RuleViolation, match="没有找到"):
        find_sources(address, district_officer)


def test_a_double_click_makes_one_case(client, station, district_officer):
    client.force_login(district_officer)
    posted = {"station": station.pk, "on": "2025-03-05", "title": "甲", "text": "乙", "version": 1}
    for _ in range(2):
        assert client.post(reverse("reports:case_new"), posted).status_code == 302
    assert Case.objects.count() == 1
    client.post(reverse("reports:case_new"), {**posted, "text": "另一件事"})
    assert Case.objects.count() == 2


def test_a_case_that_was_taken_back_meanwhile_is_not_changed(station, district_officer):
    case = services.add_case(told(station), actor=district_officer)
    dropped = services.drop_case(case, actor=district_officer)
    assert dropped.version == 2
    case.title = "改了"
    with pytest.raises(RuleViolation, match="撤下"):
        services.change_case(case, actor=district_officer, version=2)
    assert services.drop_case(case, actor=district_officer).dropped_at == dropped.dropped_at


def test_a_correction_does_not_carry_on_what_may_not_be_told_any_more(
    lamp, district, district_officer
):
    case = chosen(lamp, district_officer)
    scope = Scope(district_officer, Period.of_year(2025), area=district)
    draft = services.make_edition(scope, actor=district_officer)
    draft = services.change_text(
        draft, {"problems": "无", "plans": "无"}, actor=district_officer, version=draft.version
    )
    first = services.publish_edition(draft, actor=district_officer, version=draft.version)
    make_confidential(lamp)
    second = services.correct_edition(first, actor=district_officer, reason="转为保密件")
    assert case.title in second.text["cases"]["text"]  # the text as it was
    with pytest.raises(RuleViolation, match="正文里还写着案例"):
        services.publish_edition(second, actor=district_officer, version=second.version)
    second = services.change_text(
        second, {"cases": ""}, actor=district_officer, version=second.version
    )
    services.publish_edition(second, actor=district_officer, version=second.version)
