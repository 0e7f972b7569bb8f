"""评价: two questions and a word, made for the phone and for eyes that are not young."""

from __future__ import annotations

from django import forms

from common.templatetags.wording import long_day
from suggestions import rules, services
from suggestions.choices import Act, Limit
from suggestions.forms.acts import ActForm
from suggestions.models import Handling, Suggestion
from visits.choices import Satisfaction

SAID = [
    (value, Satisfaction(value).label)
    for value in (Satisfaction.SATISFIED, Satisfaction.MOSTLY, Satisfaction.UNSATISFIED)
]


def _question(label: str, required: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=SAID, widget=forms.RadioSelect, error_messages={"required": required}
    )


class RateForm(ActForm):
    act, button, done = Act.RATE, "提交评价", "评价已记下，谢谢。"
    rows = "suggestions/act_rate.html"
    dated = "评价日期"
    service = staticmethod(services.rate_reply)
    follows = ""

    attitude = _question("对办理工作满意吗", "请选择对办理工作是否满意。")
    outcome = _question("对办理结果满意吗", "请选择对办理结果是否满意。")
    comment = forms.CharField(
        label="您的意见", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["attitude"].mark = "态度、沟通、时限"
        self.fields["outcome"].mark = "事情办得怎么样"
        self.fields["comment"].mark = "对结果不满意时请写明"

    @property
    def shown_lead_in(self) -> str:
        if self.keys_in:
            return "据代表交回的征询意见表录入，表上没有填的不要代填。"
        return "对结果不满意的，承办单位要重新办理、再次答复。"

    def call(self, **values):
        before = self.suggestion.round
        stored = super().call(**values)
        if stored.round > before:
            self.follows = _again(stored)
        elif values["outcome"] == Satisfaction.UNSATISFIED:
            self.follows = "等其他单位的答复都评价后，由承办单位重新办理。"
        return stored

    @property
    def done_words(self) -> str:
        return self.follows or self.done

    def clean(self):
        data = super().clean()
        if data.get("outcome") == Satisfaction.UNSATISFIED and not data.get("comment"):
            self.add_error("comment", "请写明哪里不满意，承办单位好重新办理。")
        return data


def _again(suggestion: Suggestion) -> str:
    """What happens now that the deputy is not satisfied: who handles it anew, until when."""
    shares = list(Handling.objects.filter(suggestion=suggestion).for_page())
    current = [one for one in rules.answering(shares) if one.round == suggestion.round]
    clocks = [rules.clock_of(one, *Limit.answers()) for one in current]
    until = max((one.due_on for one in clocks if one), default=None)
    units = "、".join(str(one.unit) for one in current)
    day = f"，应在 {long_day(until)}前再次答复您" if until else ""
    return f"评价已记下。您对办理结果不满意，已交{units}重新办理（第 {suggestion.round} 轮）{day}。"


class LapseForm(ActForm):
    act, button, done = Act.LAPSE, "记为逾期未评", "已记为未评价。"
    lead_in = "评价的期限过了，代表没有评价。不算满意。"
    service = staticmethod(services.lapse_rating)

    def call(self, *, seen, **values):
        return super().call(**values)
