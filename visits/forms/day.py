"""What is typed when a duty day is closed."""

from __future__ import annotations

from django import forms

from common.forms.typed import TypedMixin
from deputies.choices import DayState


class CloseForm(TypedMixin, forms.Form):
    """A word about the day; where nothing is on record, that it did not take place."""

    not_held = forms.BooleanField(label="这一天没有开展", required=False)
    note = forms.CharField(
        label="说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, outcome: DayState | None, **kwargs):
        super().__init__(*args, **kwargs)
        if outcome is None:
            self.fields["note"].mark = "没有开展的写原因"
        else:
            del self.fields["not_held"]

    def clean(self):
        data = super().clean()
        if data.get("not_held") and not data.get("note"):
            self.add_error("note", "请写明没有开展的原因。")
        return data
