"""The report on its pages: drafted, mended, published with its files, corrected, taken out."""

import json
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from accounts.actors import SYSTEM
from common.jobs.services import run_job
from common.models import AuditEntry, Job
from reports import services
from reports.choices import EditionState, Part
from reports.documents import papers
from reports.models import Case, Edition
from reports.periods import Period
from reports.scope import Scope
from reports.tasks import editions as tasks
from tests.factories import DeputyFactory, make_reception
from visits.models import Reception
from visits.services import void_reception

pytestmark = pytest.mark.django_db

PLANNED = {part.value: "（一）把接待日开到村组。" for part in (Part.PROBLEMS, Part.PLANS)}


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def scope(district, district_officer, year):
    return Scope(district_officer, Period.of_year(2025), area=district)


@pytest.fixture
def draft(scope):
    made = services.make_edition(scope, actor=scope.user)
    return services.change_text(made, PLANNED, actor=scope.user, version=made.version)


@pytest.fixture
def office(client, district_officer):
    client.force_login(district_officer)
    return client


@pytest.fixture
def published(draft, scope):
    return services.publish_edition(
        draft, actor=scope.user, version=draft.version, papers=papers.write_papers
    )


def url(name, edition, *more):
    return reverse(f"reports:{name}", args=[edition.pk, *more])


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_period_page_begins_the_formal_report(office, district, year):
    page = office.get(reverse("reports:period"), {"year": 2025})
    assert page.context["may_draft"]
    asked = {"from": "2025-01-01", "to": "2025-12-31", "area": district.code}
    answer = office.post(reverse("reports:edition_new"), asked)
    edition = Edition.objects.get()
    assert answer.url == url("edition", edition)
    page = office.get(answer.url)
    assert "共接待来访群众5批、约22人次" in page.content.decode()
    again = office.get(reverse("reports:period"), {"year": 2025})
    assert list(again.context["editions"]) == [edition]
    assert not again.context["may_draft"]


def test_a_large_place_is_counted_in_the_worker(office, district, year, monkeypatch):
    monkeypatch.setattr(tasks, "STATIONS_AT_ONCE", 1)
    asked = {"from": "2025-01-01", "to": "2025-12-31", "area": district.code}
    answer = office.post(reverse("reports:edition_new"), asked)
    job = Job.objects.get()
    assert (job.kind, answer.url) == ("report_edition", reverse("jobs:detail", args=[job.pk]))
    run_job(job.pk)
    job.refresh_from_db()
    edition = Edition.objects.get()
    assert (job.state, job.next_url) == ("done", url("edition", edition))
    assert (job.stage, job.done, job.total) == ("起草文字", 2, 2)


def test_publishing_a_large_report_twice_is_quiet(draft, scope, monkeypatch):
    asked = {"edition": draft.pk, "version": draft.version, "explained": ""}
    for _ in range(2):
        work = tasks.Work(scope.user, asked, BytesIO())
        assert tasks.publish(work).message == "报告已发布。"
    assert Edition.objects.get().state == EditionState.PUBLISHED


def test_the_text_is_mended_chapter_by_chapter(office, draft):
    form = office.get(url("edition_text", draft)).context["form"]
    typed = {chapter.part.value: chapter.field.value() for chapter in form.chapters}
    typed |= {"title": "2025年度工作报告", "version": form.version, "plans": "（一）走村入户。"}
    assert office.post(url("edition_text", draft), typed).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "2025年度工作报告"
    assert draft.text["plans"]["text"] == "（一）走村入户。"


def test_a_chapter_can_be_replaced_by_the_newer_draft(office, draft):
    form = office.get(url("edition_text", draft)).context["form"]
    [problems] = [chapter for chapter in form.chapters if chapter.part == Part.PROBLEMS]
    assert "来访人不满意" in problems.newer
    typed = {chapter.part.value: chapter.field.value() for chapter in form.chapters}
    typed |= {"title": draft.title, "version": form.version, "take_problems": "on"}
    office.post(url("edition_text", draft), typed)
    draft.refresh_from_db()
    assert draft.text["problems"]["text"] == draft.text["problems"]["drafted"]
    assert draft.text["plans"]["text"] == PLANNED["plans"]


def test_a_report_of_many_long_cases_can_be_mended(office, draft, scope, station):
    for n in range(8):
        services.add_case(
            Case(station=station, on=date(2025, 3, 5), title=f"案例{n}", text="字" * 3000),
            actor=scope.user,
        )
    draft = services.refresh_edition(draft, actor=scope.user)
    form = office.get(url("edition_text", draft)).context["form"]
    typed = {chapter.part.value: chapter.field.value() for chapter in form.chapters}
    typed["cases"] = typed["cases"].replace("\n", "\r\n") + "添一句。"  # as browsers send it
    typed |= {"title": draft.title, "version": form.version, "plans": "走村入户。"}
    assert office.post(url("edition_text", draft), typed).status_code == 302
    draft.refresh_from_db()
    assert draft.text["plans"]["text"] == "走村入户。"
    assert draft.text["cases"]["text"].endswith("添一句。")


def test_a_chapter_that_is_too_long_is_shown_again_with_all_that_was_typed(office, draft):
    typed = {part.value: "" for part in Part} | {"title": draft.title, "version": draft.version}
    answer = office.post(url("edition_text", draft), {**typed, "plans": "长" * 20_001})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors["plans"] == ["最多 20,000 字，现在有 20,001 字。"]
    assert len(form["plans"].value()) == 20_001


def test_the_case_of_one_person_is_no_formal_report(office, station, year):
    deputy = DeputyFactory(station=station)
    asked = {"from": "2025-01-01", "to": "2025-12-31", "deputy": deputy.pk}
    page = office.post(reverse("reports:edition_new"), asked, follow=True).content.decode()
    assert "一位代表的情况不起草正式报告" in page
    assert not Edition.objects.exists()


def test_a_published_page_keeps_the_name_of_its_place(office, published, district):
    district.name = "新名区"
    district.save()
    page = office.get(url("edition", published)).content.decode()
    assert "临溪区人大常委会代表工作委员会" in page
    assert "新名区" not in page.split("<main")[1].split("</article>")[0]


def test_the_page_is_signed_on_the_local_day(office, published):
    published.published_at = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    published.save()
    page = office.get(url("edition", published)).content.decode()
    assert "代表工作委员会<br>2026年3月2日</p>" in page


def test_two_people_mend_one_draft_and_both_texts_are_shown(office, draft, scope):
    seen = draft.version
    services.change_text(draft, {"plans": "甲写的"}, actor=scope.user, version=seen)
    typed = {part.value: "" for part in Part} | {"title": draft.title, "version": seen}
    answer = office.post(url("edition_text", draft), {**typed, "plans": "乙写的"})
    assert answer.status_code == 409
    assert ("下步打算", "乙写的", "甲写的") in answer.context["form"].conflict
    draft.refresh_from_db()
    assert draft.text["plans"]["text"] == "甲写的"


def test_publishing_keeps_the_files_as_they_were(office, draft, scope):
    answer = office.post(url("edition_publish", draft), {"version": draft.version})
    assert answer.url == url("edition", draft)
    draft.refresh_from_db()
    assert draft.state == EditionState.PUBLISHED
    before = content(office.post(url("edition_file", draft, "workbook")))

    row = Reception.objects.valid().get(received_on=date(2025, 3, 5))
    void_reception(row, actor=SYSTEM, reason="重复登记")

    answer = office.post(url("edition_file", draft, "workbook"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    kept = content(answer)
    assert kept == before
    book = load_workbook(BytesIO(kept))
    assert "正文" in book.sheetnames
    assert book["T3 各月接待"]["B16"].value == 5  # 合计, under twelve months
    assert AuditEntry.objects.filter(action="export", note__endswith="Excel").count() == 2


def test_a_draft_that_somebody_mended_meanwhile_is_not_published(office, draft, scope):
    seen = draft.version
    services.change_text(draft, {"plans": "改过"}, actor=scope.user, version=seen)
    answer = office.post(url("edition_publish", draft), {"version": seen}, follow=True)
    assert "这份草稿刚刚被别人改过" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_check_that_fails_is_explained_on_the_page_or_nothing_is_published(office, draft):
    draft.figures["checks"][0][2] = False
    draft.save()
    page = office.get(url("edition", draft)).content.decode()
    assert "1 项数字核对不符" in page
    said = {"version": draft.version}
    answer = office.post(url("edition_publish", draft), said, follow=True)
    assert "数字核对不符：批次不多于人次" in answer.content.decode()
    office.post(url("edition_publish", draft), {**said, "explained": "已核实"})
    draft.refresh_from_db()
    assert (draft.state, draft.explained) == (EditionState.PUBLISHED, "已核实")


def test_words_that_wait_for_somebody_are_not_published(office, draft, scope):
    text = {"plans": "（请补充下步打算。）"}
    draft = services.change_text(draft, text, actor=scope.user, version=draft.version)
    said = {"version": draft.version}
    answer = office.post(url("edition_publish", draft), said, follow=True)
    assert "下步打算" in str(next(iter(answer.context["messages"])))
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_failed_publication_leaves_no_file(draft, scope, tmp_path):
    def broken(stored):
        return {"workbook": BytesIO(b"rows"), "nothing": BytesIO()}

    with pytest.raises(AttributeError):
        services.publish_edition(draft, actor=scope.user, version=draft.version, papers=broken)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_correction_shows_what_it_changes(office, published, station):
    make_reception(station, actor=SYSTEM, received_on=date(2025, 5, 6), headcount=3)
    answer = office.post(url("edition_correct", published), {"reason": "漏登一次接待"})
    second = Edition.objects.get(state=EditionState.DRAFT)
    assert answer.url == url("edition", second)
    office.post(url("edition_publish", second), {"version": second.version})

    page = office.get(url("edition", second))
    changed = {group.table: group.rows for group in page.context["changes"]}
    assert {"table": "T3 各月接待", "row": "5月", "column": "批次", "old": "0", "new": "1"} in (
        changed["T3 各月接待"]
    )
    old = office.get(url("edition", published)).content.decode()
    assert "这一版已经更正" in old
    name = office.post(url("edition_file", second, "document")).headers["Content-Disposition"]
    assert "%E7%AC%AC2%E7%89%88" in name  # 第2版


def test_a_correction_that_changes_nothing_says_so(office, published):
    draft = services.correct_edition(published, actor=published.published_by, reason="重新核对")
    services.publish_edition(draft, actor=published.published_by, version=draft.version)
    page = office.get(f"/reports/editions/{draft.pk}/").content.decode()
    assert "与更正以前的第 1 版相同" in page


def test_a_second_correction_at_once_is_told_where_the_first_is(office, published):
    correct = f"/reports/editions/{published.pk}/correct/"
    office.post(correct, {"reason": "漏登一次接待"})
    page = office.post(correct, {"reason": "漏登两次接待"}, follow=True).content.decode()
    assert "已经有一份更正的草稿（第 2 版）" in page


def test_each_table_stands_once_on_the_page(office, published):
    page = office.get(f"/reports/editions/{published.pk}/").content.decode()
    assert page.count('id="comparison"') == 1
    assert page.count('id="t3"') == 1


def test_a_correction_needs_a_reason(office, published):
    assert office.post(url("edition_correct", published), {"reason": ""}).status_code == 422
    assert Edition.objects.count() == 1


def test_the_plain_figures_tell_also_what_is_said_in_words(office, published):
    answer = office.post(url("edition_file", published, "figures"))
    tables = json.loads(content(answer))["tables"]
    assert tables["T17"]["rows"] == [["合计（例）", 0, "", "", ""]]
    assert tables["T18"]["rows"] == [
        ["存在的问题", 1, "（一）把接待日开到村组。"],
        ["下步打算", 1, "（一）把接待日开到村组。"],
        ["合计（条）", 2, ""],
    ]


def test_the_word_file_of_a_draft_says_so(office, draft):
    answer = office.post(url("edition_file", draft, "document"))
    paper = Document(BytesIO(content(answer)))
    assert paper.paragraphs[0].text.endswith("（草稿）")


def test_an_unknown_form_is_not_found(office, draft):
    assert office.post(url("edition_file", draft, "photo")).status_code == 404


def test_a_draft_is_not_found_by_readers_and_a_published_report_is(
    client, township_officer, township, year, station_head
):
    scope = Scope(township_officer, Period.of_year(2025), area=township)
    made = services.make_edition(scope, actor=township_officer)
    own = services.make_edition(
        Scope(township_officer, Period.of_year(2025), station=station_head_station(station_head)),
        actor=township_officer,
    )
    client.force_login(station_head)
    assert client.get(url("edition", made)).status_code == 404
    assert client.get(url("edition", own)).status_code == 404
    own = services.change_text(own, PLANNED, actor=township_officer, version=own.version)
    services.publish_edition(own, actor=township_officer, version=own.version)
    page = client.get(url("edition", own))
    assert page.status_code == 200
    assert not page.context["can_publish"]
    assert client.post(url("edition_correct", own), {"reason": "改"}).status_code == 403


def station_head_station(user):
    return user.held_postings[0].station


def test_a_dropped_draft_is_gone_from_the_list(office, draft):
    assert draft.title in office.get(reverse("reports:editions")).content.decode()
    office.post(url("edition_drop", draft))
    assert "还没有正式报告" in office.get(reverse("reports:editions")).content.decode()


def test_the_list_asks_as_much_for_many_as_for_one(
    office, scope, django_assert_max_num_queries, district
):
    for month in range(1, 9):
        days = Period.of_months(2025, month, month)
        services.make_edition(Scope(scope.user, days, area=district), actor=scope.user)
    office.get(reverse("reports:editions"))
    with django_assert_max_num_queries(9):
        assert len(office.get(reverse("reports:editions")).context["page"].rows) == 8
