"""From a visit to 簿二 and 簿三: one duty day, told through the pages of who works with it."""

from datetime import date

import pytest
from django.urls import reverse

from deputies.services.duty import sign_in_for
from tests.factories import assignment, make_day, make_reception
from visits.models import Activity, Assistance

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 30)


@pytest.fixture(autouse=True)
def _april(time_machine):
    time_machine.move_to("2026-04-01T10:00:00+08:00", tick=False)


def form_of(entry, **changes):
    """What the page would post as it was filled in for its reader, with `changes`."""
    fields = {field.html_name: field.value() for field in entry.main if field.value() is not None}
    if hasattr(entry, "opinions"):
        fields |= {f.html_name: f.value() for f in entry.opinions.management_form}
        fields |= {seat.name: seat.presence for seat in entry.listed}
    fields |= {"key": entry.key, "station": entry.row.station_id, "version": entry.version}
    if entry.row.pk:
        fields["row"] = entry.row.pk
    return {**fields, **changes}


def test_a_duty_day_fills_all_three_registers(client, station, deputy, liaison, township_officer):
    day = make_day(station, MONDAY, deputy)
    sign_in_for(assignment(day, deputy), actor=liaison, reason="纸上签名")
    visit = make_reception(
        station,
        actor=liaison,
        deputies=[deputy],
        received_on=MONDAY,
        visitor_name="王建国",
        opinions=[{"statement": "家里老人没有轮椅", "disposal": "on_site"}],
    )
    client.force_login(liaison)

    # closing the day enters it into 簿三
    client.post(reverse("visits:close_day", args=[day.pk]))
    activity = Activity.objects.get(duty_day=day)
    page = client.get(reverse("visits:activity_detail", args=[activity.pk])).content.decode()
    assert "接待群众 1 批 1 人次，意见 1 条。" in page
    assert reverse("duty:day", args=[day.pk]) in page

    # the deputy brings a wheelchair: 簿二, from the opinion
    opinion = reverse("visits:opinion_detail", args=[visit.opinions.get().pk])
    link = f"{reverse('visits:assistance_new')}?opinion={visit.opinions.get().pk}"
    assert link in client.get(opinion).content.decode()
    entry = client.get(link).context["entry"]
    answer = client.post(link, form_of(entry, deed="送去轮椅一辆", kind="disability", goods="800"))
    row = Assistance.objects.get()
    assert answer.url == reverse("visits:assistance_detail", args=[row.pk])
    assert (row.deputy_names, row.beneficiary, row.goods) == ("石刚", "王建国", 800)

    # the list behind the tab strip sums it; the township's office reads it masked
    client.force_login(township_officer)
    text = client.get(reverse("visits:assistance_list")).content.decode()
    assert "<b>1 件</b>，资金 0 元，物资 800 元" in text
    assert "王**" in text
    assert "王建国" not in text


def test_what_was_logged_wrongly_is_mended_on_the_same_page(client, station, deputy, liaison):
    client.force_login(liaison)
    new = reverse("visits:activity_new")
    entry = client.get(new).context["entry"]
    client.post(new, form_of(entry, topic="视察卫生院", minutes="看了发热门诊"))
    row = Activity.objects.get()
    assert (row.due_count, row.present_count, row.organiser) == (1, 1, station.name)

    change = reverse("visits:activity_change", args=[row.pk])
    entry = client.get(change).context["entry"]
    client.post(change, form_of(entry, **{f"presence-{deputy.pk}": "leave"}))
    row.refresh_from_db()
    assert (row.due_count, row.present_count, row.leave_count, row.version) == (1, 0, 1, 2)
    assert row.minutes == "看了发热门诊"

    # nobody marked any more, and no figures either: the names are gone
    entry = client.get(change).context["entry"]
    blank = {"due_count": "", "present_count": "", "leave_count": "", "absent_count": ""}
    client.post(change, form_of(entry, **{f"presence-{deputy.pk}": "", **blank}))
    row.refresh_from_db()
    assert (row.due_count, row.deputy_names, row.attendance.count()) == (0, "", 0)
