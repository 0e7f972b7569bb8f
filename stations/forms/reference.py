"""What is typed about categories and holidays."""

from __future__ import annotations

from django import forms

from common.calendar_services import FILE_BYTES
from stations import services
from stations.services.categories import NAME_CHARACTERS


class CategoryForm(forms.Form):
    """The name of a category; each stands many times on its page, told apart by `mark`."""

    name = forms.CharField(
        label="名称",
        max_length=NAME_CHARACTERS,
        error_messages={
            "required": "请填写名称。",
            "max_length": f"名称最多 {NAME_CHARACTERS} 字。",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, mark: str, label: str = "名称", **kwargs):
        super().__init__(*args, auto_id=f"{mark}-%s", **kwargs)
        self.mark = mark
        self.fields["name"].label = label


class CalendarFileForm(forms.Form):
    """A year's holidays as holiday-cn publishes them."""

    file = forms.FileField(
        label="放假安排文件",
        help_text="holiday-cn 格式的 JSON。导入后替换那一年原有的安排，手工调整的也在内。",
        error_messages={"required": "请选择文件。", "empty": "这个文件是空的。"},
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES:
            raise forms.ValidationError(f"文件太大，放假安排最大 {FILE_BYTES // 1024} KB。")
        return file

    def save(self, *, actor) -> int:
        file = self.cleaned_data["file"]
        return services.import_calendar(file.read(), actor=actor, source=file.name)


class CalendarDayForm(forms.Form):
    """One day, as the district says it is."""

    KINDS = [("off", "休"), ("work", "班"), ("default", "恢复默认")]
    DONE = {"off": "设为休", "work": "设为班", "default": "已恢复默认，按星期算"}

    date = forms.DateField(
        label="日期",
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        error_messages={"required": "请选择日期。", "invalid": "没有这一天，请写成 2026-10-10。"},
    )
    kind = forms.ChoiceField(
        label="这一天",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择休、班或恢复默认。"},
    )
    name = forms.CharField(label="名称", max_length=30, required=False, help_text="如 国庆节")

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        bounds = {"type": "date", "min": f"{year}-01-01", "max": f"{year}-12-31"}
        self.fields["date"].widget = forms.DateInput(attrs=bounds, format="%Y-%m-%d")

    @property
    def done(self) -> str:
        return self.DONE[self.cleaned_data["kind"]]

    def save(self, *, actor) -> None:
        data = self.cleaned_data
        if data["kind"] == "default":
            services.clear_day(data["date"], actor=actor)
        else:
            is_off = data["kind"] == "off"
            services.set_day(data["date"], is_off=is_off, name=data["name"], actor=actor)
