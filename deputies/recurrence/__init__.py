"""When a station receives: its rule read from words, the days of a year, what holidays move.

Nothing here knows Django or the database.
"""

from deputies.recurrence.reading import Unreadable, parse
from deputies.recurrence.rules import Recurrence
from deputies.recurrence.shifting import Shifted, shift

__all__ = ["Recurrence", "Shifted", "Unreadable", "parse", "shift"]
