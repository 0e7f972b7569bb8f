"""建设标准: the lists and their editions; the district keeps them, who is assessed reads them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import audit
from common.errors import RuleViolation
from stations import rules
from stations.forms import CriterionForm, EditionForm, StandardForm
from stations.models import Criterion, Standard
from stations.services import standards as services

NEW, ITEM = "new", "item-{}"


def standards_seen_by(user):
    if not rules.can_see_standards(user):
        raise PermissionDenied
    return Standard.objects.visible_to(user)


def _require_keeper(request) -> None:
    if not rules.can_keep_standards(request.user):
        raise PermissionDenied


def _kept(request, pk) -> Standard:
    _require_keeper(request)
    return get_object_or_404(standards_seen_by(request.user), pk=pk)


def _item(request, pk) -> Criterion:
    _require_keeper(request)
    return get_object_or_404(Criterion.objects.visible_to(request.user), pk=pk)


@require_safe
def standard_list(request):
    rows = standards_seen_by(request.user).with_counts().order_by("-in_use", "name", "-pk")
    keeps = rules.can_keep_standards(request.user)
    return render(request, "stations/standards.html", {"standards": rows, "keeps": keeps})


@require_http_methods(["GET", "POST"])
def standard_new(request):
    _require_keeper(request)
    form = StandardForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                made = services.add_standard(form.save(commit=False), actor=request.user)
                messages.success(request, f"已新建“{made}”，请填写条目。")
                return redirect("stations:standard", made.pk)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    return render(request, "stations/standard_new.html", {"form": form}, status=status)


@require_safe
def standard_detail(request, pk):
    return _page(request, get_object_or_404(standards_seen_by(request.user), pk=pk))


def _page(request, standard: Standard, *typed):
    """The page of an edition; `typed` are the forms that have to be mended, in their places."""
    seen = standards_seen_by(request.user).with_counts()
    standard = get_object_or_404(seen, pk=standard.pk)
    may_change = rules.can_keep_standards(request.user) and not standard.is_assessed
    items = list(Criterion.objects.visible_to(request.user).filter(standard=standard))
    if may_change:
        for item in items:
            item.form = _form_of(item, typed)
    context = {
        "standard": standard,
        "items": items,
        "groups": dict.fromkeys(item.group for item in items if item.group),
        "keeps": rules.can_keep_standards(request.user),
        "may_change": may_change,
        "new_form": _form_of(Criterion(standard=standard), typed),
        "form": _one(StandardForm, typed) or StandardForm(instance=standard),
        "edition_form": _one(EditionForm, typed) or EditionForm(),
        "typed": typed[0] if typed else None,
        "history": audit.shown_history(standard),
    }
    return render(request, "stations/standard.html", context, status=422 if typed else 200)


def _one(kind, typed):
    return next((form for form in typed if isinstance(form, kind)), None)


def _form_of(item: Criterion, typed) -> CriterionForm:
    mark = ITEM.format(item.pk) if item.pk else NEW
    bound = _one(CriterionForm, typed)
    return bound if bound and bound.mark == mark else CriterionForm(instance=item, mark=mark)


def _saved(request, standard: Standard, form, save: Callable[[], object], said: str):
    try:
        if form.is_valid():
            save()
            messages.success(request, said)
            return redirect("stations:standard", standard.pk)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _page(request, standard, form)


@require_POST
def standard_change(request, pk):
    form = StandardForm(request.POST, instance=_kept(request, pk))
    return _saved(
        request,
        form.instance,
        form,
        lambda: services.change_standard(form.save(commit=False), actor=request.user),
        "已保存。",
    )


@require_POST
def standard_edition(request, pk):
    """A new edition from this one; one stands before it afterwards."""
    standard, form = _kept(request, pk), EditionForm(request.POST)
    try:
        if form.is_valid():
            edition = form.cleaned_data["edition"]
            made = services.make_edition(standard, edition, actor=request.user)
            messages.success(request, f"已新建“{made}”，条目照“{standard}”。改好后启用。")
            return redirect("stations:standard", made.pk)
    except RuleViolation as refusal:
        form.add_error("edition", str(refusal))
    return _page(request, standard, form)


def _done(request, standard: Standard, act: Callable[[], object], said: str = ""):
    try:
        act()
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return redirect("stations:standard", standard.pk)


@require_POST
def standard_use(request, pk):
    """启用, or 停用."""
    standard, use = _kept(request, pk), request.POST.get("use") == "1"
    act = services.put_in_use if use else services.take_out_of_use
    said = f"“{standard}”已启用，各站按它自评。" if use else f"“{standard}”已停用，已有的自评不变。"
    return _done(request, standard, lambda: act(standard, actor=request.user), said)


@require_POST
def standard_remove(request, pk):
    standard = _kept(request, pk)
    try:
        services.remove_standard(standard, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("stations:standard", pk)
    messages.success(request, f"已删除“{standard}”。")
    return redirect("stations:standards")


@require_POST
def criterion_add(request, pk):
    standard = _kept(request, pk)
    form = CriterionForm(request.POST, instance=Criterion(standard=standard))
    return _saved(
        request,
        standard,
        form,
        lambda: services.add_criterion(form.save(commit=False), actor=request.user),
        f"已增加“{form['words'].value()}”。",
    )


@require_POST
def criterion_change(request, pk):
    item = _item(request, pk)
    form = CriterionForm(request.POST, instance=item, mark=ITEM.format(pk))
    return _saved(
        request,
        item.standard,
        form,
        lambda: services.change_criterion(form.save(commit=False), actor=request.user),
        "已保存。",
    )


@require_POST
def criterion_move(request, pk):
    item, up = _item(request, pk), request.POST.get("to") == "up"
    return _done(
        request, item.standard, lambda: services.move_criterion(item, up=up, actor=request.user)
    )


@require_POST
def criterion_remove(request, pk):
    item = _item(request, pk)
    return _done(
        request,
        item.standard,
        lambda: services.remove_criterion(item, actor=request.user),
        f"已删除“{item.words}”。",
    )
