import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets.cells import PersonRef, normalise_name, parse_names


def names(raw, known=()):
    return [person.name for person in parse_names(raw, known=known).people]


@pytest.mark.parametrize(
    "separator",
    [
        "、",
        "，",
        ",",
        "；",
        ";",
        "/",
        "／",
        " ",
        "\u3000",
        "\n",
        "\r\n",
        "\t",
        "|",
        "和",
        "及",
        " 和 ",
        "、\n",
    ],
)
def test_names_are_split_at_every_separator(separator):
    assert names(f"钟静{separator}向才{separator}李建国") == ["钟静", "向才", "李建国"]


@pytest.mark.parametrize("raw", ["张　三", "张 三", " 张\u3000\u3000三 "])
def test_a_padded_name_of_two_characters_is_one_name(raw):
    assert names(raw) == ["张三"]


def test_padded_names_stand_beside_others():
    assert names("张　三、李　四") == ["张三", "李四"]
    assert names("张　三 李　四") == ["张三", "李四"]
    assert names("李建国 张　三") == ["李建国", "张三"]
    assert names("诸 葛 亮") == ["诸葛亮"]
    assert names("欧阳 锋") == ["欧阳锋"]


def test_two_whole_names_with_a_space_stay_two():
    assert names("冯文 钟静") == ["冯文", "钟静"]


@pytest.mark.parametrize("name", ["郑和", "李和平", "孔奇和", "和平", "和珅", "及文", "司马和"])
def test_a_joiner_that_is_part_of_a_name_does_not_split_it(name):
    assert names(name) == [name]


def test_a_joiner_beside_a_name_that_contains_it():
    assert names("范和、李平") == ["范和", "李平"]
    assert names("张和平和李四") == ["张和平", "李四"]
    assert names("孔奇和、武萍") == ["孔奇和", "武萍"]


def test_known_names_decide_where_to_split():
    assert names("欧阳和平和张三", known={"欧阳和平", "张三"}) == ["欧阳和平", "张三"]
    assert names("司马和平安", known=["司马和平安"]) == ["司马和平安"]
    assert names("司马和平安") == ["司马", "平安"]
    assert names("李四 欧 阳和平", known=["李四", "欧阳和平"])[0] == "李四"


def test_others_are_counted_beyond_those_named():
    assert parse_names("张三等3人").more == 2
    assert parse_names("张三等三人").more == 2
    assert parse_names("张三、李四等五名代表").more == 3
    assert parse_names("高榕玉等2人").people == (PersonRef("高榕玉"),)
    assert parse_names("张三、李四等2人").more == 0


def test_others_without_a_number_are_only_marked():
    found = parse_names("黄广等")
    assert (names("黄广等"), found.more, found.and_others) == (["黄广"], 0, True)
    assert parse_names("黄广").and_others is False


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        ("(市)张三", [("张三", "市")]),
        ("（市）张三", [("张三", "市")]),
        ("张三（镇代表）", [("张三", "镇代表")]),
        ("张三(镇代表)、李四", [("张三", "镇代表"), ("李四", "")]),
        ("(市)张三 李四", [("张三", "市"), ("李四", "")]),
        ("张三（市、区代表）和李四", [("张三", "市、区代表"), ("李四", "")]),
        ("张三（市）李四（区）", [("张三", "市"), ("李四", "区")]),
        (
            "市代表：张三、李四；镇代表：王五",
            [("张三", "市代表"), ("李四", "市代表"), ("王五", "镇代表")],
        ),
        ("张三(", [("张三", "")]),
    ],
)
def test_brackets_and_labels_are_hints(raw, people):
    assert [(person.name, person.hint) for person in parse_names(raw).people] == people


@pytest.mark.parametrize("dot", "·•・‧∙．.")
def test_every_name_dot_becomes_the_same(dot):
    assert names(f"阿依古丽{dot}买买提、李四") == ["阿依古丽·买买提", "李四"]
    assert normalise_name(f"阿依古丽 {dot} 买买提") == "阿依古丽·买买提"


def test_rare_characters_are_kept():
    assert names("𠮷田、㐀三") == ["𠮷田", "㐀三"]


def test_numbering_and_forms_of_address_are_no_part_of_a_name():
    assert names("1.张三 2.李四") == ["张三", "李四"]
    assert names("1、张三\n2、李四") == ["张三", "李四"]
    assert names("张三同志、李四代表") == ["张三", "李四"]


def test_latin_names_keep_their_space():
    assert names("John Smith、张三") == ["John Smith", "张三"]


@pytest.mark.parametrize("raw", [None, "", " ", "/", "无", "、、"])
def test_a_blank_cell_names_nobody(raw):
    assert parse_names(raw).people == ()


def test_full_width_letters_and_spaces_are_folded():
    assert normalise_name(" 张　三 ") == "张三"
    assert normalise_name("Ａ１张三") == "A1张三"


NAME = st.text(alphabet="赵钱孙李周吴郑王静才文建国明芳", min_size=2, max_size=4)
SEPARATOR = st.sampled_from(["、", "，", ",", "；", "/", " ", "\u3000", "\n", "和", "及", "、 "])


@given(st.lists(NAME, min_size=1, max_size=6), SEPARATOR)
def test_any_names_with_any_separator_read_back(people, separator):
    assert names(separator.join(people)) == people


@given(st.lists(NAME, min_size=1, max_size=4), st.integers(0, 30))
def test_any_number_of_others_reads_back(people, more):
    found = parse_names(f"{'、'.join(people)}等{len(people) + more}人")
    assert [person.name for person in found.people] == people
    assert found.more == more


@given(st.one_of(st.text(), st.text(alphabet="张三李四和及、 ()（）等3人:·\n"), st.floats()))
def test_no_cell_makes_the_reading_fail(raw):
    for person in parse_names(raw, known={"张三", "李四和"}).people:
        assert person.name
        assert person.name == normalise_name(person.name)
