import datetime
import uuid

import pytest

from common.bulk import Mould, insert_rows
from common.models import AuditEntry
from tests.factories import DeputyFactory
from visits.models import Opinion, Reception

pytestmark = pytest.mark.django_db


def visit(station, number, **fields):
    return Reception(
        station=station, year=2025, number=number, received_on=datetime.date(2025, 3, 5), **fields
    )


def test_rows_are_stored_as_save_would_store_them(station):
    text = "制表\t换行\n反斜\\杠 ' \" %s \\N 𠮷"
    insert_rows(Reception, [visit(station, 1, note=text, until=None), visit(station, 2)])
    first, second = Reception.objects.order_by("number")
    assert (first.note, first.until, first.channel) == (text, None, "visit")
    assert isinstance(first.submission_key, uuid.UUID)
    assert first.submission_key != second.submission_key
    assert first.created_at is not None


def test_a_row_that_was_saved_after_it_was_assigned_is_found(station):
    reception = visit(station, 1)
    opinion = Opinion(
        reception=reception, station=station, raised_on=reception.received_on, position=1
    )
    reception.save()
    insert_rows(Opinion, [opinion])
    assert Opinion.objects.get().reception == reception


def test_values_of_a_json_field_come_back(liaison):
    entries = [AuditEntry(action="change", actor=liaison, changes={"甲": [1, None]})]
    insert_rows(AuditEntry, entries)
    assert AuditEntry.objects.get(action="change").changes == {"甲": [1, None]}


def test_rows_of_one_mould_share_nothing_that_each_must_have(station):
    mould = Mould(Reception(station=station))
    first, second = mould.cast(place="甲"), mould.cast()
    assert first.submission_key != second.submission_key
    assert (first.place, second.place) == ("甲", "")
    assert first.station is second.station
    other = DeputyFactory(station=station).station
    first.station = other
    assert second._state.fields_cache is not first._state.fields_cache
