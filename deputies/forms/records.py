"""What is typed about awards and about the 四个一."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from common.forms.fields import DayField
from deputies.choices import FourKind
from deputies.models import Award, Deputy, FourOnes


class AwardForm(forms.ModelForm):
    on = DayField(label="日期", help_text="如 2026年3月5日、3.5")

    class Meta:
        model = Award
        fields = ["on", "title", "granted_by", "note"]

    def __init__(self, data=None, *, deputy: Deputy):
        super().__init__(data, instance=Award(deputy=deputy), prefix="award")


class FourOnesForm(forms.ModelForm):
    """The year offered is the one looked at."""

    done_on = DayField(label="日期", help_text="如 2026年3月5日、3.5、今天")
    kind = forms.ChoiceField(label="哪一项", choices=FourKind, widget=forms.RadioSelect)

    class Meta:
        model = FourOnes
        fields = ["kind", "done_on", "title", "note"]

    def __init__(self, data=None, *, deputy: Deputy, year: int):
        super().__init__(data, instance=FourOnes(deputy=deputy, year=year), prefix="four")


class VoidForm(forms.Form):
    reason = forms.CharField(label="作废原因", max_length=200)


def year_in(text: str | None) -> int:
    """The year that an address asks for; this one where it asks for none that can be."""
    this = timezone.localdate().year
    said = text or ""
    asked = int(said) if said.isascii() and said.isdecimal() and len(said) == 4 else this
    return asked if 2000 <= asked <= this else this
