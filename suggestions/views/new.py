"""The page on which a suggestion is written: new, changed, kept while one types."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Capability
from common.errors import RuleViolation, StaleVersion
from common.forms.fields import whole
from common.models import Draft
from common.services import drop_draft as forget_draft
from common.services import keep_draft as store_draft
from suggestions import rules
from suggestions.choices import COURSE, Act
from suggestions.forms.draft import DraftEntry
from suggestions.models import OpinionLink, Session, Suggestion
from suggestions.services import describe, raising
from suggestions.views.lists import require_reader
from visits.forms.entry import typed_again
from visits.models import Opinion

FORM = "suggestion"
SIMILAR_SHOWN = 5
DONE = {
    raising.KEEP: "草稿已保存，提交以前只有您自己能看到。",
    raising.INVITE: "已请代表附议，答复后会有消息。",
    raising.SUBMIT: "已提交人大机关审核。",
}


@require_http_methods(["GET", "POST"])
def new(request):
    _require_author(request.user)
    if request.method == "GET":
        return _page(request, _blank(request))
    row = Suggestion(submission_key=_key(request.POST))
    stored = _saved_before(request, row.submission_key)
    if stored is not None:
        return _sent_again(request, stored)
    return _submitted(request, _entry(request, row, data=request.POST))


@require_http_methods(["GET", "POST"])
def change(request, pk):
    require_reader(request.user)
    row = get_object_or_404(Suggestion.objects.visible_to(request.user).for_page(), pk=pk)
    if not rules.may(request.user, Capability.RAISE_SUGGESTION, row):
        raise PermissionDenied
    if COURSE.find(Act.CHANGE, row.state) is None:
        messages.error(request, f"这一件现在是“{row.get_state_display()}”，内容不能再改。")
        return redirect("suggestions:detail", pk)
    if request.method == "GET":
        draft = _drafts(request.user).filter(key=row.submission_key).first()
        again = draft is not None and "draft" in request.GET
        typed = {"data": typed_again(draft), "quiet": True} if again else {}
        return _page(request, _entry(request, row, **typed))
    return _submitted(request, _entry(request, row, data=request.POST))


@require_POST
def keep_draft(request, key):
    """Keep what is typed so far; called by the page itself while its user types."""
    _require_author(request.user)
    typed = {name: request.POST.getlist(name) for name in request.POST}
    typed.pop("csrfmiddlewaretoken", None)
    if "row" not in typed and _saved_before(request, key):
        return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M}", "kept": False})
    try:
        draft = store_draft(request.user, FORM, key, typed)
    except RuleViolation as refusal:
        return JsonResponse({"message": str(refusal)}, status=413)
    return JsonResponse({"saved_at": f"{timezone.localtime(draft.updated_at):%H:%M}"})


@require_POST
def drop_draft(request, key):
    _require_author(request.user)
    forget_draft(request.user, FORM, key)
    messages.success(request, "没保存的内容已丢弃。")
    return redirect("suggestions:new")


@require_POST
def similar(request):
    """While the title is typed: others of the congress that sound alike, as far as one sees them.
    It is posted because what is not submitted yet belongs into no address."""
    _require_author(request.user)
    user, rows = request.user, Suggestion.objects.none()
    session = Session.objects.visible_to(user).filter(pk=whole(request.POST.get("session"))).first()
    if session:
        typed = Suggestion(
            pk=whole(request.POST.get("row")), session=session,
            title=request.POST.get("title", "")[:100],
        )  # fmt: skip
        rows = Suggestion.objects.visible_to(user).similar_to(typed)
    found = list(rows.select_related("session").order_by("-pk")[:SIMILAR_SHOWN])
    for row in found:
        row.badge = rules.badge_of(row)
    return render(request, "suggestions/similar.html", {"similar": found})


def _submitted(request, entry: DraftEntry):
    """What was posted: to be mended, or saved with what the button says."""
    then = next((name for name in DONE if name in request.POST), raising.KEEP)
    if not entry.is_valid():
        return _page(request, entry, status=422)
    try:
        saved = entry.save(then)
    except StaleVersion as stale:
        return _conflict(request, entry, stale)
    except RuleViolation as refusal:
        return _refused(request, entry, refusal)
    except IntegrityError:  # the same form twice at once: the other one was quicker
        quicker = _saved_before(request, entry.key)
        if quicker is None:
            raise
        return redirect("suggestions:detail", quicker.pk)
    forget_draft(request.user, FORM, saved.submission_key)
    messages.success(request, DONE[then])
    return redirect("suggestions:detail", saved.pk)


def _refused(request, entry: DraftEntry, refusal: RuleViolation):
    """The typed words stay; a new row that was rolled back is a new one again."""
    if "row" not in request.POST:
        entry.row.pk = None
    entry.main.add_error(None, str(refusal))
    return _page(request, entry, status=422)


def _conflict(request, entry: DraftEntry, stale: StaleVersion):
    """Somebody else was quicker: both versions are shown, and what was typed stays."""
    current = Suggestion.objects.visible_to(request.user).for_page().get(pk=stale.current.pk)
    differences = describe.compare(entry.row, current, entry.main.cleaned_data)
    entry.version = current.version
    return _page(request, entry, status=409, conflict=differences)


def _sent_again(request, stored: Suggestion):
    """A double click leads to the row; other words under the same form are a change of it."""
    entry = _entry(request, Suggestion(submission_key=stored.submission_key), data=request.POST)
    same = entry.is_valid() and (entry.row.title, entry.row.content) == (
        stored.title, stored.content
    )  # fmt: skip
    if same or COURSE.find(Act.CHANGE, stored.state) is None:
        return redirect("suggestions:detail", stored.pk)
    messages.warning(request, "这份表单已经保存过。您后来填写的内容还没有保存，请核对后再点按钮。")
    data = request.POST.copy()
    data["version"] = str(stored.version)
    return _page(request, _entry(request, stored, data=data, quiet=True), status=409)


def _blank(request) -> DraftEntry:
    """An empty page with what is known: a draft, or the opinions it is to come from."""
    draft = _drafts(request.user).filter(key=_key(request.GET, "draft")).first()
    if draft is not None:
        row = Suggestion(submission_key=draft.key)
        return _entry(request, row, data=typed_again(draft), quiet=True)
    keys = _opinions_named(request)
    found = Opinion.objects.visible_to(request.user).of_valid().filter(pk__in=keys).for_list()
    found = found.exclude(pk__in=OpinionLink.objects.filter(ended_on=None).values("opinion"))
    initial = describe.from_opinions(list(found.order_by("pk"))) if keys else {}
    if lead := whole(request.GET.get("lead")):
        initial.setdefault("lead", lead)
    return _entry(request, Suggestion(), initial=initial)


def _opinions_named(request) -> list[int]:
    """The opinions that the address wants to make a suggestion of."""
    return [key for key in map(whole, request.GET.getlist("opinion")[:20]) if key]


def _standing_elsewhere(request) -> list[OpinionLink]:
    """Of those named in the address the ones that have become a suggestion already."""
    keys = _opinions_named(request)
    if not keys:
        return []
    readable = Opinion.objects.visible_to(request.user).filter(pk__in=keys)
    links = OpinionLink.objects.filter(opinion__in=readable, ended_on=None)
    links = list(links.select_related("suggestion__session"))
    rows = Suggestion.objects.visible_to(request.user)
    shown = set(
        rows.filter(pk__in=[one.suggestion_id for one in links]).values_list("pk", flat=True)
    )
    for one in links:
        one.is_readable = one.suggestion_id in shown
    return links


def _entry(request, row: Suggestion, **typed) -> DraftEntry:
    own = getattr(request.user, "deputy", None)
    if row.pk is None and own is not None:
        row.station_id = own.station_id
    return DraftEntry(row, actor=request.user, **typed)


def _page(request, entry: DraftEntry, status=200, **context):
    context |= {
        "entry": entry,
        "drafts": _other_drafts(request, entry),
        "keep_url": reverse("suggestions:draft_keep", args=[entry.key]),
        "drop_name": "suggestions:draft_drop",
        "standing_elsewhere": _standing_elsewhere(request),
    }
    return render(request, "suggestions/new.html", context, status=status)


def _other_drafts(request, entry: DraftEntry) -> list[Draft]:
    """Unsaved forms to offer: of this row, or for a new one those of no row."""
    if entry.data is not None:
        return []
    drafts = _drafts(request.user)
    if entry.row.pk is not None:
        return list(drafts.filter(key=entry.key))
    drafts = list(drafts[:10])
    saved = Suggestion.objects.filter(submission_key__in=[draft.key for draft in drafts])
    standing = set(saved.values_list("submission_key", flat=True))
    return [draft for draft in drafts if draft.key not in standing]


def _drafts(user):
    return Draft.objects.visible_to(user).filter(form=FORM).order_by("-updated_at")


def _saved_before(request, key) -> Suggestion | None:
    rows = Suggestion.objects.visible_to(request.user).for_page()
    return rows.filter(submission_key=key).first()


def _require_author(user) -> None:
    if not rules.can_raise_somewhere(user):
        raise PermissionDenied


def _key(data, name: str = "key") -> uuid.UUID:
    try:
        return uuid.UUID(data.get(name, ""))
    except ValueError:
        return uuid.uuid4()
