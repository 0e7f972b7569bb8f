"""What every form of a suggestion's page has in common: what it saw, and the service it calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.roles import Capability
from common.forms.fields import DayField
from common.forms.typed import TypedMixin
from suggestions import rules
from suggestions.choices import COURSE, Act, Part, ResultClass
from suggestions.models import ClassWording, Handling, Suggestion

STALE = "承办单位已有变动，请刷新页面。"
LONGEST_TITLE = 24


class PastDayField(DayField):
    """The day on which something was done: today or before."""

    def validate(self, value):
        super().validate(value)
        if value and value > timezone.localdate():
            raise forms.ValidationError("日期不能在今天之后。")


class ActForm(TypedMixin, forms.Form):
    """One act of the whole, or of one unit's share: `perform` calls its service with what was
    typed."""

    act: ClassVar[Act]
    service: ClassVar[Callable]
    button: ClassVar[str] = ""
    done: ClassVar[str] = "已记下。"
    lead_in: ClassVar[str] = ""
    rows: ClassVar[str] = ""
    # Something to think of before it is sent; it goes through all the same.
    warning: Any = ""
    # The name of the day, where who keys in a paper may say when it was done.
    dated: ClassVar[str] = ""
    takes_files: ClassVar[bool] = False
    # What was typed before and not sent (`common.Draft`), where the form is filled with it again.
    draft: Any = None

    # What the page showed: the key of the last step. A page that shows less is refused.
    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "请刷新页面。"})

    def __init__(
        self, *args, suggestion: Suggestion, user, share: Handling | None = None,
        shares: Sequence[Handling] = (), **kwargs,
    ):  # fmt: skip
        kwargs.setdefault("auto_id", f"{self.name()}_{share.pk if share else 0}_%s")
        super().__init__(*args, **kwargs)
        self.suggestion, self.user, self.share, self.shares = suggestion, user, share, shares
        self.keys_in = rules.keys_in(user, suggestion, share)
        if self.dated and self.keys_in:
            self.fields["on"] = PastDayField(label=self.dated, required=False)
            self.fields["on"].mark = "不填为今天"

    @classmethod
    def name(cls) -> str:
        """Its url name; with hyphens the last word of its address."""
        return cls.act.value

    @classmethod
    def of_a_share(cls) -> bool:
        """Whether it moves one unit, and not the suggestion itself."""
        return any(line.sources & set(Part.values) for line in cls.lines())

    @classmethod
    def lines(cls) -> list:
        return [line for line in COURSE.transitions if line.action == cls.act]

    @classmethod
    def is_open_to(cls, user, suggestion: Suggestion, shares: Sequence[Handling]) -> bool:
        """Whether `user` holds what the act needs, for the whole or for any of these shares."""
        needed = {Capability(line.capability) for line in cls.lines()}
        of = (*shares, None) if cls.of_a_share() else (None,)
        return any(rules.may(user, one, suggestion, share) for one in needed for share in of)

    @property
    def url_name(self) -> str:
        return f"suggestions:{self.name()}"

    @property
    def title(self) -> str:
        return self.act.label

    @property
    def done_words(self) -> str:
        return self.done

    @property
    def said_when_done(self) -> SafeString:
        """What is done, and of which suggestion: people have several in hand."""
        title = self.suggestion.title
        short = title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}……"
        return format_html("《{}》：{}", short, self.done_words)

    @property
    def shown_lead_in(self) -> str:
        return self.lead_in

    @property
    def is_begun(self) -> bool:
        """Whether somebody has typed into it, now or before: then it does not stand folded."""
        return self.is_bound

    @property
    def keeps_draft(self) -> bool:
        """Whether there is anything to type that somebody would miss."""
        return bool(self.visible_fields())

    def clean(self):
        data = super().clean()
        if self.of_a_share() and self.share is None:
            raise forms.ValidationError(STALE)
        return data

    @transaction.atomic
    def perform(self) -> Suggestion:
        """What the service makes of it, a unit not known before included: all or nothing."""
        return self.call(actor=self.user, **self.cleaned_data)

    def call(self, **values) -> Suggestion:
        about = (self.suggestion, self.share) if self.of_a_share() else (self.suggestion,)
        return type(self).service(*about, **values)


def note_field(label: str, *, required: bool, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def class_field(label: str = "结果类别") -> forms.ChoiceField:
    """A class is chosen with the words it has today (`say_classes`)."""
    return forms.ChoiceField(
        label=label, choices=ResultClass.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择结果类别。"},
    )  # fmt: skip


def say_classes(field: forms.ChoiceField) -> None:
    words = ClassWording.objects.valid_on(timezone.localdate())
    field.choices = [(code, f"{code} {words.get(code, '')}".strip()) for code in ResultClass.values]
