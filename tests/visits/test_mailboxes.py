import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notice
from accounts.roles import Role
from accounts.services import plan_notices
from common import audit
from common.errors import RuleViolation, StaleVersion
from stations.models import Mailbox, MailboxOpening
from stations.services.mailboxes import (
    change_mailbox,
    create_mailbox,
    record_opening,
    void_opening,
)
from tests.factories import DeputyFactory, StationFactory, make_reception, make_user
from visits.models import Reception
from visits.services import void_reception

pytestmark = pytest.mark.django_db
LIST = "/visits/mailboxes/"


def day(month, number, year=2026):
    return datetime.date(year, month, number)


@pytest.fixture(autouse=True)
def april(time_machine):
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)
    return time_machine


def make_box(station, name="村口意见箱", **fields):
    fields.setdefault("hung_on", day(1, 5))
    return Mailbox.objects.create(station=station, name=name, **fields)


@pytest.fixture
def box(station):
    return make_box(station, place="清溪村委会门口", keeper="周观察")


def opened(box, actor, on=None, letters=0, **fields):
    fields.setdefault("handed_to", "石刚" if letters else "")
    row = MailboxOpening(
        mailbox=box, opened_on=on or day(4, 15), letter_count=letters, opened_by="周观察", **fields
    )
    return record_opening(row, actor=actor)


def letter(opening, actor, **fields):
    station = opening.mailbox.station
    return make_reception(
        station, actor=actor, opening=opening, channel="mailbox", received_on=day(4, 15), **fields
    )


def page(client, user, address, status=200):
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def detail(client, user, box, query=""):
    return page(client, user, reverse("visits:mailbox_detail", args=[box.pk]) + query)


# The boxes ---


def test_box_is_hung_by_who_keeps_the_stations_page(station, liaison, observer, outsider):
    box = create_mailbox(
        Mailbox(station=station, name=" 村口 意见箱 ", hung_on=day(4, 1)), actor=liaison
    )
    assert box.name == "村口意见箱"
    assert audit.history_of(box)[0].action == "create"
    for user in (observer, outsider):
        with pytest.raises(PermissionDenied):
            create_mailbox(Mailbox(station=station, name="另一个", hung_on=day(4, 1)), actor=user)


def test_box_of_a_name_that_hangs_there_already_is_refused_in_words(station, liaison, box):
    with pytest.raises(RuleViolation, match="本站已有“村口意见箱”"):
        create_mailbox(Mailbox(station=station, name=box.name, hung_on=day(4, 1)), actor=liaison)


def test_keeper_with_a_log_in_is_tied_to_it(station, liaison):
    keeper = make_user(Role.OBSERVER, station, name="周观察")
    box = Mailbox(station=station, name="箱", hung_on=day(4, 1), keeper="周观察")
    assert create_mailbox(box, actor=liaison).keeper_user == keeper
    box.keeper = "别人"
    assert change_mailbox(box, actor=liaison, version=1).keeper_user is None


def test_stale_version_writes_nothing(liaison, box):
    mine = Mailbox.objects.get(pk=box.pk)
    box.place = "文化广场"
    change_mailbox(box, actor=liaison, version=1)
    mine.place = "小学门口"
    with pytest.raises(StaleVersion):
        change_mailbox(mine, actor=liaison, version=1)
    assert Mailbox.objects.get(pk=box.pk).place == "文化广场"


def test_box_is_taken_down_and_no_longer_listed(client, liaison, box):
    opened(box, liaison, day(4, 10))
    box.taken_down_on = day(4, 9)
    with pytest.raises(RuleViolation, match="4月10日还有开箱记录"):
        change_mailbox(box, actor=liaison, version=1)
    box.taken_down_on = day(4, 12)
    change_mailbox(box, actor=liaison, version=1)
    assert box.name not in page(client, liaison, LIST)
    assert "已撤除" in page(client, liaison, f"{LIST}?state=down")
    assert 'id="open"' not in detail(client, liaison, box)


# Its openings ---


def test_opening_is_registered_by_who_keeps_the_box(box, observer, liaison, district_officer):
    row = opened(box, observer, letters=2)
    assert (row.letter_count, row.handed_to, row.created_by) == (2, "石刚", observer)
    with pytest.raises(PermissionDenied):
        opened(box, district_officer, day(4, 14))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"on": day(4, 16)}, "不能在今天之后"),
        ({"on": day(1, 4)}, "2026年1月5日才设置"),
        ({"letters": 2, "handed_to": ""}, "交给哪位代表"),
    ],
)
def test_opening_that_cannot_have_been_is_refused(box, observer, fields, words):
    with pytest.raises(RuleViolation, match=words):
        opened(box, observer, **fields)


def test_box_is_opened_once_a_day_unless_that_opening_is_void(box, observer):
    first = opened(box, observer)
    with pytest.raises(RuleViolation, match="已登记过开箱"):
        opened(box, observer)
    void_opening(first, actor=observer, reason="件数写错")
    assert opened(box, observer, letters=1).pk != first.pk
    with pytest.raises(RuleViolation, match="已经作废"):
        void_opening(first, actor=observer, reason="再来一次")


def test_opening_is_voided_with_a_reason_by_who_registered_it_or_the_staff(
    station, box, observer, liaison
):
    other = make_user(Role.OBSERVER, station)
    row = opened(box, observer)
    with pytest.raises(PermissionDenied):
        void_opening(row, actor=other, reason="不是我的")
    with pytest.raises(RuleViolation, match="请填写作废原因"):
        void_opening(row, actor=liaison, reason=" ")
    assert void_opening(row, actor=liaison, reason="日期写错").void_reason == "日期写错"


def test_opening_whose_letters_stand_in_the_register_is_not_voided(box, liaison):
    row = opened(box, liaison, letters=1)
    reception = letter(row, liaison)
    with pytest.raises(RuleViolation, match="已有 1 封来信登记为接待"):
        void_opening(row, actor=liaison, reason="写错")
    void_reception(reception, actor=liaison, reason="重复")
    assert void_opening(row, actor=liaison, reason="写错").voided_at


# What the month says ---


@pytest.mark.parametrize(
    ("today", "openings", "hung_on", "words"),
    [
        ("2026-04-25", [day(3, 9)], day(1, 5), ("wait", "本月未开箱", "25 日前开箱")),
        ("2026-04-26", [day(3, 9)], day(1, 5), ("late", "本月未开箱", "应于 25 日前开箱")),
        ("2026-04-02", [day(2, 9)], day(1, 5), ("late", "逾期未开箱", "3月没有开箱")),
        ("2026-04-15", [day(4, 3), day(4, 15)], day(1, 5), ("ok", "已开箱 4.15", "来信 4 件")),
        ("2026-04-02", [], day(3, 26), ("wait", "本月未开箱", "25 日前开箱")),
        ("2026-04-30", [], day(4, 28), ("", "下月起开箱", "2026年4月28日设置")),
        ("2026-01-10", [day(12, 20, 2025)], day(1, 5, 2025), ("wait", "本月未开箱", "25 日前开箱")),
        ("2026-01-10", [], day(1, 5, 2025), ("late", "逾期未开箱", "12月没有开箱")),
    ],
)
def test_month_says_whether_the_box_was_opened(
    client, station, liaison, april, today, openings, hung_on, words
):
    box = make_box(station, hung_on=hung_on)
    for on in openings:
        MailboxOpening.objects.create(mailbox=box, opened_on=on, letter_count=2, opened_by="周观察")
    april.move_to(f"{today}T10:00:00+08:00", tick=False)
    client.force_login(liaison)
    state = client.get(LIST).context["page"].rows[0].state
    assert (state.tone, state.word, state.detail) == words


def test_void_opening_is_none(client, liaison, box):
    void_opening(opened(box, liaison, letters=3), actor=liaison, reason="写错")
    client.force_login(liaison)
    assert client.get(LIST).context["page"].rows[0].state.word == "逾期未开箱"


def test_list_is_narrowed_by_state_and_text(client, station, liaison, box):
    second = make_box(station, "广场意见箱")
    opened(second, liaison)
    client.force_login(liaison)

    def found(query):
        return [row.name for row in client.get(LIST + query).context["page"]]

    assert found("?state=todo") == ["村口意见箱"]
    assert found("?state=done") == ["广场意见箱"]
    assert found("?q=周观察") == ["村口意见箱"]
    assert found("?q=石桥镇 广场") == ["广场意见箱"]
    assert found(f"?station={station.pk}") == ["村口意见箱", "广场意见箱"]
    assert found("?state=nonsense") == []


def test_page_of_a_box_shows_its_months_and_the_gaps(client, liaison, box):
    opened(box, liaison, day(2, 3), letters=1)
    opened(box, liaison, day(4, 2))
    client.force_login(liaison)
    address = reverse("visits:mailbox_detail", args=[box.pk])
    months = client.get(address).context["months"]
    assert [(month.number, len(month.opened), bool(month.missed)) for month in months] == [
        (4, 1, False), (3, 0, True), (2, 1, False), (1, 0, True),
    ]  # fmt: skip
    assert client.get(f"{address}?year=2025").context["months"] == []


def test_opening_is_registered_on_the_page(client, observer, box):
    client.force_login(observer)
    address = reverse("visits:mailbox_open", args=[box.pk])
    typed = {"opened_on": "4.15", "letter_count": "2", "opened_by": "周观察", "handed_to": "石刚"}
    assert client.post(address, typed).status_code == 302
    assert MailboxOpening.objects.get().letter_count == 2
    again = client.post(address, typed)
    assert again.status_code == 422
    html = again.content.decode()
    assert "已登记过开箱" in html
    assert 'value="4.15"' in html


@pytest.mark.parametrize(("name", "hinted"), [("石刚代表", False), ("张无名", True)])
def test_receiver_who_is_no_deputy_of_the_township_is_a_hint(
    client, observer, box, station, name, hinted
):
    DeputyFactory(station=station, name="石刚")
    client.force_login(observer)
    address = reverse("visits:mailbox_open", args=[box.pk])
    typed = {"opened_on": "2026-4-15", "letter_count": 1, "opened_by": "周", "handed_to": name}
    html = client.post(address, typed, follow=True).content.decode()
    assert ("代表名册里没有" in html) is hinted
    assert MailboxOpening.objects.get().handed_to == name


def test_form_is_folded_away_once_the_month_is_done(client, observer, box):
    assert "再登记一次开箱" not in detail(client, observer, box)
    opened(box, observer)
    assert "再登记一次开箱" in detail(client, observer, box)


def test_bad_opening_is_refused_at_its_field(client, observer, box):
    client.force_login(observer)
    address = reverse("visits:mailbox_open", args=[box.pk])
    typed = {"opened_on": "2026-4-16", "letter_count": "-1", "opened_by": "周观察"}
    response = client.post(address, typed)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert "不能在今天之后" in errors["opened_on"][0]
    assert "不能小于 0" in errors["letter_count"][0]


def test_box_is_made_and_changed_on_its_page(client, station, liaison):
    client.force_login(liaison)
    typed = {"station": station.pk, "name": "村口意见箱", "hung_on": "2026.4.1", "keeper": "周观察"}
    client.post(reverse("visits:mailbox_new"), typed)
    box = Mailbox.objects.get()
    address = reverse("visits:mailbox_change", args=[box.pk])
    client.post(
        address, {"name": "村口意见箱", "hung_on": "2026.4.1", "place": "门口", "version": 1}
    )
    stale = client.post(address, {"name": "别的", "hung_on": "2026.4.1", "version": 1})
    assert stale.status_code == 409
    assert "您填写的" in stale.content.decode()
    box.refresh_from_db()
    assert (box.name, box.place, box.version) == ("村口意见箱", "门口", 2)


def test_box_is_hung_at_own_stations_only(client, liaison, outsider):
    other = StationFactory()
    client.force_login(liaison)
    typed = {"station": other.pk, "name": "箱", "hung_on": "2026.4.1"}
    assert client.post(reverse("visits:mailbox_new"), typed).status_code == 422


# Letters become receptions ---


def form_of(client, address, **changes):
    html = client.get(address)
    entry = html.context["entry"]
    values = {
        "key": str(entry.key),
        "station": entry.row.station_id,
        "received_on": "2026-04-15",
        "channel": "mailbox",
        "deputies": entry.picked,
        "opinions-TOTAL_FORMS": 1,
        "opinions-INITIAL_FORMS": 0,
        "opinions-0-statement": "路灯不亮",
        "opinions-0-disposal": "explained",
    }
    return values | changes


@pytest.fixture
def opening(station, box, liaison):
    DeputyFactory(station=station, name="石刚")
    return opened(box, liaison, day(4, 10), letters=2)


def test_letter_begins_with_what_the_opening_knows(client, liaison, opening):
    client.force_login(liaison)
    response = client.get(f"/visits/receptions/new/?opening={opening.pk}", follow=True)
    entry = response.context["entry"]
    assert entry.initial["received_on"] == day(4, 10)
    assert entry.initial["channel"] == "mailbox"
    assert "村口意见箱" in entry.initial["place"]
    assert [entry.deputies.get(pk=key).name for key in entry.picked] == ["石刚"]
    html = response.content.decode()
    assert f'name="opening" value="{opening.pk}"' in html
    assert "村口意见箱 4月10日开箱，第 1 封来信" in html


def test_letter_that_is_saved_belongs_to_its_opening(client, liaison, opening):
    client.force_login(liaison)
    address = f"/visits/receptions/new/?station={opening.mailbox.station_id}&opening={opening.pk}"
    typed = form_of(client, address, opening=opening.pk, save_and_next="1")
    response = client.post("/visits/receptions/new/", typed)
    reception = Reception.objects.get()
    assert reception.opening == opening
    assert f"opening={opening.pk}" in response["Location"]
    html = detail(client, liaison, opening.mailbox)
    assert "来信 2 件，已登记 1 件" in html
    assert reverse("visits:reception_detail", args=[reception.pk]) in html
    assert "登记第 2 封" in html


def test_what_comes_after_a_letter_by_itself_is_a_visit_again(client, liaison, opening):
    client.force_login(liaison)
    address = f"/visits/receptions/new/?station={opening.mailbox.station_id}&opening={opening.pk}"
    client.post(
        "/visits/receptions/new/",
        form_of(client, address, opening=opening.pk, received_on="今天", place="村口意见箱"),
    )
    letter = Reception.objects.get()
    entry = client.get("/visits/receptions/new/").context["entry"]
    assert "channel" not in entry.initial
    assert entry.initial["place"] == f"{letter.station.name}接待室"
    assert entry.picked == [row.deputy_id for row in letter.receivers.all()]
    again = client.get(f"/visits/receptions/new/?like={letter.pk}").context["entry"]
    assert (again.initial["channel"], again.initial["place"]) == ("mailbox", "村口意见箱")


def test_letters_that_wait_stand_on_the_first_page_and_in_the_list(client, liaison, opening):
    for address in ("/", LIST):
        html = page(client, liaison, address)
        assert "登记第 1 封" in html
        assert f"opening={opening.pk}" in html
    assert "2 封来信待登记 · 村口意见箱" in page(client, liaison, "/")
    assert "已登记 0/2" in page(client, liaison, LIST)
    letter(opening, liaison)
    assert "1 封来信待登记" in page(client, liaison, "/")
    assert "已登记 1/2" in page(client, liaison, LIST)
    letter(opening, liaison)
    assert "来信待登记" not in page(client, liaison, "/")
    assert "登记第" not in page(client, liaison, LIST)


def test_letters_are_not_to_do_for_who_keeps_no_register(client, observer, opening):
    for address in ("/", LIST):
        assert "登记第" not in page(client, observer, address)


def test_saving_a_letter_offers_the_next_until_there_is_none(client, liaison, opening):
    client.force_login(liaison)
    address = f"/visits/receptions/new/?station={opening.mailbox.station_id}&opening={opening.pk}"
    assert "保存并登记下一封" in client.get(address).content.decode()
    new = "/visits/receptions/new/"
    first = client.post(new, form_of(client, address, opening=opening.pk), follow=True)
    assert "还有 1 封没有登记" in first.content.decode()
    assert "保存并登记下一封" not in client.get(address).content.decode()
    typed = form_of(client, address, opening=opening.pk, save_and_next="1")
    assert "opening=" not in client.post(new, typed)["Location"]


def test_letter_that_cannot_be_saved_yet_keeps_its_opening(client, liaison, opening):
    client.force_login(liaison)
    typed = form_of(client, "/visits/receptions/new/", opening=opening.pk)
    response = client.post("/visits/receptions/new/", {**typed, "received_on": "2026-04-16"})
    assert response.status_code == 422
    assert f'name="opening" value="{opening.pk}"' in response.content.decode()


def test_draft_of_a_letter_keeps_its_opening(client, liaison, opening):
    client.force_login(liaison)
    typed = form_of(client, "/visits/receptions/new/", opening=opening.pk)
    client.post(reverse("visits:draft_keep", args=[typed["key"]]), typed)
    again = client.get(f"/visits/receptions/new/?draft={typed['key']}")
    assert f'name="opening" value="{opening.pk}"' in again.content.decode()


def test_letter_of_another_stations_box_is_not_found(client, liaison, outsider, opening):
    elsewhere = make_box(StationFactory(), "别处的箱")
    row = MailboxOpening.objects.create(mailbox=elsewhere, opened_on=day(4, 1), opened_by="某")
    client.force_login(liaison)
    assert client.get(f"/visits/receptions/new/?opening={row.pk}").status_code == 404
    typed = form_of(client, "/visits/receptions/new/", opening=row.pk)
    assert client.post("/visits/receptions/new/", typed).status_code == 404
    with pytest.raises(RuleViolation, match="别的联络站"):
        make_reception(opening.mailbox.station, actor=liaison, opening=row)
    assert not Reception.objects.exists()


def test_letter_of_a_void_opening_is_refused(client, liaison, opening):
    void_opening(opening, actor=liaison, reason="写错")
    with pytest.raises(RuleViolation, match="已经作废"):
        letter(opening, liaison)
    client.force_login(liaison)
    address = f"/visits/receptions/new/?station={opening.mailbox.station_id}&opening={opening.pk}"
    assert client.get(address).status_code == 404


def test_more_letters_registered_than_found_is_a_warning(client, liaison, opening):
    for _ in range(3):
        letter(opening, liaison)
    html = detail(client, liaison, opening.mailbox)
    assert "来信 2 件，已登记 3 件" in html
    assert "登记多于来信" in html


def test_confidential_letter_is_told_in_number_only_outside_its_station(
    client, district_officer, liaison, opening
):
    reception = letter(opening, liaison, confidential=True)
    html = detail(client, district_officer, opening.mailbox)
    assert "已登记 1 件" in html
    assert "另有 1 件您不能查看" in html
    assert reception.code not in html


# The observer ---


def test_observer_sees_the_boxes_of_the_own_station_and_nothing_of_the_register(
    client, observer, liaison, opening
):
    elsewhere = make_box(StationFactory(), "别处的箱")
    reception = letter(opening, liaison)
    html = page(client, observer, LIST)
    assert opening.mailbox.name in html
    assert elsewhere.name not in html
    assert "/visits/receptions/" not in html
    page(client, observer, reverse("visits:mailbox_detail", args=[elsewhere.pk]), status=404)
    html = detail(client, observer, opening.mailbox)
    assert "来信 2 件" in html
    assert "已登记" not in html
    assert reception.code not in html
    assert "登记第" not in html


def test_home_of_an_observer_shows_the_boxes_and_what_is_to_do(client, station, observer, box):
    second = make_box(station, "广场意见箱")
    opened(second, observer)
    html = page(client, observer, "/")
    assert html.index("村口意见箱") < html.index("广场意见箱")
    assert "逾期未开箱" in html
    assert "已开箱 4.15" in html


def test_home_of_an_observer_without_boxes_says_what_to_do(client, observer):
    assert "还没有登记意见箱" in page(client, observer, "/")


# Reminders ---


def said(user):
    notice = Notice.objects.filter(user=user).first()
    return notice.text if notice else ""


def test_digest_names_boxes_that_wait(station, liaison, observer, box, april):
    opened(box, liaison, day(3, 9))
    plan_notices()
    assert not Notice.objects.exists()
    april.move_to("2026-04-20T10:00:00+08:00", tick=False)
    plan_notices()
    for user in (liaison, observer):
        assert said(user) == "· 意见箱还没有开箱：1 个请在 25 日前开箱"


def test_digest_stops_once_the_box_is_open(liaison, observer, box, april):
    april.move_to("2026-04-26T10:00:00+08:00", tick=False)
    opened(box, observer, day(4, 26))
    plan_notices()
    assert not Notice.objects.exists()


def test_digest_is_for_the_keeper_and_the_staff(station, liaison, observer, township_officer):
    keeper = make_user(Role.OBSERVER, station, name="周观察")
    make_box(station, keeper="周观察", keeper_user=keeper)
    plan_notices()
    assert said(keeper) == "· 意见箱还没有开箱：1 个已逾期"
    assert said(liaison)
    assert not said(observer)
    assert not said(township_officer)


# Speed ---


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_query_count_does_not_grow_with_the_boxes(client, township_officer, station, box, liaison):
    client.force_login(township_officer)
    opened(box, liaison)
    before = queries(client, LIST)
    for number in range(29):
        other = StationFactory(kind="station", township=station.township)
        make_box(other, f"{number}号箱")
    assert queries(client, LIST) == before


def test_query_count_does_not_grow_with_openings_and_letters(client, liaison, box):
    letter(opened(box, liaison, day(4, 1), letters=1), liaison)
    client.force_login(liaison)
    address = reverse("visits:mailbox_detail", args=[box.pk])
    before = queries(client, address)
    for number in range(2, 12):
        letter(opened(box, liaison, day(4, number), letters=1), liaison)
    assert queries(client, address) == before


def test_query_count_of_an_observers_home_does_not_grow(client, observer, station):
    make_box(station)
    client.force_login(observer)
    before = queries(client, "/")
    for number in range(9):
        make_box(station, f"{number}号箱")
    assert queries(client, "/") == before
