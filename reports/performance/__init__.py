"""履职档案: the year of a deputy, made of what the records hold; nothing is keyed in for it."""

from reports.performance.reading import read_performance, read_performances
from reports.performance.shape import FourLine, Line, Performance, Section

__all__ = [
    "FourLine",
    "Line",
    "Performance",
    "Section",
    "read_performance",
    "read_performances",
]
