"""The page of one line of 簿三: an activity, who came, and the opinions formed there."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.forms import inlineformset_factory
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from common.errors import RuleViolation
from common.forms.fields import DayField, whole
from common.forms.typed import TypedMixin
from deputies.models import Deputy, Group
from stations.models import Station
from stations.services import unit_named
from visits import rules, services
from visits.choices import ActivityKind, Disposal, Presence
from visits.forms.entry import WithOpinions
from visits.forms.reception import OpinionFormSetBase, ask_for_unit
from visits.models import Activity, Opinion

COUNTS = ("due_count", "present_count", "leave_count", "absent_count")
RATED = ("rated_satisfied", "rated_mostly", "rated_unsatisfied")
NOT_DUE = ""
CHOICES = [*Presence.choices, (NOT_DUE, "不列入")]


class ActivityForm(TypedMixin, forms.ModelForm):
    held_on = DayField(label="活动日期")
    until = DayField(label="至", required=False, help_text="跨几天的填最后一天")
    kind = forms.ChoiceField(label="活动形式", choices=[], required=False)

    class Meta:
        model = Activity
        fields = [
            "held_on", "until", "place", "kind", "topic", "organiser", "convener", "group",
            *COUNTS, "guests", "minutes", "opinion_count", "follow_up", "recorder", *RATED,
            "note",
        ]  # fmt: skip
        widgets = {
            "guests": forms.Textarea(attrs={"rows": 2}),
            "minutes": forms.Textarea(attrs={"rows": 6}),
            "follow_up": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, station: Station, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.station = station
        self.fields["kind"].choices = [("", "请选择"), *ActivityKind.choices]
        self.fields["group"].queryset = groups
        self.fields["group"].empty_label = "本站在任代表"
        self.fields["group"].label = "应到范围"
        self.fields["group"].help_text = ""
        for name in (*COUNTS, "opinion_count"):
            self.fields[name].required = False
            self.initial[name] = self.initial.get(name) or None
        self.fields["opinion_count"].mark = "上面写出的，按条数算"
        if self.instance.duty_day_id:
            self.fields["held_on"].disabled = True
            self.fields["held_on"].mark = "随接待日"
            for name in (*COUNTS, "group"):
                self.fields[name].disabled = True

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("活动日期不能在今天之后。")
        return day

    def clean(self):
        data = super().clean()
        for name in (*COUNTS, "opinion_count"):
            if data.get(name) is None and name not in self.errors:
                data[name] = 0
        if data.get("held_on") and data.get("until") and data["until"] < data["held_on"]:
            self.add_error("until", "不能早于活动日期。")
        return data


class ActivityOpinionForm(TypedMixin, forms.ModelForm):
    disposal = forms.ChoiceField(label="处理方式", widget=forms.RadioSelect, required=False)
    unit_name = forms.CharField(label="承办单位", max_length=60, required=False)

    class Meta:
        model = Opinion
        fields = ["statement", "disposal"]
        widgets = {"statement": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, categories, **kwargs):
        super().__init__(*args, **kwargs)
        routes = [(way.value, way.label) for way in Disposal if way in Disposal.handed_over()]
        # One that has gone another way since keeps it.
        standing = self.instance.disposal
        if standing and standing not in Disposal.handed_over():
            routes.append((standing, self.instance.get_disposal_display()))
        self.fields["disposal"].choices = [("", "待定"), *routes]
        self.fields["statement"].label = "意见建议"
        self.fields["statement"].help_text = ""
        self.fields["unit_name"].widget.attrs["list"] = "units"
        if self.instance.unit:
            self.initial["unit_name"] = self.instance.unit.name

    def clean(self):
        data = super().clean()
        ask_for_unit(self)
        return data

    def built(self, actor) -> Opinion:
        """The opinion as typed, with its unit; a unit not yet known is kept as 待确认."""
        name = self.cleaned_data["unit_name"]
        self.instance.unit = unit_named(name, actor=actor) if name else None
        return self.instance


ActivityOpinionFormSet = inlineformset_factory(
    Activity,
    Opinion,
    form=ActivityOpinionForm,
    formset=OpinionFormSetBase,
    extra=0,
    max_num=50,
    validate_max=True,
    can_delete=True,
)


@dataclass(frozen=True)
class Seat:
    """A deputy on the page, and what is marked of them."""

    deputy: Deputy
    presence: str

    @property
    def name(self) -> str:
        return f"presence-{self.deputy.pk}"

    @property
    def word(self) -> str:
        return dict(CHOICES)[self.presence]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        return [(value, label, value == self.presence) for value, label in CHOICES]


class ActivityEntry(WithOpinions):
    deputy_rows = "attendance"

    def build(self):
        self.main = ActivityForm(
            self.data,
            instance=self.row,
            initial=self.initial,
            station=self.row.station,
            groups=self.groups,
        )
        self.opinions = ActivityOpinionFormSet(
            self.data, instance=self.row, prefix="opinions", categories=None
        )
        return [self.main, self.opinions]

    @cached_property
    def groups(self):
        return Group.objects.visible_to(self.actor).order_by("name")

    @cached_property
    def group(self) -> Group | None:
        """The group whose members are to come; None for the station's deputies."""
        if self.data is not None:
            return self.groups.filter(pk=whole(self.data.get("group"))).first()
        return self.row.group

    @cached_property
    def members(self) -> set[int]:
        """Who is to come unless marked otherwise: of the group or the station, in office."""
        people = self.group.deputies if self.group else self.row.station.deputies
        return set(people.in_office().values_list("pk", flat=True))

    @cached_property
    def marks(self) -> dict[int, str]:
        """What is marked of each deputy: as posted, as it stands, or present for a new line.

        Of a duty day it is as it stands: who came is changed on the day."""
        if self.data is not None and not self.row.duty_day_id:
            found = ((whole(name[9:]), self.data[name]) for name in self.data if _is_seat(name))
            return {key: value for key, value in found if key and value in Presence.values}
        if self.row.pk is None:
            return dict.fromkeys(self.members, Presence.PRESENT.value)
        return {row.deputy_id: row.presence for row in self.row.attendance.all()}

    @cached_property
    def seats(self) -> list[Seat]:
        allowed = [*self.standing, *self.members]
        rows = Deputy.objects.who_may_receive_at(
            self.row.station, picked=self.standing, standing=allowed
        )
        return [Seat(deputy, self.marks.get(deputy.pk, NOT_DUE)) for deputy in rows]

    @property
    def listed(self) -> list[Seat]:
        """Who is marked, or would be asked for first."""
        return [seat for seat in self.seats if self._comes_first(seat)]

    @property
    def others(self) -> list[Seat]:
        """The other deputies of the township, folded away."""
        return [seat for seat in self.seats if not self._comes_first(seat)]

    def _comes_first(self, seat: Seat) -> bool:
        return seat.presence != NOT_DUE or seat.deputy.pk in self.members

    @property
    def attendance(self) -> list[rules.Attended]:
        if self.row.duty_day_id:
            return services.attendance_on_file(self.row)
        return [(seat.deputy, seat.presence) for seat in self.seats if seat.presence != NOT_DUE]

    @property
    def has_names(self) -> bool:
        return any(seat.presence != NOT_DUE for seat in self.seats)

    @property
    def sums(self) -> dict[str, int]:
        """The figures of what is marked."""
        return rules.counts_of(self.attendance)

    def is_valid(self) -> bool:
        return super().is_valid() and self._counts_agree()

    def _counts_agree(self) -> bool:
        """Figures typed without names must add up: said at the figure."""
        if self.has_names:
            return True
        try:
            rules.check_counts(self.main.instance)
        except RuleViolation as odd:
            self.main.add_error("due_count", str(odd))
            return False
        return True

    def save(self) -> Activity:
        opinions = self.typed_opinions
        self._drop_names()
        if self.row.pk is None:
            return services.log_activity(
                self.row, actor=self.actor, attendance=self.attendance, opinions=opinions
            )
        return services.change_activity(
            self.row,
            actor=self.actor,
            version=self.version,
            attendance=self.attendance,
            opinions=opinions,
        )

    def _drop_names(self) -> None:
        """Names that were all taken away are no longer those of the line."""
        if self.standing and not self.has_names:
            self.row.deputy_names = ""


def with_members(data: QueryDict, row: Activity, actor) -> QueryDict:
    """What was typed, with the members of the chosen group, or the station's deputies, marked as
    present and nobody else; marks already made of them stay."""
    entry = ActivityEntry(row, actor=actor, data=data, quiet=True)
    data = data.copy()
    for name in [name for name in data if _is_seat(name)]:
        if whole(name[9:]) not in entry.members:
            del data[name]
    for key in entry.members:
        if data.get(f"presence-{key}") not in Presence.values:
            data[f"presence-{key}"] = Presence.PRESENT.value
    return data


def _is_seat(name: str) -> bool:
    return name.startswith("presence-")
