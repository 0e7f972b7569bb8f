from datetime import date
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from deputies.choices import Answer, DayState
from deputies.documents.papers import levels_of
from deputies.models import Mandate
from tests.factories import DeputyFactory, make_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_liaison(client, liaison):
    client.force_login(liaison)
    return client


def paper(client, name, *args, **query):
    return client.get(reverse(f"duty:{name}", args=args), query)


def content(answer) -> BytesIO:
    return BytesIO(b"".join(answer.streaming_content))


def document(answer):
    return Document(content(answer))


def said(found) -> str:
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in found.paragraphs), *cells])


def test_the_notice_says_when_where_who_and_what(as_liaison, day):
    day.station.phone = "0990-6868732"
    day.station.save()
    text = paper(as_liaison, "notice", day.pk).content.decode()
    for words in (
        "石桥镇中心联络站定于2026年4月15日（星期三）接待选民和群众",
        "2026年4月15日（星期三）9:00–11:30",
        "石桥镇中心联络站接待室",
        "人大代表）、廖波英（",
        "政策咨询",
        "0990-6868732",
        "2026年4月1日",
    ):
        assert words in text


def test_the_notice_as_a_document_is_named_and_set_in_the_prescribed_fonts(as_liaison, day):
    answer = paper(as_liaison, "notice", day.pk, format="docx")
    name = unquote(answer["Content-Disposition"])
    assert "接待公告-石桥镇中心联络站-2026年4月15日.docx" in name
    found = document(answer)
    assert "石刚" in said(found)
    fonts = {
        run._element.rPr.rFonts.get(qn("w:eastAsia"))
        for paragraph in found.paragraphs
        for run in paragraph.runs
    }
    assert fonts == {"方正小标宋简体", "仿宋_GB2312", "黑体"}


def test_a_moved_day_says_why_on_its_notice(as_liaison, station, deputy):
    day = make_day(
        station, date(2026, 4, 27), deputy,
        planned_on=date(2026, 4, 25), reason="原定4月25日（周六）顺延",
    )  # fmt: skip
    assert "原定4月25日（周六）顺延" in paper(as_liaison, "notice", day.pk).content.decode()
    assert "原定4月25日（周六）顺延" in said(
        document(paper(as_liaison, "notice", day.pk, format="docx"))
    )


def test_the_notice_of_three_months_lists_the_announced_days(as_liaison, day, deputy):
    make_day(day.station, date(2026, 5, 15), deputy)
    make_day(day.station, date(2026, 6, 15), deputy, state=DayState.DRAFT)
    make_day(day.station, date(2026, 7, 16), deputy)
    text = said(document(paper(as_liaison, "notice", day.pk, months=3, format="docx")))
    assert "下列 2 个接待日" in text
    assert "2026年5月15日（星期五）" in text
    assert "6月15日" not in text


def test_of_a_cancelled_day_nothing_is_printed(as_liaison, station, deputy):
    day = make_day(station, date(2026, 4, 20), deputy, state=DayState.CANCELLED)
    assert paper(as_liaison, "notice", day.pk).status_code == 404
    assert paper(as_liaison, "sheet", day.pk).status_code == 404


def test_who_is_on_leave_stands_on_no_paper(as_liaison, day, other):
    day.assignments.filter(deputy=other).update(answer=Answer.LEAVE)
    assert "廖波英" not in paper(as_liaison, "notice", day.pk).content.decode()
    assert "廖波英" not in paper(as_liaison, "sheet", day.pk).content.decode()


def test_the_sign_in_sheet_has_ten_lines_and_more_on_a_busy_day(as_liaison, day):
    assert len(document(paper(as_liaison, "sheet", day.pk, format="docx")).tables[0].rows) == 11
    busy = make_day(
        day.station, date(2026, 4, 16), *(DeputyFactory(station=day.station) for _ in range(12))
    )
    assert len(document(paper(as_liaison, "sheet", busy.pk, format="docx")).tables[0].rows) == 15


def test_a_name_that_looks_like_a_formula_stays_text(as_liaison, station):
    day = make_day(station, date(2026, 4, 16), DeputyFactory(station=station, name="=1+1"))
    book = openpyxl.load_workbook(content(paper(as_liaison, "sheet", day.pk, format="xlsx")))
    cell = book.active["B5"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    year = paper(as_liaison, "paper", station.pk, 2026, format="xlsx")
    cell = openpyxl.load_workbook(content(year)).active["F4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_year_on_paper_lists_days_with_who_and_why(as_liaison, day, deputy):
    make_day(day.station, date(2026, 4, 27), deputy, reason="原定4月25日（周六）顺延")
    answer = paper(as_liaison, "paper", day.station_id, 2026, format="docx")
    assert "接待计划-石桥镇中心联络站-2026年.docx" in unquote(answer["Content-Disposition"])
    rows = [[cell.text for cell in row.cells] for row in document(answer).tables[0].rows]
    assert rows[1] == [
        "1", "4月15日", "星期三", "9:00–11:30", "石桥镇中心联络站接待室", "石刚、廖波英", "",
    ]  # fmt: skip
    assert rows[2][-1] == "原定4月25日（周六）顺延"


def test_a_draft_says_so_on_paper_and_readers_get_none_of_it(client, liaison, day, deputy):
    make_day(day.station, date(2026, 6, 15), deputy, state=DayState.DRAFT)
    client.force_login(liaison)
    assert "（草稿）" in paper(client, "paper", day.station_id, 2026).content.decode()
    client.force_login(deputy.user)
    text = paper(client, "paper", day.station_id, 2026).content.decode()
    assert "（草稿）" not in text
    assert "6月15日" not in text


def test_levels_are_said_from_the_highest_with_the_words_of_the_place(station):
    deputy = DeputyFactory(station=station, level="township")
    Mandate.objects.create(deputy=deputy, level="city", term="第五届")
    assert levels_of(deputy, station) == "市人大代表、镇人大代表"
