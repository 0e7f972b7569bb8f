"""The verbs of the reception register."""

import datetime
import uuid

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from common.errors import RuleViolation, StaleVersion
from common.models import AuditEntry
from tests.factories import DeputyFactory, category, make_reception
from visits.models import NumberSeries, Opinion, Reception
from visits.services import (
    AlreadyLogged,
    change_reception,
    reveal_contact,
    void_reception,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _spring():
    with time_machine.travel("2026-03-06 02:00:00+00:00", tick=False):
        yield


def test_receptions_are_numbered_by_station_and_year(station, liaison):
    numbers = [make_reception(station, actor=liaison).code for _ in range(3)]
    last_year = make_reception(station, actor=liaison, received_on=datetime.date(2025, 12, 30))
    assert numbers == ["2026-001", "2026-002", "2026-003"]
    assert last_year.code == "2025-001"


def test_a_refused_reception_takes_no_number(station, liaison):
    with pytest.raises(RuleViolation, match="反映内容不能为空"):
        make_reception(station, actor=liaison, opinions=[{"statement": "  "}])
    assert make_reception(station, actor=liaison).number == 1


def test_the_same_submission_twice_makes_one_row(station, liaison):
    key, deputy = uuid.uuid4(), DeputyFactory(station=station)
    first = make_reception(station, actor=liaison, deputies=[deputy], submission_key=key)
    again = make_reception(station, actor=liaison, deputies=[deputy], submission_key=key)
    assert again.pk == first.pk
    assert Reception.objects.count() == 1
    assert NumberSeries.objects.get().last == 1


def test_the_same_submission_with_other_content_is_not_lost_silently(station, liaison):
    key, deputy = uuid.uuid4(), DeputyFactory(station=station)
    first = make_reception(station, actor=liaison, deputies=[deputy], submission_key=key)
    with pytest.raises(AlreadyLogged, match="2026-001") as refusal:
        make_reception(
            station, actor=liaison, deputies=[deputy], submission_key=key, visitor_name="李四"
        )
    assert refusal.value.entry == first


def test_a_future_day_is_refused(station, liaison):
    with pytest.raises(RuleViolation, match="不能在今天之后"):
        make_reception(station, actor=liaison, received_on=datetime.date(2026, 3, 7))


def test_today_is_the_local_day_when_the_machine_is_behind(station, liaison):
    with time_machine.travel("2026-03-06 17:00:00+00:00", tick=False):  # 01:00 on the 7th there
        assert make_reception(station, actor=liaison, received_on=datetime.date(2026, 3, 7))


def test_declining_needs_a_reason(station, liaison):
    with pytest.raises(RuleViolation, match="必须选择原因"):
        make_reception(station, actor=liaison, opinions=[{"disposal": "declined"}])


def test_an_entry_long_after_the_day_is_marked_late(station, liaison):
    recent = make_reception(station, actor=liaison, received_on=datetime.date(2026, 2, 27))
    old = make_reception(station, actor=liaison, received_on=datetime.date(2026, 2, 26))
    assert (recent.late_entry, old.late_entry) == (False, True)


def test_a_handed_over_opinion_gets_a_date_to_tell_the_visitor(station, liaison):
    reception = make_reception(
        station,
        actor=liaison,
        received_on=datetime.date(2026, 3, 5),
        opinions=[{"disposal": "village"}, {"disposal": "on_site"}],
    )
    due = [opinion.due_on for opinion in reception.opinions.all()]
    # thirty days end on 2026-04-04, the first day of 清明节; Tuesday the 7th is the next workday
    assert due == [datetime.date(2026, 4, 7), None]


def test_names_and_levels_stay_those_of_the_day(station, liaison):
    deputy = DeputyFactory(station=station, name="石刚", level="city")
    reception = make_reception(station, actor=liaison, deputies=[deputy])
    deputy.name = "石钢"
    deputy.save()
    receiver = reception.receivers.get()
    assert (receiver.name, receiver.level, reception.deputy_names) == ("石刚", "city", "石刚")


def test_deputies_keep_the_order_they_were_named_in(station, liaison):
    first, second = DeputyFactory.create_batch(2, station=station)
    reception = make_reception(station, actor=liaison, deputies=[second, first])
    assert [r.deputy for r in reception.receivers.all()] == [second, first]


def test_who_may_not_log_at_the_station_is_refused(station, outsider, observer, deputy):
    for user in (outsider, observer, deputy.user):
        with pytest.raises(PermissionDenied):
            make_reception(station, actor=user)
    assert not Reception.objects.exists()


def changed(reception, actor, *, version, opinions=None, **fields):
    row = Reception.objects.get(pk=reception.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    return change_reception(
        row,
        actor=actor,
        version=version,
        deputies=[receiver.deputy for receiver in row.receivers.all()],
        opinions=list(row.opinions.all()) if opinions is None else opinions,
    )


def test_a_change_keeps_old_and_new_with_who(station, liaison):
    reception = make_reception(station, actor=liaison, address="石桥村6组")
    changed(reception, liaison, version=1, address="百花村3组")
    line = AuditEntry.objects.get(action="change")
    assert line.changes == {"住址": ["石桥村6组", "百花村3组"]}
    assert line.actor == liaison


def test_a_change_of_an_outdated_version_writes_nothing(station, liaison, station_head):
    reception = make_reception(station, actor=liaison)
    changed(reception, station_head, version=1, address="百花村3组")
    with pytest.raises(StaleVersion) as stale:
        changed(reception, liaison, version=1, address="石桥村1组")
    assert stale.value.current.address == "百花村3组"
    assert Reception.objects.get().address == "百花村3组"


def test_opinions_can_change_places_and_go(station, liaison):
    reception = make_reception(
        station, actor=liaison, opinions=[{"statement": "甲"}, {"statement": "乙"}]
    )
    first, second = reception.opinions.all()
    changed(reception, liaison, version=1, opinions=[second, first])
    assert [o.statement for o in reception.opinions.all()] == ["乙", "甲"]
    changed(reception, liaison, version=2, opinions=[second, Opinion(statement="丙")])
    assert [o.statement for o in reception.opinions.all()] == ["乙", "丙"]
    assert Reception.objects.get().opinion_count == 2


def test_a_change_cannot_move_a_number_to_another_year(station, liaison):
    reception = make_reception(station, actor=liaison)
    with pytest.raises(RuleViolation, match="编号属于 2026 年"):
        changed(reception, liaison, version=1, received_on=datetime.date(2025, 3, 5))


def test_a_void_row_keeps_its_number_and_counts_nowhere(station, liaison):
    first = make_reception(station, actor=liaison)
    void_reception(first, actor=liaison, reason="重复登记")
    second = make_reception(station, actor=liaison)
    assert second.number == 2
    assert list(Reception.objects.valid()) == [second]
    assert AuditEntry.objects.get(action="void").note == "重复登记"


def test_a_void_row_is_neither_changed_nor_voided_again(station, liaison):
    reception = make_reception(station, actor=liaison)
    void_reception(reception, actor=liaison, reason="重复登记")
    with pytest.raises(RuleViolation, match="已经作废"):
        void_reception(reception, actor=liaison, reason="再来一次")
    with pytest.raises(PermissionDenied):
        changed(reception, liaison, version=2)


def test_voiding_needs_a_reason(station, liaison):
    reception = make_reception(station, actor=liaison)
    with pytest.raises(RuleViolation, match="请填写作废原因"):
        void_reception(reception, actor=liaison, reason=" ")


def test_asking_for_a_contact_is_logged(station, liaison, district_officer):
    reception = make_reception(station, actor=liaison)
    assert reception.shown_phone == "138****5678"
    reveal_contact(reception, actor=district_officer)
    assert reception.shown_phone == "13800135678"
    assert AuditEntry.objects.get(action="unmask").actor == district_officer


def test_who_may_not_unmask_is_refused(station, liaison, deputy):
    reception = make_reception(station, actor=liaison)
    with pytest.raises(PermissionDenied):
        reveal_contact(reception, actor=deputy.user)


def test_the_search_text_holds_what_was_said(station, liaison):
    reception = make_reception(
        station,
        actor=liaison,
        opinions=[{"statement": "家中老人失能", "category": category("社会保障")}],
    )
    found = Reception.objects.matching("失能", reader=liaison)
    assert list(found) == [reception]


def test_the_log_cannot_be_changed(station, liaison):
    make_reception(station, actor=liaison)
    line = AuditEntry.objects.get()
    for act in (line.save, line.delete, AuditEntry.objects.all().delete):
        with pytest.raises(TypeError):
            act()
    with pytest.raises(TypeError):
        AuditEntry.objects.update(note="")
