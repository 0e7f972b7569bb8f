import pytest

from common.sheets.titles import read_titles, year_from_filename


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("代表来访接待登记簿-石桥镇-2025.xlsx", 2025),
        ("代表来访接待登记簿(2025年).xls", 2025),
        ("2025年度登记簿.csv", 2025),
        ("登记簿2025-03.xlsx", 2025),
        ("二〇二五年登记簿.xlsx", 2025),
        ("20260105导出-2025年登记簿.xlsx", 2025),
        ("登记簿２０２５年.xlsx", 2025),
        ("/data/2019/登记簿-2025.xlsx", 2025),
        ("登记簿.xlsx", None),
        ("2024年与2025年登记簿.xlsx", None),
        ("登记簿-13800202512.xlsx", None),
    ],
)
def test_a_file_name_tells_its_year_or_none(name, year):
    assert year_from_filename(name) == year


def test_labelled_values_are_found_in_one_cell_and_in_the_next():
    facts = read_titles(
        [
            ["代表来访接待登记簿"],
            ["联络站:石桥镇中心联络站    年度:2025年"],
            ["填表单位：柳河镇中心联络站", None, "填表日期:", "2025.12.31"],
            ["填 报 人：", "张三"],
            [None],
        ],
        "来访接待",
    )
    assert facts.label_values == {
        "联络站": "石桥镇中心联络站",
        "年度": "2025年",
        "填表单位": "柳河镇中心联络站",
        "填表日期": "2025.12.31",
        "填报人": "张三",
    }
    assert facts.lines[0] == "代表来访接待登记簿"
    assert len(facts.lines) == 4


def test_a_label_after_other_words_is_found():
    facts = read_titles([["临溪区人大常委会代表工作委员会    年度:2025年"]], "台账")
    assert facts.label_values == {"年度": "2025年"}


@pytest.mark.parametrize(
    ("lines", "sheet", "year"),
    [
        (["登记簿(2025年)"], "来访", 2025),
        (["年度:2025年", "打印于2026年1月"], "来访", 2025),
        (["登记簿"], "2025年3月", 2025),
        (["登记簿"], "3月", None),
        (["登记簿(2024年、2025年)"], "来访", None),
        (["登记簿（二〇二五年）"], "来访", 2025),
        (["登记簿(2025年)", "填表日期:2026年1月5日"], "来访", 2025),
        (["填表日期:2026年1月5日"], "来访", None),
    ],
)
def test_the_year_comes_from_the_title_and_never_from_the_day_of_filling_in(lines, sheet, year):
    assert read_titles([[line] for line in lines], sheet).year == year
