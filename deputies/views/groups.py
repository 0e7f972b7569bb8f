"""代表小组: the list, and the page of one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common.errors import RuleViolation
from common.listing import PagedList
from deputies import rules
from deputies.forms import GroupForm
from deputies.models import Group
from deputies.views.people import MANAGERS
from stations.models import Area


class GroupList(PagedList):
    """The 代表小组 of the user's townships, with their conveners."""

    template_name = "deputies/group_list.html"
    order = ("name", "pk")
    page_size = 30

    def get_rows(self):
        return Group.objects.visible_to(self.request.user).with_size()

    def shown(self, page):
        for group in page:
            group.may_change = _may_change(self.request.user, group)

    def get_context_data(self, **kwargs):
        can_create = self.request.user.holds(MANAGERS)
        return {**super().get_context_data(**kwargs), "can_create": can_create}


def _may_change(user, group: Group) -> bool:
    """A group of no township yet is put in one by whoever keeps some list of deputies."""
    if group.township is None:
        return user.holds(MANAGERS)
    return rules.can_manage_group_in(user, group.township)


@require_http_methods(["GET", "POST"])
def group_new(request):
    if not request.user.holds(MANAGERS):
        raise PermissionDenied
    return _group_page(request, Group())


@require_http_methods(["GET", "POST"])
def group_change(request, pk):
    group = get_object_or_404(Group.objects.visible_to(request.user).for_list(), pk=pk)
    if not _may_change(request.user, group):
        raise PermissionDenied
    return _group_page(request, group)


def _group_page(request, group: Group):
    """First the township, if it is not known yet, then its deputies to choose from."""
    townships = _townships(request.user)
    township = group.township or _chosen(request.GET.get("township", ""), townships)
    if township is None:
        return render(request, "deputies/group_township.html", {"townships": townships})
    form = GroupForm(request.POST or None, instance=group, actor=request.user, township=township)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                messages.success(request, f"{form.save()}已保存。")
                return redirect("deputies:group_list")
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "township": township}
    return render(request, "deputies/group_form.html", context, status=status)


def _townships(user) -> list[Area]:
    areas = Area.objects.visible_to(user).townships().order_by("code")
    return [area for area in areas if rules.can_manage_group_in(user, area)]


def _chosen(pk: str, townships: list[Area]) -> Area | None:
    if len(townships) == 1:
        return townships[0]
    return next((area for area in townships if str(area.pk) == pk), None)
