"""簿三 代表活动: figures and names, the opinions formed, the six lights, and the pages."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import RuleViolation, StaleVersion
from common.models import AuditEntry, ImportBatch
from deputies.models import Group
from stations.models import Unit
from tests.factories import DeputyFactory
from visits import rules
from visits.models import Activity, Attachment, Opinion
from visits.services import (
    AlreadyLogged,
    Event,
    activities_on_file,
    activity_identity,
    change_activity,
    log_activity,
    log_imported_activities,
    void_activity,
    void_batch,
)
from visits.services.follow_up import track_opinion

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("visits:activity_list"), reverse("visits:activity_new")


@pytest.fixture(autouse=True)
def _spring(time_machine):
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)


@pytest.fixture
def three(station):
    return [DeputyFactory(station=station, name=name) for name in ("石刚", "邓海", "朱志")]


def held(station, actor, *, attendance=(), opinions=(), **fields):
    fields = {"held_on": datetime.date(2026, 4, 2), "topic": "视察卫生院", **fields}
    return log_activity(
        Activity(station=station, **fields),
        actor=actor,
        attendance=attendance,
        opinions=[Opinion(**given) for given in opinions],
    )


def lights_of(activity):
    row = Activity.objects.for_list().get(pk=activity.pk)
    return {light.name: light.state for light in rules.lights(row)}


# figures and names


def test_the_figures_follow_the_names(station, liaison, three):
    row = held(
        station,
        liaison,
        attendance=[(three[0], "present"), (three[1], "leave"), (three[2], "absent")],
        due_count=99,
    )
    assert (row.due_count, row.present_count, row.leave_count, row.absent_count) == (3, 1, 1, 1)
    assert row.deputy_names == "石刚"
    assert [one.name for one in row.attendance.all()] == ["石刚", "邓海", "朱志"]


def test_figures_without_names_are_taken_if_they_add_up(station, liaison):
    row = held(station, liaison, due_count=15, present_count=12, leave_count=2, absent_count=1)
    assert (row.due_count, row.attendance.count()) == (15, 0)


@pytest.mark.parametrize(
    ("due", "present", "leave", "absent", "words"),
    [
        (15, 12, 1, 1, r"实到 12＋请假 1＋缺席 1＝14 人，比应到 15 人少 1 人"),
        (12, 11, 1, 2, r"＝14 人，比应到 12 人多 2 人"),
        (10, 12, 0, 0, r"实到 12 人，多于应到 10 人"),
        (0, 3, 0, 0, r"实到 3 人，多于应到 0 人"),
    ],
)
def test_figures_that_do_not_add_up_say_which(station, liaison, due, present, leave, absent, words):
    with pytest.raises(RuleViolation, match=words):
        held(
            station, liaison, due_count=due, present_count=present, leave_count=leave,
            absent_count=absent,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"held_on": datetime.date(2026, 4, 16)}, "不能在今天之后"),
        ({"until": datetime.date(2026, 4, 1)}, "结束日期不能早于"),
        ({"topic": " "}, "活动主题不能为空"),
        ({"opinions": [{"statement": " "}]}, "反映内容不能为空"),
    ],
)
def test_what_no_register_would_take_is_refused(station, liaison, fields, words):
    with pytest.raises(RuleViolation, match=words):
        held(station, liaison, **fields)
    assert not Activity.objects.exists()


def test_a_deputy_named_twice_is_refused(station, liaison, three):
    with pytest.raises(RuleViolation, match="填写了两次"):
        held(station, liaison, attendance=[(three[0], "present"), (three[0], "leave")])


def test_who_may_not_log_at_the_station_is_refused(
    station, outsider, observer, deputy, district_officer
):
    for user in (outsider, observer, deputy.user, district_officer):
        with pytest.raises(PermissionDenied):
            held(station, user)


def test_the_same_submission_twice_makes_one_row(station, liaison, three):
    key = uuid.uuid4()
    given = {
        "attendance": [(three[0], "present"), (three[1], "absent")],
        "opinions": [{"statement": "路灯", "disposal": "village"}],
        "submission_key": key,
    }
    first = held(station, liaison, **given)
    assert held(station, liaison, **given).pk == first.pk
    with pytest.raises(AlreadyLogged, match="2026-001"):
        held(station, liaison, **{**given, "attendance": [(three[0], "present")]})
    assert Activity.objects.count() == 1


def test_a_change_names_who_was_absent_and_keeps_the_rest(station, liaison, three):
    row = held(station, liaison, attendance=[(three[0], "present"), (three[1], "present")])
    row = Activity.objects.get(pk=row.pk)
    change_activity(
        row,
        actor=liaison,
        version=1,
        attendance=[(three[0], "present"), (three[1], "absent")],
    )
    line = AuditEntry.objects.get(action="change")
    assert line.changes == {
        "实到人数": ["2", "1"],
        "缺席人数": ["0", "1"],
        "参加代表": ["石刚、邓海", "石刚"],
        "缺席代表": ["", "邓海"],
    }
    with pytest.raises(StaleVersion):
        change_activity(Activity.objects.get(), actor=liaison, version=1, attendance=())


def test_the_year_of_a_number_cannot_change(station, liaison):
    row = Activity.objects.get(pk=held(station, liaison).pk)
    row.held_on = datetime.date(2025, 4, 2)
    with pytest.raises(RuleViolation, match="编号属于 2026 年"):
        change_activity(row, actor=liaison, version=1, attendance=())


# opinions formed


def test_an_opinion_formed_goes_its_own_way(station, liaison):
    row = held(
        station,
        liaison,
        opinions=[
            {"statement": "校门口要有人疏导", "disposal": "township"},
            {"statement": "垃圾清运改为每天一次"},
        ],
    )
    handed, waiting = row.opinions.order_by("position")
    assert row.opinion_count == 2
    assert (handed.state, handed.station, handed.raised_on) == (
        "assigned", station, datetime.date(2026, 4, 2),
    )  # fmt: skip
    assert handed.due_on == datetime.date(2026, 5, 6)  # 30 days end on 5月2日, a holiday until 5日
    assert (waiting.state, waiting.due_on) == ("recorded", None)
    assert handed.code == "活动2026-001-1"


def test_an_opinion_that_is_being_handled_is_not_taken_away(station, liaison):
    row = held(station, liaison, opinions=[{"statement": "路灯", "disposal": "village"}])
    track_opinion(row.opinions.get(), actor=liaison, note="村里已去看过")
    stored = Activity.objects.get(pk=row.pk)
    with pytest.raises(RuleViolation, match="第 1 条意见已经开始办理"):
        change_activity(stored, actor=liaison, version=stored.version, attendance=(), opinions=())


# six lights


def test_an_empty_line_has_one_light(station, liaison):
    assert lights_of(held(station, liaison)) == {
        "登记": "lit",
        "现场图片": "optional",
        "意见梳理": "unlit",
        "交办记录": "unlit",
        "办理反馈": "unlit",
        "满意度测评": "unlit",
    }


def test_minutes_without_opinions_leave_nothing_to_hand_over(station, liaison):
    found = lights_of(held(station, liaison, minutes="学习代表法"))
    assert [found[name] for name in ("意见梳理", "交办记录", "办理反馈")] == ["lit"] * 3
    assert found["满意度测评"] == "optional"


def test_a_count_alone_is_no_opinion_written_out(station, liaison):
    found = lights_of(held(station, liaison, minutes="座谈", opinion_count=3))
    assert [found[name] for name in ("意见梳理", "交办记录", "办理反馈")] == ["unlit"] * 3


def test_opinions_light_as_they_are_routed_closed_and_rated(station, liaison):
    row = held(
        station,
        liaison,
        opinions=[{"statement": "路灯", "disposal": "village"}, {"statement": "水"}],
    )
    names = ("意见梳理", "交办记录", "办理反馈", "满意度测评")
    assert [lights_of(row)[name] for name in names] == ["lit", "unlit", "unlit", "unlit"]
    row.opinions.update(state="assigned")
    assert [lights_of(row)[name] for name in names] == ["lit", "lit", "unlit", "unlit"]
    row.opinions.update(state="closed")
    assert [lights_of(row)[name] for name in names] == ["lit", "lit", "lit", "unlit"]
    row.opinions.update(satisfaction="satisfied")
    assert [lights_of(row)[name] for name in names] == ["lit", "lit", "lit", "lit"]


@pytest.mark.parametrize(
    ("follow_up", "lit"),
    [
        ("已交镇政府，路灯已落实", True),
        ("交镇政府办理", False),
        ("尚未落实", False),
        ("没有反馈", False),
        ("计划5月完成", False),
        ("还没有完成，其中两件已办结", True),
    ],
)
def test_words_about_the_outcome_light_the_feedback(station, liaison, follow_up, lit):
    found = lights_of(held(station, liaison, opinion_count=2, follow_up=follow_up))
    assert found["交办记录"] == "lit"
    assert found["办理反馈"] == ("lit" if lit else "unlit")


def test_ratings_and_photos_light_theirs(station, liaison):
    row = held(station, liaison, rated_satisfied=8, rated_mostly=1)
    Attachment.objects.create(activity=row, kind="photo", name="现场.jpg", size=1, digest="a")
    found = lights_of(row)
    assert (found["现场图片"], found["满意度测评"]) == ("lit", "lit")


# sheets


def test_a_sheet_comes_in_and_is_taken_back(station, liaison, three):
    batch = ImportBatch.objects.create(kind="activities")
    events = [
        Event(
            Activity(station=station, held_on=datetime.date(2026, 3, 5), topic="视察"),
            [(three[0], "present"), (three[1], "leave")],
            [Opinion(statement="路灯", disposal="village")],
        ),
        Event(
            Activity(
                station=station,
                held_on=datetime.date(2025, 3, 5),
                topic="培训",
                due_count=9,
                present_count=9,
            )
        ),
    ]
    rows = log_imported_activities(events, station=station, batch=batch, actor=liaison)
    assert [row.code for row in rows] == ["2026-001", "2025-001"]
    assert (rows[0].opinion_count, rows[0].opinions.get().state) == (1, "assigned")
    found = activities_on_file(station, [row.held_on for row in rows])
    assert found == [
        (activity_identity(rows[0], [three[0].pk]), "2026-001"),
        (activity_identity(rows[1], []), "2025-001"),
    ]
    assert void_batch(batch, actor=liaison) == 2


# pages


def typed(station, marks=(), opinions=(), **changes):
    data = {
        "key": str(uuid.uuid4()),
        "station": station.pk,
        "version": 1,
        "held_on": "4月2日",
        "kind": "inspection",
        "topic": "视察卫生院",
        "minutes": "看了发热门诊",
        "opinions-TOTAL_FORMS": len(opinions),
        "opinions-INITIAL_FORMS": 0,
        "opinions-MIN_NUM_FORMS": 0,
        "opinions-MAX_NUM_FORMS": 50,
    }
    for number, given in enumerate(opinions):
        for name, value in given.items():
            data[f"opinions-{number}-{name}"] = value
    data |= {f"presence-{deputy.pk}": presence for deputy, presence in marks}
    return {**data, **changes}


def test_one_page_logs_who_came_and_what_was_formed(client, station, liaison, three):
    client.force_login(liaison)
    answer = client.post(
        NEW,
        typed(
            station,
            [(three[0], "present"), (three[1], "leave"), (three[2], "")],
            [{"statement": "扩建停车场", "disposal": "township", "unit_name": "石桥镇政府"}],
        ),
    )
    row = Activity.objects.get()
    assert answer.url == reverse("visits:activity_detail", args=[row.pk])
    assert (row.due_count, row.present_count, row.leave_count) == (2, 1, 1)
    assert row.opinions.get().unit == Unit.objects.get(name="石桥镇政府")
    page = client.get(answer.url).content.decode()
    opinion = reverse("visits:opinion_detail", args=[row.opinions.get().pk])
    assert opinion in page
    assert "待接收" in page


def test_a_new_page_expects_the_stations_deputies_in_office(client, station, liaison, three):
    three[2].state = "resigned"
    three[2].save()
    DeputyFactory(station__township=station.township, name="外站")
    client.force_login(liaison)
    entry = client.get(NEW).context["entry"]
    marks = {seat.deputy.name: seat.presence for seat in entry.listed}
    assert marks == {"石刚": "present", "邓海": "present"}
    assert [seat.deputy.name for seat in entry.others] == ["外站"]


def test_a_group_is_listed_by_a_button_and_marks_stay(client, station, liaison, three):
    group = Group.objects.create(name="第一小组", township=station.township)
    for deputy in three[:2]:
        deputy.group = group
        deputy.save()
    client.force_login(liaison)
    data = typed(
        station,
        [(three[0], "leave"), (three[2], "present")],
        group=group.pk,
        fill_members="1",
        topic="没写完",
    )
    answer = client.post(NEW, data)
    entry = answer.context["entry"]
    assert answer.status_code == 200
    assert {seat.deputy.name: seat.presence for seat in entry.listed} == {
        "石刚": "leave", "邓海": "present",
    }  # fmt: skip
    assert 'value="没写完"' in answer.content.decode()
    assert not Activity.objects.exists()


def test_figures_alone_are_typed_where_no_name_is_marked(client, station, liaison):
    client.force_login(liaison)
    wrong = client.post(NEW, typed(station, due_count=15, present_count=12, leave_count=1))
    assert wrong.status_code == 422
    assert "比应到 15 人少 2 人" in str(wrong.context["entry"].main.errors["due_count"])
    client.post(NEW, typed(station, due_count=15, present_count=12, leave_count=3))
    assert Activity.objects.get().present_count == 12


def test_wrong_input_says_where_and_keeps_what_was_typed(client, station, liaison, three):
    client.force_login(liaison)
    answer = client.post(
        NEW, typed(station, [(three[1], "absent")], held_on="2099-1-1", topic="", guests="区人大")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "活动日期不能在今天之后。" in page
    assert "请填写活动主题。" in page
    assert "区人大" in page
    marks = {s.deputy.name: s.presence for s in answer.context["entry"].listed}
    assert marks["邓海"] == "absent"


def test_a_double_click_makes_one_row_and_the_back_button_a_change(client, station, liaison, three):
    client.force_login(liaison)
    data = typed(station, [(three[0], "present")], [{"statement": "路灯", "disposal": ""}])
    assert client.post(NEW, data).url == client.post(NEW, data).url
    answer = client.post(NEW, {**data, "topic": "视察学校"})
    assert answer.status_code == 409
    assert Activity.objects.get().topic == "视察卫生院"
    opinion = Opinion.objects.get()
    assert f'name="opinions-0-id" value="{opinion.pk}"' in answer.content.decode()


def test_a_lost_update_shows_both_versions(client, station, liaison, three):
    row = held(station, liaison, attendance=[(three[0], "present")])
    client.force_login(liaison)
    address = reverse("visits:activity_change", args=[row.pk])
    marks = [(three[0], "present")]
    assert client.post(address, typed(station, marks, place="甲地", row=row.pk)).status_code == 302
    answer = client.post(address, typed(station, [(three[0], "absent")], place="乙地", row=row.pk))
    assert answer.status_code == 409
    assert ("活动地点", "乙地", "甲地") in answer.context["conflict"]
    assert ("缺席代表", "石刚", "") in answer.context["conflict"]
    data = typed(station, marks, place="乙地", row=row.pk, version=2)
    assert client.post(address, data).status_code == 302


def test_a_draft_keeps_the_marks(client, station, liaison, three):
    client.force_login(liaison)
    data = typed(station, [(three[1], "leave")], topic="没写完的活动")
    client.post(reverse("visits:activity_draft_keep", args=[data["key"]]), data)
    assert "没写完的活动" in client.get(NEW).content.decode()
    entry = client.get(f"{NEW}?draft={data['key']}").context["entry"]
    assert {s.deputy.name: s.presence for s in entry.listed}["邓海"] == "leave"


def test_voiding_asks_for_a_reason(client, station, liaison):
    row = held(station, liaison)
    client.force_login(liaison)
    address = reverse("visits:activity_void", args=[row.pk])
    client.post(address, {"reason": ""})
    row.refresh_from_db()
    assert not row.is_void
    client.post(address, {"reason": "重复登记"})
    row.refresh_from_db()
    assert row.void_reason == "重复登记"
    assert list(client.get(LIST).context["page"]) == []


def test_a_deputy_reads_what_they_were_to_attend(client, station, liaison, deputy):
    own = held(station, liaison, attendance=[(deputy, "absent")])
    other = held(station, liaison)
    client.force_login(deputy.user)
    assert [row.pk for row in client.get(LIST).context["page"]] == [own.pk]
    assert client.get(reverse("visits:activity_detail", args=[other.pk])).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"from": "2026-3-1"}, [2]),
        ({"to": "2026.2.28"}, [1]),
        ({"kind": "training"}, [1]),
        ({"kind": "none"}, [2]),
        ({"deputy_name": "邓海"}, [1]),
        ({"q": "代表法"}, [1]),
        ({"light": "minutes"}, [2]),
        ({"light": "routing"}, [2]),
        ({"from": "nonsense"}, []),
    ],
)
def test_the_list_is_narrowed_by_its_address(client, station, liaison, three, query, found):
    held(
        station, liaison, held_on=datetime.date(2026, 2, 3), kind="training", topic="学习",
        minutes="学习代表法", attendance=[(three[0], "present"), (three[1], "leave")],
    )  # fmt: skip
    held(station, liaison, opinions=[{"statement": "路灯"}])
    client.force_login(liaison)
    assert [row.number for row in client.get(LIST, query).context["page"]] == found


def test_the_list_sums_what_it_shows(client, station, liaison, three):
    marks = ["present", "leave", "absent"]
    held(station, liaison, attendance=list(zip(three, marks, strict=True)))
    held(station, liaison, due_count=4, present_count=4)
    void_activity(
        held(station, liaison, due_count=1, present_count=1), actor=liaison, reason="重复"
    )
    client.force_login(liaison)
    text = client.get(LIST).content.decode()
    # five came; seven were due, one of them on leave
    assert "<b>2 场</b>，应到 7 人次，实到 5 人次，请假 1，出勤率 83.3%" in text


def test_the_list_asks_as_often_for_thirty_rows_as_for_one(client, station, liaison, three):
    client.force_login(liaison)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(LIST)
        return len(seen)

    held(station, liaison, opinions=[{"statement": "路灯"}])
    queries()
    one = queries()
    for _ in range(29):
        held(station, liaison, opinions=[{"statement": "路灯"}], attendance=[(three[0], "leave")])
    assert queries() == one
