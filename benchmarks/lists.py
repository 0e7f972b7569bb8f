"""Pages of the register against their floor: DATABASE_URL=… python benchmarks/lists.py

On whatever database is named (fill one with `load_demo --scale province`), as the district
officer. The floor is the least honest view: the same rows by raw SQL into a bare table, with no
scope, audit or layout. One line a figure: the page, the floor in the same run, their ratio.
"""

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison_portal.settings")
os.environ.setdefault("STATIC_FINGERPRINTS", "false")

import django

django.setup()

from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from visits.models import Reception

RUNS = 9
FLOOR = Template(
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>"
    "{% endfor %}</table>"
)
FLOOR_SQL = """
    SELECT r.id, r.year, r.number, r.received_on, r.visitor_name, r.phone, r.address,
           r.deputy_names, o.statement, o.disposal, o.satisfaction
    FROM (SELECT * FROM visits_reception WHERE {where} ORDER BY received_on DESC, id DESC LIMIT 20) r
    JOIN visits_opinion o ON o.reception_id = r.id
"""


def floor(where="voided_at IS NULL", parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(FLOOR_SQL.format(where=where), parameters)
        return FLOOR.render(Context({"rows": cursor.fetchall()}))


def median(act):
    act()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def report(name, page, bare):
    ours, least = median(page), median(bare)
    with CaptureQueriesContext(connection, ) as queries:
        page()
    print(f"{name:24} {ours:8.1f} ms  floor {least:8.1f} ms  ×{ours / least:5.2f}  {len(queries)} queries")


def main():
    client = Client()
    client.force_login(User.objects.get(username="district"))
    rows = Reception.objects.valid().order_by("-received_on", "-pk")
    total = rows.count()
    middle = rows[total // 2 : total // 2 + 1].get()
    get = lambda **query: client.get("/visits/receptions/", query)  # noqa: E731
    print(f"{total:,} receptions, {connection.vendor}")
    report("first page", get, floor)
    from common.paging import _cursor

    after = _cursor(middle, ("-received_on", "-pk"))
    deep = "voided_at IS NULL AND (received_on, id) < (%s, %s)"
    report(
        "middle page",
        lambda: get(after=after),
        lambda: floor(deep, [middle.received_on, middle.pk]),
    )
    for name, word in (("frequent word", "路灯"), ("rare word", sys.argv[1] if sys.argv[1:] else "信号灯坏了")):
        report(
            name,
            lambda word=word: get(q=word),
            lambda word=word: floor(
                "voided_at IS NULL AND search_text LIKE %s", [f"%{word}%"]
            ),
        )
    report(
        "one disposal",
        lambda: get(disposal="petition"),
        lambda: floor(
            "voided_at IS NULL AND EXISTS (SELECT 1 FROM visits_opinion x WHERE"
            " x.reception_id = visits_reception.id AND x.disposal = 'petition')"
        ),
    )


if __name__ == "__main__":
    main()
