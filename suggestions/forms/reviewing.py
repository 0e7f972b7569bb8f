"""审核, and what the office decides of the whole: number, merging, marks, the end."""

from __future__ import annotations

from django import forms

from stations.models import Category
from suggestions import rules, services
from suggestions.choices import Act, Kind, State
from suggestions.forms.acts import ActForm, note_field
from suggestions.models import Suggestion
from visits.forms.reception import grouped

MOST_FOUND = 20


class AcceptForm(ActForm):
    act, button = Act.ACCEPT, "接收编号"
    lead_in = "按届次给下一个编号，用过的号不再用。"
    service = staticmethod(services.accept_suggestion)

    kind = forms.ChoiceField(label="种类", widget=forms.RadioSelect)
    category = forms.ModelChoiceField(
        Category.objects.none(), label="类别", required=False, empty_label="未分类"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = Category.objects.offered(held=[self.suggestion.category_id])
        self.fields["category"].queryset = offered
        self.fields["category"].widget.choices = [("", "未分类"), *grouped(offered)]
        self.initial.setdefault("category", self.suggestion.category_id)
        own = self.suggestion.kind
        given = [(value, label) for value, label in Kind.choices if value in (own, *_NO_MOTION)]
        self.fields["kind"].choices = given
        self.fields["kind"].mark = "与实际不符的，可以改定"
        self.initial.setdefault("kind", own)
        self.code = ""

    @property
    def done_words(self) -> str:
        return f"已接收，编为{self.code}。请交办。"

    def call(self, **values):
        stored = super().call(**values)
        self.code = stored.code
        return stored


_NO_MOTION = (Kind.SUGGESTION, Kind.CRITICISM, Kind.OPINION)


class TurnBackForm(ActForm):
    act, button, done = Act.TURN_BACK, "退回修改", "已退回，请代表修改后再提交。"
    service = staticmethod(services.turn_back_suggestion)

    note = note_field("要改什么", required=True)


class RejectForm(ActForm):
    act, button, done = Act.REJECT, "不予接收", "已记下不予接收。"
    lead_in = "代表会看到原因；由群众意见形成的，退回联络站另行处理。"
    service = staticmethod(services.reject_suggestion)

    note = note_field("不予接收的原因", required=True)


class ReferForm(ActForm):
    act, button, done = Act.REFER, "转作参考", "已转作参考。"
    lead_in = "转有关单位研究参考，不编号，不要求答复。"
    service = staticmethod(services.refer_suggestion)

    note = note_field("转给哪里、为什么", required=True)


def merge_candidates(suggestion: Suggestion, user, words: str = "") -> list[Suggestion]:
    """What may be handled together with this one: of the same congress, waiting to be assigned.
    Without `words` those with a like title."""
    rows = Suggestion.objects.visible_to(user)
    if words.strip():
        rows = rows.exclude(pk=suggestion.pk).matching(words)
        rows = rows.filter(session__area=suggestion.session.area_id)
    else:
        rows = rows.similar_to(suggestion)
    rows = rows.filter(state=State.ACCEPTED, merged_into=None, merged=None)
    return list(rows.select_related("session").order_by("number", "pk")[:MOST_FOUND])


class MergeForm(ActForm):
    act, button, done = Act.MERGE, "并入这一件", "已并案，一起交办，分别答复各位领衔代表。"
    rows = "suggestions/act_merge.html"
    service = staticmethod(services.merge_suggestions)

    others = forms.TypedMultipleChoiceField(
        label="要并入的建议",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请勾选要并入的建议。",
            "invalid_choice": "所选的建议现在不能并案，请刷新页面。",
        },
    )

    def __init__(self, *args, words: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.words = words
        self.found = merge_candidates(self.suggestion, self.user, words)
        self.fields["others"].choices = [(row.pk, str(row)) for row in self.found]

    @property
    def keeps_draft(self) -> bool:
        return False  # nothing but ticks beside what was found

    def call(self, *, others, **values):
        return super().call(others=[row for row in self.found if row.pk in others], **values)


class SplitForm(ActForm):
    act, button, done = Act.SPLIT, "解除并案", "已解除并案，这一件单独交办。"
    service = staticmethod(services.split_suggestion)


class MarkForm(ActForm):
    act, button, done = Act.MARK, "保存标记", "标记已改。"
    rows = "suggestions/act_mark.html"
    service = staticmethod(services.mark_suggestion)

    is_key = forms.BooleanField(label="重点督办", required=False)
    key_leader = forms.CharField(label="督办领导", max_length=50, required=False)
    is_excellent = forms.BooleanField(label="优秀建议", required=False)
    is_public = forms.BooleanField(label="向社会公开", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("is_key", "key_leader", "is_excellent", "is_public"):
            self.initial.setdefault(name, getattr(self.suggestion, name))


class RedoForm(ActForm):
    act, button, done = Act.REDO, "重新交办", "已开始新的一轮，请单位签收。"
    lead_in = "开始新的一轮，按重办的期限再次答复；上一轮的答复和评价保留。"
    service = staticmethod(services.redo_suggestion)

    units = forms.TypedMultipleChoiceField(
        label="哪些单位重办", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选重办的单位。"},
    )  # fmt: skip
    note = note_field("重办原因", required=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        given = [(one.unit_id, str(one.unit)) for one in rules.answering(self.shares)]
        if len(given) > 1:
            self.fields["units"].choices = given
        else:
            del self.fields["units"]


class ArchiveForm(ActForm):
    act, button, done = Act.ARCHIVE, "归档", "已归档。"
    lead_in = "答复和评价都齐了，没有等待续办的承诺。"
    service = staticmethod(services.archive_suggestion)

    note = note_field("说明", required=False)
