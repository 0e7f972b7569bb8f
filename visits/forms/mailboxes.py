"""What is typed about a mailbox and its openings."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from accounts.roles import Capability
from common.forms.fields import DayField
from common.forms.typed import TypedMixin
from common.forms.versioned import VersionedMixin
from deputies.models import Deputy
from stations.models import Mailbox, MailboxOpening, Posting, Station
from stations.services.mailboxes import change_mailbox, create_mailbox, record_opening

MOST_LETTERS = 500
NAMES_PROPOSED = 200


class MailboxForm(TypedMixin, VersionedMixin, forms.ModelForm):
    """A new box, or one that hangs; it is taken down by the day on which that was done."""

    hung_on = DayField(label="设置日期", help_text="如 2026年1月5日；这个月起每月开箱")
    taken_down_on = DayField(label="撤除日期", required=False, help_text="还挂着的不填")

    class Meta:
        model = Mailbox
        fields = ["station", "name", "place", "keeper", "hung_on", "taken_down_on"]

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.stored_name = actor, self.instance.name
        self.fields["keeper"].widget.attrs |= {"list": "keepers", "autocomplete": "off"}
        stations = Station.objects.where_user_can(actor, Capability.EDIT_STATION).open()
        if self.instance.pk:
            del self.fields["station"]
            self.keepers = names_at([self.instance.station_id], actor)
            return
        del self.fields["taken_down_on"]
        self.fields["station"].queryset = stations.order_by("area__code", "pk")
        self.fields["station"].empty_label = "请选择"
        self.fields["station"].help_text = "只列已建成的联络站；在建的，建成后再设意见箱"
        self.fields["station"].error_messages["required"] = "请选择联络站。"
        self.initial["hung_on"] = timezone.localdate()
        own = list(stations[:2])
        if len(own) == 1:
            self.initial["station"] = own[0]
        self.keepers = names_at([own[0].pk], actor) if len(own) == 1 else []

    def save(self, commit=True):
        """Create or change the box; raises what the services raise."""
        if self.instance.pk:
            return change_mailbox(self.instance, actor=self.actor, version=self.version)
        return create_mailbox(self.instance, actor=self.actor)


def names_at(stations, actor) -> list[str]:
    """Who works there: proposed as keepers."""
    rows = Posting.objects.visible_to(actor).staff().filter(station__in=stations)
    return list(dict.fromkeys(row.person_name for row in rows[:NAMES_PROPOSED]))


class OpeningForm(TypedMixin, forms.ModelForm):
    """One opening of a box: when, how many letters, who was there, who took them."""

    opened_on = DayField(label="开箱日期")
    letter_count = forms.IntegerField(
        label="来信件数",
        min_value=0,
        max_value=MOST_LETTERS,
        error_messages={
            "required": "请填写来信件数，没有来信的填 0。",
            "invalid": "请填写数字，没有来信的填 0。",
            "min_value": "件数不能小于 0。",
            "max_value": f"一次最多登记 {MOST_LETTERS} 件，请核对。",
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    class Meta:
        model = MailboxOpening
        fields = ["opened_on", "letter_count", "opened_by", "present", "handed_to", "note"]

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        # Letters are counted, not left at 0: the field starts empty.
        self.initial |= {"opened_on": timezone.localdate(), "opened_by": str(actor)}
        del self.initial["letter_count"]
        self.fields["letter_count"].help_text = "没有来信填 0"
        self.fields["handed_to"].label = "交给哪位代表"
        self.fields["handed_to"].help_text = ""
        self.fields["handed_to"].mark = "有来信的必填"
        self.fields["handed_to"].widget.attrs |= {"list": "receivers", "autocomplete": "off"}

    def clean_opened_on(self):
        day = self.cleaned_data["opened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("开箱日期不能在今天之后。")
        return day

    def clean(self):
        data = super().clean()
        if data.get("letter_count") and not data.get("handed_to"):
            self.add_error("handed_to", "有来信的，请写明交给哪位代表。")
        return data

    def save(self, commit=True):
        return record_opening(self.instance, actor=self.actor)

    @property
    def unknown_receiver(self) -> str:
        """Who took the letters, if no deputy of the township bears any name written there."""
        written = (self.cleaned_data.get("handed_to") or "").strip()
        known = Deputy.objects.who_may_receive_at(self.instance.mailbox.station)
        return "" if any(deputy.name in written for deputy in known) else written

    @property
    def receivers(self) -> list[str]:
        """The deputies of the station: proposed as those who take the letters."""
        rows = Deputy.objects.visible_to(self.actor).in_office()
        own = rows.filter(station=self.instance.mailbox.station_id).order_by("pinyin", "pk")
        return list(own.values_list("name", flat=True)[:NAMES_PROPOSED])
