import datetime
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from common import audit
from common.errors import RuleViolation
from tests.factories import DeputyFactory, make_reception, make_user
from tests.hostile import office, opened, pdf, photo_with_place, picture, upload
from visits.models import Activity, Assistance, Attachment
from visits.services import void_reception
from visits.services.attachments import add_attachments, remove_attachment, sweep_attachments

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def reception(station, liaison):
    return make_reception(station, actor=liaison)


def photo(name="现场.jpg", colour="red"):
    return upload(name, picture(colour=colour))


def add(entry, actor, *files):
    return add_attachments(entry, files or [photo()], actor=actor)


def attached(entry, actor, file=None):
    return add(entry, actor, file or photo()).rows[0]


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_photo_is_kept_as_our_own_picture_under_a_random_name(reception, liaison, own_media):
    row = attached(reception, liaison, upload("张三家门口.jpg", photo_with_place()))
    assert row.kind == "photo"
    assert row.name == "张三家门口.jpg"
    assert opened(row.file).size == (48, 64)
    assert not opened(row.file).getexif()
    assert len(files_in(own_media)) == 2
    assert not any("张三" in name for name in files_in(own_media))


def test_good_files_are_kept_and_the_bad_one_named(reception, liaison):
    added = add(reception, liaison, photo(), upload("坏的.svg", b"<svg/>"), upload("函.pdf", pdf()))
    assert [row.name for row in added.rows] == ["现场.jpg", "函.pdf"]
    assert len(added.refused) == 1
    assert "“坏的.svg”" in added.refused[0]


def test_same_file_twice_is_attached_once(reception, liaison):
    added = add(reception, liaison, photo("甲.jpg"), photo("乙.jpg"))
    assert [row.name for row in added.rows] == ["甲.jpg"]
    assert added.known == ["乙.jpg"]
    assert add(reception, liaison).known == ["现场.jpg"]
    assert reception.attachments.count() == 1


def test_file_that_was_removed_may_come_again(reception, liaison):
    remove_attachment(attached(reception, liaison), actor=liaison)
    assert add(reception, liaison).rows


def test_more_files_than_an_entry_holds_are_refused_by_name(reception, liaison, settings):
    settings.ATTACHMENTS_PER_ENTRY = 2
    added = add(
        reception, liaison, *(photo(f"{name}.jpg", name) for name in ("red", "blue", "tan"))
    )
    assert len(added.rows) == 2
    assert added.refused == ["“tan.jpg”没有上传，一条登记最多 2 个附件。"]


def test_adding_and_removing_stand_in_the_history(reception, liaison):
    add(reception, liaison, photo(), upload("函.pdf", pdf()))
    remove_attachment(reception.attachments.first(), actor=liaison)
    lines = audit.history_of(reception)
    assert [(line.note, line.changes) for line in lines[:2]] == [
        ("移除附件", {"附件": ["现场.jpg", ""]}),
        ("增加附件", {"附件": ["", "现场.jpg、函.pdf"]}),
    ]


def test_files_are_deleted_when_the_transaction_fails(reception, liaison, own_media, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", full)
    with pytest.raises(OSError, match="disk full"):
        add(reception, liaison)
    assert files_in(own_media) == []
    assert not Attachment.objects.exists()


def test_only_who_may_change_the_entry_attaches_and_removes(
    reception, liaison, district_officer, observer, outsider, deputy
):
    row = attached(reception, liaison)
    for user in (district_officer, observer, outsider, deputy.user):
        with pytest.raises(PermissionDenied):
            add(reception, user)
        with pytest.raises(PermissionDenied):
            remove_attachment(row, actor=user)


def test_nothing_is_attached_to_or_taken_from_a_void_entry(reception, liaison):
    row = attached(reception, liaison)
    reception = void_reception(reception, actor=liaison, reason="重复")
    with pytest.raises(RuleViolation, match="已经作废"):
        add(reception, liaison, photo("二.jpg", "blue"))
    with pytest.raises(RuleViolation, match="已经作废"):
        remove_attachment(row, actor=liaison)


def test_removing_twice_and_choosing_nothing_are_refused_in_words(reception, liaison):
    row = attached(reception, liaison)
    remove_attachment(row, actor=liaison)
    with pytest.raises(RuleViolation, match="已经移除"):
        remove_attachment(row, actor=liaison)
    with pytest.raises(RuleViolation, match="请先选择"):
        add_attachments(reception, [], actor=liaison)


def test_removed_file_is_deleted_after_thirty_days_and_its_row_stays(
    reception, liaison, own_media, time_machine
):
    time_machine.move_to("2026-04-01T10:00:00+08:00", tick=False)
    kept, gone = add(reception, liaison, photo(), photo("二.jpg", "blue")).rows
    remove_attachment(gone, actor=liaison)
    time_machine.move_to("2026-04-30T10:00:00+08:00", tick=False)
    assert sweep_attachments() == 0
    assert len(files_in(own_media)) == 4
    time_machine.move_to("2026-05-02T10:00:00+08:00", tick=False)
    assert sweep_attachments() == 1
    assert sweep_attachments() == 0
    assert len(files_in(own_media)) == 2
    assert opened(Attachment.objects.get(pk=kept.pk).file).format == "JPEG"
    assert Attachment.objects.get(pk=gone.pk).name == "二.jpg"


def test_the_other_registers_hold_attachments_too(station, liaison, outsider):
    day = datetime.date(2026, 3, 5)
    deed = Assistance.objects.create(
        station=station, year=2026, number=1, helped_on=day, deed="修灯", deputy_names="石刚"
    )
    meeting = Activity.objects.create(
        station=station, year=2026, number=1, held_on=day, topic="视察河道"
    )
    for entry in (deed, meeting):
        row = attached(entry, liaison)
        assert row.entry == entry
        assert Attachment.objects.visible_to(liaison).filter(pk=row.pk).exists()
        assert not Attachment.objects.visible_to(outsider).filter(pk=row.pk).exists()


# The pages ---


def post(client, reception, **files):
    address = reverse("visits:attachment_add", args=["reception", reception.pk])
    return client.post(address, files, follow=True).content.decode()


def test_uploading_names_what_was_not_taken(client, reception, liaison):
    client.force_login(liaison)
    html = post(
        client,
        reception,
        files=[photo(), upload("脚本.html", b"<html>")],
        camera=photo("拍.jpg", "blue"),
    )
    assert "已上传 2 个附件。" in html
    assert "“脚本.html”不是照片" in html
    assert html.count('class="photo"') == 2


def test_uploading_nothing_says_so(client, reception, liaison):
    client.force_login(liaison)
    assert "请先选择照片或文件" in post(client, reception)


def test_photo_is_shown_with_a_fixed_type_and_never_guessed_at(client, reception, liaison):
    row = attached(reception, liaison, upload("现场.png", picture(kind="PNG")))
    client.force_login(liaison)
    response = client.get(reverse("visits:attachment_open", args=[row.pk]))
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline")
    small = client.get(reverse("visits:attachment_thumbnail", args=[row.pk]))
    assert small["Content-Type"] == "image/jpeg"
    for shown in (response, small):
        assert {"private", "no-store"} <= set(shown["Cache-Control"].split(", "))


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (pdf(), "整改通知.pdf", "application/pdf"),
        (office(), "会议纪要.docx", "wordprocessingml"),
        (office("xl/workbook.xml"), "名单.xlsx", "spreadsheetml"),
    ],
)
def test_paper_is_only_given_out_to_be_saved(client, reception, liaison, content, name, kind):
    row = attached(reception, liaison, upload(name, content))
    client.force_login(liaison)
    response = client.get(reverse("visits:attachment_open", args=[row.pk]))
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(name)}"
    assert kind in response["Content-Type"]
    assert b"".join(response.streaming_content) == content
    assert client.get(reverse("visits:attachment_thumbnail", args=[row.pk])).status_code == 404


def test_photos_of_a_confidential_visit_stay_at_its_station(
    client, station, liaison, district_officer, township_officer
):
    deputy = DeputyFactory(station=station, user=make_user(Role.DEPUTY, station))
    secret = make_reception(station, actor=liaison, confidential=True, deputies=[deputy])
    row = attached(secret, liaison)
    address = reverse("visits:attachment_open", args=[row.pk])
    for user, status in (
        (liaison, 200), (deputy.user, 200), (township_officer, 404), (district_officer, 404),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(address).status_code == status


def test_deputy_of_the_visit_looks_but_does_not_add(client, station, liaison):
    deputy = DeputyFactory(station=station, user=make_user(Role.DEPUTY, station))
    row = attached(make_reception(station, actor=liaison, deputies=[deputy]), liaison)
    client.force_login(deputy.user)
    html = client.get(reverse("visits:reception_detail", args=[row.reception_id])).content.decode()
    assert reverse("visits:attachment_thumbnail", args=[row.pk]) in html
    assert 'type="file"' not in html
    assert "移除" not in html


def test_removed_attachment_is_gone_for_everybody(client, reception, liaison):
    row = attached(reception, liaison)
    client.force_login(liaison)
    client.post(reverse("visits:attachment_remove", args=[row.pk]))
    for name in ("attachment_open", "attachment_thumbnail"):
        assert client.get(reverse(f"visits:{name}", args=[row.pk])).status_code == 404


def test_file_missing_on_disk_is_not_found(client, reception, liaison):
    row = attached(reception, liaison)
    row.file.storage.delete(row.file.name)
    client.force_login(liaison)
    assert client.get(reverse("visits:attachment_open", args=[row.pk])).status_code == 404


def test_unknown_register_is_not_found(client, reception, liaison):
    client.force_login(liaison)
    address = reverse("visits:attachment_add", args=["opinion", reception.pk])
    assert client.post(address).status_code == 404


def test_page_of_an_entry_asks_as_much_with_many_files_as_with_one(client, reception, liaison):
    def queries():
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    address = reverse("visits:reception_detail", args=[reception.pk])
    client.force_login(liaison)
    add(reception, liaison, photo(), upload("一.pdf", pdf()))
    before = queries()
    for number in range(9):
        add(reception, liaison, photo(f"{number}.jpg", f"#00{number}"),
            upload(f"{number}.pdf", pdf(str(number).encode())))  # fmt: skip
    assert queries() == before
