"""The whole report against its floors: DATABASE_URL=… python benchmarks/report.py [year]

On whatever database is named (fill one with `load_demo --scale district`), as the district
officer. The first floor is the SQL of the report by itself: the same statements, sent again to a
bare cursor. The second peer is who knows no grouping: a loop over rows that counts T2, T3 and T4
alone, much less than the report does. A line a figure, with the ratio in the same run; memory is
the most that Python held beside what it held before.
"""

import os
import statistics
import sys
import time
import tracemalloc
from collections import Counter
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison_portal.settings")

import django

django.setup()

from django.db import connection
from django.utils import timezone

from accounts.models import User
from reports.figures import build
from reports.periods import Period
from reports.scope import Scope
from visits.models import Reception

RUNS = 5


def median(act):
    act()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


class Statements:
    """What was sent to the database, to be sent again."""

    def __init__(self):
        self.sent = []

    def __call__(self, execute, sql, params, many, context):
        self.sent.append((sql, params))
        return execute(sql, params, many, context)

    def again(self):
        with connection.cursor() as cursor:
            for sql, params in self.sent:
                cursor.execute(sql, params)
                cursor.fetchall()


def by_loop(first, last):
    """T2's visits, heads and opinions, T3 and T4, with a query a visit, as one writes it first."""
    found = Counter()
    rows = Reception.objects.filter(voided_at=None, received_on__range=(first, last))
    for row in rows.iterator():
        for key in (row.station.name, row.received_on.month):
            found[key, "visits"] += 1
            found[key, "heads"] += row.headcount
        for opinion in row.opinions.all():
            found[row.station.name, "opinions"] += 1
            found[opinion.category_id, opinion.disposal] += 1
    return found


def once(act):
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def growth(act):
    """MiB that Python held at most while `act` ran."""
    tracemalloc.start()
    act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1024 / 1024


def main(year):
    scope = Scope(User.objects.get(username="district"), Period.of_year(year))
    rows = scope.receptions().count()
    print(f"{rows:,} receptions of {year}, {connection.vendor}")

    def whole():
        return build(scope)

    statements = Statements()
    whole()
    with connection.execute_wrapper(statements):
        whole()
    ours, floor = median(whole), median(statements.again)
    print(f"{'whole report':16} {ours:9.1f} ms   its SQL {floor:9.1f} ms   ×{ours / floor:5.2f}"
          f"   {len(statements.sent)} queries")  # fmt: skip
    plain = once(lambda: by_loop(date(year, 1, 1), date(year, 12, 31)))
    print(f"{'a loop of rows':16} {plain:9.1f} ms   report  {ours:9.1f} ms   ×{plain / ours:5.1f}")
    print(f"{'memory':16} {growth(whole):9.1f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else timezone.localdate().year)
