import pytest

from common.files import FileRefused, accept, plain_name
from tests.hostile import (
    archive_of,
    office,
    opened,
    pdf,
    photo_with_place,
    picture,
    png_header,
    upload,
)


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_photo_comes_out_as_our_own_jpeg(kind, ending):
    taken = accept(upload(f"现场.{ending}", picture(kind=kind)))
    assert taken.is_photo
    assert taken.name == "现场.jpg"
    assert opened(taken.content).format == "JPEG"
    assert opened(taken.content).size == (64, 48)


def test_photo_is_turned_upright_and_no_longer_says_where_it_was_taken():
    taken = accept(upload("IMG_1.jpg", photo_with_place()))
    shown = opened(taken.content)
    assert shown.size == (48, 64)
    assert not shown.getexif()
    assert b"Exif" not in shown.fp.getvalue()
    assert b"Exif" not in opened(taken.thumbnail).fp.getvalue()


def test_large_photo_is_made_smaller_and_gets_a_thumbnail():
    taken = accept(upload("大.jpg", picture((4000, 3000))))
    assert opened(taken.content).size == (2560, 1920)
    assert opened(taken.thumbnail).size == (320, 240)


@pytest.mark.parametrize(
    ("mode", "colour"), [("RGBA", (0, 0, 0, 0)), ("LA", (0, 0)), ("P", 0), ("L", 128), ("I;16", 9)]
)
def test_pictures_of_other_colour_spaces_are_taken(mode, colour):
    shown = opened(accept(upload("图.png", picture(kind="PNG", mode=mode, colour=colour))).content)
    assert shown.mode == "RGB"


def test_what_is_transparent_becomes_white_paper():
    clear = picture(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0))
    assert opened(accept(upload("章.png", clear)).content).getpixel((5, 5)) == (255, 255, 255)


def test_photo_in_cmyk_of_a_printer_is_taken():
    assert opened(accept(upload("印.jpg", picture(mode="CMYK", colour=0))).content).mode == "RGB"


def test_what_hides_behind_a_photo_is_left_behind():
    both = picture() + b"<script>alert(1)</script>" + archive_of("evil.js")
    taken = accept(upload("两样.jpg", both))
    taken.content.seek(0)
    stored = taken.content.read()
    assert b"script" not in stored
    assert b"evil" not in stored


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [
        ("通知.pdf", pdf(), ".pdf"),
        ("纪要.docx", office(), ".docx"),
        ("名单.xlsx", office("xl/workbook.xml"), ".xlsx"),
        ("改了名的.docx", pdf(), ".pdf"),
        ("没有后缀", pdf(), ".pdf"),
    ],
)
def test_paper_is_told_by_its_content_and_kept_as_it_came(name, content, ending):
    taken = accept(upload(name, content))
    assert not taken.is_photo
    assert taken.ending == ending
    assert taken.name.endswith(ending)
    taken.content.seek(0)
    assert taken.content.read() == content


def test_the_same_file_has_the_same_digest_under_another_name():
    content = picture()
    assert accept(upload("甲.jpg", content)).digest == accept(upload("乙.png", content)).digest


REFUSED = [
    (b"", "是空的"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "不是照片"),
    (b"<!doctype html><script>alert(1)</script>", "不是照片"),
    (b"MZ\x90\x00" + b"\0" * 200, "不是照片"),
    (picture(kind="GIF"), "不是照片"),
    (picture(kind="BMP"), "不是照片"),
    (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
    (picture((600, 400))[:-900], "读不出来"),
    (picture(kind="PNG")[:60], "读不出来"),
    (b"\xff\xd8\xff\xe0" + b"<html>" * 50, "读不出来"),
    (png_header(8000, 6000), "像素太多"),
    (png_header(60_000, 60_000), "像素太多"),
    (png_header(800, 600), "读不出来"),
    (pdf()[:-8], "不完整"),
    (pdf() + archive_of(), "夹带"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式"),
    (office()[:-30], "打不开"),
    (archive_of(), "压缩包"),
    (office(extra=[("word/vbaProject.bin", "x")]), "宏"),
    (office(extra=[("WORD/VBAPROJECT.BIN", "x")]), "宏"),
    (office("xl/workbook.xml", [("xl/macrosheets/sheet1.xml", "x")]), "宏"),
    (office(types=b'<Types><O ContentType="ms-word.document.macroEnabled"/></Types>'), "宏"),
    (office(extra=[("word/media/a", b"\0" * 30_000_000)]), "展开后太大"),
    (archive_of("first.html") + office(), "夹带"),
    (office(comment=b"<script>"), "夹带"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_hostile_file_is_refused_by_name_and_with_the_reason(content, reason):
    with pytest.raises(FileRefused) as refusal:
        accept(upload("附件.jpg", content))
    assert "“附件.jpg”" in str(refusal.value)
    assert reason in str(refusal.value)


def test_file_over_the_limit_is_refused_before_it_is_read(settings):
    settings.PHOTO_BYTES, settings.PAPER_BYTES = 300, 100
    for content in (picture((200, 200)), pdf(b" " * 200), office()):
        with pytest.raises(FileRefused, match="太大"):
            accept(upload("大文件", content))


def test_two_parts_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = office(extra=[("word/document.xml", "<other/>")])
    with pytest.raises(FileRefused, match="夹带"):
        accept(upload("两份.docx", twice))


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        (r"C:\桌面\现场 照片.JPG", "现场 照片.JPG"),
        ("../../etc/passwd", "passwd"),
        ("报告\u202egpj.exe", "报告gpj.exe"),
        ("a\nb\x00c.pdf", "a bc.pdf"),
        ("长" * 200 + ".docx", "长" * 95 + ".docx"),
        ("", "文件"),
        ("..", "文件"),
    ],
)
def test_name_is_shown_without_folders_and_tricks(name, plain):
    assert plain_name(name) == plain
