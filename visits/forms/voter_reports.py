"""What is typed about 向选民述职: a batch of the plan, and what came of one report."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from accounts.roles import Capability
from common.forms.fields import DayField
from common.forms.typed import TypedMixin
from common.forms.versioned import VersionedMixin
from deputies.models import Deputy
from stations.models import Station
from visits.choices import ActivityKind
from visits.models import Activity, VoterReport
from visits.services.voter_reports import change_report, plan_reports

MOST_OFFERED = 500
WHOLE = {"invalid": "请填写整数。", "min_value": "不能小于 0。"}


class PlanForm(TypedMixin, forms.Form):
    """One batch: which year and when, and who of a station or a township."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, error_messages=WHOLE)
    batch = forms.IntegerField(label="第几批", min_value=1, max_value=50, error_messages=WHOLE)
    planned_on = DayField(label="计划日期", required=False, help_text="如 11月20日；未定可不填")
    place = forms.CharField(label="地点", max_length=100, required=False)
    deputies = forms.ModelMultipleChoiceField(
        label="代表",
        queryset=Deputy.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择代表，至少一位。"},
    )

    def __init__(self, *args, actor, station: Station | None, area: str, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        planned = VoterReport.objects.visible_to(actor).standing().filter(year=year)
        rows = _arranged(actor, station, area)
        # Thousands of names are no choice: first of which township.
        self.too_many = rows.count() > MOST_OFFERED
        rows = rows.none() if self.too_many else rows
        self.fields["deputies"].queryset = rows.exclude(pk__in=planned.values("deputy"))
        self.fields["deputies"].label_from_instance = _with_station  # type: ignore[attr-defined]
        self.already = planned.filter(deputy__in=rows).count()
        last = planned.filter(deputy__in=rows).order_by("-batch").values_list("batch", flat=True)
        self.initial |= {"year": year, "batch": (last.first() or 0) + 1}

    def save(self) -> list[VoterReport]:
        return plan_reports(**self.cleaned_data, actor=self.actor)


def _arranged(actor, station: Station | None, area: str):
    """The deputies in office whose reports `actor` arranges, of the station or area asked for."""
    stations = Station.objects.where_user_can(actor, Capability.MANAGE_DUTY)
    if station:
        stations = stations.filter(pk=station.pk)
    elif area:
        stations = stations.within(area)
    rows = Deputy.objects.visible_to(actor).in_office().filter(station__in=stations)
    return rows.select_related("station").order_by("station__area__code", "station", "pinyin", "pk")


def _with_station(deputy: Deputy) -> str:
    return f"{deputy.name}（{deputy.station}）"


class OutcomeForm(TypedMixin, VersionedMixin, forms.ModelForm):
    """The plan of one deputy, and what came of it."""

    planned_on = DayField(label="计划日期", required=False)
    held_on = DayField(label="述职日期", required=False, help_text="还没有述职的不填")

    class Meta:
        model = VoterReport
        fields = [
            "batch", "planned_on", "held_on", "place", "activity", "ballots_sent",
            "ballots_returned", "satisfied", "mostly", "unsatisfied", "note",
        ]  # fmt: skip

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        field = self.fields["activity"]
        field.queryset = self._activities()  # type: ignore[attr-defined]
        field.empty_label = "没有登记，或不在这里"  # type: ignore[attr-defined]
        field.label_from_instance = _dated  # type: ignore[attr-defined]
        for name in ("ballots_sent", "ballots_returned", "satisfied", "mostly", "unsatisfied"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
            self.fields[name].error_messages |= WHOLE
            self.fields[name].mark = " "  # five side by side: all may be left blank

    def _activities(self):
        """The reports to voters that the station's register has of the year."""
        row = self.instance
        rows = Activity.objects.visible_to(self.actor).valid()
        own = rows.filter(station=row.station_id, held_on__year=row.year)
        return own.filter(kind=ActivityKind.REPORTING) | own.filter(pk=row.activity_id)

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("述职日期不能在今天之后。")
        return day

    def save(self, commit=True) -> VoterReport:
        """Change the row; raises what the service raises."""
        return change_report(self.instance, actor=self.actor, version=self.version)


def _dated(activity: Activity) -> str:
    return f"{activity.held_on:%Y-%m-%d} {activity.topic}"
