"""The lists that stations are held against: who keeps them, who assesses, who reviews."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.files import FileRefused
from stations import rules
from stations.models import Assessment, Criterion, Finding, Standard, Station
from stations.services.assessments import (
    Answer,
    Verdict,
    review_assessment,
    save_assessment,
    send_back_assessment,
)
from stations.services.standards import (
    add_criterion,
    add_standard,
    change_criterion,
    change_standard,
    make_edition,
    move_criterion,
    put_in_use,
    remove_criterion,
    remove_standard,
    take_out_of_use,
)
from tests.factories import StationFactory, make_user
from tests.hostile import picture, upload

pytestmark = pytest.mark.django_db
OVERVIEW = "/stations/standards/overview/"


@pytest.fixture(autouse=True)
def _autumn(time_machine):
    time_machine.move_to("2026-11-21T10:00:00+08:00", tick=False)


@pytest.fixture
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def eight():
    return Standard.objects.get(name="八有")


@pytest.fixture
def stars(district_officer):
    """A score sheet in use: 60, 75 and 90 points of 100 for three, four and five stars."""
    sheet = Standard.objects.get(name="星级")
    for words, points in (("接待", 60), ("阵地", 40)):
        item = Criterion(standard=sheet, words=words, points=points)
        add_criterion(item, actor=district_officer)
    sheet.three_stars_from, sheet.four_stars_from, sheet.five_stars_from = 60, 75, 90
    change_standard(sheet, actor=district_officer)
    return put_in_use(sheet, actor=district_officer)


def words(standard):
    return [item.words for item in standard.criteria.all()]


def answers(standard, *met, **more):
    """The first items as told; `more` goes with the first one."""
    items = list(standard.criteria.all())
    given = {item.pk: Answer(met=value) for item, value in zip(items, met, strict=False)}
    if more:
        given[items[0].pk] = Answer(**{"met": met[0], **more})
    return given


def assessed(station, standard, actor, *, submit=True, met=(True,) * 8):
    return save_assessment(
        station, standard, 2026, actor=actor, version=0, answers=answers(standard, *met),
        submit=submit,
    )  # fmt: skip


def scored(station, sheet, actor, *points):
    items = list(sheet.criteria.all())
    given = {item.pk: Answer(points=n) for item, n in zip(items, points, strict=True)}
    return save_assessment(station, sheet, 2026, actor=actor, version=0, answers=given, submit=True)


def test_eight_is_known_word_for_word_and_the_others_are_left_to_the_district(eight):
    assert words(eight) == [
        "有牌", "有信箱", "有公示栏",
        "有柜", "有电脑", "有电话", "有办公桌椅", "制度和代表信息上墙",
    ]  # fmt: skip
    assert eight.in_use
    others = Standard.objects.exclude(name="八有").order_by("pk")
    assert [(row.name, row.kind, row.note, row.in_use) for row in others] == [
        ("九有", "checklist", "由本区填写", False),
        ("六有", "checklist", "由本区填写", False),
        ("星级", "score", "由本区填写", False),
    ]
    assert not Criterion.objects.filter(standard__in=others).exists()


@pytest.mark.parametrize("persona", ["township_officer", "liaison", "observer", "outsider"])
def test_only_the_district_keeps_the_lists(request, persona, eight):
    actor = request.getfixturevalue(persona)
    item = eight.criteria.first()
    with pytest.raises(PermissionDenied):
        add_criterion(Criterion(standard=eight, words="有灯"), actor=actor)
    with pytest.raises(PermissionDenied):
        remove_criterion(item, actor=actor)
    with pytest.raises(PermissionDenied):
        make_edition(eight, "2027年版", actor=actor)
    with pytest.raises(PermissionDenied):
        take_out_of_use(eight, actor=actor)
    with pytest.raises(PermissionDenied):
        add_standard(Standard(name="十有", edition="2026年版"), actor=actor)


def test_items_are_added_changed_moved_and_removed(district_officer):
    nine = Standard.objects.get(name="九有")
    for name in ("甲", "乙", "丙"):
        add_criterion(Criterion(standard=nine, words=name), actor=district_officer)
    last = nine.criteria.get(words="丙")
    move_criterion(last, up=True, actor=district_officer)
    assert words(nine) == ["甲", "丙", "乙"]
    last.words = "丁"
    change_criterion(last, actor=district_officer)
    remove_criterion(nine.criteria.get(words="甲"), actor=district_officer)
    assert words(nine) == ["丁", "乙"]
    assert audit.history_of(nine)[0].changes == {"删除条目": ["甲", ""]}


def test_list_without_items_is_not_put_in_use(district_officer):
    with pytest.raises(RuleViolation, match="还没有条目"):
        put_in_use(Standard.objects.get(name="六有"), actor=district_officer)


def test_list_in_use_keeps_its_last_item(district_officer):
    nine = Standard.objects.get(name="九有")
    only = add_criterion(Criterion(standard=nine, words="甲"), actor=district_officer)
    put_in_use(nine, actor=district_officer)
    with pytest.raises(RuleViolation, match="至少要有一个条目"):
        remove_criterion(only, actor=district_officer)


def test_item_of_a_score_sheet_earns_points(district_officer):
    sheet = Standard.objects.get(name="星级")
    with pytest.raises(RuleViolation, match="满分应为 1 至 1000 分"):
        add_criterion(Criterion(standard=sheet, words="阵地"), actor=district_officer)


def test_stars_stand_in_their_order(district_officer):
    sheet = Standard.objects.get(name="星级")
    sheet.three_stars_from, sheet.five_stars_from = 80, 80
    with pytest.raises(RuleViolation, match="三星最低、五星最高"):
        change_standard(sheet, actor=district_officer)


def test_edition_that_a_station_was_assessed_by_is_never_changed(
    eight, station, liaison, district_officer
):
    assessed(station, eight, liaison, submit=False)
    item = eight.criteria.first()
    item.words = "有大牌"
    with pytest.raises(RuleViolation, match="由它新建一个版本"):
        change_criterion(item, actor=district_officer)
    for act in (
        lambda: add_criterion(Criterion(standard=eight, words="有灯"), actor=district_officer),
        lambda: move_criterion(item, up=False, actor=district_officer),
        lambda: remove_criterion(item, actor=district_officer),
        lambda: remove_standard(eight, actor=district_officer),
        lambda: change_standard(eight, actor=district_officer),
    ):
        with pytest.raises(RuleViolation, match="不能再改"):
            act()
    assert words(eight)[0] == "有牌"


def test_new_edition_takes_the_place_of_the_old_one_whose_assessments_stay(
    eight, station, liaison, district_officer
):
    old = assessed(station, eight, liaison)
    made = make_edition(eight, "2027年版", actor=district_officer)
    assert (made.in_use, words(made)) == (False, words(eight))
    add_criterion(Criterion(standard=made, words="有无障碍坡道"), actor=district_officer)
    put_in_use(made, actor=district_officer)
    eight.refresh_from_db()
    assert not eight.in_use
    assert eight.criteria.count() == 8
    assert Assessment.objects.get().pk == old.pk
    assert list(Standard.objects.of_year(2026)) == [eight, made]


def test_edition_is_named_once(eight, district_officer):
    with pytest.raises(RuleViolation, match="已有“八有（2026年版）”"):
        make_edition(eight, "2026年版", actor=district_officer)


@pytest.mark.parametrize("persona", ["township_officer", "station_head", "liaison"])
def test_who_keeps_the_page_of_the_station_assesses_it(request, persona, eight, station):
    done = assessed(station, eight, request.getfixturevalue(persona))
    assert done.state == "submitted"


@pytest.mark.parametrize("persona", ["district_officer", "observer", "outsider"])
def test_nobody_else_assesses_it_and_least_of_all_who_reviews(request, persona, eight, station):
    with pytest.raises(PermissionDenied):
        assessed(station, eight, request.getfixturevalue(persona))


def test_draft_may_have_gaps_and_what_is_handed_in_may_not(eight, station, liaison):
    draft = assessed(station, eight, liaison, submit=False, met=(True, None, False))
    assert draft.state == "draft"
    with pytest.raises(RuleViolation, match="“有信箱”、“有柜”、“有电脑”等 6 项还没有填"):
        save_assessment(
            station, eight, 2026, actor=liaison, version=1, submit=True,
            answers=answers(eight, True, None, False),
        )  # fmt: skip
    assert Assessment.objects.get().state == "draft"


def test_more_points_than_an_item_has_are_refused(stars, station, liaison):
    with pytest.raises(RuleViolation, match="“接待”最高 60 分"):
        scored(station, stars, liaison, 61, 40)
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("year", [2024, 2027])
def test_only_this_year_and_the_last_are_assessed(eight, station, liaison, year):
    with pytest.raises(RuleViolation, match=f"现在不能用来自评{year}年"):
        save_assessment(station, eight, year, actor=liaison, version=0, answers={})


def test_edition_out_of_use_begins_no_assessment(eight, station, liaison, district_officer):
    take_out_of_use(eight, actor=district_officer)
    with pytest.raises(RuleViolation, match="现在不能用来自评"):
        assessed(station, eight, liaison)


def test_lost_update_is_refused(eight, station, liaison, station_head):
    assessed(station, eight, liaison, submit=False)
    with pytest.raises(StaleVersion):
        assessed(station, eight, station_head, submit=False)


def test_what_the_district_holds_is_not_changed_by_the_station(eight, station, liaison):
    assessed(station, eight, liaison)
    with pytest.raises(RuleViolation, match="现在是“待审核”，不能保存"):
        save_assessment(station, eight, 2026, actor=liaison, version=1, answers={})


def test_review_settles_what_counts(eight, station, liaison, district_officer):
    sheet = assessed(station, eight, liaison)
    items = list(eight.criteria.all())
    verdicts = {item.pk: Verdict(met=item.words != "有信箱", note="未见") for item in items}
    review_assessment(sheet, actor=district_officer, version=1, verdicts=verdicts, opinion="补上")
    stored = Assessment.objects.with_results().get()
    standard = Standard.objects.with_counts().get(pk=eight.pk)
    assert (stored.state, stored.reviewed_by, stored.opinion) == (
        "reviewed", district_officer, "补上",
    )  # fmt: skip
    assert str(rules.result_of(stored, standard)) == "7／8 项"
    assert not rules.result_of(stored, standard).is_full


def test_review_needs_a_verdict_on_every_item(eight, station, liaison, district_officer):
    sheet = assessed(station, eight, liaison)
    with pytest.raises(RuleViolation, match="“有牌”还没有审核结果"):
        review_assessment(sheet, actor=district_officer, version=1, verdicts={})


@pytest.mark.parametrize("persona", ["township_officer", "station_head", "liaison"])
def test_only_the_district_reviews(request, persona, eight, station, liaison):
    sheet = assessed(station, eight, liaison)
    actor = request.getfixturevalue(persona)
    with pytest.raises(PermissionDenied):
        review_assessment(sheet, actor=actor, version=1, verdicts={})
    with pytest.raises(PermissionDenied):
        send_back_assessment(sheet, actor=actor, version=1, verdicts={}, opinion="重填")


def test_sheet_that_was_not_handed_in_is_not_reviewed(eight, station, liaison, district_officer):
    sheet = assessed(station, eight, liaison, submit=False)
    verdicts = {item.pk: Verdict(met=True) for item in eight.criteria.all()}
    with pytest.raises(RuleViolation, match="现在是“自评中”，不能审核通过"):
        review_assessment(sheet, actor=district_officer, version=1, verdicts=verdicts)


def test_sheet_sent_back_says_why_and_comes_again(eight, station, liaison, district_officer):
    sheet = assessed(station, eight, liaison)
    with pytest.raises(RuleViolation, match="请写明退回的原因"):
        send_back_assessment(sheet, actor=district_officer, version=1, verdicts={}, opinion=" ")
    box = eight.criteria.get(words="有信箱")
    send_back_assessment(
        sheet, actor=district_officer, version=1, verdicts={box.pk: Verdict(note="缺照片")},
        opinion="补照片",
    )  # fmt: skip
    assert sheet.findings.get(criterion=box).review_note == "缺照片"
    again = save_assessment(
        station, eight, 2026, actor=liaison, version=2, submit=True,
        answers=answers(eight, *[True] * 8),
    )  # fmt: skip
    assert again.state == "submitted"
    notes = [line.note for line in audit.history_of(again)]
    assert notes == ["提交", "退回：补照片", "提交", ""]


def test_review_of_a_score_sheet_gives_the_star(stars, station, liaison, district_officer):
    sheet = scored(station, stars, liaison, 55, 38)
    assert rules.star_for(stars, 93) == 5
    first, second = stars.criteria.all()
    review_assessment(
        sheet, actor=district_officer, version=1, rate=True,
        verdicts={first.pk: Verdict(points=50), second.pk: Verdict(points=30)},
    )  # fmt: skip
    station.refresh_from_db()
    assert station.star == 4
    assert audit.history_of(station)[0].changes == {"星级": ["", "四星"]}


@pytest.mark.parametrize(
    ("points", "star"), [(59, None), (60, 3), (74, 3), (75, 4), (90, 5), (100, 5)]
)
def test_points_earn_stars(stars, points, star):
    assert rules.star_for(stars, points) == star


def test_points_below_the_lowest_star_take_the_star_away(stars, station, liaison, district_officer):
    station.star = 3
    station.save()
    sheet = scored(station, stars, liaison, 55, 38)
    verdicts = {item.pk: Verdict(points=20) for item in stars.criteria.all()}
    review_assessment(sheet, actor=district_officer, version=1, rate=True, verdicts=verdicts)
    assert Station.objects.get(pk=station.pk).star is None


def test_check_list_gives_no_star(eight, station, liaison, district_officer):
    sheet = assessed(station, eight, liaison)
    verdicts = {item.pk: Verdict(met=True) for item in eight.criteria.all()}
    with pytest.raises(RuleViolation, match="没有星级的分数线"):
        review_assessment(sheet, actor=district_officer, version=1, verdicts=verdicts, rate=True)


def stored_files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_photo_is_kept_changed_and_taken_away(
    eight, station, liaison, own_media, django_capture_on_commit_callbacks
):
    def save(version, **more):
        with django_capture_on_commit_callbacks(execute=True):
            save_assessment(
                station, eight, 2026, actor=liaison, version=version,
                answers=answers(eight, True, **more),
            )  # fmt: skip
        return Finding.objects.get(criterion__words="有牌")

    assert save(0, upload=upload("门牌.png", picture(kind="PNG"))).file_name == "门牌.jpg"
    assert save(1).file_name == "门牌.jpg"
    assert save(2, upload=upload("新牌.jpg", picture(colour="blue"))).file_name == "新牌.jpg"
    assert len(stored_files(own_media)) == 1
    assert save(3, drops_file=True).file_name == ""
    assert stored_files(own_media) == []


def test_refused_save_leaves_no_file(eight, station, liaison, own_media):
    given = answers(eight, True, upload=upload("门牌.jpg", picture()))
    with pytest.raises(RuleViolation):
        save_assessment(station, eight, 2026, actor=liaison, version=0, answers=given, submit=True)
    bad = answers(eight, True, upload=upload("门牌.exe", b"MZ"))
    with pytest.raises(FileRefused):
        save_assessment(station, eight, 2026, actor=liaison, version=0, answers=bad)
    assert stored_files(own_media) == []
    assert not Assessment.objects.exists()


def test_overview_shows_stations_by_state_with_totals(
    client, eight, station, liaison, district_officer, outsider
):
    assessed(station, eight, liaison)
    client.force_login(district_officer)
    html = client.get(OVERVIEW).content.decode()
    assert "8／8 项" in html
    assert "已审核 0／2" in html
    assert "待审核 1" in html
    assert "未自评 1" in html
    waiting = client.get(OVERVIEW, {"state": "submitted"}).content.decode()
    assert "共 1 个站" in waiting
    assert station.name in waiting
    assert station.name not in client.get(OVERVIEW, {"state": "none"}).content.decode()
    assert "共 2 个站" in client.get(OVERVIEW, {"year": "2025"}).content.decode()


def test_overview_ends_where_the_reader_keeps_no_station(client, eight, station, liaison, outsider):
    assessed(station, eight, liaison)
    client.force_login(outsider)
    html = client.get(OVERVIEW).content.decode()
    assert station.name not in html
    assert "开始自评" in html


def test_query_count_of_the_overview_does_not_grow(client, eight, township, district_officer):
    def queries():
        client.get(OVERVIEW)
        with CaptureQueriesContext(connection) as seen:
            client.get(OVERVIEW)
        return len(seen)

    def add(number):
        for _ in range(number):
            place = StationFactory(township=township, kind="station")
            assessed(place, eight, make_user(Role.LIAISON, place))

    client.force_login(district_officer)
    add(1)
    before = queries()
    add(12)
    assert queries() == before


def test_station_page_shows_its_keepers_how_it_stands(client, eight, station, liaison, observer):
    address = reverse("stations:detail", args=[station.pk])
    client.force_login(liaison)
    assert "开始自评" in client.get(address).content.decode()
    assessed(station, eight, liaison)
    assert "待审核" in client.get(address).content.decode()
    client.force_login(observer)
    assert "达标情况" not in client.get(address).content.decode()


def review_post(standard, sheet, act, **more):
    posted = {f"value-{item.pk}": "1" for item in standard.criteria.all()}
    posted |= {f"note-{item.pk}": "" for item in standard.criteria.all()}
    return posted | {"act": act, "version": sheet.version, "opinion": ""} | more


def test_district_reviews_on_the_page(client, eight, station, liaison, district_officer):
    sheet = assessed(station, eight, liaison)
    client.force_login(district_officer)
    page = reverse("stations:assessment", args=[sheet.pk])
    address = reverse("stations:assessment_review", args=[sheet.pk])
    assert "审核通过" in client.get(page).content.decode()
    refused = client.post(address, review_post(eight, sheet, "send_back"))
    assert refused.status_code == 422
    assert "请写明退回的原因" in refused.content.decode()
    stale = client.post(address, review_post(eight, sheet, "review", version=7))
    assert stale.status_code == 409
    assert client.post(address, review_post(eight, sheet, "review")).status_code == 302
    html = client.get(page).content.decode()
    assert "审核 8／8 项" in html
    assert 'name="value-' not in html


def test_reviewed_sheet_goes_back_with_its_notes(client, eight, station, liaison, district_officer):
    sheet = assessed(station, eight, liaison)
    verdicts = {item.pk: Verdict(met=True, note="现场看过") for item in eight.criteria.all()}
    review_assessment(sheet, actor=district_officer, version=1, verdicts=verdicts)
    client.force_login(district_officer)
    address = reverse("stations:assessment_review", args=[sheet.pk])
    client.post(address, {"act": "send_back", "version": 2, "opinion": "群众说信箱坏了"})
    stored = Assessment.objects.get()
    assert stored.state == "returned"
    assert {row.review_note for row in stored.findings.all()} == {"现场看过"}
    assert {row.reviewed_met for row in stored.findings.all()} == {None}


def test_star_is_given_on_the_page(client, stars, station, liaison, district_officer):
    sheet = scored(station, stars, liaison, 50, 30)
    client.force_login(district_officer)
    page = client.get(reverse("stations:assessment", args=[sheet.pk])).content.decode()
    assert "三星 60 分起，四星 75 分起，五星 90 分起" in page
    first, second = stars.criteria.all()
    points = {f"value-{first.pk}": "45", f"value-{second.pk}": "31"}
    posted = review_post(stars, sheet, "review", rate="on", **points)
    client.post(reverse("stations:assessment_review", args=[sheet.pk]), posted)
    assert Station.objects.get(pk=station.pk).star == 4


def test_paper_holds_both_sides(client, eight, station, liaison):
    sheet = assessed(station, eight, liaison, met=(True,) * 7 + (False,))
    client.force_login(liaison)
    html = client.get(reverse("stations:assessment_paper", args=[sheet.pk])).content.decode()
    assert "石桥镇中心联络站八有自评表" in html
    assert html.count("<td>达到</td>") == 7
    assert html.count("<td>未达到</td>") == 1


def test_district_writes_a_list_on_its_page(client, district_officer):
    client.force_login(district_officer)
    nine = Standard.objects.get(name="九有")
    page = reverse("stations:standard", args=[nine.pk])
    add = reverse("stations:criterion_add", args=[nine.pk])
    assert client.post(add, {"words": ""}).status_code == 422
    client.post(add, {"words": "有灯", "group": "室内", "source": ""})
    item = nine.criteria.get()
    client.post(reverse("stations:criterion_change", args=[item.pk]), {"words": "有路灯"})
    client.post(reverse("stations:standard_use", args=[nine.pk]), {"use": "1"})
    html = client.get(page).content.decode()
    assert "有路灯" in html
    assert "在用" in html
    response = client.post(
        reverse("stations:standard_edition", args=[nine.pk]), {"edition": "2027年版"}
    )
    made = Standard.objects.get(edition="2027年版")
    assert response.url == reverse("stations:standard", args=[made.pk])
    client.post(reverse("stations:standard_remove", args=[made.pk]))
    assert not Standard.objects.filter(edition="2027年版").exists()


def test_district_adds_a_list_of_another_name(client, district_officer):
    client.force_login(district_officer)
    address = reverse("stations:standard_new")
    posted = {"name": "示范站", "edition": "2026年版", "kind": "score"}
    client.post(address, posted)
    assert Standard.objects.get(name="示范站").is_score
    again = client.post(address, posted)
    assert again.status_code == 422
    assert "已有同一个版本" in again.content.decode()


def test_reader_of_the_lists_gets_no_buttons(client, eight, liaison):
    client.force_login(liaison)
    html = client.get(reverse("stations:standard", args=[eight.pk])).content.decode()
    assert "制度和代表信息上墙" in html
    assert "增加条目" not in html
    assert "新建版本" not in html
