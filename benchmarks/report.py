"""The whole report against its floors: DATABASE_URL=… python benchmarks/report.py [year]

On whatever database is named (fill one with `load_demo --scale district`), as the district
officer. The first floor is the SQL of the report by itself: the same statements, sent again to a
bare cursor. The second peer is who knows no grouping: a loop over rows that counts T2, T3 and T4
alone, much less than the report does. A line a figure, with the ratio in the same run; each table
by itself with its queries; memory is the most that Python held beside what it held before, and the
most that the process ever held. Then the first page of the district, anew and from what it keeps.
"""

import os
import resource
import statistics
import sys
import time
import tracemalloc
from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison_portal.settings")
os.environ["STATIC_FINGERPRINTS"] = "false"
os.environ["ALLOWED_HOSTS"] = "testserver"

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from accounts.models import User
from reports.figures import build
from reports.figures.report import LATER, TABLES
from reports.figures.suggested import TABLES as OF_SUGGESTIONS
from reports.figures.suggested import find
from reports.periods import Period
from reports.scope import Scope
from visits.models import Reception

RUNS = int(os.environ.get("RUNS", "5"))
REGISTERS = ("visits_reception", "visits_opinion", "visits_assistance", "visits_activity")


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
                if cursor.description:
                    cursor.fetchall()

    def passes(self):
        """How many of the statements begin at each register."""
        found = Counter(sql.partition(' FROM "')[2].partition('"')[0] for sql, _ in self.sent)
        return ", ".join(f"{name} {found[name]}" for name in REGISTERS if found[name])


def against_sql(name, act):
    """What `act` takes beside the statements that it sends."""
    statements = Statements()
    act()
    with connection.execute_wrapper(statements):
        act()
    ours, floor = median(act), median(statements.again)
    print(f"{name:16} {ours:9.1f} ms   its SQL {floor:9.1f} ms   ×{ours / floor:5.2f}"
          f"   {len(statements.sent)} queries   {statements.passes()}")  # fmt: skip
    return ours


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

    ours = against_sql("whole report", whole)
    found = find(scope)
    for make in TABLES:
        against_sql(make(scope, found).id, partial(make, scope, found))
    for make in LATER:
        against_sql(make(scope).id, partial(make, scope))
    against_sql("T7 to T13", lambda: [make(find(scope)) for make in OF_SUGGESTIONS])
    plain = once(lambda: by_loop(date(year, 1, 1), date(year, 12, 31)))
    print(f"{'a loop of rows':16} {plain:9.1f} ms   report  {ours:9.1f} ms   ×{plain / ours:5.1f}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'memory':16} {growth(whole):9.1f} MiB   the process at most {most:.0f} MiB")
    first_page(scope.user)


def first_page(user):
    """The district's, with every figure counted anew, and as it opens within the same minutes."""
    client = Client()
    client.force_login(user)

    def page():
        assert client.get("/").status_code == 200

    nothing = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    with override_settings(CACHES=nothing):
        against_sql("home, anew", page)
    against_sql("home, kept", page)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else timezone.localdate().year)
