"""Log-ins for all deputies of a station in one go, with a sheet of slips to hand out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleViolation
from deputies import services
from deputies.models import Deputy
from stations.models import Station
from stations.rules import manages_log_ins_at


@require_GET
def waiting(request, station_pk):
    """Who would get a log-in: nothing is made before it is asked for."""
    station = _station(request, station_pk)
    if not manages_log_ins_at(request.user, station):
        raise PermissionDenied
    rows = Deputy.objects.visible_to(request.user).filter(station=station)
    context = {
        "station": station,
        "waiting": rows.without_log_in().for_list(),
        "known": rows.in_office().exclude(user=None).count(),
        "at_once": services.AT_ONCE,
    }
    return render(request, "deputies/log_ins.html", context)


@require_POST
@never_cache
def open_all(request, station_pk):
    """The slips, shown this once: the passwords are stored nowhere."""
    station = _station(request, station_pk)
    try:
        opened = services.open_log_ins(station, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("deputies:log_ins", station_pk)
    context = {
        "station": station,
        "slips": [slip for slip in opened if slip.password],
        "others": [slip for slip in opened if not slip.password],
        "left": Deputy.objects.visible_to(request.user)
        .without_log_in()
        .filter(station=station)
        .count(),
    }
    return render(request, "deputies/log_in_sheet.html", context)


def _station(request, pk) -> Station:
    return get_object_or_404(Station.objects.visible_to(request.user).for_page(), pk=pk)
