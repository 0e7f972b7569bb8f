"""问题类别: the tree on one page; the district edits it, everybody reads it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common.errors import RuleViolation
from stations import rules
from stations.forms import CategoryForm
from stations.models import Category
from stations.services import categories as services

TOP, BELOW, NAME = "top", "below-{}", "name-{}"


@require_safe
def category_list(request):
    return _page(request)


def _page(request, typed: CategoryForm | None = None):
    """The tree; `typed` is the one form that has to be mended, shown in its place."""
    keeps, tree = rules.can_keep_categories(request.user), Category.objects.tree()
    if keeps:
        for top in tree:
            top.below_form = _form(BELOW.format(top.pk), typed, label=f"“{top.name}”下的小类")
            for row in (top, *top.below):
                mark, initial = NAME.format(row.pk), {"name": row.name}
                row.name_form = _form(mark, typed, initial=initial)
    context = {"tree": tree, "keeps": keeps, "form": _form(TOP, typed), "typed": typed}
    return render(request, "stations/categories.html", context, status=422 if typed else 200)


def _form(mark: str, typed: CategoryForm | None, **kwargs) -> CategoryForm:
    return typed if typed and typed.mark == mark else CategoryForm(mark=mark, **kwargs)


def _require_keeper(request) -> None:
    if not rules.can_keep_categories(request.user):
        raise PermissionDenied


def _category(request, pk) -> Category:
    _require_keeper(request)
    return get_object_or_404(Category.objects.offered_or_not(), pk=pk)


@require_POST
def category_add(request):
    """A new 大类, or a 小类 below the `parent` of the form."""
    _require_keeper(request)
    key = request.POST.get("parent", "")
    parent = _category(request, key) if key.isdecimal() else None
    form = CategoryForm(request.POST, mark=BELOW.format(parent.pk) if parent else TOP)
    return _saved(
        request, form, lambda name: services.add_category(name, parent=parent, actor=request.user)
    )


@require_POST
def category_rename(request, pk):
    category, was = _category(request, pk), request.POST.get("was", "")
    form = CategoryForm(request.POST, mark=NAME.format(pk))
    return _saved(
        request,
        form,
        lambda name: services.rename_category(category, name, was=was, actor=request.user),
    )


def _saved(request, form: CategoryForm, save: Callable[[str], Category]):
    try:
        if form.is_valid():
            category = save(form.cleaned_data["name"])
            messages.success(request, f"已保存“{category.name}”。")
            return _to(category)
    except RuleViolation as refusal:
        form.add_error("name", str(refusal))
    return _page(request, form)


@require_POST
def category_move(request, pk):
    up = request.POST.get("to") == "up"
    category = _category(request, pk)
    return _done(
        request, category, lambda: services.move_category(category, up=up, actor=request.user)
    )


@require_POST
def category_switch(request, pk):
    """停用, or 恢复."""
    active = request.POST.get("active") == "1"
    category = _category(request, pk)
    words = "已恢复使用" if active else "已停用，登记时不再出现，原有的登记不变"
    return _done(
        request,
        category,
        lambda: services.set_category_active(category, active=active, actor=request.user),
        f"“{category.name}”{words}。",
    )


@require_POST
def category_remove(request, pk):
    category = _category(request, pk)
    return _done(
        request,
        category,
        lambda: services.remove_category(category, actor=request.user),
        f"已删除“{category.name}”。",
    )


def _done(request, category: Category, act: Callable[[], object], said: str = ""):
    """Do it, and show the tree where it was done; a refusal is said on top of it."""
    try:
        act()
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return _to(category)


def _to(category: Category):
    return redirect(f"{reverse('stations:categories')}#category-{category.pk}")
