"""The reception page as one thing: the visit, its opinions, its key and version."""

from __future__ import annotations

import uuid

from django.http import QueryDict
from django.utils.functional import cached_property

from common.forms.fields import whole
from deputies.models import Deputy
from stations.models import Category, Unit
from visits import services
from visits.forms.reception import OpinionFormSet, ReceptionForm
from visits.models import Opinion, Reception


class ReceptionEntry:
    """What is typed on the reception page, for a new reception or one that stands.

    `data` is what was posted; `quiet` shows it again without asking whether it is right.
    """

    def __init__(self, reception: Reception, *, actor, data=None, initial=None, quiet=False):
        self.reception, self.actor, self.data, self.initial = reception, actor, data, initial
        self.visit = ReceptionForm(
            data,
            instance=reception,
            initial=initial,
            station=reception.station,
            deputies=self.deputies,
        )
        self.opinions = OpinionFormSet(
            data, instance=reception, prefix="opinions", categories=self.categories
        )
        if quiet:
            for form in [self.visit, self.opinions, *self.opinions.forms]:
                form.quiet = True

    @cached_property
    def deputies(self):
        """Who may have received: the township's deputies, the station's own first."""
        return Deputy.objects.who_may_receive_at(
            self.reception.station, picked=self.picked, standing=self.standing
        )

    @cached_property
    def picked(self) -> list[int]:
        """The deputies picked so far, in order: as posted, as they stand, or as proposed."""
        if self.data is not None:
            keys = map(whole, self.data.getlist("deputies")[:50])
            return [key for key in dict.fromkeys(keys) if key is not None]
        return self.standing or list((self.initial or {}).get("deputies", []))

    @cached_property
    def standing(self) -> list[int]:
        """The deputies of the visit as it stands in the register."""
        if self.reception.pk is None:
            return []
        return [receiver.deputy_id for receiver in self.reception.receivers.all()]

    @cached_property
    def categories(self):
        return Category.objects.offered()

    @cached_property
    def unit_names(self) -> list[str]:
        return list(Unit.objects.offered().values_list("name", flat=True))

    @property
    def key(self) -> uuid.UUID:
        """Says that two posts are the same form; a draft is kept under it."""
        return self.reception.submission_key

    @cached_property
    def version(self) -> int:
        """The version of the row that the user saw."""
        typed = whole((self.data or {}).get("version"))
        return self.reception.version if typed is None else typed

    @property
    def typed_opinions(self) -> list[Opinion]:
        """The opinions as last saved from this page."""
        return self.opinions.built(self.actor)

    def is_valid(self) -> bool:
        return all([self.visit.is_valid(), self.opinions.is_valid()])

    def save(self) -> Reception:
        """Log or change the reception; raises what the services raise."""
        deputies = self.visit.cleaned_data["deputies"]
        opinions = self.opinions.built(self.actor)
        if self.reception.pk is None:
            return services.log_reception(
                self.reception, actor=self.actor, deputies=deputies, opinions=opinions
            )
        return services.change_reception(
            self.reception,
            actor=self.actor,
            version=self.version,
            deputies=deputies,
            opinions=opinions,
        )


def with_one_more_opinion(data: QueryDict) -> QueryDict:
    """What was typed, and an empty opinion after it: the page grows without script."""
    data = data.copy()
    data["opinions-TOTAL_FORMS"] = str((whole(data.get("opinions-TOTAL_FORMS")) or 0) + 1)
    return data


def typed_again(draft) -> QueryDict:
    """The content of a draft as if it had just been posted."""
    data = QueryDict(mutable=True)
    for name, values in draft.data.items():
        data.setlist(name, values)
    return data
