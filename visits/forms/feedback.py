"""Telling the visitor and the deputies: what both parts ask, each alone or in one go."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from visits.choices import Act, Satisfaction
from visits.forms.acts import ActForm, PastDayField
from visits.models import Opinion
from visits.services import follow_up
from visits.services.follow_up import DeputyFeedback, VisitorFeedback
from visits.services.telling import deputies_of

UNREACHED = "联系不上"
METHODS = ("当面", "电话", "短信", "微信", "书面", "上门", "公示栏", UNREACHED)


class VisitorPart(forms.Form):
    """反馈来访人."""

    feedback_on = PastDayField(label="反馈日期")
    method = forms.ChoiceField(
        label="反馈方式",
        choices=[(way, way) for way in METHODS],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择反馈方式。"},
    )
    by = forms.CharField(label="谁反馈的", max_length=50, required=False)
    said = forms.CharField(
        label="说了什么，来访人怎么说",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    satisfaction = forms.ChoiceField(
        label="来访人是否满意",
        choices=Satisfaction,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择满意度；没有表态的选“未评价”。"},
    )

    def start_visitor_part(self, opinion: Opinion, user) -> None:
        self.fields["said"].mark = f"“{UNREACHED}”时写明联系的经过"
        begin = {
            "feedback_on": opinion.feedback_on or timezone.localdate(),
            "method": opinion.feedback_method,
            "by": opinion.feedback_by or str(user),
            "said": opinion.feedback_said,
            "satisfaction": opinion.satisfaction,
        }
        for name, value in begin.items():
            self.initial.setdefault(name, value)

    def clean(self):
        data = super().clean()
        if data.get("method") == UNREACHED:
            if not data.get("said"):
                self.add_error("said", "请写明什么时候、怎么联系过。")
            if data.get("satisfaction") not in (None, "", Satisfaction.UNRATED):
                self.add_error("satisfaction", "没有联系上来访人，满意度只能是“未评价”。")
        return data

    def visitor_feedback(self) -> VisitorFeedback:
        data = self.cleaned_data
        return VisitorFeedback(
            on=data["feedback_on"],
            method=data["method"],
            by=data["by"],
            said=data["said"],
            satisfaction=data["satisfaction"],
        )


class DeputyPart(forms.Form):
    """告知代表."""

    by_message = forms.BooleanField(label="发站内消息告知代表", required=False)
    how = forms.CharField(label="另外怎么告知的", max_length=25, required=False)
    told_on = PastDayField(label="告知日期")

    def start_deputy_part(self, opinion: Opinion) -> None:
        deputies = deputies_of(opinion)
        reached = [deputy.name for deputy in deputies if deputy.user_id]
        missed = [deputy.name for deputy in deputies if not deputy.user_id]
        self.fields["how"].mark = "如电话、当面"
        self.initial.setdefault("told_on", timezone.localdate())
        self.initial.setdefault("by_message", bool(reached))
        if reached:
            self.fields["by_message"].label = f"发站内消息告知{'、'.join(reached)}"
        else:
            del self.fields["by_message"]
            self.fields["how"].label = "怎么告知的"
        if missed:
            self.fields["how"].help_text = f"{'、'.join(missed)}没有登录账号，收不到站内消息。"

    def deputy_feedback(self) -> DeputyFeedback:
        data = self.cleaned_data
        return DeputyFeedback(
            on=data["told_on"], how=data["how"], by_message=data.get("by_message", False)
        )


class TellVisitorForm(VisitorPart, ActForm):
    act, button, done = Act.TELL_VISITOR, "记下反馈", "反馈已记下。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.start_visitor_part(self.opinion, self.user)

    @property
    def title(self) -> str:
        return "改记来访人反馈" if self.opinion.is_fed_back else self.act.label

    def call(self, *, actor, seen, **values):
        feedback = self.visitor_feedback()
        return follow_up.tell_visitor(self.opinion, feedback, actor=actor, seen=seen)


class TellDeputiesForm(DeputyPart, ActForm):
    act, button, done = Act.TELL_DEPUTIES, "记下告知", "已告知代表。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.start_deputy_part(self.opinion)

    @property
    def title(self) -> str:
        return "再次告知代表" if self.opinion.deputies_told_on else self.act.label

    def call(self, *, actor, seen, **values):
        feedback = self.deputy_feedback()
        return follow_up.tell_deputies(self.opinion, feedback, actor=actor, seen=seen)


class FeedbackForm(VisitorPart, DeputyPart, ActForm):
    """Visitor and deputies in one go, as far as they have not been told; then the end."""

    act, button, done = Act.TELL_VISITOR, "记下反馈并办结", "反馈已记下。"
    rows = "visits/opinion_feedback.html"

    @property
    def done_words(self) -> str:
        return "都已告知，这一件办结。" if self.closes else self.done

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.tells_visitor = self.opinion.has_visitor and not self.opinion.is_fed_back
        self.tells_deputies = not self.opinion.deputies_told_on
        self.closes = "close" in self.data
        if self.tells_visitor:
            self.start_visitor_part(self.opinion, self.user)
        else:
            self._leave_out(VisitorPart)
        if self.tells_deputies:
            self.start_deputy_part(self.opinion)
        else:
            self._leave_out(DeputyPart)
        if self.is_bound and not self.closes:
            for name in ("method", "satisfaction"):
                if name in self.fields:
                    self.fields[name].required = False

    @classmethod
    def name(cls) -> str:
        return "feedback"

    def clean(self):
        data = super().clean()
        if self.tells_deputies and self.closes and not self._says_deputies(data):
            self.add_error("how", "办结前要告知代表：请勾选发站内消息，或写明怎么告知的。")
        told = data.get("method") or self._says_deputies(data)
        if not self.closes and not self.errors and not told:
            raise forms.ValidationError("还没有填写怎么反馈来访人，也没有填写怎么告知代表。")
        return data

    def call(self, *, actor, seen, **values):
        visitor = self.tells_visitor and values.get("method")
        if visitor:
            self.cleaned_data["satisfaction"] = values["satisfaction"] or Satisfaction.UNRATED
        deputies = self.tells_deputies and self._says_deputies(values)
        return follow_up.give_feedback(
            self.opinion,
            actor=actor,
            visitor=self.visitor_feedback() if visitor else None,
            deputies=self.deputy_feedback() if deputies else None,
            close=self.closes,
            seen=seen,
        )

    def _says_deputies(self, data) -> bool:
        return bool(self.tells_deputies and (data.get("by_message") or data.get("how")))

    def _leave_out(self, part: type[forms.Form]) -> None:
        for name in part.base_fields:
            self.fields.pop(name, None)
