"""What `manage.py load_demo` refuses, and what it says."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from liaison_portal.demo_data.plan import SCALES, Scale
from stations.models import Station
from tests.factories import StationFactory, UserFactory


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setitem(SCALES, "demo", Scale(20))


def run(**options):
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def test_load_demo_refuses_real_stations(db, small):
    StationFactory()
    with pytest.raises(CommandError, match="已有联络站"):
        call_command("load_demo", quiet=True)
    assert Station.objects.count() == 1


def test_load_demo_refuses_when_a_log_in_is_somebody_elses(db, small):
    UserFactory(username="head")
    with pytest.raises(CommandError, match="账号 head"):
        call_command("load_demo", quiet=True)
    assert not Station.objects.exists()


def test_load_demo_quiet_says_nothing(db, small):
    assert run(quiet=True) == ""


def test_load_demo_without_quiet_says_what_there_is(db, small):
    assert "联络站 18 个" in run()


def test_list_log_ins_without_the_demo(db):
    with pytest.raises(CommandError, match="没有演示数据"):
        call_command("load_demo", list_log_ins=True)
