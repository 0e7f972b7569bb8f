"""The text of a draft, chapter by chapter; the words that go with publishing and correcting."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms

from common.forms.fields import whole
from reports.choices import Part
from reports.models import Edition
from reports.services.editions import as_stored, longest

_ROWS = {Part.STANDING: 6, Part.WORK: 20, Part.CASES: 10, Part.PROBLEMS: 10, Part.PLANS: 10}
_HINTS = {
    Part.STANDING: "一段一行，不用空格缩进；以“（一）……。”开头的，第一句作小标题。",
    Part.CASES: "由“典型案例”里推荐的案例起草。",
}


@dataclass(frozen=True)
class Chapter:
    """One chapter of the form: its field, and a newer draft where there is one."""

    part: Part
    field: forms.BoundField
    newer: str = ""
    take: forms.BoundField | None = None


class TextForm(forms.Form):
    """The whole text on one page. A chapter can be replaced by what the figures of now give."""

    conflict: list[tuple[str, str, str]] | None = None
    title = forms.CharField(label="标题", max_length=120)

    def __init__(self, data=None, *, edition: Edition):
        self.edition = edition
        self.version = edition.version
        super().__init__(data, initial={"title": edition.title})
        if data is not None:
            self.version = whole(data.get("version")) or 0
        for part in Part:
            self.fields[part.value] = forms.CharField(
                label=part.label,
                required=False,
                initial=self._kept(part)["text"],
                help_text=_HINTS.get(part, ""),
                widget=forms.Textarea(attrs={"rows": _ROWS[part]}),
            )
            self.fields[f"take_{part.value}"] = forms.BooleanField(
                label="保存时用新的草稿替换这一部分", required=False
            )

    def clean(self):
        """How long a chapter may be is asked only of what was typed anew."""
        cleaned = self.cleaned_data
        for part in Part:
            typed, most = as_stored(cleaned.get(part.value, "")), longest(self.edition, part)
            if len(typed) > most:
                self.add_error(part.value, f"最多 {most:,} 字，现在有 {len(typed):,} 字。")
        return cleaned

    def _kept(self, part: Part) -> dict[str, str]:
        return self.edition.text.get(part.value, {"text": "", "drafted": ""})

    @property
    def chapters(self) -> list[Chapter]:
        return [self._chapter(part) for part in Part]

    def _chapter(self, part: Part) -> Chapter:
        kept = self._kept(part)
        if not kept["drafted"] or kept["drafted"] == kept["text"]:
            return Chapter(part, self[part.value])
        return Chapter(part, self[part.value], kept["drafted"], self[f"take_{part.value}"])

    @property
    def text(self) -> dict[str, str]:
        """What a valid form makes of the chapters."""
        cleaned = self.cleaned_data
        return {
            part.value: self._kept(part)["drafted"]
            if cleaned[f"take_{part.value}"]
            else cleaned[part.value]
            for part in Part
        }

    def show_conflict(self, current: Edition) -> None:
        """Both versions of what differs; the next save is on top of what stands."""
        typed = {"标题": self.cleaned_data["title"]}
        typed |= {part.label: self.text[part.value] for part in Part}
        stands = {"标题": current.title}
        stands |= {part.label: current.text.get(part.value, {}).get("text", "") for part in Part}
        self.conflict = [
            (label, words, stands[label])
            for label, words in typed.items()
            if as_stored(words) != stands[label]
        ]
        self.version = current.version


class PublishForm(forms.Form):
    """Which state of the draft is published; why, where a check does not add up."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    explained = forms.CharField(
        label="核对说明",
        required=False,
        max_length=300,
        help_text="有核对不符的，写明原因，随报告保存。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectForm(forms.Form):
    reason = forms.CharField(
        label="更正原因",
        max_length=300,
        help_text="如：漏登一次接待。随更正后的报告保存。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
