"""典型案例: what is told, where it comes from."""

from __future__ import annotations

from django import forms
from django.urls import Resolver404, resolve

from accounts.roles import Capability
from common.forms.fields import DayField
from common.forms.typed import TypedMixin
from common.forms.versioned import VersionedMixin
from reports import services
from reports.models import Case
from reports.sources import Source
from stations.models import Station

LONGEST_CASE = 3000
_SHOWN = ("title", "on", "text", "source")


class CaseForm(TypedMixin, VersionedMixin, forms.ModelForm):
    """A case of a station whose reports the actor reads."""

    on = DayField(label="日期", help_text="事情发生的日期，列入这一天所在时段的报告")
    text = forms.CharField(
        label="案例",
        max_length=LONGEST_CASE,
        help_text="写清起因、做法和结果。不写来访人的姓名、电话和住址。",
        widget=forms.Textarea(attrs={"rows": 9}),
    )

    class Meta:
        model = Case
        fields = ["station", "on", "title", "text", "source", "source_url"]
        labels = {"title": "标题", "source": "来源"}
        help_texts = {"source": "如“接待 2025-108”；从登记簿选的会自动填写"}
        widgets = {"source_url": forms.HiddenInput}

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.stored_title = actor, self.instance.title
        readable = Station.objects.where_user_can(actor, Capability.VIEW_REPORT)
        self.fields["station"].queryset = readable.order_by("area__code", "pk")
        self.fields["station"].empty_label = "请选择"
        if self.instance.pk:
            del self.fields["station"]

    def clean_source_url(self) -> str:
        """Only a page of the portal."""
        url = self.cleaned_data["source_url"]
        try:
            if url:
                resolve(url)
        except Resolver404:
            return ""
        return url

    def save(self, commit=True):
        """Add or change the case; raises what the services raise."""
        if self.instance.pk:
            return services.change_case(self.instance, actor=self.actor, version=self.version)
        return services.add_case(self.instance, actor=self.actor)

    @staticmethod
    def compare(mine: Case, stands: Case) -> list[tuple[str, object, object]]:
        labels = {name: Case._meta.get_field(name).verbose_name for name in _SHOWN}
        pairs = [(labels[name], getattr(mine, name), getattr(stands, name)) for name in _SHOWN]
        return [(label, own, other) for label, own, other in pairs if own != other]


def filled_from(source: Source) -> dict[str, object]:
    """What a form begins with that is made from an entry."""
    return {
        "station": source.station.pk,
        "on": source.on,
        "title": source.title,
        "text": source.text[:LONGEST_CASE],
        "source": source.source,
        "source_url": source.url,
    }
