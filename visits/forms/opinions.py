"""What is filled in on the page of an opinion: one form for each act of its course."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from common.forms.fields import DayField
from stations.services import unit_named
from visits.choices import Act, DeclineReason, Disposal, Resolution
from visits.forms.acts import ActForm, PastDayField, note_field
from visits.forms.feedback import FeedbackForm, TellDeputiesForm, TellVisitorForm
from visits.rules import open_contacts
from visits.rules.opinions import GUIDED_PLACES, PLACES_TO_GO
from visits.services import follow_up, suggesting


class ReplyForm(ActForm):
    act, button, done = Act.REPLY, "记下答复并办结", "已记下当场答复，这一件办结。"
    lead_in = "代表当场已经答复清楚，来访人不再等结果。"

    disposal = forms.ChoiceField(
        label="处理方式",
        choices=[(way, Disposal(way).label) for way in Disposal.answered_at_once()],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择当场答复或咨询解释。"},
    )
    reply = forms.CharField(label="怎么答复的", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("reply", self.opinion.on_site_reply)

    def call(self, **values):
        return follow_up.reply_to_opinion(self.opinion, **values)


class AssignForm(ActForm):
    act, button, done = Act.ASSIGN, "交办", "已交办，可以打印交办单。"
    rows = "visits/opinion_assign.html"

    disposal = forms.ChoiceField(
        label="交给哪里",
        choices=[(way, Disposal(way).label) for way in Disposal.handed_over()],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择交给哪里办理。"},
    )
    unit = forms.CharField(label="承办单位", max_length=60, required=False)
    due_on = DayField(label="反馈期限", required=False)
    note = note_field("交办说明", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].widget.attrs["list"] = "units"
        self.fields["unit"].mark = "形成建议、报上级的可不填"
        self.fields["due_on"].mark = "不填按规定天数"
        self.fields["note"].widget.attrs["rows"] = 1
        due = self.opinion.due_on
        if due and due >= timezone.localdate():
            self.initial.setdefault("due_on", due)  # returned by a unit: the visitor's date stays
        if self.opinion.round > 1:
            self._begin_as_before()

    def _begin_as_before(self) -> None:
        """After 重开 the unit and the way of the last round, unless one chooses others."""
        if self.opinion.unit:
            self.initial.setdefault("unit", self.opinion.unit.name)
        last = self.opinion.steps.filter(act=Act.ASSIGN).order_by("-pk").first()
        said = last.facts.get(self.opinion._meta.get_field("disposal").verbose_name) if last else ""
        ways = {label: way for way, label in self.fields["disposal"].choices}
        if said in ways:
            self.initial.setdefault("disposal", ways[said])

    def call(self, *, unit, actor, **values):
        found = unit_named(unit, actor=actor) if unit else None
        return follow_up.assign_opinion(self.opinion, actor=actor, unit=found, **values)


class DeclineForm(ActForm):
    act, button, done = Act.DECLINE, "不予受理", "已记下，请把原因和去处告诉来访人。"

    reason = forms.ChoiceField(
        label="原因",
        choices=[("", "请选择"), *DeclineReason.choices],
        error_messages={"required": "不予受理时请选择原因。"},
    )
    where_to = forms.CharField(label="告知去处", max_length=200, required=False)
    note = note_field("说明", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["where_to"].widget.attrs["list"] = "places-to-go"
        self.fields["where_to"].mark = "不填按原因写"

    def clean(self):
        data = super().clean()
        if data.get("reason") and not data.get("where_to"):
            data["where_to"] = PLACES_TO_GO[DeclineReason(data["reason"])]
        return data

    @staticmethod
    def places() -> list[str]:
        return [*PLACES_TO_GO.values(), *GUIDED_PLACES]

    def call(self, **values):
        return follow_up.decline_opinion(self.opinion, **values)


class GuideForm(ActForm):
    act, button, done = Act.GUIDE, "引导信访司法", "已记下，请把去处告诉来访人。"

    where_to = forms.CharField(label="引导去哪里", max_length=200)
    note = note_field("说明", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["where_to"].widget.attrs["list"] = "places-to-go"

    def call(self, **values):
        return follow_up.guide_opinion(self.opinion, **values)


class AcceptForm(ActForm):
    act, button, done = Act.ACCEPT, "登记接收", "已记下单位接收。"

    on = PastDayField(label="接收日期")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())

    def call(self, **values):
        return follow_up.accept_opinion(self.opinion, **values)


class ReturnForm(ActForm):
    act, button, done = Act.RETURN, "退回改派", "已退回，请重新交办。"
    lead_in = "不属于这个单位办理，退回后重新交办；给来访人的期限不变。"

    note = note_field("退回原因", required=True)

    def call(self, **values):
        return follow_up.return_opinion(self.opinion, **values)


class DatedForm(ActForm):
    """What was done on a day that need not be today."""

    on = PastDayField(label="日期", required=False)
    field_order = ("note", "on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].mark = "不填为今天"


class TrackForm(DatedForm):
    act, button, done = Act.TRACK, "登记进展", "进展已记下。"

    note = note_field("办到哪一步", required=True)

    def call(self, **values):
        return follow_up.track_opinion(self.opinion, **values)


class UrgeForm(DatedForm):
    act, button, done = Act.URGE, "记下催办", "已记下催办，可以打印催办单。"

    note = note_field("怎么催的", required=False)

    def call(self, **values):
        return follow_up.urge_opinion(self.opinion, **values)


class PostponeForm(ActForm):
    act, button, done = Act.POSTPONE, "延期", "期限已改，原期限保留可查。"

    due_on = DayField(label="新的期限")
    note = note_field("延期原因", required=True)

    def call(self, **values):
        return follow_up.postpone_opinion(self.opinion, **values)


class AnswerForm(ActForm):
    act, button, done = Act.ANSWER, "登记办理结果", "办理结果已记下，请告诉来访人。"

    result = forms.CharField(label="办理结果", widget=forms.Textarea(attrs={"rows": 3}))
    resolution = forms.ChoiceField(
        label="解决程度",
        choices=[(step, Resolution(step).label) for step in Resolution.final()],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择解决程度。"},
    )
    on = PastDayField(label="单位答复日期")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["result"].mark = "单位怎么答复的，照实写"
        self.initial.setdefault("result", self.opinion.result)
        self.initial.setdefault("on", timezone.localdate())

    def call(self, **values):
        return follow_up.answer_opinion(self.opinion, **values)


class CloseForm(ActForm):
    act, button, done = Act.CLOSE, "办结", "已办结。"

    note = note_field("说明", required=False)

    def call(self, **values):
        return follow_up.close_opinion(self.opinion, **values)


class ReopenForm(ActForm):
    act, button, done = Act.REOPEN, "重开", "已重开，请重新决定怎么处理。"
    lead_in = "开始新的一轮，重新交办、重新反馈；上一轮的结果和反馈留在经过里。"

    note = note_field("重开原因", required=True)

    def call(self, **values):
        return follow_up.reopen_opinion(self.opinion, **values)


class SplitForm(ActForm):
    act, button, done = Act.SPLIT, "解除并案", "已解除并案，这一件单独办理。"
    lead_in = "从共同办到的这一步起，单独办理。"

    note = note_field("说明", required=False)

    def call(self, **values):
        return follow_up.split_opinion(self.opinion, **values)


class MergeForm(ActForm):
    act, button, done = Act.MERGE, "并入这一件", "已并案，各位来访人仍要分别反馈。"
    rows = "visits/opinion_merge.html"

    others = forms.TypedMultipleChoiceField(
        label="要并入的意见",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请勾选要并入的意见。",
            "invalid_choice": "所选的意见现在不能并案，请刷新页面。",
        },
    )

    def __init__(self, *args, words: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.words = words
        self.found = suggesting.merge_candidates(self.opinion, self.user, words)
        open_contacts([row.reception for row in self.found if row.has_visitor], self.user)
        self.fields["others"].choices = [(row.pk, str(row)) for row in self.found]

    def call(self, *, others, **values):
        chosen = [row for row in self.found if row.pk in others]
        return follow_up.merge_opinions(self.opinion, chosen, **values)


FORMS: dict[str, type[ActForm]] = {
    form.name(): form
    for form in (
        ReplyForm, AssignForm, DeclineForm, GuideForm, AcceptForm, ReturnForm, TrackForm, UrgeForm,
        PostponeForm, AnswerForm, TellVisitorForm, TellDeputiesForm, FeedbackForm, CloseForm,
        ReopenForm, MergeForm, SplitForm,
    )
}  # fmt: skip
