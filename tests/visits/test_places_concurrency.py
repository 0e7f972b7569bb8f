"""Mailboxes, attachments and categories tried by many at once on a database server."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from common.errors import RuleViolation
from stations.models import Category, Mailbox, MailboxOpening
from stations.services.categories import add_category, move_category
from stations.services.mailboxes import record_opening, void_opening
from tests.concurrency import at_once
from tests.factories import DeputyFactory, StationFactory, make_reception, make_user
from tests.hostile import picture, upload
from visits.models import Reception
from visits.services.attachments import add_attachments

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
    ),
]
JANUARY = datetime.date(2026, 1, 5)


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def place():
    station = StationFactory()
    return station, make_user("liaison", station), DeputyFactory(station=station)


def refusals(results):
    return [result for result in results if isinstance(result, RuleViolation)]


def test_one_photo_sent_ten_times_at_once_is_one_attachment(place, own_media):
    station, liaison, deputy = place
    reception = make_reception(station, actor=liaison, deputies=[deputy])
    content = picture()
    at_once(lambda i: add_attachments(reception, [upload("甲.jpg", content)], actor=liaison), 10)
    assert reception.attachments.count() == 1
    assert len([path for path in own_media.rglob("*") if path.is_file()]) == 2


def test_an_entry_never_holds_more_than_the_limit(place, settings):
    settings.ATTACHMENTS_PER_ENTRY = 3
    station, liaison, deputy = place
    reception = make_reception(station, actor=liaison, deputies=[deputy])
    colours = ["red", "blue", "green", "black", "white", "tan", "gold", "pink"]
    files = [upload(f"{name}.jpg", picture(colour=name)) for name in colours]
    at_once(lambda i: add_attachments(reception, [files[i]], actor=liaison), len(files))
    assert reception.attachments.count() == 3


def test_a_box_is_opened_once_a_day_however_many_say_so(place):
    station, liaison, _ = place
    box = Mailbox.objects.create(station=station, name="村口意见箱", hung_on=JANUARY)
    today = timezone.localdate()
    results = at_once(
        lambda i: record_opening(
            MailboxOpening(mailbox=box, opened_on=today, opened_by="张三"), actor=liaison
        ),
        10,
    )
    assert len(refusals(results)) == 9
    assert MailboxOpening.objects.count() == 1


def test_an_opening_is_not_voided_while_its_letters_are_entered(place):
    station, liaison, deputy = place
    box = Mailbox.objects.create(station=station, name="村口意见箱", hung_on=JANUARY)
    opening = MailboxOpening.objects.create(
        mailbox=box, opened_on=datetime.date(2026, 3, 5), letter_count=1, opened_by="张三"
    )

    def act(i):
        if i == 0:
            return void_opening(opening, actor=liaison, reason="写错")
        return make_reception(station, actor=liaison, deputies=[deputy], opening=opening)

    at_once(act, 4)
    opening.refresh_from_db()
    assert bool(opening.voided_at) != Reception.objects.filter(opening=opening).exists()


def test_categories_added_and_moved_at_once_keep_one_order():
    district = Category.objects.get(name="其他", parent=None)
    actor = make_user("district_officer", StationFactory().township)
    results = at_once(lambda i: add_category("文体", actor=actor), 8)
    assert len(refusals(results)) == 7
    at_once(lambda i: move_category(district, up=bool(i % 2), actor=actor), 8)
    positions = list(Category.objects.filter(parent=None).values_list("position", flat=True))
    assert sorted(positions) == list(range(len(positions)))
