"""续办: what a letter promises is answered, and promised again, until nothing is promised."""

import datetime

import pytest

from common.errors import RuleViolation
from suggestions import services
from suggestions.choices import State
from suggestions.models import Deadline, Promise, Suggestion
from suggestions.rules import offers
from tests.suggestions.making import letter, make_scene, rated, replied, share_of, signed

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def at(time_machine):
    def go(day):
        time_machine.move_to(f"{day}T10:00:00+08:00", tick=False)

    go("2026-03-05")
    return go


@pytest.fixture
def scene(at):
    return make_scene()


def follow_up(scene, row, result_class="A", **given):
    return services.follow_up_promise(
        row, share_of(row, scene.police_unit), actor=scene.police, note="正在做",
        result_class=result_class, **given,
    )  # fmt: skip


def open_days() -> list:
    rows = Deadline.objects.open().filter(limit="promise")
    return list(rows.values_list("due_on", flat=True))


def test_it_is_answered_while_the_deputy_has_not_rated_yet(scene):
    row = replied(scene, "B")
    page, share = Suggestion.objects.for_page().get(), share_of(row, scene.police_unit)
    acts = {one.act for one in offers(scene.police, page, [share], DAY(2026, 3, 5))}
    assert "follow_up" in acts
    row = follow_up(scene, row)
    assert (row.state, open_days()) == ("replied", [])
    services.rate_reply(
        row, share, actor=scene.lead.user, attitude="satisfied", outcome="satisfied"
    )
    assert services.archive_suggestion(row, actor=scene.office).state == "archived"


def test_what_is_promised_again_gets_a_new_day(scene, at):
    row = rated(scene, result_class="B")
    at("2027-06-20")
    with pytest.raises(RuleViolation, match="新的承诺办结日期"):
        follow_up(scene, row, "B")
    with pytest.raises(RuleViolation, match="之后"):
        follow_up(scene, row, "B", promised_until=DAY(2027, 6, 20))
    follow_up(scene, row, "B", promised_until=DAY(2027, 12, 31))
    assert open_days() == [DAY(2027, 12, 31)]
    promise = Promise.objects.get()
    assert (promise.due_on, promise.answered_on, promise.answer) == (
        DAY(2027, 12, 31), None, "正在做",
    )  # fmt: skip
    first = Deadline.objects.filter(limit="promise").earliest("pk")
    assert (first.due_on, first.met_on) == (DAY(2027, 6, 30), DAY(2027, 6, 20))
    with pytest.raises(RuleViolation, match="暂不归档"):
        services.archive_suggestion(row, actor=scene.office)
    at("2027-12-01")
    follow_up(scene, row)
    assert services.archive_suggestion(row, actor=scene.office).state == "archived"


def test_a_c_without_a_day_promises_no_more(scene):
    row = rated(scene, result_class="B")
    follow_up(scene, row, "C")
    assert (open_days(), Promise.objects.get().result_class) == ([], "C")


def test_a_class_that_is_none_is_refused(scene):
    with pytest.raises(RuleViolation, match="请选择结果类别"):
        follow_up(scene, rated(scene, result_class="B"), "X")


def test_no_letter_goes_out_with_a_promise_that_is_past(scene, at):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    services.send_reply(
        row, share, letter("B", promised_until=DAY(2026, 3, 20)), actor=scene.police
    )
    at("2026-03-20")
    with pytest.raises(RuleViolation, match="2026年3月20日前办结，到答复代表时已经过了"):
        services.release_reply(row, share, actor=scene.office)
    services.send_back_reply(row, share, actor=scene.office, note="请改定承诺日期")
    services.send_reply(
        row, share, letter("B", promised_until=DAY(2026, 9, 30)), actor=scene.police
    )
    services.release_reply(row, share, actor=scene.office)
    assert open_days() == [DAY(2026, 9, 30)]


def test_a_letter_that_becomes_b_at_its_release_gets_its_day(scene):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    services.send_reply(row, share, letter("A"), actor=scene.police)
    given = {"actor": scene.office, "result_class": "B", "note": "只列入计划"}
    with pytest.raises(RuleViolation, match="承诺办结的日期"):
        services.release_reply(row, share, **given)
    services.release_reply(row, share, promised_until=DAY(2026, 9, 30), **given)
    assert open_days() == [DAY(2026, 9, 30)]


class TestPromises:
    def test_a_letter_of_class_b_names_its_day(self, scene):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        bare = letter("B", promised_until=None)
        with pytest.raises(RuleViolation, match="承诺什么时候办结"):
            services.send_reply(row, share, bare, actor=scene.police)
        late = letter("B", promised_until=DAY(2026, 3, 5))
        with pytest.raises(RuleViolation, match="在今天之后"):
            services.send_reply(row, share, late, actor=scene.police)

    def test_closed_is_not_archived_before_the_promise_is_answered(self, scene):
        row = rated(scene, result_class="B")
        assert list(Suggestion.objects.with_promises()) == [row]
        with pytest.raises(RuleViolation, match="区公安分局承诺的事项还没有续办答复"):
            services.archive_suggestion(row, actor=scene.office)
        services.follow_up_promise(
            row, share_of(row, scene.police_unit), actor=scene.police, note="信号灯已启用",
            result_class="A",
        )  # fmt: skip
        assert not Suggestion.objects.with_promises().exists()
        assert services.archive_suggestion(row, actor=scene.office).state == State.ARCHIVED

    def test_a_promise_is_answered_once(self, scene):
        row = rated(scene, result_class="B")
        given = {"actor": scene.police, "note": "已启用", "result_class": "A"}
        services.follow_up_promise(row, share_of(row, scene.police_unit), **given)
        with pytest.raises(RuleViolation, match="没有等待续办"):
            services.follow_up_promise(row, share_of(row, scene.police_unit), **given)

    def test_a_class_that_is_corrected_promises_no_more(self, scene):
        row = rated(scene, result_class="B")
        row = services.correct_class(
            row, share_of(row, scene.police_unit), actor=scene.office, result_class="A",
            note="已经建成",
        )  # fmt: skip
        reply = share_of(row, scene.police_unit).reply
        assert (reply.result_class, reply.unit_class) == ("A", "B")
        assert reply.class_words == "已解决或基本解决"
        assert not Promise.objects.exists()
        assert not Deadline.objects.open().exists()
