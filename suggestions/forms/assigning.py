"""交办, and how the office answers what units ask of it."""

from __future__ import annotations

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from common.forms.fields import DayField, whole
from stations.services import unit_named
from suggestions import rules, services
from suggestions.choices import Act, Asked, Duty
from suggestions.forms.acts import ActForm, note_field

# Lines for units: the first ones stand open, the rest is folded away.
OPEN_LINES, LINES = 4, 10


class AssignForm(ActForm):
    act, button, done = Act.ASSIGN, "交办", "已交办，各单位会收到消息，可以打印交办单。"
    lead_in = "填一个单位就是独办；一个主办加几个协办；几个单位各自答复的都选分办。"
    rows = "suggestions/act_assign.html"
    dated = "交办日期"
    service = staticmethod(services.assign_suggestion)

    note = note_field("交办说明", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for at in range(LINES):
            self._add_line(at)
        wanted = [one.proposed_unit for one in self.shares if one.has_left and one.proposed_unit]
        if wanted:  # given back: the office looks first at whom the unit has named
            self.initial.setdefault("unit_0", wanted[-1])

    def _add_line(self, at: int) -> None:
        unit = forms.CharField(label=f"单位 {at + 1}", max_length=60, required=False)
        unit.widget.attrs["list"] = "units"
        unit.mark = "" if at else " "
        duty = forms.ChoiceField(
            label=f"单位 {at + 1} 的分工", choices=_DUTIES, required=False,
            initial=Duty.ASSIST if at else Duty.LEAD,
        )  # fmt: skip
        self.fields[f"unit_{at}"], self.fields[f"duty_{at}"] = unit, duty

    @property
    def lines_open(self):
        return [self._line(at) for at in range(OPEN_LINES)]

    @property
    def lines_folded(self):
        return [self._line(at) for at in range(OPEN_LINES, LINES)]

    @property
    def is_long(self) -> bool:
        return any(self[f"unit_{at}"].value() for at in range(OPEN_LINES, LINES))

    def _line(self, at: int):
        return self[f"unit_{at}"], self[f"duty_{at}"]

    def clean(self):
        data = super().clean()
        if not any(data.get(f"unit_{at}") for at in range(LINES)):
            self.add_error("unit_0", "请填写承办单位。")
        return data

    def call(self, *, actor, seen, note, on=None, **typed):
        shares = [
            services.Share(unit_named(name, actor=actor), typed[f"duty_{at}"] or Duty.ASSIST)
            for at in range(LINES) if (name := typed[f"unit_{at}"])
        ]  # fmt: skip
        return super().call(shares=shares, actor=actor, seen=seen, note=note, on=on)


_DUTIES = [(Duty.LEAD, "主办（独办）"), (Duty.ASSIST, "协办"), (Duty.SEPARATE, "分办")]


class RecallForm(ActForm):
    act, button, done = Act.RECALL, "收回改派", "已收回，请重新交办。"
    lead_in = "各单位不再办理，重新交办；已编的号不变。"
    service = staticmethod(services.recall_suggestion)

    note = note_field("收回原因", required=True)


class UrgeForm(ActForm):
    act, button, done = Act.URGE, "催办", "已催办，各承办单位会收到消息"
    dated = "催办日期"
    service = staticmethod(services.urge_suggestion)

    note = note_field("说明", required=False)
    again = forms.BooleanField(label="今天已经催办过，仍要再催一次", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not (self.is_bound and self._urged_before()):
            del self.fields["again"]

    def _urged_before(self) -> bool:
        """Today already, and to be read on the page: a double click is none."""
        seen = whole(self.data.get("seen")) or 0
        steps = self.suggestion.steps.filter(act=Act.URGE, on=timezone.localdate())
        return steps.filter(pk__lte=seen).exists()

    def clean(self):
        data = super().clean()
        if "again" in self.fields and not data.get("again"):
            self.add_error("again", "今天已经催办过一次；确实要再催的，请勾选后再点“催办”。")
        return data

    def call(self, *, again=False, **values):
        stored = super().call(**values)
        self.step = stored.steps.filter(act=Act.URGE).last()
        return stored

    @property
    def done_words(self):
        """With the way to the paper that goes out with it."""
        slip = reverse("suggestions:paper", args=[self.suggestion.pk, "urge"])
        link = '<a class="link" href="{}?step={}">打印催办单</a>'
        return format_html("{}；" + link + "。", self.done, slip, self.step.pk)


class SuperviseForm(ActForm):
    act, button, done = Act.SUPERVISE, "督办", "已督办，各承办单位会收到消息，可以打印督办单。"
    lead_in = "写在督办单上：要求做什么、到什么时候。"
    dated = "督办日期"
    service = staticmethod(services.supervise_suggestion)

    note = note_field("督办要求", required=True, rows=3)


class AgreeReturnForm(ActForm):
    act, button, done = Act.AGREE_RETURN, "同意退办", "已同意退办。"
    service = staticmethod(services.agree_to_return)

    note = note_field("说明", required=False)

    @property
    def shown_lead_in(self) -> str:
        if self.share is None or not self.share.answers:
            return "这个单位退出，其他单位继续办理。"
        if rules.leaves_a_part(self.share, self.shares):
            return "这个单位退出，其余单位继续办理；它的这一部分，请接着另派单位。"
        return "同意后回到待交办，重新交办给别的单位。"


class ReassignForm(ActForm):
    act, button, done = Act.REASSIGN, "另派单位", "已另派，新的单位会收到消息，期限从交办起算。"
    lead_in = "退办的这一部分交给另一个单位分办，其余单位照常办理。"
    dated = "交办日期"
    service = staticmethod(services.reassign_part)

    unit = forms.CharField(
        label="改由哪个单位办", max_length=60, error_messages={"required": "请填写承办单位。"}
    )
    note = note_field("交办说明", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].widget.attrs["list"] = "units"
        if self.share:
            self.initial.setdefault("unit", self.share.proposed_unit)

    def call(self, *, unit, actor, **values):
        return super().call(unit=unit_named(unit, actor=actor), actor=actor, **values)


class DispenseForm(ActForm):
    act, button, done = Act.DISPENSE, "不再另派", "已记下，由其余单位答复。"
    lead_in = "退办的这一部分由其余单位一并答复，不另派单位。"
    service = staticmethod(services.dispense_with_part)

    note = note_field("不再另派的原因", required=True)


class RefuseReturnForm(ActForm):
    act, button, done = Act.REFUSE_RETURN, "不同意退办", "已答复单位继续办理，期限不变。"
    service = staticmethod(services.refuse_return)

    note = note_field("不同意的原因", required=True)


class GrantExtensionForm(ActForm):
    act, button, done = Act.GRANT_EXTENSION, "批准延期", "已批准延期，原定日期保留可查。"
    service = staticmethod(services.grant_extension)

    until = DayField(label="延至")
    note = note_field("说明", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = self.share.extensions.all() if self.share else ()
        asked = next((one for one in rows if one.outcome == Asked.OPEN), None)
        if asked:
            self.initial.setdefault("until", asked.until)


class RefuseExtensionForm(ActForm):
    act, button, done = Act.REFUSE_EXTENSION, "不批准延期", "已答复单位按原期限办理。"
    service = staticmethod(services.refuse_extension)

    note = note_field("不批准的原因", required=True)
