"""Lists that filter by the URL, page by key, say how many, and answer htmx with their rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

import django_filters as filters
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from common.paging import Page, Tally, page_of, tally
from common.sheets.cells import chinese_date
from common.views import PartialMixin


class AddressFilter(filters.FilterSet):
    """Conditions that live in the address of a list."""

    # What a condition is called in the address, where that is no name for a Python class.
    address_names: ClassVar[dict[str, str]] = {}

    def word_for(self, name: str, value) -> str:
        """How a value reads, where its field cannot say it; "" leaves it to the field."""
        return ""


class PagedList(PartialMixin, TemplateView):
    """A page of rows. Subclasses say which rows a user may list, and in what order."""

    order: Sequence[str]
    page_size = 20

    def get_rows(self):
        """The rows this user may list, scoped."""
        raise NotImplementedError

    def filtered(self, rows):
        """`rows` as far as the address asks for them."""
        return rows

    def listed(self, rows):
        """`rows` with all that a line shows."""
        return rows.for_list()

    def shown(self, page: Page) -> None:
        """Prepare the rows of the page for their reader."""

    def count(self, rows, *, exactly: bool) -> Tally:
        """How many rows there are; exact up to a bound, beyond it on request."""
        return tally(rows, exactly=exactly)

    def get_context_data(self, **kwargs):
        get = self.request.GET
        rows = self.filtered(self.get_rows())
        page = page_of(
            self.listed(rows),
            self.order,
            size=self.page_size,
            after=get.get("after", ""),
            before=get.get("before", ""),
        )
        self.shown(page)
        return {
            **super().get_context_data(**kwargs),
            "rows": rows,
            "page": page,
            "tally": self.count(rows, exactly="exact" in get),
        }


class FilteredList(PagedList):
    """A page of rows narrowed by the conditions of its address."""

    filterset_class: type

    @cached_property
    def filterset(self):
        rows = self.get_rows()
        return self.filterset_class(self.request.GET, queryset=rows, request=self.request)

    def filtered(self, rows):
        """`rows` narrowed by the address; a condition that cannot be read lists nothing."""
        if self.filterset.is_valid():
            return self.filterset.filter_queryset(rows)
        return rows.none()

    def hidden_rows(self, rows):
        """Rows that count but are not to be read, by station and month: drill-downs show them."""
        if "drill" not in self.request.GET:
            return []
        return list(self.filtered(rows).by_station_and_month())

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "filter": self.filterset,
            "chosen": conditions_of(self.filterset),
        }


def conditions_of(filterset) -> list[dict[str, str]]:
    """The conditions in force, in words, each with the name that drops it from the address."""
    form = filterset.form
    if not form.is_valid():
        return []
    return [
        {
            "name": filterset.address_names.get(name, name),
            "label": form.fields[name].label or name,
            "value": filterset.word_for(name, value) or _in_words(form.fields[name], value),
        }
        for name, value in form.cleaned_data.items()
        if value not in (None, "", [])
    ]


def _in_words(field, value) -> str:
    if isinstance(value, date):
        return chinese_date(value)
    words = {str(key): word for key, word in getattr(field, "choices", ())}
    return str(words.get(value, value)) if isinstance(value, str) else str(value)
