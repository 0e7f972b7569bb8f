"""The table of a suggestion's course, and its picture in the documentation."""

from pathlib import Path

from suggestions.choices import COURSE, COURSE_WORDS, Act, Limit, Part, State

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "suggestions.md"
# A unit's states have words of their own in the picture: 待签收 is one of the whole, too.
WORDS = COURSE_WORDS | {part: f"单位：{part.label}" for part in Part}


def test_the_diagram_in_the_documentation_is_the_table():
    diagram = COURSE.diagram(WORDS, begins=[State.DRAFT, Part.WAITING])
    assert diagram in DOCUMENT.read_text()


def test_every_state_act_and_limit_is_named_in_the_glossary():
    glossary = (DOCUMENT.parent / "glossary.md").read_text()
    words = [one.label for one in [*State, *Part, *Act, *Limit]]
    assert [word for word in words if word not in glossary] == []
