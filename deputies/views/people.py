from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import DetailView

from accounts.roles import Capability, roles_with
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.listing import FilteredList
from deputies import rules, services
from deputies.filters import DeputyFilter
from deputies.forms import DeputyForm, EndForm, MandateForm, MandateRows
from deputies.models import Deputy
from deputies.rules.records import can_read_records
from deputies.services.people import PHONE_LABEL
from stations.rules import grants_at

MANAGERS = roles_with(Capability.MANAGE_DEPUTIES)
REPORTERS = roles_with(Capability.VIEW_REPORT)


class DeputyList(FilteredList):
    """代表名册, by pinyin."""

    model = Deputy
    filterset_class = DeputyFilter
    template_name = "deputies/list.html"
    order = ("pinyin", "pk")
    page_size = 30

    def get_rows(self):
        return Deputy.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "can_create": self.request.user.holds(MANAGERS),
            "reads_reports": self.request.user.holds(REPORTERS),
        }


class DeputyDetail(DetailView):
    template_name = "deputies/detail.html"

    def get_queryset(self):
        return Deputy.objects.visible_to(self.request.user).for_page()

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), **_page_of(self.object, self.request.user)}


def _page_of(deputy: Deputy, user, **context) -> dict:
    can_manage = rules.can_manage(user, deputy)
    is_self = deputy.user_id == user.pk
    hidden = set() if rules.sees_phone(user, deputy) else {PHONE_LABEL}
    return {
        "deputy": deputy,
        "phone": rules.shown_phone(user, deputy),
        "is_self": is_self,
        "can_manage": can_manage,
        "can_open_log_in": not deputy.user_id and rules.can_manage_log_in(user, deputy),
        "mandate_form": MandateForm(),
        "end_form": EndForm(),
        "history": audit.shown_history(deputy, hidden=hidden) if can_manage else [],
        "reads_records": can_read_records(user, deputy),
        "reads_receptions": is_self or grants_at(user, Capability.VIEW_REGISTER, deputy.station),
        **context,
    }


@require_http_methods(["GET", "POST"])
def new(request):
    if not request.user.holds(MANAGERS):
        raise PermissionDenied
    station = request.GET.get("station", "")
    rows = MandateRows(request.POST or None)
    form = DeputyForm(request.POST or None, actor=request.user, initial={"station": station})
    return _save_or_show(request, form, rows=rows)


@require_http_methods(["GET", "POST"])
def change(request, pk):
    deputy = _deputy(request, pk)
    if not rules.can_manage(request.user, deputy):
        raise PermissionDenied
    form = DeputyForm(request.POST or None, instance=deputy, actor=request.user)
    return _save_or_show(request, form)


def _save_or_show(request, form: DeputyForm, rows: MandateRows | None = None):
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if all([form.is_valid(), rows is None or rows.is_valid()]):
                deputy = form.save(mandates=rows.mandates() if rows else ())
                messages.success(request, f"{deputy}已保存。")
                return redirect("deputies:detail", deputy.pk)
        except StaleVersion as stale:
            status = 409
            form.show_conflict(services.compare, stale.current)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    return render(request, "deputies/form.html", {"form": form, "rows": rows}, status=status)


def _deputy(request, pk) -> Deputy:
    return get_object_or_404(Deputy.objects.visible_to(request.user).for_page(), pk=pk)


@require_POST
def add_mandate(request, pk):
    deputy = _deputy(request, pk)
    form = MandateForm(request.POST)
    if not rules.can_manage(request.user, deputy):
        raise PermissionDenied
    try:
        if form.is_valid():
            mandate = services.add_mandate(deputy, actor=request.user, **form.cleaned_data)
            messages.success(request, f"已记：{mandate}代表。")
            return redirect("deputies:detail", pk)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    context = _page_of(deputy, request.user, mandate_form=form)
    return render(request, "deputies/detail.html", context, status=422)


@require_POST
def end_mandate(request, pk, mandate_pk):
    deputy = _deputy(request, pk)
    mandate = get_object_or_404(deputy.mandates, pk=mandate_pk)
    form = EndForm(request.POST)
    if not rules.can_manage(request.user, deputy):
        raise PermissionDenied
    try:
        if not form.is_valid():
            raise RuleViolation(form.errors["on"][0])
        services.end_mandate(mandate, actor=request.user, **form.cleaned_data)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{mandate}代表职务已结束。")
    return redirect("deputies:detail", pk)


@require_POST
@never_cache
def open_log_in(request, pk):
    """Give the deputy a log-in; the first password is shown this once and stored nowhere."""
    deputy = _deputy(request, pk)
    try:
        user, password = services.open_log_in(deputy, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("deputies:detail", pk)
    if not password:
        messages.success(request, f"{user}用原有账号 {user.username} 登录，密码不变。")
        return redirect("deputies:detail", pk)
    context = {"person": user, "password": password, "place": deputy}
    context["back"] = reverse("deputies:detail", args=[pk])
    return render(request, "stations/log_in_slip.html", context)
