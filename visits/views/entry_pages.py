"""The page on which a line of a register is filled in: new, changed, kept as a draft.

The three registers share it; what each has of its own stands in a subclass of `EntryPages`.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Capability, roles_with
from common.errors import RuleViolation, StaleVersion
from common.forms.fields import whole
from common.models import Draft
from common.services import drop_draft as forget_draft
from common.services import keep_draft as store_draft
from stations.models import Station
from visits import rules, services
from visits.forms.entry import Entry, typed_again
from visits.models import RegisterEntry


class EntryPages:
    """New lines, changes and drafts of one register. `name` begins its addresses and templates."""

    model: type[RegisterEntry]
    entry_class: type[Entry]
    name: str
    keep_name: str
    drop_name: str
    # What a page can ask for beside being saved: the button, and what it makes of what was typed.
    buttons: ClassVar[dict[str, Any]] = {}

    def new(self, request):
        """A new line in the register of one of the user's stations."""
        if request.method == "GET":
            return self.page(request, self.blank(request))
        station = self.station(request)
        return self.submitted(
            request, self.model(station=station, submission_key=_key(request.POST))
        )

    def change(self, request, pk):
        row = get_object_or_404(self.model.objects.visible_to(request.user).for_page(), pk=pk)
        if row.is_void:
            messages.error(request, f"{row.code} 已经作废，不能再修改。")
            return redirect(f"visits:{self.name}_detail", pk)
        if not rules.can_change(request.user, row):
            raise PermissionDenied
        self.unmask([row], request.user)
        if request.method == "GET":
            draft = self._draft(request, row.submission_key) if "draft" in request.GET else None
            typed = {"data": typed_again(draft), "quiet": True} if draft else {}
            return self.page(request, self.entry_class(row, actor=request.user, **typed))
        return self.submitted(request, row)

    def keep_draft(self, request, key):
        """Keep what is typed so far; called by the page itself while its user types."""
        require_logger(request.user)
        typed = {name: request.POST.getlist(name) for name in request.POST}
        typed.pop("csrfmiddlewaretoken", None)
        if self._was_saved(request, key):
            return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M}"})
        try:
            draft = store_draft(request.user, services.draft_form(self.model), key, typed)
        except RuleViolation as refusal:
            return JsonResponse({"message": str(refusal)}, status=413)
        return JsonResponse({"saved_at": f"{timezone.localtime(draft.updated_at):%H:%M}"})

    def drop_draft(self, request, key):
        require_logger(request.user)
        forget_draft(request.user, services.draft_form(self.model), key)
        messages.success(request, "草稿已丢弃。")
        return redirect(f"visits:{self.name}_new")

    def unmask(self, rows, user) -> None:
        """Show of `rows` what `user` needs to know."""

    def station(self, request) -> Station:
        """Whose register the page is for."""
        return station_to_log_at(request)

    def initial(self, request, station: Station) -> dict:
        """What a new page is filled with before anybody types."""
        raise NotImplementedError

    def differences(self, entry: Entry, current: RegisterEntry) -> list[tuple]:
        """What was typed and what stands say differently."""
        raise NotImplementedError

    def as_change(self, data: QueryDict, row: RegisterEntry, entry: Entry) -> QueryDict:
        """What was typed for a new row, as if it had been typed for the row that stands."""
        data["version"] = str(row.version)
        return data

    def blank(self, request) -> Entry:
        """An empty page with what is known: a draft, the line before it, or today's beginnings."""
        station = self.station(request)
        draft = self._draft(request, request.GET.get("draft"))
        if draft is not None:
            row = self.model(station=station, submission_key=draft.key)
            data = typed_again(draft)
            return self.entry_class(row, actor=request.user, data=data, quiet=True)
        initial = self.initial(request, station)
        return self.entry_class(self.model(station=station), actor=request.user, initial=initial)

    def submitted(self, request, row: RegisterEntry):
        """What was posted: a page to be filled further, mended, or a row to be saved."""
        for button, grow in self.buttons.items():
            if button in request.POST:
                data = grow(request.POST, row, request.user)
                entry = self.entry_class(row, actor=request.user, data=data, quiet=True)
                return self.page(request, entry)
        entry = self.entry_class(row, actor=request.user, data=request.POST)
        if not entry.is_valid():
            return self.page(request, entry, status=422)
        return self.saved(request, entry)

    def saved(self, request, entry: Entry):
        try:
            saved = entry.save()
        except services.AlreadyLogged as again:
            return self._show_as_change(request, again)
        except services.KeyTaken as refusal:
            entry.row.submission_key = uuid.uuid4()
            messages.error(request, str(refusal))
            return self.page(request, entry, status=409)
        except StaleVersion as stale:
            return self._conflict(request, entry, stale)
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
            return self.page(request, entry, status=422)
        forget_draft(request.user, services.draft_form(self.model), saved.submission_key)
        messages.success(request, f"已保存为 {saved.code}。")
        self.after_saving(request, saved)
        if "save_and_next" in request.POST:
            return redirect(f"{reverse(f'visits:{self.name}_new')}?{self.next_one(saved)}")
        return redirect(f"visits:{self.name}_detail", saved.pk)

    def next_one(self, saved: RegisterEntry) -> str:
        """What the address of the next new page says of the line just saved."""
        return f"like={saved.pk}"

    def after_saving(self, request, saved: RegisterEntry) -> None:
        """What else there is to say."""

    def page(self, request, entry: Entry, status=200, **context):
        context |= {
            "entry": entry,
            "drafts": self._other_drafts(request, entry),
            "new_url": reverse(f"visits:{self.name}_new"),
            "keep_url": reverse(f"visits:{self.keep_name}", args=[entry.key]),
            "drop_name": f"visits:{self.drop_name}",
        }
        if entry.row.pk is None:
            context["stations"] = stations_to_log_at(request.user)
        return render(request, f"visits/{self.name}_form.html", context, status=status)

    def like(self, request):
        """The line that the address wants another one like."""
        rows = self.model.objects.visible_to(request.user)
        return rows.filter(pk=whole(request.GET.get("like"))).first()

    def _show_as_change(self, request, again: services.AlreadyLogged):
        """The back button brought a saved form back: what was typed is a change of that row."""
        messages.warning(request, str(again))
        self.unmask([again.entry], request.user)
        data = request.POST.copy()
        entry = self.entry_class(again.entry, actor=request.user, data=data, quiet=True)
        data = self.as_change(data, again.entry, entry)
        entry = self.entry_class(again.entry, actor=request.user, data=data, quiet=True)
        return self.page(request, entry, status=409)

    def _conflict(self, request, entry: Entry, stale: StaleVersion):
        """Somebody else was quicker: both versions are shown, and what was typed stays."""
        rows = self.model.objects.visible_to(request.user).for_page()
        current = rows.get(pk=stale.current.pk)
        differences = self.differences(entry, current)
        entry.version = current.version
        return self.page(request, entry, status=409, conflict=differences)

    def _was_saved(self, request, key) -> bool:
        """What was typed of a new form comes late: the form itself has arrived."""
        is_new = "row" not in request.POST
        rows = self.model.objects.visible_to(request.user).filter(submission_key=key)
        return is_new and rows.exists()

    def _draft(self, request, key) -> Draft | None:
        drafts = services.drafts_of(request.user, self.model)
        return next((draft for draft in drafts if str(draft.key) == str(key)), None)

    def _other_drafts(self, request, entry: Entry) -> list[Draft]:
        """Unsaved forms of the user to offer: of this row, or for a new one those of no row."""
        drafts = services.drafts_of(request.user, self.model)
        if entry.row.pk is not None:
            return [d for d in drafts if d.key == entry.key] if entry.data is None else []
        keys = [draft.key for draft in drafts]
        rows = self.model.objects.visible_to(request.user).filter(submission_key__in=keys)
        standing = {entry.key, *rows.values_list("submission_key", flat=True)}
        return [draft for draft in drafts if draft.key not in standing]


def require_logger(user) -> None:
    if not user.holds(roles_with(Capability.LOG_RECEPTION)):
        raise PermissionDenied


def stations_to_log_at(user):
    return Station.objects.where_user_can(user, Capability.LOG_RECEPTION).open()


def station_to_log_at(request, known: int | None = None) -> Station:
    """The station named in the address or the form, or `known` otherwise; else the user's first."""
    stations = stations_to_log_at(request.user).select_related("area", "township")
    wanted = request.POST.get("station") or request.GET.get("station") or ""
    if wanted or known:
        return get_object_or_404(stations, pk=whole(wanted) if wanted else known)
    station = stations.order_by("area__code", "pk").first()
    if station is None:
        raise PermissionDenied
    return station


def _key(data) -> uuid.UUID:
    try:
        return uuid.UUID(data.get("key", ""))
    except ValueError:
        return uuid.uuid4()
