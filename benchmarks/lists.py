"""Pages of the register against their floor: DATABASE_URL=… python benchmarks/lists.py [rare word]

On whatever database is named (fill one with `load_demo --scale province`), as the district
officer. The floor is the least honest Django view of the same rows: no log-in, no scope, no
filters, no layout, a bare table. A line a figure: the page, the floor in the same run, the ratio.
"""

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison_portal.settings")
os.environ["STATIC_FINGERPRINTS"] = "false"
os.environ["ALLOWED_HOSTS"] = "testserver"

import django

django.setup()

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path

from accounts.models import User
from common.paging import cursor_of
from visits.models import Activity, Assistance, Opinion, Reception

RUNS = 9
BARE = Template(
    "<table>{% for r in rows %}<tr><td>{{ r.year }}-{{ r.number }}</td><td>{{ r.received_on }}"
    "</td><td>{{ r.visitor_name }}</td><td>{{ r.phone }}</td><td>{{ r.address }}</td><td>"
    "{{ r.deputy_names }}</td>{% for o in r.opinions.all %}<td>{{ o.statement }}</td><td>"
    "{{ o.disposal }}</td><td>{{ o.satisfaction }}</td>{% endfor %}</tr>{% endfor %}</table>"
)
BARE_OPINIONS = Template(
    "<table>{% for o in rows %}<tr><td>{{ o.raised_on }}</td><td>{{ o.statement }}</td><td>"
    "{{ o.disposal }}</td><td>{{ o.result }}</td><td>{{ o.state }}</td></tr>{% endfor %}</table>"
)
BARE_ENTRIES = Template(
    "<table>{% for e in rows %}<tr><td>{{ e.year }}-{{ e.number }}</td><td>{{ e.day }}</td><td>"
    "{{ e.deputy_names }}</td><td>{{ e.search_text }}</td></tr>{% endfor %}</table>"
)
wanted = Q()


def floor(request):
    rows = Reception.objects.filter(wanted, voided_at=None).order_by("-received_on", "-pk")
    return HttpResponse(BARE.render(Context({"rows": rows.prefetch_related("opinions")[:20]})))


def floor_of_opinions(request):
    rows = Opinion.objects.filter(wanted).order_by("-raised_on", "-pk")
    return HttpResponse(BARE_OPINIONS.render(Context({"rows": rows[:20]})))


def floor_of_assistance(request):
    rows = Assistance.objects.filter(wanted, voided_at=None).order_by("-helped_on", "-pk")
    return HttpResponse(BARE_ENTRIES.render(Context({"rows": rows[:20]})))


def floor_of_activities(request):
    rows = Activity.objects.filter(wanted, voided_at=None).order_by("-held_on", "-pk")
    return HttpResponse(BARE_ENTRIES.render(Context({"rows": rows[:20]})))


urlpatterns = [
    path("floor/receptions/", floor),
    path("floor/opinions/", floor_of_opinions),
    path("floor/assistance/", floor_of_assistance),
    path("floor/activities/", floor_of_activities),
]


def median(act):
    act()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def report(name, client, condition, register="receptions", **query):
    global wanted
    wanted = condition
    bare = Client()

    def page():
        assert client.get(f"/visits/{register}/", query).status_code == 200

    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        least = median(lambda: bare.get(f"/floor/{register}/"))
    ours = median(page)
    with CaptureQueriesContext(connection) as queries:
        page()
    figures = f"{ours:8.1f} ms   floor {least:8.1f} ms   ×{ours / least:5.2f}"
    print(f"{name:16} {figures}   {len(queries)} queries")


def main():
    client = Client()
    client.force_login(User.objects.get(username="district"))
    rows = Reception.objects.valid().order_by("-received_on", "-pk")
    total = rows.count()
    print(f"{total:,} receptions, {connection.vendor}")
    report("first page", client, Q())
    middle = rows[total // 2 : total // 2 + 1].get()
    cursor = cursor_of(middle, ("-received_on", "-pk"))
    report("middle page", client, Q(received_on__lt=middle.received_on), after=cursor)
    report("frequent word", client, Q(search_text__contains="路灯"), q="路灯")
    rare = sys.argv[1] if sys.argv[1:] else "爱新觉罗"
    report("rare word", client, Q(search_text__contains=rare), q=rare)
    petition = Opinion.objects.filter(reception=OuterRef("pk"), disposal="petition")
    report("one disposal", client, Q(Exists(petition)), disposal="petition")
    report_opinions(client, rare)
    for register in ("assistance", "activities"):
        report(register, client, Q(), register=register)


def report_opinions(client, rare):
    rows = Opinion.objects.order_by("-raised_on", "-pk")
    total = rows.count()
    print(f"{total:,} opinions")
    report("opinions", client, Q(), register="opinions")
    middle = rows[total // 2 : total // 2 + 1].get()
    cursor = cursor_of(middle, ("-raised_on", "-pk"))
    before = Q(raised_on__lt=middle.raised_on)
    report("middle page", client, before, register="opinions", after=cursor)
    report("rare word", client, Q(statement__contains=rare), register="opinions", q=rare)
    open_ones = ~Q(state="closed")
    report("overdue", client, open_ones, register="opinions", progress="overdue")


if __name__ == "__main__":
    main()
