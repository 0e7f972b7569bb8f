"""T7 to T13: 代表建议, counted in one pass and shown from many sides."""

from reports.figures.suggested import raised
from reports.figures.suggested.answers import classes, satisfaction, timeliness
from reports.figures.suggested.items import Found, find, find_raised
from reports.figures.suggested.later import key_matters, promises, redone
from reports.figures.suggested.raised import adoption
from reports.figures.suggested.units import duties

TABLES = (duties, adoption, timeliness, classes, satisfaction, redone, key_matters, promises)

__all__ = [
    "TABLES",
    "Found",
    "adoption",
    "classes",
    "find",
    "find_raised",
    "raised",
    "satisfaction",
    "timeliness",
]
