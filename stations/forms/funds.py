"""工作经费 of many stations, typed into one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django import forms

from common.forms.fields import MoneyField, whole
from stations import rules
from stations.models import Fund, Station
from stations.services.funds import Entered, describe_fund

MONEY = ("budget", "allotted", "used")
LABELS = {name: str(Fund._meta.get_field(name).verbose_name) for name in MONEY}


class AmountField(MoneyField):
    """Whole 元 and cents, nothing below zero; blank is nothing."""

    def to_python(self, value) -> Decimal:
        money = super().to_python(value)
        amount = money.amount.quantize(Decimal("0.01"))
        if amount > rules.MOST_FUNDS:
            raise forms.ValidationError("金额太大，请核对。")
        if money.approximate:
            raise forms.ValidationError("经费请填写准确的数，不写“约”“余”。")
        return amount

    def prepare_value(self, value):
        if isinstance(value, Decimal) and not value:
            return ""
        return super().prepare_value(value)


@dataclass(frozen=True)
class FundLine:
    """One station on the page: its fields where it may be entered, and what stands."""

    station: Station
    fund: Fund | None
    fields: Sequence[forms.BoundField]
    note: forms.BoundField | None
    version: int

    @property
    def odd(self) -> str:
        return rules.funds_odd(self.fund) if self.fund else ""

    @property
    def bad(self) -> bool:
        return any(field.errors for field in [*self.fields, *([self.note] if self.note else [])])


class FundsForm(forms.Form):
    """The stations of one page; those that are not `user`'s to fund have no fields."""

    conflict: list[tuple] | None = None

    def __init__(
        self, data=None, *, user, stations: Sequence[Station], funds: Mapping[int, Fund]
    ) -> None:
        super().__init__(data)
        self.stations, self.funds = stations, funds
        self.editable = {row.pk for row in stations if rules.can_set_funds(user, row)}
        self._newer: dict[int, int] = {}
        for station in stations:
            if station.pk in self.editable:
                self._add(station, funds.get(station.pk))

    def _add(self, station: Station, fund: Fund | None) -> None:
        for name in MONEY:
            self.fields[f"{name}-{station.pk}"] = AmountField(
                label=f"{station.name}：{LABELS[name]}（元）",
                required=False,
                initial=getattr(fund, name) if fund else None,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        self.fields[f"note-{station.pk}"] = forms.CharField(
            label=f"{station.name}：备注",
            required=False,
            max_length=200,
            initial=fund.note if fund else "",
            error_messages={"max_length": "最多 200 字。"},
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    @cached_property
    def lines(self) -> list[FundLine]:
        return [self._line(station) for station in self.stations]

    def _line(self, station: Station) -> FundLine:
        fund, key = self.funds.get(station.pk), station.pk
        if key not in self.editable:
            return FundLine(station, fund, [], None, 0)
        bound = [self[f"{name}-{key}"] for name in MONEY]
        return FundLine(station, fund, bound, self[f"note-{key}"], self._version(key))

    def _version(self, key: int) -> int:
        """What the reader saw; after a conflict, what they see beside their own now."""
        if key in self._newer:
            return self._newer[key]
        if self.is_bound:
            return whole(self.data.get(f"version-{key}")) or 0
        return self.funds[key].version if key in self.funds else 0

    @property
    def entered(self) -> list[Entered]:
        data = self.cleaned_data
        return [
            Entered(
                station,
                *(data[f"{name}-{station.pk}"] for name in MONEY),
                note=data[f"note-{station.pk}"].strip(),
                version=self._version(station.pk),
            )
            for station in self.stations
            if station.pk in self.editable
        ]

    def show_conflict(self, current: Mapping[int, Fund | None]) -> None:
        """Keep what was typed, beside what stands now; the next save is on top of that."""
        self.conflict = []
        typed = {line.station.pk: line for line in self.entered}
        for key, fund in current.items():
            line = typed[key]
            mine = Fund(budget=line.budget, allotted=line.allotted, used=line.used, note=line.note)
            theirs = describe_fund(fund) if fund else {}
            for label, words in describe_fund(mine).items():
                if words != theirs.get(label, ""):
                    self.conflict.append((f"{line.station}：{label}", words, theirs.get(label)))
            self._newer[key] = fund.version if fund else 0
        self.__dict__.pop("lines", None)
