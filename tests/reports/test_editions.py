"""A published report stays as it was signed; a correction says what it changes."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actors import SYSTEM
from common.errors import RuleViolation, StaleVersion
from common.models import AuditEntry
from reports import services
from reports.choices import EditionState, Part
from reports.documents import papers
from reports.figures import build
from reports.figures.frozen import differences, freeze, thaw
from reports.figures.plain import plain
from reports.models import Case, Edition
from reports.periods import Period
from reports.scope import Scope
from reports.tables import Column, Figure, Kind, Row, Table
from tests.factories import make_reception
from visits.models import Reception
from visits.services import void_reception

pytestmark = pytest.mark.django_db


@pytest.fixture
def scope(district, district_officer, year):
    return Scope(district_officer, Period.of_year(2025), area=district)


def visits_of(edition: Edition) -> int:
    return thaw(edition.figures).tables["T2"].total_of("批次")


def published(scope, actor) -> Edition:
    draft = services.make_edition(scope, actor=actor)
    return services.publish_edition(draft, actor=actor, version=draft.version)


def test_a_frozen_report_says_every_figure_as_it_was(scope):
    report = build(scope)
    again = thaw(freeze(report))
    for key, table in report.tables.items():
        assert [row.values for row in again.tables[key].rows] == [row.values for row in table.rows]
        assert [cell.url for row in again.tables[key].rows for cell in row.cells] == [
            cell.url for row in table.rows for cell in row.cells
        ]
        assert again.tables[key].headings == table.headings
    assert again.headlines == list(report.headlines)
    assert again.checks == list(report.checks)


def test_the_draft_tells_what_the_figures_say(scope):
    draft = services.make_edition(scope, actor=scope.user)
    assert draft.state == EditionState.DRAFT
    assert draft.title == "2025年度人大代表联络站工作报告"
    assert "共接待来访群众5批" in draft.text[Part.WORK]["text"]
    assert draft.text[Part.STANDING]["text"].startswith("临溪区现有代表联络站点3个")


def test_a_published_report_keeps_its_figures_when_a_row_is_voided(scope):
    edition = published(scope, scope.user)
    assert visits_of(edition) == 5

    row = Reception.objects.valid().get(received_on=date(2025, 3, 5))
    void_reception(row, actor=SYSTEM, reason="重复登记")

    edition.refresh_from_db()
    assert visits_of(edition) == 5
    assert build(scope).tables["T2"].total_of("批次") == 4


def test_a_correction_is_a_new_version_that_names_what_changed(scope, station):
    first = published(scope, scope.user)
    make_reception(station, actor=SYSTEM, received_on=date(2025, 5, 6), headcount=3)

    draft = services.correct_edition(first, actor=scope.user, reason="漏登一次接待")
    first.refresh_from_db()
    assert first.state == EditionState.PUBLISHED  # until the correction is out
    second = services.publish_edition(draft, actor=scope.user, version=draft.version)

    first.refresh_from_db()
    assert (first.state, second.number) == (EditionState.CORRECTED, 2)
    assert visits_of(first) == 5
    assert visits_of(second) == 6
    changed = {
        (one["table"], one["row"], one["column"]): (one["old"], one["new"])
        for one in second.changes
    }
    assert changed["T3 各月接待", "5月", "批次"] == ("0", "1")
    assert changed["T3 各月接待", "合计", "批次"] == ("5", "6")


def test_text_that_was_written_by_hand_stays_when_figures_are_made_anew(scope, station):
    draft = services.make_edition(scope, actor=scope.user)
    draft = services.change_text(
        draft, {Part.PLANS: "把接待日开到村组。"}, actor=scope.user, version=draft.version
    )
    make_reception(station, actor=SYSTEM, received_on=date(2025, 5, 6))

    draft = services.refresh_edition(draft, actor=scope.user)
    assert draft.text[Part.PLANS]["text"] == "把接待日开到村组。"
    assert "共接待来访群众6批" in draft.text[Part.WORK]["text"]


def test_a_second_draft_of_the_same_days_is_the_first_made_anew(scope):
    first = services.make_edition(scope, actor=scope.user)
    assert services.make_edition(scope, actor=scope.user).pk == first.pk


def test_what_is_published_is_not_changed_nor_dropped_nor_published_again(scope):
    edition = published(scope, scope.user)
    for refused in (
        lambda: services.change_text(edition, {}, actor=scope.user, version=edition.version),
        lambda: services.refresh_edition(edition, actor=scope.user),
        lambda: services.drop_edition(edition, actor=scope.user),
        lambda: services.publish_edition(edition, actor=scope.user, version=edition.version),
        lambda: services.make_edition(scope, actor=scope.user),
    ):
        with pytest.raises(RuleViolation):
            refused()


def test_an_outdated_page_writes_nothing(scope):
    draft = services.make_edition(scope, actor=scope.user)
    services.change_text(draft, {Part.PLANS: "一"}, actor=scope.user, version=draft.version)
    with pytest.raises(StaleVersion):
        services.change_text(draft, {Part.PLANS: "二"}, actor=scope.user, version=draft.version)
    with pytest.raises(StaleVersion):
        services.publish_edition(draft, actor=scope.user, version=draft.version)
    draft.refresh_from_db()
    assert draft.text[Part.PLANS]["text"] == "一"


def test_figures_that_do_not_add_up_are_published_only_with_a_word_of_why(scope):
    draft = services.make_edition(scope, actor=scope.user)
    draft.figures["checks"][0][2] = False
    draft.save()
    with pytest.raises(RuleViolation, match="批次不多于人次"):
        services.publish_edition(draft, actor=scope.user, version=draft.version)
    done = services.publish_edition(
        draft, actor=scope.user, version=draft.version, explained="一次接待人数登记为 0，已核实"
    )
    assert done.explained == "一次接待人数登记为 0，已核实"


def test_a_draft_that_was_dropped_makes_room(scope):
    draft = services.make_edition(scope, actor=scope.user)
    services.drop_edition(draft, actor=scope.user)
    assert not Edition.objects.visible_to(scope.user).exists()
    assert services.make_edition(scope, actor=scope.user).number == 1


def test_only_the_office_of_the_place_signs_its_report(
    scope, district, township, township_officer, station_head, station
):
    for user in (township_officer, station_head):
        with pytest.raises(PermissionDenied):
            services.make_edition(Scope(user, scope.period, area=district), actor=user)
    own = services.make_edition(
        Scope(township_officer, scope.period, area=township), actor=township_officer
    )
    assert visits_of(own) == 4  # three at the centre, one in the village
    assert Edition.objects.visible_to(station_head).count() == 0  # a draft


def test_drafts_are_read_by_who_signs_and_published_ones_by_readers_of_the_place(
    scope, district, station, station_head, outsider
):
    place = Scope(scope.user, scope.period, station=station)
    draft = services.make_edition(place, actor=scope.user)
    assert not Edition.objects.visible_to(station_head).exists()
    services.publish_edition(draft, actor=scope.user, version=draft.version)
    assert Edition.objects.visible_to(station_head).get() == draft
    assert not Edition.objects.visible_to(outsider).exists()


def test_cases_that_were_chosen_stand_in_the_text(scope, station):
    told = {"title": "一盏路灯亮了一条街", "text": "代表接待后次日到现场。"}
    services.add_case(Case(station=station, on=date(2025, 3, 5), **told), actor=scope.user)
    dropped = services.add_case(
        Case(station=station, on=date(2025, 3, 6), title="撤下的", text="不写"), actor=scope.user
    )
    services.drop_case(dropped, actor=scope.user)
    draft = services.make_edition(scope, actor=scope.user)
    assert draft.text[Part.CASES]["text"] == "（一）一盏路灯亮了一条街。代表接待后次日到现场。"


def test_the_plain_data_of_a_kept_report_can_be_made(scope):
    edition = published(scope, scope.user)
    assert plain(thaw(edition.figures))["tables"]["T2"]["rows"][-1][1] == 5


def test_a_correction_of_the_title_alone_is_named_and_put_down(scope):
    draft = services.correct_edition(published(scope, scope.user), actor=scope.user, reason="错字")
    old = draft.title
    draft = services.change_text(
        draft, {}, actor=scope.user, version=draft.version, title="2025年工作报告"
    )
    logged = AuditEntry.objects.filter(action="change").latest("pk")
    assert logged.changes == {"标题": [old, "2025年工作报告"]}
    done = services.publish_edition(draft, actor=scope.user, version=draft.version)
    assert done.changes == [
        {"table": "正文", "row": "标题", "column": "", "old": old, "new": "2025年工作报告"}
    ]


def test_who_signed_is_kept_when_the_place_and_the_account_are_renamed(scope, district):
    edition = published(scope, scope.user)
    signed, maker = "临溪区人大常委会代表工作委员会", str(scope.user)
    district.name = "新临溪区"
    district.save()
    edition = Edition.objects.for_page().get(pk=edition.pk)
    assert (papers.organ_of(edition), edition.maker) == (signed, maker)
    assert thaw(edition.figures).scope.place_name == "临溪区"


def test_rows_that_read_alike_are_told_apart_in_the_order_they_stand():
    columns = [Column("名称", Kind.TEXT), Column("批次")]
    names = ["甲", "甲（2）", "甲", "甲", "乙"]

    def report(*counts):
        rows = [Row([Figure(name), Figure(n)]) for name, n in zip(names, counts, strict=True)]
        return SimpleNamespace(tables={"T2": Table("T2", "各站", "", columns, rows)})

    found = differences(report(1, 2, 3, 4, 5), report(1, 2, 7, 8, 5))
    assert [(one.row, one.old, one.new) for one in found] == [
        ("甲（3）", "3", "7"),
        ("甲（4）", "4", "8"),
    ]
