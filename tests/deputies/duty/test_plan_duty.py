import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from deputies.models import DutyDay
from tests.factories import DeputyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(station):
    station.reception_days = "每月15日"
    station.save()
    for name in ("石刚", "许新", "廖波英"):
        DeputyFactory(station=station, name=name)


def plan(capsys, *arguments):
    call_command("plan_duty", station="石桥镇中心联络站", year=2026, json=True, **dict(arguments))
    return json.loads(capsys.readouterr().out)


def test_the_whole_year_is_printed_past_or_not_and_nothing_is_written(planned, capsys):
    days = plan(capsys)
    assert len(days) == 12
    assert days[1] | {"deputies": []} == {
        "date": "2026-02-24",
        "planned": "2026-02-15",
        "reason": "原定2月15日（春节）顺延",
        "deputies": [],
    }
    assert [len(day["deputies"]) for day in days] == [2] * 12
    assert not DutyDay.objects.exists()


def test_committing_announces_the_days_from_today_on(planned, capsys):
    days = plan(capsys, ("commit", True))
    assert days[0]["date"] == "2026-04-15"
    assert DutyDay.objects.published().count() == len(days) == 9


def test_after_a_commit_the_year_shows_what_stands(planned, capsys):
    committed = plan(capsys, ("commit", True))
    assert [day for day in plan(capsys) if day["date"] >= "2026-04-15"] == committed


def test_a_station_that_does_not_exist_is_an_error_in_the_json(db, capsys):
    with pytest.raises(CommandError) as refusal:
        call_command("plan_duty", station="没有的站", year=2026, json=True)
    assert refusal.value.returncode == 2
    assert "没有“没有的站”这个联络站" in json.loads(capsys.readouterr().out)["error"]


def test_for_people_it_says_how_the_rule_was_read(planned, capsys):
    call_command("plan_duty", station="石桥镇中心联络站", year=2026)
    assert "每月15日，共 12 次，每次 2 人" in capsys.readouterr().out


def test_a_commit_of_a_year_without_days_to_come_is_refused(planned, capsys):
    with pytest.raises(CommandError, match="2025年已经过去"):
        call_command("plan_duty", station="石桥镇中心联络站", year=2025, commit=True)
    assert not DutyDay.objects.exists()
