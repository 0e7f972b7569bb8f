"""The settings page: times, meetings, wordings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from common.forms.fields import DayField
from common.reckoning import Unit
from stations.models import Area
from suggestions import rules, services
from suggestions.choices import Limit, ResultClass
from suggestions.models import Session, TimeLimit

# What each time is for, in a sentence of its own.
SAYS = {
    Limit.JOIN: "从请代表附议起，到时没有答复的，领衔代表可以不等",
    Limit.REVISE: "从退回修改起",
    Limit.HAND_IN: "从被请的代表都答复附议起",
    Limit.ASSIGN: "从提交（大会期间为闭幕）起，到交办为止",
    Limit.SIGN: "从交办起",
    Limit.RETURN: "从交办起，过后不能再退办",
    Limit.DECIDE: "从单位提出申请起",
    Limit.ASSIST: "从交办起，向主办单位提出",
    Limit.COUNTERSIGN: "从主办单位送会签起",
    Limit.REPLY: "从交办起，到报送答复为止",
    Limit.REDO: "代表对结果不满意的，从重新交办起",
    Limit.LONGEST: "从交办起，批准延期也不能超过",
    Limit.VET: "从单位报送答复起",
    Limit.RATE: "从答复代表起，过后记为未评价，不算满意",
    Limit.PROMISE: "答复没有写明日期的承诺",
}


class LimitForm(forms.Form):
    """One row of the table: how many, of what, and whether it moves off days off."""

    count = forms.IntegerField(
        label="数", min_value=1, max_value=400,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "请填写 1 到 400 的整数。"
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    unit = forms.ChoiceField(
        label="单位", choices=[("workdays", "个工作日"), ("days", "天"), ("months", "个月")]
    )
    rolls = forms.BooleanField(label="逢休息日顺延", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, row: TimeLimit, **kwargs):
        self.row = row
        initial = {name: getattr(row, name) for name in ("count", "unit", "rolls", "version")}
        super().__init__(*args, prefix=row.limit, initial=initial, **kwargs)
        for name in ("count", "unit", "rolls"):
            label = f"{row.get_limit_display()}：{self.fields[name].label}"
            self.fields[name].widget.attrs["aria-label"] = label
        self.fields["count"].label = row.get_limit_display()  # an error says which one
        self.who, self.says = rules.WHO.get(row.limit, "承办单位"), SAYS[Limit(row.limit)]

    @property
    def new(self) -> services.NewLimit:
        """What was typed, for the service."""
        data = self.cleaned_data
        return services.NewLimit(
            self.row, data["count"], Unit(data["unit"]), data["rolls"], data["version"]
        )


class LimitTable:
    """All rows at once."""

    def __init__(self, data: Any = None):
        order = {limit: at for at, limit in enumerate(Limit.values)}
        rows = sorted(TimeLimit.objects.all(), key=lambda row: order[row.limit])
        self.forms = [LimitForm(data, row=row) for row in rows]

    def __iter__(self):
        return iter(self.forms)

    def is_valid(self) -> bool:
        return not any(form.errors for form in self.forms)

    @property
    def changes(self) -> list[services.NewLimit]:
        return [form.new for form in self.forms if form.new.changes]


class SessionForm(forms.ModelForm):
    """A meeting of a congress of the user's own."""

    starts_on = DayField(label="开幕", required=False)
    ends_on = DayField(label="闭幕", required=False)

    class Meta:
        model = Session
        fields = ("area", "term", "number", "starts_on", "ends_on")

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        choosable = areas.filter(level__in=["district", "township"]).exclude(
            level="township", name__endswith="街道"
        )
        if self.instance.pk:
            del self.fields["area"]
            return
        self.fields["area"] = forms.ModelChoiceField(
            choosable.order_by("code"), label="哪一级人大", empty_label=None,
            help_text="街道没有人民代表大会，不在其中",
        )  # fmt: skip

    def save(self, *, actor) -> Session:
        """By the service; what it refuses is for the view to show."""
        if self.instance.pk:
            return services.change_session(self.instance, actor=actor)
        return services.create_session(self.instance, actor=actor)


class WordingForm(forms.Form):
    """A new wording of one result class."""

    code = forms.ChoiceField(label="类别", choices=ResultClass.choices)
    words = forms.CharField(
        label="新的含义", max_length=60, error_messages={"required": "请写明这一类的含义。"}
    )
    valid_from = DayField(label="起用日期", help_text="这一天起写的答复用新的含义")

    def save(self, *, actor):
        data = self.cleaned_data
        day: date = data["valid_from"]
        return services.set_class_wording(
            data["code"], words=data["words"], valid_from=day, actor=actor
        )


def areas_of(user):
    """The congresses whose meetings `user` keeps."""
    return Area.objects.where_user_can(user, "review_suggestion")
