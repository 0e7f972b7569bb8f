"""Whether somebody sees that the processes behind the portal live, and what fails in them."""

import json
from datetime import timedelta

import pytest
from celery import shared_task
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from common import pulse
from common.models import CalendarYear, Heartbeat, TaskFailure

pytestmark = pytest.mark.django_db


@shared_task(name="tests.fails")
def fails(phone):
    raise ValueError("接口没有应答\n第二行")


def checked(capsys):
    try:
        call_command("check_system", json=True)
        status = 0
    except CommandError as refusal:
        status = refusal.returncode
    return status, {check["key"]: check for check in json.loads(capsys.readouterr().out)}


@pytest.fixture
def alive():
    pulse.beat(pulse.WORKER)
    pulse.beat(pulse.BEAT)


def test_all_is_well_when_worker_and_beat_live_and_the_calendar_is_there(
    alive, capsys, time_machine
):
    status, checks = checked(capsys)
    assert status == 0
    assert all(check["ok"] for check in checks.values())
    year = timezone.localdate().year
    assert {"database", "cache", "broker", "worker", "beat", "disk", f"calendar-{year}"} < set(
        checks
    )


def test_a_process_that_never_started_is_named(capsys):
    status, checks = checked(capsys)
    assert status == 1
    assert checks["worker"]["words"] == "还没有启动过"


def test_a_process_silent_for_more_than_five_minutes_is_taken_for_dead(alive, capsys):
    Heartbeat.objects.filter(name="beat").update(at=timezone.now() - timedelta(minutes=6))
    _, checks = checked(capsys)
    assert (checks["worker"]["ok"], checks["beat"]["ok"]) == (True, False)


def test_a_year_without_holidays_is_named(alive, capsys):
    CalendarYear.objects.all().delete()
    status, checks = checked(capsys)
    assert status == 1
    assert "没有录入" in checks[f"calendar-{timezone.localdate().year}"]["words"]


def test_from_december_the_next_years_holidays_are_asked_for(alive, capsys, time_machine):
    time_machine.move_to("2026-12-01T10:00:00+08:00")
    pulse.beat(pulse.WORKER)
    pulse.beat(pulse.BEAT)
    assert checked(capsys)[1]["calendar-2027"]["ok"] is False


def test_a_task_that_fails_is_put_down_without_its_arguments():
    fails.apply(args=["13800138000"])
    failure = TaskFailure.objects.get()
    assert (failure.task, failure.error) == ("tests.fails", "ValueError: 接口没有应答")


def test_the_office_sees_what_failed_until_somebody_says_so(client, district_officer, capsys):
    fails.apply(args=["13800138000"])
    client.force_login(district_officer)
    assert "tests.fails" in client.get(reverse("system")).content.decode()
    assert "任务失败" in client.get(reverse("home")).content.decode()
    client.post(reverse("failures_seen"))
    assert "tests.fails" not in client.get(reverse("system")).content.decode()
    assert checked(capsys)[1]["failures"]["ok"]


def test_the_first_page_of_the_office_warns_when_the_worker_is_silent(client, district_officer):
    client.force_login(district_officer)
    assert "后台程序 worker" in client.get(reverse("home")).content.decode()
    pulse.beat(pulse.WORKER)
    pulse.beat(pulse.BEAT)
    assert "后台程序 worker" not in client.get(reverse("home")).content.decode()
