"""A course as one table: found, refused, offered and drawn from the same lines."""

import pytest

from common.errors import RuleViolation
from common.workflow import Course, line

DOOR = Course(
    line("open", ["shut"], "open", "keys"),
    line("shut", ["open"], "shut", ""),
    line("knock", ["shut", "open"], None, ""),
)
WORDS = {"open": "打开", "shut": "关着", "knock": "敲门"}


def test_a_line_is_found_by_action_and_state():
    found = DOOR.find("open", "shut")
    assert found.lands_in("shut") == "open"
    assert DOOR.find("open", "open") is None


def test_a_line_without_target_stays():
    assert DOOR.find("knock", "open").lands_in("open") == "open"


def test_what_is_not_in_the_table_is_refused_in_words():
    with pytest.raises(RuleViolation, match="现在是“关着”，不能关着"):
        DOOR.require("shut", "shut", words=WORDS)


def test_only_what_one_may_do_is_offered():
    offered = DOOR.offered("shut", lambda capability: capability != "keys")
    assert [found.action for found in offered] == ["knock"]


def test_an_action_has_one_line_for_a_state():
    with pytest.raises(ValueError, match="two lines"):
        Course(line("open", ["shut"], "open", ""), line("open", ["shut"], "ajar", ""))


def test_the_diagram_leaves_out_what_stays():
    assert DOOR.diagram(WORDS, begins=["shut"]).splitlines() == [
        "stateDiagram-v2",
        "    [*] --> 关着",
        "    关着 --> 打开: 打开",
        "    打开 --> 关着: 关着",
    ]
