"""What every form of an opinion's page has in common: what it saw, and the service it calls."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.db import transaction
from django.utils import timezone

from common.forms.fields import DayField
from common.forms.typed import TypedMixin
from visits.choices import Act
from visits.models import Opinion


class PastDayField(DayField):
    """The day on which something was done: today or before."""

    def validate(self, value):
        super().validate(value)
        if value and value > timezone.localdate():
            raise forms.ValidationError("日期不能在今天之后。")


class ActForm(TypedMixin, forms.Form):
    """One act: `perform` calls its service with what was typed."""

    act: ClassVar[Act]
    button: ClassVar[str] = ""
    done: ClassVar[str] = "已记下。"
    lead_in: ClassVar[str] = ""
    rows: ClassVar[str] = ""

    # What the page showed: the key of the last step. A page that shows less is refused.
    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "请刷新页面。"})

    def __init__(self, *args, opinion: Opinion, user, **kwargs):
        kwargs.setdefault("auto_id", f"{type(self).name()}_%s")
        super().__init__(*args, **kwargs)
        self.opinion, self.user = opinion, user

    @classmethod
    def name(cls) -> str:
        """The last word of its address."""
        return cls.act.value

    @property
    def url_name(self) -> str:
        return f"visits:opinion_{self.name()}"

    @property
    def title(self) -> str:
        return self.act.label

    @property
    def done_words(self) -> str:
        return self.done

    @transaction.atomic
    def perform(self) -> Opinion:
        """What the service makes of it, a unit not known before included: all or nothing."""
        return self.call(actor=self.user, **self.cleaned_data)

    def call(self, **values) -> Opinion:
        raise NotImplementedError


def note_field(label: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=500, required=required, widget=forms.Textarea(attrs={"rows": 2})
    )
