"""T7 to T13 and the columns of suggestions, from rows made by hand and by the services."""

import datetime
from decimal import Decimal

import pytest

from accounts.actors import SYSTEM
from reports.figures import build
from reports.figures.charts import charts_of
from reports.figures.plain import plain
from reports.periods import Period
from reports.scope import Scope
from suggestions import services
from suggestions.choices import Duty, Kind, Occasion, Part, State
from suggestions.models import ClassWording, FaceToFace, Promise, Suggestion
from tests.reports.suggested import (
    DAY,
    DUE,
    LATER,
    TODAY,
    YEAR,
    answered,
    behind,
    handled,
    line,
    make_place,
    raised,
    tables,
)  # fmt: skip
from tests.suggestions import making
from tests.suggestions.making import make_scene, share_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


# Figures as districts publish them ----------------------------------------------------------------


def test_of_21_items_13_are_answered_and_8_assist_and_classes_count_the_13(place):
    police, traffic, water = place.units
    for number in range(13):
        row = raised(place, State.REPLIED)
        letter_class = "A" if number < 5 else "B" if number < 9 else "C"
        answered(row, police, Duty.LEAD if number < 8 else Duty.SOLE, letter_class)
        if number < 8:
            handled(row, traffic if number < 5 else water, Duty.ASSIST, state=Part.COUNTERSIGNED)
    found = tables()
    assert line(found["T7"]) == {
        "独办": 5, "主办": 8, "分办": 0, "应办": 13, "协办": 8, "合计": 21,
        "占比（%）": Decimal("100.00"),
    }  # fmt: skip
    assert line(found["T7"], "区交通局")["协办"] == 5
    classes = line(found["T9"])
    assert [classes[name] for name in ("已答复", "A", "B", "C", "D", "未定")] == [13, 5, 4, 4, 0, 0]
    assert classes["解决率（%）"] == Decimal("38.46")
    assert classes["解决和计划解决率（%）"] == Decimal("69.23")


def test_the_chart_of_classes_shows_their_totals_and_what_they_mean_here(place):
    police = place.units[0]
    for letter_class in "AAB":
        answered(raised(place, State.REPLIED), police, Duty.SOLE, letter_class)
    ClassWording.objects.filter(code="A").update(words="办成了")
    charts = {one.key: one for one in charts_of(build(Scope(SYSTEM, YEAR)))}
    bars = {bar["label"]: bar["value"] for bar in charts["classes"].bars}
    assert bars == {"A": 2, "B": 1, "C": 0, "D": 0, "未定": 0}
    assert charts["classes"].note.startswith("A 办成了，B ")


def test_69_raised_of_which_17_are_adopted_are_24_64_per_cent(place):
    for number in range(69):
        state = (
            State.ACCEPTED if number < 17 else State.REFERENCE if number < 60 else State.REJECTED
        )
        kind = Kind.CRITICISM if number % 10 == 0 else Kind.SUGGESTION
        occasion = Occasion.SESSION if number < 20 else Occasion.BETWEEN
        raised(place, state, kind=kind, occasion=occasion)
    raised(place, State.WITHDRAWN)
    found = tables()["T7A"]
    assert line(found) == {
        "大会期间": 20, "闭会期间": 49, "提出": 69, "采纳": 17, "不予接收": 9, "转作参考": 43,
        "待审核": 0, "采纳率（%）": Decimal("24.64"), "撤回": 1,
    }  # fmt: skip
    assert line(found, "批评")["提出"] == 7
    assert line(found, "议案")["采纳率（%）"] is None


def test_114_43_and_9_of_166_are_shares_that_sum_to_100(place):
    given = ["satisfied"] * 114 + ["mostly"] * 43 + ["unsatisfied"] * 9
    for outcome in given:
        answered(raised(place, State.CLOSED), place.units[0], ratings=("satisfied", outcome))
    answered(raised(place, State.REPLIED), place.units[0])
    row = line(tables()["T10"])
    assert [row[f"办理结果{word}"] for word in ("满意", "基本满意", "不满意", "未评价")] == [
        114, 43, 9, 1,
    ]  # fmt: skip
    rates = [row[f"办理结果{word}率（%）"] for word in ("满意", "基本满意", "不满意")]
    assert rates == [Decimal("68.68"), Decimal("25.90"), Decimal("5.42")]
    assert row["办理结果含基本满意率（%）"] == Decimal("94.58")
    assert row["办理结果反馈率（%）"] == Decimal("99.40")  # 166 of 167
    assert row["办理工作满意率（%）"] == Decimal("100.00")


# How each is counted ------------------------------------------------------------------------------


def test_an_answer_is_in_time_by_the_first_rounds_clock(place):
    unit = place.units[0]

    def one(**more):
        return answered(raised(place, State.REPLIED), unit, **more)

    one(due=DUE, met=DUE)
    one(due=LATER, first_due=DUE, met=LATER)
    one(due=LATER, first_due=DUE, met=DUE)  # extended, and not needed
    one(due=DUE, met=DUE + datetime.timedelta(days=1))
    one(due=None, released=None)  # an old sheet tells neither day
    handled(raised(place), unit, due=TODAY)
    handled(raised(place), unit, due=TODAY - datetime.timedelta(days=1))
    handled(raised(place, State.REVIEWING), unit, state=Part.SENT, due=DUE, met=DUE)
    row = line(tables()["T8"])
    assert [row[name] for name in ("应办", "已答复", "未到期", "已逾期")] == [8, 5, 2, 1]
    assert [row[name] for name in ("按期答复", "延期后按期", "逾期答复", "期限不明")] == [
        2, 1, 1, 1,
    ]  # fmt: skip
    assert row["办复率（%）"] == Decimal("62.50")
    assert row["按时办复率（%）"] == Decimal("37.50")


def test_history_from_a_sheet_is_late_by_the_sheets_own_day(place):
    unit = place.units[0]
    row = raised(place, State.CLOSED)
    answered(row, unit, due=DUE, met=None, by_sheet=True, released=DAY(2026, 5, 7))
    answered(raised(place, State.CLOSED), unit, due=DUE, met=None, by_sheet=True, released=DUE)
    found = line(tables()["T8"])
    assert (found["按期答复"], found["逾期答复"]) == (1, 1)


def test_meeting_the_deputies_in_any_round_counts_once(place):
    unit = place.units[0]
    row = raised(place)
    first = answered(row, unit, ratings=("mostly", "unsatisfied"))
    again = handled(row, unit, round=2)
    for share in (first, first, again):
        FaceToFace.objects.create(handling=share, on=DAY(2026, 4, 1), how="phone")
    answered(raised(place, State.REPLIED), unit)
    found = line(tables()["T8"])
    assert (found["应办"], found["已面商"], found["面商率（%）"]) == (2, 1, Decimal("50.00"))


def test_while_it_is_handled_again_the_first_answer_counts_and_t11_says_so(place):
    unit = place.units[0]
    row = raised(place)
    answered(row, unit, letter_class="C", ratings=("mostly", "unsatisfied"), promised=LATER)
    handled(row, unit, round=2, due=DAY(2026, 10, 1))
    found = tables()
    assert (line(found["T8"])["已答复"], line(found["T9"])["C"]) == (1, 1)
    assert line(found["T10"])["办理结果不满意"] == 1
    again = line(found["T11"], unit.name)
    assert (again["重办"], again["第一次不满意"], again["重办中"], again["已重新答复"]) == (
        1, 1, 1, 0,
    )  # fmt: skip
    assert line(found["T13"])["承诺续办"] == 0  # the next letter answers it


def test_what_is_answered_again_counts_once_by_its_last_answer(place):
    unit = place.units[0]
    row = raised(place, State.CLOSED)
    answered(row, unit, letter_class="C", ratings=("mostly", "unsatisfied"))
    answered(row, unit, letter_class="A", ratings=("satisfied", "mostly"), round=2,
             due=DAY(2026, 7, 1), met=DAY(2026, 8, 1))  # fmt: skip
    found = tables()
    classes = line(found["T9"])
    assert (classes["已答复"], classes["A"], classes["C"]) == (1, 1, 0)
    again = line(found["T11"])
    assert (again["重办后基本满意"], again["重办后不满意"]) == (1, 0)
    assert line(found["T8"])["按期答复"] == 1  # the first round was in time


def test_a_unit_that_gave_it_back_has_no_item(place):
    row = raised(place)
    handled(row, place.units[0], state=Part.LEFT, due=DUE)
    handled(row, place.units[1], due=LATER)
    found = line(tables()["T7"])
    assert (found["独办"], found["合计"]) == (1, 1)


def test_what_is_withdrawn_or_not_submitted_counts_for_no_unit(place):
    handled(raised(place, State.WITHDRAWN), place.units[0])
    raised(place, State.DRAFT, on=None, number=None)
    found = tables()
    assert line(found["T7"])["合计"] == 0
    assert (line(found["T7A"])["提出"], line(found["T7A"])["撤回"]) == (0, 1)


def test_promises_are_due_answered_and_overdue(place):
    unit = place.units[0]
    for promised in (DAY(2026, 6, 1), DAY(2026, 12, 31), DAY(2027, 6, 1)):
        answered(raised(place, State.CLOSED), unit, letter_class="B", promised=promised)
    done = answered(raised(place, State.CLOSED), unit, letter_class="B", promised=DAY(2026, 5, 1))
    Promise.objects.filter(reply=done.reply).update(answered_on=DAY(2026, 4, 30))
    assert line(tables()["T13"], unit.name) == {
        "承诺续办": 4, "期内到期": 3, "已续办答复": 1, "未续办": 3, "其中逾期": 1,
    }  # fmt: skip


def test_key_matters_are_listed_with_who_answers_and_what_deputies_say(place):
    police, traffic, water = place.units
    row = raised(place, State.CLOSED, is_key=True, key_leader="杨副主任", title="修河堤")
    answered(row, water, Duty.LEAD, "B", ratings=("satisfied", "mostly"))
    handled(row, traffic, Duty.ASSIST, state=Part.COUNTERSIGNED)
    both = raised(place, State.HANDLING, is_key=True, on=DAY(2026, 3, 1))
    answered(both, police, Duty.SEPARATE, "A", ratings=("satisfied", "satisfied"))
    handled(both, traffic, Duty.SEPARATE)
    raised(place, State.HANDLING)
    first, second, total = tables()["T12"].rows
    assert first.values == [
        row.code, "修河堤", row.lead_name, "杨副主任", "主办 区水务局；协办 区交通局", "B",
        "满意", "基本满意", "已办结",
    ]  # fmt: skip
    assert second.values[4:6] == ["分办 区公安分局；分办 区交通局", "区公安分局 A；区交通局 —"]
    assert total.values[:2] == ["合计（件）", 2]
    assert behind(total.cells[1]) == 2


def test_stations_and_months_tell_what_was_raised(place):
    raised(place, State.CLOSED, on=DAY(2026, 1, 22))
    raised(place, State.SUBMITTED, on=DAY(2026, 3, 1))
    raised(place, State.WITHDRAWN, on=DAY(2026, 3, 2))
    raised(place, State.HANDLING, on=DAY(2026, 3, 31), at=1)
    raised(place, State.CLOSED, on=DAY(2025, 12, 31))
    report = build(Scope(SYSTEM, YEAR))
    names = ("建议提出", "建议采纳", "建议办结")
    work = {row.name.value: [report.tables["T2"].figure(name, row) for name in names]
            for row in report.tables["T2"].rows}  # fmt: skip
    counts = {name: [one.value for one in cells] for name, cells in work.items()}
    assert counts == {
        "石桥镇中心联络站": [2, 1, 1], "柳河镇中心联络站": [1, 1, 0], "合计": [3, 2, 1],
    }  # fmt: skip
    assert [behind(one) for one in work["石桥镇中心联络站"]] == [2, 1, 1]
    months = report.tables["T3"]
    assert [row.values[-1] for row in months.rows[:3]] == [1, 0, 2]
    assert months.total_of("建议件数") == 3
    assert not report.disagreements


def test_a_township_and_a_station_count_their_own(place):
    for at in (0, 0, 1):
        handled(raised(place, at=at), place.units[0])
    own, other = place.stations
    assert line(tables(station=own)["T7"])["合计"] == 2
    assert line(tables(area=other.township)["T7"])["合计"] == 1
    assert line(tables(period=Period.of_year(2025))["T7"])["合计"] == 0


def test_a_district_without_suggestions_has_tables_of_nothing_and_no_checks(place):
    report = build(Scope(SYSTEM, YEAR))
    assert not report.has_suggestions
    assert [check.label for check in report.checks if check.about == "suggestions"] == []
    assert line(report.tables["T8"])["办复率（%）"] is None
    assert set(plain(report)["tables"]) >= {"T7", "T8", "T9", "T10", "T11", "T12", "T13"}


# Through the services -----------------------------------------------------------------------------


def test_the_services_lead_to_the_same_figures(client):
    scene = make_scene()
    making.rated(scene, result_class="A")
    making.replied(scene, "B")
    making.rated(scene, outcome="unsatisfied", result_class="C")
    making.signed(scene)
    row = making.assigned(scene, (scene.traffic_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))
    services.sign_for(row, share_of(row, scene.traffic_unit), actor=scene.traffic)
    making.submitted(scene)
    report = build(Scope(SYSTEM, Period.of_year(row.submitted_on.year)))
    assert line(report.tables["T7"])["合计"] == 6
    adopted = line(report.tables["T7A"])
    assert (adopted["提出"], adopted["采纳"], adopted["待审核"]) == (6, 5, 1)
    timed = line(report.tables["T8"])
    assert (timed["应办"], timed["已答复"], timed["按期答复"], timed["未到期"]) == (5, 3, 3, 2)
    rated = line(report.tables["T10"])
    assert [rated[f"办理结果{word}"] for word in ("满意", "不满意", "未评价")] == [1, 1, 1]
    again = line(report.tables["T11"], "区公安分局")
    assert (again["重办"], again["重办中"]) == (1, 1)
    assert line(report.tables["T13"])["未续办"] == 1
    assert not report.disagreements

    client.force_login(scene.office)
    for table in ("T7", "T8", "T9", "T10", "T11", "T13"):
        for figure in report.tables[table].body[-1].cells[1:]:
            if figure.url and isinstance(figure.value, int):
                assert client.get(figure.url).context["tally"].number == figure.value, figure.url


@pytest.mark.parametrize(
    "asked",
    [
        {"unit": "x"}, {"unit": "9" * 30}, {"class": "Z"}, {"fate": "lost"}, {"kind": "poem"},
        {"timing": "soon"}, {"promise": "kept"}, {"duty": "boss"}, {"outcome": "happy"},
    ],
)  # fmt: skip
def test_words_that_are_not_known_find_nothing(place, asked):
    answered(raised(place, State.REPLIED), place.units[0])
    assert not Suggestion.objects.of_figure(asked, TODAY).exists()
