"""What must happen only once, tried by many at once on a database server."""

import uuid

import pytest
from django.db import connection

from common.errors import RuleViolation, StaleVersion
from common.importing import services as importing
from common.importing.resources import Options
from tests.concurrency import at_once
from tests.factories import DeputyFactory, StationFactory, make_reception, make_user
from tests.sheets import reception_sheet
from visits.models import Opinion, Reception
from visits.services import change_reception, void_reception

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
    ),
]
SAVERS = 20


@pytest.fixture
def place():
    station = StationFactory()
    return station, make_user("liaison", station), DeputyFactory(station=station)


def test_twenty_savers_at_once_leave_no_gap_in_the_numbers(place):
    station, liaison, deputy = place
    at_once(lambda i: make_reception(station, actor=liaison, deputies=[deputy]))
    numbers = sorted(Reception.objects.values_list("number", flat=True))
    assert numbers == list(range(1, SAVERS + 1))


def test_a_form_sent_twenty_times_at_once_is_one_row(place):
    station, liaison, deputy = place
    key = uuid.uuid4()
    at_once(lambda i: make_reception(station, actor=liaison, deputies=[deputy], submission_key=key))
    assert Reception.objects.count() == 1
    assert Opinion.objects.count() == 1


def test_of_many_changes_of_one_version_one_wins_and_the_others_are_told(place):
    station, liaison, deputy = place
    reception = make_reception(station, actor=liaison, deputies=[deputy])

    def change(index):
        row = Reception.objects.get(pk=reception.pk)
        row.address = f"第{index}组"
        return change_reception(
            row,
            actor=liaison,
            version=1,
            deputies=[deputy],
            opinions=list(row.opinions.all()),
        )

    results = at_once(change, 8)
    assert sum(isinstance(result, Reception) for result in results) == 1
    assert sum(isinstance(result, StaleVersion) for result in results) == 7
    assert Reception.objects.get().version == 2


def test_a_row_is_voided_once(place):
    station, liaison, deputy = place
    reception = make_reception(station, actor=liaison, deputies=[deputy])
    results = at_once(lambda i: void_reception(reception, actor=liaison, reason="重复"), 8)
    assert sum(isinstance(result, Reception) for result in results) == 1


def test_one_sheet_imported_by_two_at_once_makes_every_row_once(place):
    station, liaison, deputy = place
    content = reception_sheet(
        [
            {"接待日期": "2025-3-5", "接待代表": deputy.name, "反映内容": f"第{n}件"}
            for n in range(30)
        ]
    )
    at_once(
        lambda i: importing.import_sheet(
            "receptions",
            content,
            "接待.xlsx",
            actor=liaison,
            options=Options(station=station.name),
        ),
        4,
    )
    assert Reception.objects.count() == 30


def test_a_batch_confirmed_by_two_clicks_is_written_once(place):
    station, liaison, deputy = place
    content = reception_sheet(
        [{"接待日期": "2025-3-5", "接待代表": deputy.name, "反映内容": "路灯不亮"}]
    )
    batch = importing.store_upload(
        "receptions", content, "接待.xlsx", actor=liaison, options=Options(station=station.name)
    )
    results = at_once(lambda i: importing.write_sheet(batch, content, actor=liaison), 4)
    assert sum(isinstance(result, RuleViolation) for result in results) == 3
    assert Reception.objects.count() == 1
