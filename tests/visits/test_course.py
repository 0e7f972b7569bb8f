"""The table of an opinion's course, and its picture in the documentation."""

from pathlib import Path

from visits.choices import COURSE, COURSE_WORDS, OpinionState

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "opinions.md"


def test_the_diagram_in_the_documentation_is_the_table():
    begins = [OpinionState.RECORDED, OpinionState.ASSIGNED, OpinionState.CLOSED]
    assert COURSE.diagram(COURSE_WORDS, begins=begins) in DOCUMENT.read_text()
