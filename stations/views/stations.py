from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import DetailView

from accounts import rules as account_rules
from accounts.roles import Capability, Role, roles_with
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.listing import FilteredList
from stations import rules, services
from stations.filters import StationFilter
from stations.forms import LogInForm, OfficerForm, PostingForm, StationForm
from stations.models import Area, Posting, Station
from stations.querysets import TREE
from stations.views.assessments import add_cells, standards_of
from stations.views.log_ins import hand_out, open_log_in_of, with_rights

OFFICES = "任职与登录"


class StationList(FilteredList):
    """联络站名册: a tree by township, the centre first."""

    model = Station
    filterset_class = StationFilter
    template_name = "stations/list.html"
    order = TREE
    page_size = 50

    def get_rows(self):
        return Station.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "can_create": self.request.user.holds(roles_with(Capability.MANAGE_STATIONS)),
            "keeps_units": rules.can_keep_units(self.request.user),
            "sees_funds": rules.can_see_funds(self.request.user),
            "sees_standards": rules.can_see_standards(self.request.user),
        }


class StationDetail(DetailView):
    template_name = "stations/detail.html"

    def get_queryset(self):
        return Station.objects.visible_to(self.request.user).for_page()

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), **_page_of(self.object, self.request.user)}


def _page_of(station: Station, user, posting_form: PostingForm | None = None) -> dict:
    staff = with_rights(station.postings.staff().for_list(), user)
    can_edit = rules.can_edit(user, station)
    # A user name may be somebody's own phone.
    hidden = set() if rules.manages_log_ins_at(user, station) else {services.LOG_IN_LABEL}
    today = timezone.localdate()
    if can_edit:
        add_cells([station], list(standards_of(today.year, user)), today.year, user)
    deputies = list(station.deputies.in_office().for_list().order_by("pinyin", "pk"))
    return {
        "station": station,
        "staff": staff,
        "deputies": deputies,
        "children": station.children.visible_to(user).order_by("area__code", "pk"),
        "can_edit": can_edit,
        "can_manage": rules.can_manage(user, station),
        "can_open_log_ins": rules.manages_log_ins_at(user, station),
        "today": today,
        "posting_form": posting_form or PostingForm(),
        "log_in_form": LogInForm(),
        "history": audit.shown_history(station, hidden=hidden) if can_edit else [],
        "reads_register": rules.grants_at(user, Capability.VIEW_REGISTER, station),
    }


@require_http_methods(["GET", "POST"])
def new(request):
    if not request.user.holds(roles_with(Capability.MANAGE_STATIONS)):
        raise PermissionDenied
    form = StationForm(request.POST or None, actor=request.user, initial=_asked_for(request))
    return _save_or_show(request, form, "已新建联络站。")


def _asked_for(request) -> dict:
    """A station below another starts with that one's place."""
    pk = request.GET.get("parent", "")
    rows = Station.objects.visible_to(request.user)
    parent = rows.filter(pk=pk).first() if pk.isdecimal() else None
    return {"parent": parent, "township": parent.township_id} if parent else {}


@require_http_methods(["GET", "POST"])
def change(request, pk):
    station = _station(request, pk)
    if not rules.can_edit(request.user, station):
        raise PermissionDenied
    form = StationForm(request.POST or None, instance=station, actor=request.user)
    return _save_or_show(request, form, "已保存。")


def _save_or_show(request, form: StationForm, done: str):
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                station = form.save()
                messages.success(request, done)
                return redirect("stations:detail", station.pk)
        except StaleVersion as stale:
            status = 409
            form.show_conflict(services.compare, stale.current)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    return render(request, "stations/form.html", {"form": form}, status=status)


def _station(request, pk) -> Station:
    return get_object_or_404(Station.objects.visible_to(request.user).for_page(), pk=pk)


def _staff_posting(request, pk, posting_pk) -> Posting:
    """A posting at a station in scope; a deputy's own posting is none of this page's."""
    postings = Posting.objects.visible_to(request.user).for_list().exclude(role=Role.DEPUTY)
    return get_object_or_404(postings, pk=posting_pk, station=pk)


@require_POST
def add_posting(request, pk):
    station = _station(request, pk)
    form = PostingForm(request.POST)
    if not rules.can_edit(request.user, station):
        raise PermissionDenied
    if not form.is_valid():
        context = _page_of(station, request.user, form)
        return render(request, "stations/detail.html", context, status=422)
    name, role = form.cleaned_data["person_name"], form.cleaned_data["role"]
    services.post(name, role, station, actor=request.user)
    messages.success(request, f"{name}已列为{Role(role).label}。")
    return redirect("stations:detail", pk)


@require_POST
def end_posting(request, pk, posting_pk):
    posting = _staff_posting(request, pk, posting_pk)
    services.end_posting(posting, actor=request.user)
    messages.success(request, f"{posting.person_name}不再任{posting.get_role_display()}。")
    return redirect("stations:detail", pk)


@require_POST
@never_cache
def open_log_in(request, pk, posting_pk):
    """Give the person a log-in; the first password is shown this once and stored nowhere."""
    posting = _staff_posting(request, pk, posting_pk)
    back = reverse("stations:detail", args=[pk])
    return open_log_in_of(request, posting, str(posting.station), back)


@require_safe
def offices(request):
    """任职与登录: who holds office in the district and its townships."""
    areas = _areas_kept_by(request.user)
    pk = request.GET.get("area", "")
    asked = next((area for area in areas if str(area.pk) == pk), None)
    initial = {"area": asked, "role": rules.vacant_role(asked, ())} if asked else {}
    form = OfficerForm(actor=request.user, initial=initial)
    return render(request, "stations/offices.html", {"areas": areas, "form": form})


def _areas_kept_by(user) -> list[Area]:
    """The areas whose accounts `user` manages, with their officers and what may be done to each."""
    _require_account_keeper(user)
    areas = list(Area.objects.where_user_can(user, Capability.MANAGE_ACCOUNTS).with_offices())
    for area in areas:
        area.vacant_role = rules.vacant_role(area, {posting.role for posting in area.officers})
        area.officers = with_rights(area.officers, user)
    return areas


def _require_account_keeper(user) -> None:
    if not account_rules.may_manage_accounts(user):
        raise PermissionDenied


def _office_posting(request, pk) -> Posting:
    _require_account_keeper(request.user)
    postings = Posting.objects.where_user_can(request.user, Capability.MANAGE_ACCOUNTS)
    return get_object_or_404(postings.for_list(), pk=pk)


@require_POST
@never_cache
def add_officer(request):
    """Post somebody; who was given a phone gets a log-in too, shown as in `open_log_in`."""
    _require_account_keeper(request.user)
    form, back = OfficerForm(request.POST, actor=request.user), reverse("stations:offices")
    try:
        if form.is_valid():
            user, password = form.save()
            messages.success(request, form.done)
            return hand_out(request, user, password, OFFICES, back) if user else redirect(back)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    context = {"areas": _areas_kept_by(request.user), "form": form}
    return render(request, "stations/offices.html", context, status=422)


@require_POST
def end_officer(request, posting_pk):
    posting = _office_posting(request, posting_pk)
    services.end_posting(posting, actor=request.user)
    role = posting.get_role_display()
    messages.success(request, f"{posting.person_name}不再任{role}（{posting.area}）。")
    return redirect("stations:offices")


@require_POST
@never_cache
def officer_log_in(request, posting_pk):
    posting = _office_posting(request, posting_pk)
    return open_log_in_of(request, posting, OFFICES, reverse("stations:offices"))
