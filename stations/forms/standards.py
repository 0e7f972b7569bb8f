"""What is typed about standards and their items, by a station that assesses itself, by who
reviews it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from common.files import ACCEPT
from common.forms.fields import DayField
from common.forms.versioned import VersionedMixin
from stations import rules
from stations.choices import Source
from stations.models import Assessment, Criterion, Finding, Standard
from stations.services.assessments import NOTE_CHARACTERS, Answer, Verdict

YES, NO = "1", "0"
TOO_LONG = "最多 200 字。"


class StandardForm(forms.ModelForm):
    valid_from = DayField(label="施行日期", required=False, help_text="如 2026年1月1日；可不填")

    class Meta:
        model = Standard
        fields = [
            "name", "edition", "kind", "valid_from", "note",
            "three_stars_from", "four_stars_from", "five_stars_from",
        ]  # fmt: skip
        widgets = {"kind": forms.RadioSelect}
        error_messages = {
            NON_FIELD_ERRORS: {"unique_together": "这个名称已有同一个版本，请改版本。"}
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="standard-%s", **kwargs)
        self.fields["kind"].choices = self.fields["kind"].choices[-2:]
        if self.instance.pk is None or not self.instance.is_score:
            for name in ("three_stars_from", "four_stars_from", "five_stars_from"):
                del self.fields[name]


class EditionForm(forms.Form):
    edition = forms.CharField(
        label="新版本",
        max_length=20,
        help_text="如：2027年版",
        error_messages={"required": "请填写版本。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="edition-%s", **kwargs)


class CriterionForm(forms.ModelForm):
    """An item; each stands on the page of its standard, told apart by `mark`."""

    class Meta:
        model = Criterion
        fields = ["group", "words", "points", "source"]
        error_messages = {"words": {"required": "请填写内容。"}}
        help_texts = {"group": "如：室外"}

    def __init__(self, *args, mark: str = "new", **kwargs):
        super().__init__(*args, auto_id=f"{mark}-%s", **kwargs)
        self.mark = mark
        self.fields["source"].choices = [("", "没有"), *Source.choices]
        self.fields["group"].widget.attrs["list"] = "groups"
        if not self.instance.standard.is_score:
            del self.fields["points"]
        elif not self.instance.pk:
            self.initial["points"] = None


@dataclass(frozen=True)
class Row:
    """One item on the page: its fields, what is stored of it, what the records say."""

    criterion: Criterion
    finding: Finding | None
    record: rules.Record | None
    value: forms.BoundField
    note: forms.BoundField
    file: forms.BoundField | None = None
    drop: forms.BoundField | None = None


class _SheetForm(VersionedMixin, forms.Form):
    """A value and a note for every item of a standard."""

    instance: Assessment

    def _add_value(self, item: Criterion, label: str, initial: Any) -> None:
        if item.standard.is_score:
            field: forms.Field = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=item.points,
                initial=initial,
                error_messages={
                    "max_value": f"最高 {item.points} 分。",
                    "min_value": "不能少于 0 分。",
                    "invalid": "请填写整数。",
                },
            )
        else:
            choices = [(YES, "达到"), (NO, "未达到")]
            chosen = {True: YES, False: NO}.get(initial)
            field = forms.ChoiceField(
                label=label,
                required=False,
                choices=choices,
                initial=chosen,
                widget=forms.RadioSelect,
            )
        self.fields[f"value-{item.pk}"] = field

    def _add_note(self, item: Criterion, label: str, initial: str, hint: str = "") -> None:
        self.fields[f"note-{item.pk}"] = forms.CharField(
            label=label,
            required=False,
            max_length=200,
            initial=initial,
            error_messages={"max_length": TOO_LONG},
            widget=forms.TextInput(attrs={"placeholder": hint, "autocomplete": "off"}),
        )

    def _value_of(self, item: Criterion) -> dict[str, Any]:
        value = self.cleaned_data[f"value-{item.pk}"]
        if item.standard.is_score:
            return {"points": value}
        return {"met": {YES: True, NO: False}.get(value)}


class AssessmentForm(_SheetForm):
    """The station's own sheet. What the records can tell is ticked beforehand, never crossed."""

    def __init__(
        self,
        *args,
        instance: Assessment,
        items: Sequence[Criterion],
        findings: Sequence[Finding],
        records: Mapping[str, rules.Record],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.instance, self.items, self.records = instance, items, records
        self.found = {row.criterion_id: row for row in findings}
        for item in items:
            finding, record = self.found.get(item.pk), records.get(item.source)
            self._add_value(item, item.words, self._initial(item, finding, record))
            self._add_note(
                item, f"{item.words}：说明", finding.evidence if finding else "", "说明，可不填"
            )
            self.fields[f"file-{item.pk}"] = forms.FileField(
                label=f"{item.words}：照片或文件",
                required=False,
                widget=forms.FileInput(attrs={"accept": ACCEPT}),
                error_messages={"empty": "这个文件是空的。"},
            )
            if finding and finding.file:
                self.fields[f"drop-{item.pk}"] = forms.BooleanField(label="移除", required=False)

    @staticmethod
    def _initial(item: Criterion, finding: Finding | None, record: rules.Record | None):
        if finding and finding.is_answered:
            return finding.points if item.standard.is_score else finding.met
        return True if record and record.met and not item.standard.is_score else None

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                item,
                self.found.get(item.pk),
                self.records.get(item.source),
                self[f"value-{item.pk}"],
                self[f"note-{item.pk}"],
                self[f"file-{item.pk}"],
                self[f"drop-{item.pk}"] if f"drop-{item.pk}" in self.fields else None,
            )
            for item in self.items
        ]

    @property
    def answers(self) -> dict[int, Answer]:
        data = self.cleaned_data
        return {
            item.pk: Answer(
                **self._value_of(item),
                evidence=data[f"note-{item.pk}"],
                recorded=self._recorded(item),
                upload=data[f"file-{item.pk}"],
                drops_file=data.get(f"drop-{item.pk}", False),
            )
            for item in self.items
        }

    def _recorded(self, item: Criterion) -> str:
        record = self.records.get(item.source)
        return record.words[: rules.WORDS_CHARACTERS] if record else ""


class ReviewForm(_SheetForm):
    """The district's word beside the station's, item by item; it starts as the station's."""

    opinion = forms.CharField(
        label="审核意见",
        required=False,
        max_length=NOTE_CHARACTERS,
        help_text="退回时必填",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, instance: Assessment, findings: Sequence[Finding], **kwargs):
        super().__init__(*args, **kwargs)
        self.instance, self.findings = instance, findings
        scores = instance.standard.is_score
        for row in findings:
            said = row.points if scores else row.met
            self._add_value(row.criterion, f"{row.criterion}：审核", said)
            self._add_note(row.criterion, f"{row.criterion}：审核说明", row.review_note, "审核说明")
        if instance.standard.rates:
            self.fields["rate"] = forms.BooleanField(
                label="按审核得分评定本站星级",
                required=False,
                initial=True,
                help_text=instance.standard.thresholds_in_words,
            )

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                row.criterion,
                row,
                None,
                self[f"value-{row.criterion_id}"],
                self[f"note-{row.criterion_id}"],
            )
            for row in self.findings
        ]

    @property
    def verdicts(self) -> dict[int, Verdict]:
        """Those that were posted: who takes a review back says only why."""
        return {
            row.criterion_id: Verdict(
                **self._value_of(row.criterion),
                note=self.cleaned_data[f"note-{row.criterion_id}"],
            )
            for row in self.findings
            if f"note-{row.criterion_id}" in self.data
        }
