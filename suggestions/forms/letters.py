"""答复函: written, sent round, reported, released; and what a promise became."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from common.errors import RuleViolation
from common.files import accept
from common.forms.fields import DayField
from suggestions import rules, services
from suggestions.choices import Act, ResultClass
from suggestions.forms.acts import ActForm, PastDayField, class_field, note_field, say_classes

# What a letter may be handed in as.
PAPERS = ".pdf,.docx"
WRITTEN = (
    "result_class", "text", "document_no", "written_on", "contact", "promise", "promised_until",
    "file",
)  # fmt: skip


class LetterForm(ActForm):
    """The letter as it stands, to be written on."""

    rows = "suggestions/act_letter.html"
    takes_files = True

    result_class = class_field()
    text = forms.CharField(
        label="答复内容", required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    file = forms.FileField(label="答复函文件", required=False)
    document_no = forms.CharField(label="答复文号", max_length=60, required=False)
    written_on = PastDayField(label="答复日期", required=False)
    contact = forms.CharField(label="联系人和电话", max_length=80, required=False)
    promise = forms.CharField(
        label="承诺事项", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    promised_until = DayField(label="承诺办结日期", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields = self.fields
        say_classes(fields["result_class"])
        fields["text"].mark = "直接写在这里，或上传文件"
        fields["written_on"].mark = "不填为今天"
        fields["promised_until"].mark = "B 类必填；到时再答复代表"
        fields["promise"].mark = "B 类、C 类填写"
        fields["file"].mark = "PDF 或 Word（.docx）"
        fields["file"].widget.attrs["accept"] = PAPERS
        self.reply = getattr(self.share, "reply", None)
        if self.reply:
            self._begin_as_written()

    @property
    def warning(self) -> str:
        """办理前要与代表见面或通话: said before the letter goes out, and no hindrance."""
        if self.share is None or self.share.contacts.all():
            return ""
        return "还没有登记面商。答复前请与代表当面或电话沟通，并在“登记面商”里记下。"

    def _begin_as_written(self) -> None:
        reply, promise = self.reply, getattr(self.reply, "promise", None)
        before = {
            "result_class": reply.unit_class or reply.result_class,
            **{name: getattr(reply, name) for name in
               ("text", "document_no", "written_on", "contact")},
            "promise": promise.words if promise else "",
            "promised_until": promise.due_on if promise else None,
        }  # fmt: skip
        for name, value in before.items():
            self.initial.setdefault(name, value)
        if reply.file_name:
            self.fields["file"].help_text = f"已上传 {reply.file_name}；重新选择会换掉它。"

    def clean_file(self):
        """Judged by its content; a refused file leaves what was typed as it is."""
        chosen = self.cleaned_data["file"]
        try:
            found = accept(chosen) if chosen else None
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal)) from None
        if found is not None and found.ending not in PAPERS.split(","):
            raise forms.ValidationError("答复函请上传 PDF 或 Word（.docx）文件。")
        return found

    def clean(self):
        data = super().clean()
        if "result_class" not in self.fields:
            return data
        if not (data.get("text") or data.get("file") or "file" in self.errors):
            self.add_error("text", "请写答复内容，或上传答复函。")
        promises = data.get("result_class") == ResultClass.PLANNED
        if promises and not data.get("promised_until") and "promised_until" not in self.errors:
            self.add_error("promised_until", "B 类答复请写明承诺什么时候办结。")
        return data

    def call(self, **values):
        written = {name: values.pop(name) for name in WRITTEN if name in values}
        letter = services.Letter(**written) if written else None
        return type(self).service(self.suggestion, self.share, letter, **values)


class CirculateForm(LetterForm):
    act, button, done = Act.CIRCULATE, "送会签", "答复稿已送协办单位会签。"
    lead_in = "有协办单位的，答复先送会签，都会签了才能报送。改了内容要重新送会签。"
    dated = "送会签日期"
    service = staticmethod(services.circulate_letter)


class SendForm(LetterForm):
    act, button, done = Act.SEND, "报送答复", "已报送，等人大机关审核后答复代表。"
    dated = "报送日期"
    service = staticmethod(services.send_reply)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        helpers = rules.assisting(self.share, self.shares) if self.share else []
        self.is_signed = self.reply is not None and any(not one.waived for one in helpers)
        if self.is_signed:  # what was signed is what is sent
            self.rows = ""
            for name in WRITTEN:
                del self.fields[name]

    @property
    def shown_lead_in(self) -> str:
        if self.is_signed:
            return "协办单位已会签，按会签的答复稿报送；要改内容请重新送会签。"
        return "先报人大机关审核，审核后答复代表。"


class SendBackForm(ActForm):
    act, button, done = Act.SEND_BACK, "退回重拟", "已退回单位重拟，期限不变。"
    service = staticmethod(services.send_back_reply)

    note = note_field("要改什么", required=True)


class ReleaseForm(ActForm):
    act, button, done = Act.RELEASE, "审核通过，答复代表", "已答复代表，等代表评价。"
    lead_in = "看过单位的答复，类别不合适的，在这里更正。"
    dated = "答复代表日期"
    service = staticmethod(services.release_reply)

    result_class = class_field()
    promised_until = DayField(label="承诺办结日期", required=False)
    note = note_field("审核意见", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_classes(self.fields["result_class"])
        self.fields["promised_until"].mark = "更正为 B 类时填写"
        reply = getattr(self.share, "reply", None)
        if reply:
            self.initial.setdefault("result_class", reply.result_class)


class CorrectClassForm(ActForm):
    act, button, done = Act.CORRECT_CLASS, "更正类别", "结果类别已更正。"
    service = staticmethod(services.correct_class)

    result_class = class_field("更正为")
    promised_until = DayField(label="承诺办结日期", required=False)
    note = note_field("更正原因", required=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_classes(self.fields["result_class"])
        self.fields["promised_until"].mark = "更正为 B 类时填写"


class FollowUpForm(ActForm):
    act, button, done = Act.FOLLOW_UP, "续办答复", "续办情况已答复代表。"
    dated = "续办答复日期"
    service = staticmethod(services.follow_up_promise)

    note = note_field("续办情况", required=True, rows=4)
    result_class = class_field("现在属于")
    promised_until = DayField(label="新的承诺办结日期", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_classes(self.fields["result_class"])
        self.fields["promised_until"].mark = "仍属 B 类时填写，到时再答复代表"

    @property
    def shown_lead_in(self) -> str:
        promise = rules.open_promise(self.share)
        if promise is None:
            return ""
        day = promise.due_on
        until = f"{day.year}年{day.month}月{day.day}日前"
        late = "（已过期）" if day < timezone.localdate() else ""
        return f"答复时承诺：{promise.words or '继续办理'}，{until}{late}。"
