"""What is written into a suggestion: text that can be read, and no word of who came."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import RuleViolation
from suggestions import services
from suggestions.forms.letters import SendForm
from suggestions.models import Suggestion
from suggestions.services import describe
from tests.factories import make_reception
from tests.hostile import picture
from tests.suggestions.making import drafted, make_scene, share_of, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


def begun(scene, said, **visit) -> dict:
    entry = make_reception(
        scene.station, actor=scene.liaison, deputies=[scene.lead],
        opinions=[{"statement": said}], **visit,
    )  # fmt: skip
    return describe.from_opinions(list(entry.opinions.all()))


@pytest.mark.parametrize("name", ["王建国", "王 建国", "王　建国"])
@pytest.mark.parametrize("written", ["王建国", "王 建国", "王　建 国"])
def test_the_visitor_is_not_named_however_the_name_is_spaced(scene, name, written):
    found = begun(scene, f"{written}说建国路的路灯不亮", visitor_name=name)
    assert found["content"] == "来访人说建国路的路灯不亮"


def test_of_several_visitors_none_is_named(scene):
    found = begun(scene, "张三丰、李四说路灯不亮", visitor_name="张三丰 李四")
    assert found["content"] == "来访人、来访人说路灯不亮"


@pytest.mark.parametrize(
    "number",
    ["13800135678", "138 0013 5678", "138-0013-5678", "138·0013·5678", "１３８００１３５６７８",
     "0571-8765 4321", "33010619800101123X"],
)  # fmt: skip
def test_no_number_of_a_person_is_left(scene, number):
    found = begun(scene, f"路灯不亮，请打{number}联系")
    assert found["content"] == "路灯不亮，请打（号码略）联系"


@pytest.mark.parametrize("home", ["3幢2单元502室", "5组23号", "石桥村 8 号院"])
def test_where_the_visitor_lives_is_left_out(scene, home):
    found = begun(scene, f"住在{home}，门前路灯不亮", address="石桥村8号院")
    assert "502" not in found["content"]
    assert "23号" not in found["content"]
    assert "8" not in found["content"]
    assert "门前路灯不亮" in found["content"]


def test_what_the_matter_is_about_stays(scene):
    said = "3号楼电梯坏了，2026-03-05 以来修了12次，花了 15000000 元。"
    assert begun(scene, said)["content"] == said


class TestText:
    @pytest.mark.parametrize("nothing", ["\u200b\u200b", "\u3000\u2060", "\u3164\ufe0f", "\u2800"])
    @pytest.mark.parametrize("field", ["title", "content"])
    def test_what_nobody_can_see_is_no_text(self, scene, field, nothing):
        with pytest.raises(RuleViolation, match="请填写"):
            drafted(scene, **{field: nothing})

    def test_a_content_has_an_end(self, scene):
        drafted(scene, content="路" * 20_000)
        with pytest.raises(RuleViolation, match="最多 20000 字，现在有 20001 字"):
            drafted(scene, content="路" * 20_001)

    def test_who_did_not_sign_is_not_found_by_name(self, scene):
        row = drafted(scene, signers=[scene.second])
        services.invite_signers(row, actor=scene.lead.user)
        assert Suggestion.objects.matching("邵腾绍").exists()
        services.answer_invitation(row, actor=scene.second.user, agrees=False)
        assert not Suggestion.objects.matching("邵腾绍").exists()


def test_a_picture_is_no_letter(scene):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    form = SendForm(
        {"seen": "1", "result_class": "A"},
        {"file": SimpleUploadedFile("答复函.png", picture(kind="PNG"), "image/png")},
        suggestion=row, user=scene.police, share=share, shares=[share],
    )  # fmt: skip
    assert not form.is_valid()
    assert form.errors["file"] == ["答复函请上传 PDF 或 Word（.docx）文件。"]
