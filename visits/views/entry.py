"""The reception page as it is filled in: new, changed, kept as a draft."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Capability, roles_with
from common.errors import RuleViolation, StaleVersion
from common.models import Draft
from common.services import drop_draft as forget_draft
from common.services import keep_draft as store_draft
from stations.models import Station
from visits import rules, services
from visits.forms import ReceptionEntry
from visits.forms.entry import typed_again, with_one_more_opinion
from visits.models import Reception

FORM = "reception"
DRAFT_FIELDS = 600


@require_http_methods(["GET", "POST"])
def reception_new(request):
    """登记接待: a new line of the register of one of the user's stations."""
    station = _station_to_log_at(request)
    if request.method == "GET":
        return _page(request, _blank(request, station))
    reception = Reception(station=station, submission_key=_key(request.POST))
    return _submitted(request, reception)


@require_http_methods(["GET", "POST"])
def reception_change(request, pk):
    reception = get_object_or_404(Reception.objects.visible_to(request.user).for_page(), pk=pk)
    if not rules.can_change(request.user, reception):
        raise PermissionDenied
    if request.method == "GET":
        draft = _draft(request, reception.submission_key) if "draft" in request.GET else None
        typed = {"data": typed_again(draft), "quiet": True} if draft else {}
        return _page(request, ReceptionEntry(reception, actor=request.user, **typed))
    return _submitted(request, reception)


@require_POST
def keep_draft(request, key):
    """Keep what is typed so far; called by the page itself while its user types."""
    _require_logger(request.user)
    typed = {name: request.POST.getlist(name) for name in request.POST}
    typed.pop("csrfmiddlewaretoken", None)
    if len(typed) > DRAFT_FIELDS:
        return JsonResponse({"message": "内容太多，草稿没有保存。"}, status=413)
    draft = store_draft(request.user, FORM, key, typed)
    return JsonResponse({"saved_at": f"{timezone.localtime(draft.updated_at):%H:%M}"})


@require_POST
def drop_draft(request, key):
    _require_logger(request.user)
    forget_draft(request.user, FORM, key)
    messages.success(request, "草稿已丢弃。")
    return redirect("visits:reception_new")


def _submitted(request, reception: Reception):
    """What was posted: one more opinion asked for, a form to be mended, or a row to be saved."""
    if "add_opinion" in request.POST:
        data = with_one_more_opinion(request.POST)
        return _page(request, ReceptionEntry(reception, actor=request.user, data=data, quiet=True))
    entry = ReceptionEntry(reception, actor=request.user, data=request.POST)
    if not entry.is_valid():
        return _page(request, entry, status=422)
    try:
        saved = entry.save()
    except services.AlreadyLogged as again:
        return _show_as_change(request, again)
    except StaleVersion as stale:
        return _conflict(request, entry, stale)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return _page(request, entry, status=422)
    forget_draft(request.user, FORM, saved.submission_key)
    messages.success(request, f"已保存为 {saved.code}。")
    return _onward(request, saved)


def _onward(request, saved: Reception):
    if "save_and_next" in request.POST:
        return redirect(f"{reverse('visits:reception_new')}?like={saved.pk}")
    return redirect("visits:reception_detail", saved.pk)


def _show_as_change(request, again: services.AlreadyLogged):
    """The back button brought a saved form back: what was typed now is a change of that row."""
    messages.warning(request, str(again))
    data = request.POST.copy()
    entry = ReceptionEntry(again.reception, actor=request.user, data=data, quiet=True)
    opinions = again.reception.opinions.all()
    data["version"] = str(again.reception.version)
    data["opinions-INITIAL_FORMS"] = str(min(len(opinions), len(entry.opinions.forms)))
    for index, opinion in enumerate(opinions):
        data[f"opinions-{index}-id"] = str(opinion.pk)
    entry = ReceptionEntry(again.reception, actor=request.user, data=data, quiet=True)
    return _page(request, entry, status=409)


def _conflict(request, entry: ReceptionEntry, stale: StaleVersion):
    """Somebody else was quicker: both versions are shown, and what was typed stays."""
    current = Reception.objects.visible_to(request.user).for_page().get(pk=stale.current.pk)
    context = {"conflict": services.compare(entry.reception, entry.typed_opinions, current)}
    entry.version = current.version
    return _page(request, entry, status=409, **context)


def _page(request, entry: ReceptionEntry, status=200, **context):
    context |= {"entry": entry, "drafts": _other_drafts(request, entry)}
    if entry.reception.pk is None:
        context["stations"] = _stations(request.user)
    return render(request, "visits/reception_form.html", context, status=status)


def _blank(request, station: Station) -> ReceptionEntry:
    """An empty page with what is known: a draft, the visit before it, or today's beginnings."""
    draft = _draft(request, request.GET.get("draft"))
    if draft is not None:
        reception = Reception(station=station, submission_key=draft.key)
        data = typed_again(draft)
        return ReceptionEntry(reception, actor=request.user, data=data, quiet=True)
    initial = services.beginnings(station, like=_like(request), actor=request.user)
    return ReceptionEntry(Reception(station=station), actor=request.user, initial=initial)


def _like(request) -> Reception | None:
    pk = request.GET.get("like", "")
    rows = Reception.objects.visible_to(request.user)
    return rows.filter(pk=pk).first() if pk.isdigit() else None


def _require_logger(user) -> None:
    if not user.holds(roles_with(Capability.LOG_RECEPTION)):
        raise PermissionDenied


def _stations(user):
    return Station.objects.where_user_can(user, Capability.LOG_RECEPTION).open()


def _station_to_log_at(request) -> Station:
    """The station named in the address or the form; else the user's first."""
    stations = _stations(request.user).select_related("area", "township")
    wanted = request.POST.get("station") or request.GET.get("station") or ""
    if wanted:
        rows = stations.filter(pk=wanted) if wanted.isdigit() else stations.none()
        return get_object_or_404(rows)
    station = stations.order_by("area__code", "pk").first()
    if station is None:
        raise PermissionDenied
    return station


def _key(data) -> uuid.UUID:
    try:
        return uuid.UUID(data.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _draft(request, key) -> Draft | None:
    try:
        wanted = uuid.UUID(str(key))
    except ValueError:
        return None
    return Draft.objects.visible_to(request.user).filter(form=FORM, key=wanted).first()


def _other_drafts(request, entry: ReceptionEntry) -> list[Draft]:
    """Unsaved forms of the user to offer: of this row, or for a new one those of no row yet."""
    drafts = Draft.objects.visible_to(request.user).filter(form=FORM).order_by("-updated_at")
    if entry.reception.pk is not None:
        return list(drafts.filter(key=entry.key)) if entry.data is None else []
    offered = list(drafts.exclude(key=entry.key)[:10])
    keys = [draft.key for draft in offered]
    rows = Reception.objects.visible_to(request.user).filter(submission_key__in=keys)
    standing = set(rows.values_list("submission_key", flat=True))
    return [draft for draft in offered if draft.key not in standing]
