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
from common.forms.fields import whole
from common.models import Draft
from common.services import drop_draft as forget_draft
from common.services import keep_draft as store_draft
from stations.models import Station
from visits import rules, services
from visits.forms import ReceptionEntry
from visits.forms.entry import typed_again, with_one_more_opinion
from visits.models import Reception


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
    if reception.is_void:
        messages.error(request, f"{reception.code} 已经作废，不能再修改。")
        return redirect("visits:reception_detail", pk)
    if not rules.can_change(request.user, reception):
        raise PermissionDenied
    rules.open_contacts([reception], request.user)
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
    if _was_saved(request, key):
        return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M}"})
    try:
        draft = store_draft(request.user, services.DRAFT_FORM, key, typed)
    except RuleViolation as refusal:
        return JsonResponse({"message": str(refusal)}, status=413)
    return JsonResponse({"saved_at": f"{timezone.localtime(draft.updated_at):%H:%M}"})


@require_POST
def drop_draft(request, key):
    _require_logger(request.user)
    forget_draft(request.user, services.DRAFT_FORM, key)
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
    except services.KeyTaken as refusal:
        reception.submission_key = uuid.uuid4()
        messages.error(request, str(refusal))
        return _page(request, entry, status=409)
    except StaleVersion as stale:
        return _conflict(request, entry, stale)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return _page(request, entry, status=422)
    forget_draft(request.user, services.DRAFT_FORM, saved.submission_key)
    messages.success(request, f"已保存为 {saved.code}。")
    return _onward(request, saved)


def _onward(request, saved: Reception):
    if "save_and_next" in request.POST:
        return redirect(f"{reverse('visits:reception_new')}?like={saved.pk}")
    return redirect("visits:reception_detail", saved.pk)


def _show_as_change(request, again: services.AlreadyLogged):
    """The back button brought a saved form back: what was typed now is a change of that row."""
    messages.warning(request, str(again))
    rules.open_contacts([again.reception], request.user)
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
    differences = services.compare(
        entry.reception, entry.typed_opinions, current, masked=entry.reception.masked
    )
    context = {"conflict": differences}
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
    pk = whole(request.GET.get("like"))
    return Reception.objects.visible_to(request.user).filter(pk=pk).first()


def _require_logger(user) -> None:
    if not user.holds(roles_with(Capability.LOG_RECEPTION)):
        raise PermissionDenied


def _was_saved(request, key) -> bool:
    """What was typed of a new form comes late: the form itself has arrived."""
    rows = Reception.objects.visible_to(request.user).filter(submission_key=key)
    return request.POST.get("opinions-INITIAL_FORMS") == "0" and rows.exists()


def _stations(user):
    return Station.objects.where_user_can(user, Capability.LOG_RECEPTION).open()


def _station_to_log_at(request) -> Station:
    """The station named in the address or the form; else the user's first."""
    stations = _stations(request.user).select_related("area", "township")
    wanted = request.POST.get("station") or request.GET.get("station") or ""
    if wanted:
        return get_object_or_404(stations, pk=whole(wanted))
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
    return next((d for d in services.drafts_of(request.user) if str(d.key) == str(key)), None)


def _other_drafts(request, entry: ReceptionEntry) -> list[Draft]:
    """Unsaved forms of the user to offer: of this row, or for a new one those of no row yet."""
    drafts = services.drafts_of(request.user)
    if entry.reception.pk is not None:
        return [d for d in drafts if d.key == entry.key] if entry.data is None else []
    keys = [draft.key for draft in drafts]
    rows = Reception.objects.visible_to(request.user).filter(submission_key__in=keys)
    standing = {entry.key, *rows.values_list("submission_key", flat=True)}
    return [draft for draft in drafts if draft.key not in standing]
