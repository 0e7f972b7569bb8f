"""The parts pages are built from: one tag a part, one template in `templates/components/` each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_outline

register = template.Library()

# A chart's drawing, in units of its view box: room above the bars for figures, below for names.
CHART_TOP, CHART_FOOT, WIDEST_BAR = 22, 26, 26


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """One of the outline icons of heroicons.com: {% icon "plus" %}, {% icon "plus" "small" %}."""
    css_class = "icon icon-s" if size == "small" else "icon"
    return heroicon_outline(name, size=None, **{"class": css_class, "aria_hidden": "true"})


@register.simple_tag
def badge(state: str, words: object) -> SafeString:
    """A state in words, tinted: ok, wait, go, late or "": {% badge "ok" "已反馈" %}."""
    css_class = f"badge badge-{state}" if state else "badge"
    return format_html('<span class="{}">{}</span>', css_class, words)


@register.inclusion_tag("components/empty.html")
def empty(
    title: str, hint: str = "", url: str = "", label: str = "", picture: str = "inbox"
) -> dict[str, Any]:
    """What stands where rows would be: {% empty "还没有登记" "…" url "登记接待" %}."""
    return {"title": title, "hint": hint, "url": url, "label": label, "picture": picture}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Any, note: str = "") -> dict[str, Any]:
    """Previous and next page by cursor; the other GET parameters stay: {% pager page %}."""
    return {"request": context["request"], "page": page, "note": note}


@register.inclusion_tag("components/chips.html", takes_context=True)
def chips(context: template.Context, filters: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """The filters in force, each with a link that drops it.

    A filter is {"name": "channel", "label": "来访形式", "value": "来访"}; one that is made of two
    GET parameters names both: "since until".
    """
    request = context["request"]
    shown = [{**chosen, "url": _without(request, chosen["name"])} for chosen in filters]
    return {"filters": shown, "clear": request.path}


def _without(request: HttpRequest, names: str) -> str:
    """This address without the parameters `names`, from the first page on."""
    query = request.GET.copy()
    for name in [*names.split(), "after", "before"]:
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else request.path


@register.inclusion_tag("components/progress.html")
def progress(value: int, total: int, label: str) -> dict[str, Any]:
    """How far something is; without a known total the bar only says that it runs."""
    return {"value": value, "total": total, "label": label}


@register.simple_block_tag(takes_context=True)
def confirm(
    context: template.Context, content: SafeString, label: str, url: str, button: str = ""
) -> SafeString:
    """A POST that asks first: the block holds what must be filled in, or a sentence.

    {% confirm "作废" url "确认作废" %}{{ form }}{% endconfirm %}
    """
    part = context.template.engine.get_template("components/confirm.html")  # type: ignore[union-attr]
    values = {"content": content, "label": label, "url": url, "button": button or f"确认{label}"}
    with context.push(**values):
        return part.render(context)


@dataclass(frozen=True)
class Complaint:
    """One thing to mend in a form, and where."""

    anchor: str
    label: str
    message: str


@register.inclusion_tag("components/errors.html")
def errors(*forms: BaseForm | BaseFormSet | None) -> dict[str, Any]:
    """What has to be mended in these forms and form sets, with links to the fields."""
    return {"complaints": [found for form in forms if form for found in _complaints(form)]}


def _complaints(form: BaseForm | BaseFormSet, prefix: str = "") -> Iterable[Complaint]:
    if isinstance(form, BaseFormSet):
        if form.is_bound:
            yield from (Complaint("", "", message) for message in form.non_form_errors())
        for number, member in enumerate(form.forms, start=1):
            yield from _complaints(member, f"第 {number} 条 · ")
        return
    for name, messages in form.errors.items():
        for message in messages:
            if name in form.fields:
                field = form[name]
                yield Complaint(_anchor(field), f"{prefix}{field.label}", message)
            else:
                yield Complaint("", prefix.removesuffix(" · "), message)


def _anchor(field: BoundField) -> str:
    if field.is_hidden:
        return ""
    return f"{field.auto_id}_0" if field.use_fieldset else field.auto_id


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(
    points: Iterable[Mapping[str, Any]],
    label: str,
    unit: str = "",
    width: int = 352,
    height: int = 190,
) -> dict[str, Any]:
    """Columns drawn as SVG: {% bar_chart months "每月接待" "批" %}.

    A point is {"label", "value"} and, if wanted, "now" (red), "before" (last year's value, paler,
    on its left) and "url" (the rows it counts). A chart across the page: width=800 height=330.
    """
    shown = list(points)
    values = [value for point in shown for value in (point["value"], point.get("before"))]
    tallest = max((value for value in values if value), default=0) or 1
    step, base = width / max(len(shown), 1), height - CHART_FOOT
    bars = [_column(point, index * step, step, base, tallest) for index, point in enumerate(shown)]
    spoken = "，".join(f"{point['label']} {point['value']}" for point in shown)
    return {
        "bars": bars,
        "width": width,
        "height": height,
        "base": base,
        "foot": height - 7,
        "spoken": f"{label}：{spoken}",
        "linked": any(point.get("url") for point in shown),
        "unit": unit,
    }


def _column(
    point: Mapping[str, Any], left: float, step: float, base: int, tallest: float
) -> dict[str, Any]:
    """Where one point's bars, figure and name stand; whole numbers, so no decimal comma."""
    before = point.get("before")
    thick = round(min(step * (0.36 if before is not None else 0.62), WIDEST_BAR))
    middle = round(left + step / 2)
    room = base - CHART_TOP
    x = middle + 1 if before is not None else middle - thick // 2
    high = round(room * (point["value"] or 0) / tallest)
    high_before = round(room * (before or 0) / tallest)
    return {
        **point,
        "left": round(left),
        "step": round(step),
        "thick": thick,
        "x": x,
        "centre": x + thick // 2,
        "y": base - high,
        "high": high,
        "has_before": before is not None,
        "x_before": middle - thick - 1,
        "y_before": base - high_before,
        "high_before": high_before,
        "middle": middle,
        "over": base - high - 6,
    }
