"""The page on which a suggestion is written: by the deputy, or by staff from the deputy's paper."""

from __future__ import annotations

import uuid

from django import forms
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.roles import Capability, Role
from common.forms.fields import whole
from common.forms.typed import TypedMixin
from common.sheets.cells import chinese_date
from deputies.choices import Level
from deputies.models import Deputy
from stations.models import Category, Station
from suggestions import rules, services
from suggestions.choices import Consent, Kind, Occasion
from suggestions.models import Session, Suggestion
from visits.forms.reception import DeputyPicker, grouped
from visits.models import Opinion

MOST_NAMES = 60
AREA_OF = {Level.DISTRICT: "district", Level.TOWNSHIP: "township"}


class SuggestionForm(TypedMixin, forms.ModelForm):
    lead = forms.ModelChoiceField(Deputy.objects.none(), label="领衔代表", empty_label="请选择")
    session = forms.ModelChoiceField(Session.objects.none(), label="提给", empty_label="请选择")
    kind = forms.ChoiceField(label="种类", choices=Kind, widget=forms.RadioSelect)
    category = forms.ModelChoiceField(
        Category.objects.none(), label="类别", required=False, empty_label="请选择"
    )
    deputies = DeputyPicker(Deputy.objects.none(), label="请谁附议（没有可不填）", required=False)
    signed = forms.BooleanField(
        label="附议代表都已在纸上签名", required=False,
        help_text="勾选后提交，记为书面附议，不再请他们在手机上答复。",
    )  # fmt: skip
    opinions = forms.ModelMultipleChoiceField(
        Opinion.objects.none(), label="来自群众意见", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Suggestion
        fields = ("lead", "session", "kind", "title", "content", "category")
        widgets = {
            "title": forms.TextInput(attrs={"placeholder": "关于……的建议"}),
            "content": forms.Textarea(attrs={"rows": 10}),
        }

    def __init__(self, *args, entry: DraftEntry, **kwargs):
        super().__init__(*args, **kwargs)
        self.entry = entry
        self.fields["session"].queryset = entry.sessions
        self.fields["session"].label_from_instance = lambda one: f"{one.area.name} {one}"
        self.fields["category"].queryset = entry.categories
        self.fields["category"].widget.choices = grouped(entry.categories)
        self.fields["deputies"].queryset = entry.deputies
        self.fields["opinions"].queryset = entry.opinions
        self.fields["kind"].choices = [
            choice for choice in Kind.choices if choice[0] != Kind.MOTION or entry.may_be_motion
        ]
        self.fields["title"].help_text = "一件建议只说一件事；几件事请分开提。"
        self.fields["content"].mark = "情况、原因和希望怎么办"
        if entry.is_own:
            del self.fields["lead"], self.fields["signed"]
        else:
            self.fields["lead"].queryset = entry.leads
            self.fields["lead"].label_from_instance = lambda one: f"{one.name}（{one.station}）"
        if self.instance.pk:
            self.initial["deputies"] = entry.standing
            self.initial["opinions"] = entry.linked

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        data = super().clean()
        lead, session = data.get("lead") or self.entry.lead, data.get("session")
        if lead and session and not rules.speaks_at(lead, session):
            self.add_error("session", f"{lead.name}不是{session.congress}的代表，请另选。")
        return data


class DraftEntry:
    """What is typed on the page; `data` is what was posted, `quiet` shows it without asking
    whether it is right."""

    def __init__(self, row: Suggestion, *, actor, data=None, initial=None, quiet=False):
        self.row, self.actor, self.data, self.initial = row, actor, data, initial or {}
        self.today = timezone.localdate()
        self.main = SuggestionForm(data, instance=row, initial=self._initial(), entry=self)
        self.main.quiet = quiet

    def is_valid(self) -> bool:
        return self.main.is_valid()

    def save(self, then: str) -> Suggestion:
        """Keep it, and do what the button says; raises what the services raise."""
        typed = self.main.cleaned_data
        if self.is_own and self.row.pk is None:
            self.row.lead = self.lead
        return services.raise_suggestion(
            self.row, actor=self.actor, then=then, version=self.version,
            signers=typed["deputies"], opinions=list(typed["opinions"]),
            on_paper=bool(typed.get("signed")),
        )  # fmt: skip

    @property
    def key(self) -> uuid.UUID:
        """Says that two posts are the same form; a draft is kept under it."""
        return self.row.submission_key

    @cached_property
    def version(self) -> int:
        typed = whole((self.data or {}).get("version"))
        return self.row.version if typed is None else typed

    @cached_property
    def own(self) -> Deputy | None:
        """The deputy who writes."""
        return getattr(self.actor, "deputy", None) if self.actor.holds([Role.DEPUTY]) else None

    @cached_property
    def stations(self):
        return Station.objects.where_user_can(self.actor, Capability.RAISE_SUGGESTION)

    @cached_property
    def is_own(self) -> bool:
        """A deputy writes for themselves; who is on the staff, too, says for whom."""
        if self.row.pk is not None:
            return self.own is not None and self.row.lead_id == self.own.pk
        return self.own is not None and not self.stations.exists()

    @cached_property
    def lead(self) -> Deputy | None:
        """Whose suggestion it is, as far as that is known."""
        if self.row.pk is not None:
            return self.row.lead
        if self.is_own:
            return self.own
        key = whole(str((self.data or self.initial).get("lead") or ""))
        return self.leads.filter(pk=key).first() if key else None

    @cached_property
    def leads(self):
        mine = Q(station__in=self.stations) | Q(pk=self.own.pk if self.own else None)
        kept = Q(pk=self.row.lead_id) if self.row.pk else Q(pk__in=[])
        rows = Deputy.objects.filter((mine & Q(state="in_office")) | kept)
        return rows.select_related("station").order_by("station__area__code", "pinyin", "pk")

    @cached_property
    def sessions(self):
        """The meeting that each congress holds or held last, of those the lead may speak at."""
        begun = Q(starts_on__lte=self.today) | Q(starts_on=None)
        rows = Session.objects.filter(begun, area__in=self._areas())
        latest: dict[int, int] = {}
        for one in rows.order_by(F("starts_on").desc(nulls_last=True), "-term", "-number"):
            latest.setdefault(one.area_id, one.pk)
        keys = list(latest.values())
        if self.row.session_id:
            keys.append(self.row.session_id)
        return Session.objects.filter(pk__in=keys).select_related("area").order_by("area__code")

    @cached_property
    def is_between(self) -> bool:
        """闭会: no congress to which it may be put sits today."""
        return all(
            rules.occasion_on(one, self.row.submitted_on or self.today) == Occasion.BETWEEN
            for one in self.sessions
        )

    @property
    def may_be_motion(self) -> bool:
        return not self.is_between or self.row.kind == Kind.MOTION

    @property
    def motion_words(self) -> str:
        """Why there is no 议案 to choose, or what one needs."""
        sitting = [one for one in self.sessions if one.ends_on]
        if self.is_between:
            last = (
                f"（{sitting[0]}已于 {chinese_date(sitting[0].ends_on)} 闭幕）" if sitting else ""
            )
            return f"现在是闭会期间{last}，不能提议案。"
        needed = max((rules.signers_needed(one) for one in self.sessions), default=0)
        return f"议案须 {needed} 名以上代表联名，包括领衔代表。"

    @cached_property
    def categories(self):
        return Category.objects.offered(held=[self.row.category_id] if self.row.pk else [])

    @cached_property
    def deputies(self):
        """Who may sign: the deputies of these congresses, picked ones first, then the station's."""
        areas = {(one.area.level, one.area.code) for one in self.sessions}
        fits = Q(pk__in=self.standing)
        for level, code in areas:
            of_level = next(key for key, word in AREA_OF.items() if word == level)
            members = Deputy.objects.in_office().at_level(of_level).within(code)
            fits |= Q(pk__in=members.values("pk"))
        order = [When(pk=key, then=Value(place)) for place, key in enumerate(self.picked)]
        own = When(station=self.row.station_id, then=Value(len(order)))
        rows = Deputy.objects.filter(fits)
        if self.lead:
            rows = rows.exclude(pk=self.lead.pk)
        ranked = Case(*order, own, default=Value(len(order) + 1))
        return rows.select_related("station").order_by(ranked, "pinyin", "pk")

    @cached_property
    def picked(self) -> list[int]:
        """The deputies picked so far, in order: as posted, or as they stand."""
        if self.data is not None:
            keys = map(whole, self.data.getlist("deputies")[:MOST_NAMES])
            return [key for key in dict.fromkeys(keys) if key is not None]
        return self.standing

    @cached_property
    def standing(self) -> list[int]:
        if self.row.pk is None:
            return []
        rows = self.row.signatures.all()
        return [one.deputy_id for one in rows if one.consent != Consent.DECLINED]

    @cached_property
    def linked(self) -> list[int]:
        """The opinions that the stored suggestion came from."""
        if self.row.pk is None:
            return []
        return list(self.row.links.filter(ended_on=None).values_list("opinion", flat=True))

    @cached_property
    def opinions(self):
        """Those it may come from: named in the address, posted before, or linked already."""
        named = self.data.getlist("opinions") if self.data is not None else []
        keys = [whole(str(key)) for key in [*named, *self.initial.get("opinions", [])]]
        rows = Opinion.objects.visible_to(self.actor).of_valid()
        return rows.filter(pk__in=[*filter(None, keys), *self.linked]).for_list().order_by("pk")

    def _initial(self) -> dict:
        begun = {"kind": Kind.SUGGESTION, **self.initial}
        if self.row.pk is None and len(self.sessions) == 1:
            begun["session"] = self.sessions[0].pk
        return begun if self.row.pk is None else {}

    def _areas(self) -> list[int]:
        """The areas of the congresses: of the lead's mandates; for staff all of their stations."""
        if self.lead is not None and (self.is_own or self.row.pk):
            station = self.lead.station
            held = {one.level for one in self.lead.mandates.all() if one.ended_on is None}
            township = station.township if Level.TOWNSHIP in held else None
            district = station.township.parent if station.township else station.area
            found = [district if Level.DISTRICT in held else None, township]
            return [area.pk for area in found if area]
        keys = self.stations.values_list("township", "township__parent").distinct()
        return [key for pair in keys for key in pair if key]
