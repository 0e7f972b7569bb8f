from collections import defaultdict
from itertools import islice
from typing import cast

from django import forms
from django.conf import settings

from common.importing.resources import Options
from common.sheets.cells import parse_text


class UploadForm(forms.Form):
    """A sheet and what it may not say itself."""

    file = forms.FileField(
        label="表格文件",
        help_text="Excel（.xlsx .xls）或 CSV，按平时的格式就行，不用改表头。",
        error_messages={"required": "请选择要导入的文件。", "empty": "这个文件是空的。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.txt"}),
    )
    station = forms.ChoiceField(label="联络站", required=False)
    year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=1990,
        max_value=2100,
        help_text="表里日期没有写年份、标题和文件名也没有时要填",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        names = [str(station) for station in stations]
        if names:
            station = cast(forms.ChoiceField, self.fields["station"])
            station.choices = [("", "按表里写的"), *((name, name) for name in names)]
        else:
            del self.fields["station"], self.fields["year"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        limit = settings.SHEET_FILE_BYTES
        if file.size > limit:
            raise forms.ValidationError(
                f"文件太大（{file.size // 2**20} MB），最大 {limit // 2**20} MB，"
                "请分成几个文件导入。"
            )
        return file

    def options(self) -> Options:
        data = self.cleaned_data
        return Options(station=data.get("station") or "", year=data.get("year"))


IGNORE = "-"
_LOOKED_AT, _SHOWN = 20, 3  # entries that are looked at for examples, and examples that are shown


def _examples(tables) -> defaultdict[str, list[str]]:
    """What the first entries say under each heading that was not recognised."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for table in tables:
        for entry in islice(table.entries, _LOOKED_AT):
            for heading, cell in entry.extra.items():
                text = " ".join(parse_text(cell.value).split())[:24]
                if text and text not in found[heading] and len(found[heading]) < _SHOWN:
                    found[heading].append(text)
    return found


class MappingForm(forms.Form):
    """Which column each heading is that was not recognised, and those named before."""

    def __init__(self, *args, tables, columns, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        unknown = [text for table in tables for text in table.unknown.values() if text]
        self.headings = list(dict.fromkeys([*unknown, *chosen]))
        examples = _examples(tables)
        self.missing = list(dict.fromkeys(name for table in tables for name in table.missing))
        choices = [
            ("", "不认识，内容记入备注"),
            (IGNORE, "不要这一列"),
            *((column.name, column.name) for column in columns),
        ]
        for index, heading in enumerate(self.headings):
            named = chosen.get(heading, "")
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=heading,
                choices=choices,
                required=False,
                initial=IGNORE if named is None else named,
                help_text=f"例如：{'；'.join(examples[heading])}" if examples[heading] else "",
            )

    def mapping(self) -> dict[str, str | None]:
        """Heading → column, None for one to leave out, "" for 不认识."""
        named = {
            heading: self.cleaned_data[f"column_{index}"]
            for index, heading in enumerate(self.headings)
        }
        return {heading: None if column == IGNORE else column for heading, column in named.items()}
