"""What the district types about scores and absences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from common.forms.fields import DayField
from deputies.models import Deputy
from reports.choices import UNITS, RecordClass
from reports.models import Admonition, RecordSetting, ScoreRule

_POINTS = ("base", "extra", "cap")
_TOO_LARGE = 9999


class LadderForm(forms.ModelForm):
    """From how many absences on each step is due."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = RecordSetting
        fields = ["remind_from", "talk_from", "advise_from"]

    def __init__(self, data=None, *, setting: RecordSetting):
        super().__init__(data, instance=setting, initial={"version": setting.version})

    @property
    def steps(self) -> list[int]:
        return [self.cleaned_data[name] for name in self._meta.fields]


class AdmonitionForm(forms.ModelForm):
    on = DayField(label="日期", help_text="如 3.5、今天")

    class Meta:
        model = Admonition
        fields = ["step", "on", "note"]

    def __init__(self, data=None, *, deputy: Deputy, year: int, step: str = ""):
        super().__init__(
            data,
            instance=Admonition(deputy=deputy, year=year),
            initial={"step": step},
            auto_id=f"id_{deputy.pk}_%s",
        )
        self.fields["step"].choices = [
            choice for choice in self.fields["step"].choices if choice[0]
        ]


@dataclass(frozen=True)
class PointsRow:
    """One class of record with its three boxes."""

    kind: RecordClass
    fields: list[Any]

    @property
    def label(self) -> str:
        return self.kind.label

    @property
    def unit(self) -> str:
        return UNITS.get(self.kind, "次")


class ScoreRulesForm(forms.Form):
    """The rules of all classes at once, and the year from which they hold."""

    valid_from = forms.TypedChoiceField(label="起用年度", coerce=int)

    def __init__(self, data=None, *, rules: Iterable[ScoreRule]):
        super().__init__(data)
        this = timezone.localdate().year
        self.fields["valid_from"].choices = [(this, f"{this}年"), (this + 1, f"{this + 1}年")]
        known = {rule.record: rule for rule in rules}
        for kind in RecordClass:
            for name in _POINTS:
                field = forms.DecimalField(
                    label=f"{kind.label}{_LABELS[name]}",
                    min_value=0, max_value=_TOO_LARGE, max_digits=5, decimal_places=1,
                    required=False, initial=getattr(known.get(kind.value), name, None),
                )  # fmt: skip
                field.widget.attrs["aria-label"] = field.label
                self.fields[f"{kind.value}_{name}"] = field

    def rows(self) -> Iterator[PointsRow]:
        for kind in RecordClass:
            yield PointsRow(kind, [self[f"{kind.value}_{name}"] for name in _POINTS])

    @property
    def points(self) -> dict[RecordClass, tuple[Decimal, Decimal, Decimal]]:
        """Of a valid form; what was left blank is 0."""
        return {
            kind: tuple(self.cleaned_data[f"{kind.value}_{name}"] or Decimal(0) for name in _POINTS)
            for kind in RecordClass
        }  # type: ignore[return-value]


_LABELS = {"base": "第一次的分数", "extra": "以后每次的分数", "cap": "最多的分数"}
