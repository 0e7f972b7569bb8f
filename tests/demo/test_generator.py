"""The demo's receptions before any database: the same for everybody, and such as offices have."""

import datetime
import hashlib

import pytest

from liaison_portal.demo_data import texts
from liaison_portal.demo_data.days import is_workday, reception_days
from liaison_portal.demo_data.generator import receptions
from liaison_portal.demo_data.people import named_deputies
from liaison_portal.demo_data.plan import SCALES, Scale, make_plan

TODAY = datetime.date(2026, 4, 15)


@pytest.fixture(scope="module")
def visits():
    return list(receptions(make_plan(SCALES["demo"]), 2000, TODAY))


@pytest.fixture(scope="module")
def opinions(visits):
    return [(visit, opinion) for visit in visits for opinion in visit.opinions]


def digest(seed=1, today=TODAY):
    found = hashlib.sha256()
    for visit in receptions(make_plan(Scale(300, townships=2)), 300, today, seed):
        names = [deputy.name for deputy in visit.deputies]
        words = (visit.station.name, names, visit.fields, visit.opinions, visit.voided_on)
        found.update(repr(words).encode())
    return found.hexdigest()


def test_receptions_same_seed_and_day():
    assert digest() == digest()


def test_receptions_other_seed():
    assert digest(seed=1) != digest(seed=2)


def test_receptions_count_is_about_what_was_asked(visits):
    assert 1900 < len(visits) < 2100


def test_receptions_fill_two_years_up_to_today(visits):
    days = [visit.fields["received_on"] for visit in visits]
    assert min(days) < datetime.date(2024, 4, 10)
    assert datetime.date(2026, 4, 10) < max(days) <= TODAY


def test_no_date_is_in_the_future(visits, opinions):
    assert all(visit.entered_on <= TODAY for visit in visits)
    assert all(visit.voided_on is None or visit.voided_on <= TODAY for visit in visits)
    told = [opinion["feedback_on"] for _, opinion in opinions if opinion["feedback_on"]]
    assert max(told) <= TODAY


def test_nobody_is_told_before_the_reception(opinions):
    for visit, opinion in opinions:
        if opinion["feedback_on"]:
            assert opinion["feedback_on"] >= visit.fields["received_on"]


def test_numbers_have_no_gap_and_follow_the_days(visits):
    books = {}
    for visit in visits:
        line = (visit.fields["number"], visit.fields["received_on"])
        books.setdefault((visit.station.name, visit.fields["year"]), []).append(line)
    for lines in books.values():
        assert [number for number, _ in lines] == list(range(1, len(lines) + 1))
        assert [day for _, day in lines] == sorted(day for _, day in lines)


def test_every_reception_has_deputies_opinions_and_heads(visits):
    for visit in visits:
        names = [deputy.name for deputy in visit.deputies]
        assert 1 <= len(names) == len(set(names)) <= 3
        assert 1 <= len(visit.opinions) <= 3
        assert visit.fields["headcount"] >= 1


def test_deputies_receive_only_while_in_office(visits):
    for visit in visits:
        for deputy in visit.deputies:
            if deputy.left_days_ago:
                left = TODAY - datetime.timedelta(days=deputy.left_days_ago)
                assert visit.fields["received_on"] < left


def test_a_reason_stands_exactly_with_what_was_declined(opinions):
    declined = [opinion for _, opinion in opinions if opinion["disposal"] == "declined"]
    assert declined
    assert all(opinion["decline_reason"] for opinion in declined)
    others = [opinion for _, opinion in opinions if opinion["disposal"] != "declined"]
    assert not any(opinion["decline_reason"] for opinion in others)


def test_what_was_handed_to_a_unit_names_it(opinions):
    for _, opinion in opinions:
        if opinion["disposal"] in {"village", "township", "district"}:
            assert opinion["unit"]
        if opinion["disposal"] in {"on_site", "explained", "declined", "petition"}:
            assert opinion["unit"] is None


def test_nobody_is_answered_at_once_by_letter(opinions):
    for visit, opinion in opinions:
        if visit.fields["channel"] in {"mailbox", "letter", "online"}:
            assert opinion["disposal"] not in {"on_site", "explained"}


def test_silence_is_no_rating(opinions):
    assert all(o["satisfaction"] == "unrated" for _, o in opinions if not o["feedback_on"])


def test_some_of_everything_that_registers_hold(visits, opinions):
    fields = [visit.fields for visit in visits]
    assert 60 < sum(not row["visitor_name"] for row in fields) < 300
    assert 40 < sum(row["headcount_approximate"] for row in fields) < 200
    assert any(row["headcount_text"] == "3户12人" and row["headcount"] == 12 for row in fields)
    assert 10 < sum(row["confidential"] for row in fields) < 100
    assert 5 < sum(visit.voided_on is not None for visit in visits) < 40
    late = [v for v in visits if (v.entered_on - v.fields["received_on"]).days > 7]
    assert 30 < len(late) < 120
    assert sum(opinion["resolution"] == "pending" for _, opinion in opinions) > 30


def test_recent_matters_are_open_and_old_ones_mostly_done(opinions):
    handed = [
        ((TODAY - visit.fields["received_on"]).days, opinion["resolution"])
        for visit, opinion in opinions
        if opinion["disposal"] in {"village", "township", "district"}
    ]
    recent = [state for age, state in handed if age < 5]
    assert all(state in {"", "pending", "solved", "partly"} for state in recent)
    old = [state for age, state in handed if age > 90]
    assert sum(state in {"", "pending"} for state in old) < 0.1 * len(old)


def test_a_void_row_says_why(visits):
    for visit in visits:
        assert bool(visit.voided_on) == bool(visit.fields.get("void_reason"))


def test_a_busy_centre_has_several_times_the_visits_of_a_village(visits):
    stations = [visit.station.name for visit in visits]
    assert stations.count("城东街道中心联络站") > 4 * stations.count("五里堆村联络站") > 0


def test_statements_differ(opinions):
    assert len({opinion["statement"] for _, opinion in opinions}) > 1500


def test_statements_have_no_slot_left_open(opinions):
    for _, opinion in opinions:
        words = opinion["statement"] + opinion["summary"] + opinion["on_site_reply"]
        assert "{" not in words + opinion["result"]
        assert len(opinion["summary"]) <= 200


def test_matters_of_every_category():
    found = texts.matters()
    assert len(found) >= 60
    assert len({matter.key for matter in found}) == len(found)
    assert {matter.category[0] for matter in found} == set(texts.FREQUENCY)


def test_each_matter_has_the_words_for_the_ways_it_goes():
    for matter in texts.matters():
        assert len(matter.lines["话"]) >= 2, matter.key
        assert matter.lines["摘"], matter.key
        if set(matter.ways) & set("VTDSH"):
            assert matter.lines["答"], matter.key
            assert matter.lines["果"], matter.key
        if set(matter.ways) & set("OEPX"):
            assert matter.lines["复"], matter.key
        if "D" in matter.ways:
            assert matter.units["区"], matter.key
        assert bool(matter.declined) == ("X" in matter.ways), matter.key


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("每周三", [1, 8, 15, 22, 29]),
        ("每月15日", [15]),
        ("每月5、25日", [7, 27]),  # 清明 and a Saturday: the next workday
    ],
)
def test_reception_days_of_april_2026(rule, expected):
    assert [day.day for day in reception_days(rule, 2026, 4)] == expected


def test_visits_come_on_workdays(visits):
    assert all(is_workday(visit.fields["received_on"]) for visit in visits)


def test_the_people_of_the_screens_are_there():
    at_shiqiao = {d.name for d in named_deputies() if d.station == "石桥镇中心联络站"}
    assert {
        "石刚",
        "廖波英",
        "段固艳",
        "邵腾绍",
        "蒋平",
        "常政坚",
        "邓海",
        "许新",
        "朱志",
    } <= at_shiqiao


def test_larger_scales_have_names_of_their_own():
    plan = make_plan(SCALES["province"])
    townships = [township.name for township in plan.townships]
    villages = [name for township in plan.townships for name in township.villages]
    stations = [station.name for station in plan.stations]
    assert len(set(townships)) == len(townships) == 120
    assert len(set(villages)) == len(villages)
    assert len(set(stations)) == len(stations) > 1100
