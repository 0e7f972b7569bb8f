"""How long the duty year of a district takes: python benchmarks/roster.py [stations]

25 deputies (6 of the district) on 52 Wednesdays, two a day and then three times the absences, for
200 stations. The floor is a bare round robin that knows no shares, absences or ranks. CPU seconds
of the process; a line a figure, with the ratio to the floor of the same run.
"""

import sys
import time
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from common.workdays import Workdays
from deputies.recurrence import parse, shift
from deputies.roster import Member, assign

YEAR = 2026
WEEK = timedelta(days=7)
DAYS = [date(YEAR, 1, 7) + WEEK * number for number in range(52)]
MEMBERS = [Member(key, key % 4 == 0) for key in range(1, 26)]
KEYS = [member.key for member in MEMBERS]


def away(weeks):
    """Each is away so many weeks at a time of their own, some twice."""
    return {
        key: {DAYS[(key * 7 + n) % 52] for n in range(weeks)} | {DAYS[key % 52]} for key in KEYS
    }


def floor():
    turn = cycle(KEYS)
    return {day: list(islice(turn, 2)) for day in DAYS}


def planned():
    return shift(parse("每周三；每月10、20、30日").planned(YEAR), Workdays(), "next_workday")


def seconds(act, stations):
    start = time.process_time()
    for _ in range(stations):
        act()
    return time.process_time() - start


def main():
    stations = int(sys.argv[1]) if sys.argv[1:] else 200
    least = seconds(floor, stations)
    print(f"{stations} stations × {len(MEMBERS)} deputies × {len(DAYS)} days")
    print(f"{'bare round robin':34} {least * 1000:9.1f} ms   ×   1")
    for name, act in (
        ("rule read, days planned, shifted", planned),
        ("assign, everybody can come", lambda: assign(DAYS, MEMBERS)),
        ("assign, away 5 weeks", lambda: assign(DAYS, MEMBERS, unavailable=away(5))),
        ("assign, away 20 weeks", lambda: assign(DAYS, MEMBERS, unavailable=away(20))),
        ("assign, half the year is fixed", lambda: assign(DAYS, MEMBERS, fixed=_half())),
        ("assign, raised to 8 a day", lambda: assign(DAYS, MEMBERS, minimum=16)),
    ):
        ours = seconds(act, stations)
        print(f"{name:34} {ours * 1000:9.1f} ms   × {ours / least:5.0f}")


def _half():
    return dict.fromkeys(DAYS[:26], KEYS[:2])


if __name__ == "__main__":
    main()
