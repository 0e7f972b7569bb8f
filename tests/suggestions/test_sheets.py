"""What the lines of a 办理台账 become: history as far as it goes, or an error by its cell."""

from datetime import date

import pytest

from accounts.actors import SYSTEM
from accounts.roles import Role
from accounts.services import plan_notices
from common.errors import RuleViolation
from common.importing.services import check_sheet, import_sheet
from common.sheets.cells import CellError
from common.sheets.workbook import SheetFileError
from stations.models import Unit
from suggestions.choices import Duty, Limit, Part, State
from suggestions.models import Deadline, NumberSeries, Session, Suggestion
from suggestions.rules.ledger import lacks_redo
from suggestions.sheets import cells
from tests.factories import make_user
from tests.suggestions.ledgers import ASSIGNED, RAISED, RATED, REPLIED, ledger, ledger_scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _april(time_machine):
    time_machine.move_to("2026-04-01T10:00:00+08:00", tick=False)


@pytest.fixture
def scene():
    return ledger_scene()


def taken(content, actor=SYSTEM, **options):
    return import_sheet("suggestions", content, "台账.xlsx", actor=actor, **options)


def errors(*entries, actor=SYSTEM, **sheet):
    """{column: message} of what is wrong with these lines."""
    outcome = check_sheet("suggestions", ledger(*entries, **sheet), "台账.xlsx", actor=actor)
    return {one["column"]: one["message"] for one in outcome.as_json()["errors"]}


def warnings(*entries):
    outcome = check_sheet("suggestions", ledger(*entries), "台账.xlsx", actor=SYSTEM)
    assert outcome.rejected == 0
    return {one["column"]: one["message"] for one in outcome.as_json()["warnings"]}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("001", ("session", 1)), (1.0, ("session", 1)), ("第003号", ("session", 3)),
        ("闭会001", ("between", 1)), ("闭会第012号", ("between", 12)),
        ("大会第7号", ("session", 7)), ("第　００３　号", ("session", 3)),
        ("临00012", ("between", None)),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text, read):
    assert cells.number(text, None) == read


@pytest.mark.parametrize("text", ["000", "A1", "第号", "闭会"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(CellError):
        cells.number(text, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A", "A"), ("a类", "A"), ("Ｂ", "B"), ("C类", "C"), ("A（已解决）", "A"), ("已解决", "A"),
        ("基本解决", "A"), ("正在解决", "B"), ("列入规划", "B"), ("因条件限制待以后解决", "C"),
        ("留作参考", "D"), ("", ""), ("/", ""),
    ],
)  # fmt: skip
def test_a_result_class_is_read_from_its_letter_or_its_words(text, code):
    assert cells.result(text, None) == code


@pytest.mark.parametrize("text", ["未解决", "E", "好"])
def test_a_result_that_fits_no_class_is_refused(text):
    with pytest.raises(CellError):
        cells.result(text, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("满 意", "satisfied"), ("很满意", "satisfied"), ("√", "satisfied"), ("一般", "mostly"),
        ("不满意", "unsatisfied"), (None, "unrated"),
    ],
)  # fmt: skip
def test_a_rating_is_read_in_the_words_offices_use(text, said):
    assert cells.rating(text, None) == said


@pytest.mark.parametrize(
    "text", ["第五届第四次会议", "五届四次", "第5届人大第4次会议", "第五届人民代表大会第四次会议"]
)
def test_a_meeting_is_read_however_it_is_written(text):
    assert cells.session(text, None) == (5, 4)


def test_a_rated_line_is_a_closed_suggestion_with_its_history(scene):
    taken(ledger({**RATED, "附议代表": "上官秀兰（百花村联络站）"}), scene.office)
    row = Suggestion.objects.get()
    assert (row.code, row.state, str(row.session)) == ("第001号", State.CLOSED, "第五届第四次会议")
    assert (row.lead, row.station) == (scene.lead, scene.first)
    assert [one.deputy for one in row.joint] == [scene.here]
    share = row.handlings.get()
    assert (share.unit, share.duty, share.state) == (scene.police, Duty.SOLE, Part.RATED)
    reply = share.reply
    assert (reply.document_no, reply.result_class) == ("临公安函〔2025〕1号", "A")
    assert reply.released_on == row.replied_on == date(2025, 4, 9)
    rating = reply.rating
    assert (rating.attitude, rating.outcome, rating.source) == ("satisfied", "mostly", "sheet")
    assert share.contacts.get().said == "据台账，台账没有写明日期和方式"
    told = [(one.act, one.on.isoformat(), one.actor_role) for one in row.steps.all()]
    assert told == [
        ("import", "2026-04-01", "据台账"),
        ("submit", "2025-01-20", "据台账"),
        ("assign", "2025-01-26", "据台账"),
        ("release", "2025-04-09", "据台账"),
        ("rate", "2025-04-09", "据台账"),
    ]


def test_the_day_of_the_sheet_is_kept_even_where_ours_would_be_another(scene):
    taken(ledger({**RATED, "办理期限": "2025-4-1"}))
    clock = Deadline.objects.get(limit=Limit.REPLY)
    assert (clock.due_on, clock.by_sheet) == (date(2025, 4, 1), True)
    assert (clock.explanation, clock.met_on) == ("据台账", date(2025, 4, 9))  # eight days late


def test_without_a_day_in_the_sheet_our_own_times_hold(scene):
    taken(ledger({**ASSIGNED, "办理期限": None}))
    clock = Deadline.objects.get(limit=Limit.REPLY)
    # three months from 26 January; 26 April 2025 is a Saturday, and the 27th a day of work
    assert (clock.starts_on, clock.by_sheet, clock.is_open) == (date(2025, 1, 26), False, True)
    assert clock.due_on in (date(2025, 4, 27), date(2025, 4, 28))


def test_how_far_a_line_has_come_is_where_the_suggestion_stands(scene):
    lines = [
        {**RAISED, "建议编号": "001"},
        {**ASSIGNED, "建议编号": "002"},
        {**REPLIED, "建议编号": "003", "答复日期": "2026-3-30", "办理期限": "2026-4-27"},
        {**REPLIED, "建议编号": "004"},
        {**RATED, "建议编号": "005"},
        {**RATED, "建议编号": "006", "对办理结果": "不满意"},
    ]
    taken(ledger(*lines))
    rows = {one.number: one for one in Suggestion.objects.all()}
    assert [rows[number].state for number in range(1, 7)] == [
        "accepted", "handling", "replied", "closed", "closed", "closed",
    ]  # fmt: skip
    assert [one.limit for one in rows[1].deadlines.open()] == ["assign"]
    assert "reply" in [one.limit for one in rows[2].deadlines.open()]
    assert [one.limit for one in rows[3].deadlines.open()] == ["rate"]
    lapsed = rows[4].handlings.get().reply.rating
    assert (lapsed.outcome, lapsed.source) == ("unrated", "lapsed")
    assert [lacks_redo(rows[number]) for number in (5, 6)] == [False, True]
    assert "台账没有重办记录" in rows[6].steps.latest("pk").note


def test_a_lead_unit_and_its_helpers_share_the_clock_of_the_sheet(scene):
    taken(ledger({**ASSIGNED, "协办单位": "区水务局、区教育局"}))
    row = Suggestion.objects.get()
    assert [(one.unit.name, one.duty) for one in row.handlings.all()] == [
        ("区公安分局", "lead"), ("区水务局", "assist"), ("区教育局", "assist"),
    ]  # fmt: skip
    assert not Unit.objects.get(name="区水务局").confirmed
    clocks = row.deadlines.filter(by_sheet=True)
    assert {one.due_on for one in clocks} == {date(2025, 4, 27)}
    assert sorted(one.limit for one in clocks) == ["assist", "assist", "reply"]


def test_several_units_that_each_answer_are_told_apart_by_semicolons(scene):
    line = {**RATED, "主办单位": "区公安分局、区城管局", "答复日期": "2025-4-9；2025-5-6",
            "结果类别": "A；B"}  # fmt: skip
    taken(ledger(line))
    shares = Suggestion.objects.get().handlings.all()
    assert [(one.duty, one.reply.result_class, one.reply.released_on.month) for one in shares] == [
        ("separate", "A", 4), ("separate", "B", 5),
    ]  # fmt: skip


def test_a_name_that_two_people_bear_is_an_error_until_one_is_chosen(scene):
    told = errors(
        {**RAISED, "领衔代表": "上官秀兰"},
        {**RAISED, "建议编号": "002", "附议代表": "上官秀兰"},
    )
    assert set(told) == {"领衔代表", "附议代表"}
    assert "“上官秀兰”有 2 位" in told["领衔代表"]
    assert "上官秀兰（百花村联络站）" in told["领衔代表"]
    assert "上官秀兰（青山村联络站）" in told["领衔代表"]
    chosen = [("001", "青山村联络站"), ("002", "石桥镇")]
    taken(
        ledger(
            *({**RAISED, "建议编号": n, "领衔代表": f"上官秀兰（{hint}）"} for n, hint in chosen)
        )
    )
    leads = [one.lead for one in Suggestion.objects.order_by("number")]
    assert leads == [scene.there, scene.here]


def test_rules_of_entry_only_warn_of_history(scene):
    told = warnings({**RATED, "类型": "议案", "建议编号": "闭会001"})
    assert "议案" in told["类型"]
    assert taken(ledger({**RATED, "类型": "议案", "建议编号": "闭会001"})).written == 1


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ({"标题": ""}, "标题"),
        ({"提出日期": "2025年2月30日"}, "提出日期"),
        ({"提出日期": "2026-4-2"}, "提出日期"),
        ({"答复日期": "2026-4-2"}, "答复日期"),
        ({"交办日期": "2月30日"}, "交办日期"),
        ({"交办日期": "2025-1-19"}, "交办日期"),
        ({"答复日期": "2025-1-25"}, "答复日期"),
        ({"答复日期": ""}, "答复日期"),
        ({"交办日期": ""}, "交办日期"),
        ({"主办单位": ""}, "主办单位"),
        ({"协办单位": "区公安分局"}, "协办单位"),
        ({"领衔代表": "无此人"}, "领衔代表"),
        ({"建议编号": ""}, "建议编号"),
        ({"建议编号": "临00001"}, "建议编号"),
        ({"届次": "去年"}, "届次"),
        ({"对办理结果": "凑合"}, "对办理结果"),
        ({"结果类别": "未知"}, "结果类别"),
    ],
)
def test_a_bad_cell_is_an_error_of_its_cell(scene, cell, column):
    assert column in errors({**RATED, **cell})


def test_all_that_is_wrong_with_a_line_is_said_at_once(scene):
    taken(ledger(RATED))
    wrong = {**RATED, "标题": "关于修路的建议", "领衔代表": "上官秀兰", "附议代表": "无此人"}
    assert set(errors(wrong)) == {"建议编号", "领衔代表", "附议代表"}
    wrong["协办单位"] = wrong["主办单位"]
    assert "协办单位" in errors(wrong)
    # A cell that cannot be read keeps nothing else back but what hangs on it.
    found = errors({**wrong, "提出日期": "2月30日"})
    assert set(found) == {"提出日期", "建议编号", "领衔代表", "附议代表", "协办单位"}
    assert "答复日期" not in errors({**wrong, "交办日期": "2月30日"})
    assert set(errors({**wrong, "标题": "", "建议编号": "某号"})) == {
        "标题", "建议编号", "领衔代表", "附议代表", "协办单位",
    }  # fmt: skip


def notes(*entries):
    outcome = check_sheet("suggestions", ledger(*entries), "台账.xlsx", actor=SYSTEM)
    return [note for note in outcome.notes if "期限已过" in note]


def test_the_preview_says_how_many_lines_will_be_overdue(scene):
    late = [
        {**ASSIGNED, "建议编号": "002"}, {**ASSIGNED, "建议编号": "003", "办理期限": ""},
        {**RAISED, "建议编号": "004"},
    ]  # fmt: skip
    fresh = {**ASSIGNED, "建议编号": "005", "交办日期": "2026-3-30", "办理期限": ""}
    [note] = notes(RATED, *late, fresh)
    assert note.startswith("其中 3 件办理期限已过，导入后将显示为逾期")
    assert notes(RATED, fresh) == []
    assert notes({**ASSIGNED, "领衔代表": "无此人"}) == []


def test_what_was_overdue_when_it_came_is_told_by_the_digest_alone(scene):
    clerk = make_user(Role.UNIT_CLERK, scene.police)
    book = [{**ASSIGNED, "建议编号": f"{n:03d}", "办理期限": "2026-3-20"} for n in range(1, 13)]
    soon = {**ASSIGNED, "建议编号": "020", "办理期限": "2026-4-9"}
    taken(ledger(*book, soon))
    for day in (2, 3):
        plan_notices(date(2026, 4, day))
        told = clerk.notices.filter(expires_on=date(2026, 4, day), kind="digest")
        assert "答复代表：13 件，其中 12 件已超期" in told.get().text
    assert not clerk.notices.filter(key__contains=":late:").exists()
    plan_notices(date(2026, 4, 13))  # what passes later is told as ever
    assert clerk.notices.filter(key__contains=":late:").count() == 1


def test_a_line_out_of_place_is_looked_over_like_any_other(scene):
    columns = ["所属人大", *RATED]
    entry = {**RATED, "所属人大": "无此地人大", "领衔代表": "上官秀兰"}
    assert set(errors(entry, columns=["序号", *columns])) == {"人大", "领衔代表"}


def test_a_date_without_a_year_is_of_the_year_of_the_title(scene):
    taken(ledger({**RATED, "提出日期": "1月20日", "答复日期": "4月9日"}))
    row = Suggestion.objects.get()
    assert (row.submitted_on, row.replied_on) == (date(2025, 1, 20), date(2025, 4, 9))


def test_a_number_that_another_suggestion_has_is_an_error_and_the_same_again_a_duplicate(scene):
    taken(ledger(RATED))
    assert "建议编号" in errors({**RATED, "标题": "关于修路的建议"})
    outcome = taken(ledger({**RATED, "建议编号": "第001号", "对办理工作": "很满意"}))
    assert (outcome.duplicates, outcome.written) == (1, 0)
    assert outcome.as_json()["warnings"] == []
    outcome = taken(ledger({**RATED, "结果类别": "B"}))
    assert outcome.duplicates == 1
    assert [one["column"] for one in outcome.as_json()["warnings"]] == ["结果类别"]


def test_two_lines_of_one_number_are_an_error_unless_they_are_alike(scene):
    assert "建议编号" in errors(RATED, {**RATED, "标题": "关于修路的建议"})
    assert taken(ledger(RATED, RATED)).written == 1


def test_the_series_goes_on_after_the_numbers_of_the_sheet(scene):
    taken(ledger({**RAISED, "建议编号": "闭会009"}, {**RAISED, "建议编号": "闭会003"}))
    series = NumberSeries.objects.get()
    assert (series.occasion, series.last) == ("between", 9)
    session = Session.objects.get()
    assert (session.area, session.starts_on) == (scene.area, None)


def test_a_township_office_keeps_its_own_ledger_and_no_other(scene):
    with pytest.raises(RuleViolation, match="临溪区人大的台账"):
        taken(ledger(RAISED), scene.township)
    taken(ledger(RAISED, above="石桥镇人大    年度:2025年"), scene.township)
    assert Session.objects.get().area == scene.town
    assert taken(ledger(RAISED), scene.office).written == 1  # the same number, of the district


def test_a_file_that_is_no_workbook_is_refused(scene):
    with pytest.raises(SheetFileError):
        taken(b"not a workbook")


def test_what_waits_to_be_assigned_keeps_its_unit_in_the_note(scene):
    content = ledger({**RAISED, "主办单位": "区城管局", "备注": "待定"})
    assert taken(content).written == 1
    row = Suggestion.objects.get()
    assert (row.state, row.note) == ("accepted", "待定\n主办单位：区城管局")
    assert not row.handlings.exists()
