"""The page of a register line as one thing: its forms, its deputies, its key and version."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property

from common.forms.fields import whole
from deputies.models import Deputy
from stations.models import Category, Unit
from visits import services
from visits.choices import FACE_TO_FACE
from visits.forms.reception import OpinionFormSet, ReceptionForm
from visits.models import Opinion, Reception, RegisterEntry
from visits.rules.opinions import GUIDED_PLACES, PLACES_TO_GO

MOST_DEPUTIES = 50


class Entry:
    """What is typed on the page of a register line, new or standing.

    `data` is what was posted; `quiet` shows it again without asking whether it is right.
    """

    deputy_rows: str  # what the row calls its deputies' rows

    def __init__(self, row: RegisterEntry, *, actor, data=None, initial=None, quiet=False):
        self.row, self.actor, self.data, self.initial = row, actor, data, initial
        self.parts = self.build()
        if quiet:
            for part in self.parts:
                for form in [part, *getattr(part, "forms", ())]:
                    form.quiet = True

    def build(self) -> list[Any]:
        """The forms and form sets of the page."""
        raise NotImplementedError

    @cached_property
    def deputies(self):
        """Who may have taken part: the township's deputies, the station's own first."""
        return Deputy.objects.who_may_receive_at(
            self.row.station, picked=self.picked, standing=self.standing
        )

    @cached_property
    def picked(self) -> list[int]:
        """The deputies picked so far, in order: as posted, as they stand, or as proposed."""
        if self.data is not None:
            keys = map(whole, self.data.getlist("deputies")[:MOST_DEPUTIES])
            return [key for key in dict.fromkeys(keys) if key is not None]
        return self.standing or list((self.initial or {}).get("deputies", []))

    @cached_property
    def standing(self) -> list[int]:
        """The deputies of the line as it stands in the register."""
        if self.row.pk is None:
            return []
        return [row.deputy_id for row in getattr(self.row, self.deputy_rows).all()]

    @cached_property
    def categories(self):
        """Those offered now, and what the line holds already."""
        opinions = getattr(self.row, "opinions", None) if self.row.pk else None
        stored = opinions.all() if opinions is not None else ()
        return Category.objects.offered(held=[opinion.category_id for opinion in stored])

    @cached_property
    def places_to_go(self) -> list[str]:
        """What is proposed to who is not taken on here."""
        return [*PLACES_TO_GO.values(), *GUIDED_PLACES]

    @cached_property
    def unit_names(self) -> list[str]:
        return list(Unit.objects.offered().values_list("name", flat=True))

    @property
    def key(self) -> uuid.UUID:
        """Says that two posts are the same form; a draft is kept under it."""
        return self.row.submission_key

    @cached_property
    def version(self) -> int:
        """The version of the row that the user saw."""
        typed = whole((self.data or {}).get("version"))
        return self.row.version if typed is None else typed

    def is_valid(self) -> bool:
        # Every part is asked, so that all that is wrong shows at once.
        return [part.is_valid() for part in self.parts].count(False) == 0

    def save(self) -> RegisterEntry:
        """Log or change the line; raises what the services raise."""
        raise NotImplementedError


class WithOpinions(Entry):
    """A page with opinions, in the form set `opinions`."""

    opinions: Any

    @property
    def typed_opinions(self) -> list[Opinion]:
        """The opinions as last saved from this page."""
        return self.opinions.built(self.actor)

    def with_stored_opinions(self, data: QueryDict) -> QueryDict:
        """`data` typed for a new line, its opinions tied to those that stand, one by one."""
        stored = self.row.opinions.all()
        data["opinions-INITIAL_FORMS"] = str(min(len(stored), len(self.opinions.forms)))
        for index, opinion in enumerate(stored):
            data[f"opinions-{index}-id"] = str(opinion.pk)
        return data


class ReceptionEntry(WithOpinions):
    deputy_rows = "receivers"

    def build(self):
        self.visit = ReceptionForm(
            self.data,
            instance=self.row,
            initial=self.initial,
            station=self.row.station,
            deputies=self.deputies,
        )
        self.opinions = OpinionFormSet(
            self.data,
            instance=self.row,
            prefix="opinions",
            categories=self.categories,
            form_kwargs={"visit": self.row, "channel": self.channel},
        )
        return [self.visit, self.opinions]

    @property
    def channel(self) -> str:
        """How the visitor came, as the page proposes it."""
        return (self.initial or {}).get("channel") or self.row.channel

    @property
    def reception(self) -> Reception:
        return self.row

    def save(self) -> Reception:
        deputies = self.visit.cleaned_data["deputies"]
        opinions = self.typed_opinions
        if self.row.pk is None:
            return services.log_reception(
                self.row, actor=self.actor, deputies=deputies, opinions=opinions
            )
        return services.change_reception(
            self.row,
            actor=self.actor,
            version=self.version,
            deputies=deputies,
            opinions=opinions,
        )


def with_one_more_opinion(data: QueryDict) -> QueryDict:
    """What was typed, and an empty opinion after it: the page grows without script."""
    data = data.copy()
    count = whole(data.get("opinions-TOTAL_FORMS")) or 0
    data["opinions-TOTAL_FORMS"] = str(count + 1)
    if data.get("channel") in FACE_TO_FACE:
        data[f"opinions-{count}-told_at_once"] = "on"
    return data


def typed_again(draft) -> QueryDict:
    """The content of a draft as if it had just been posted."""
    data = QueryDict(mutable=True)
    for name, values in draft.data.items():
        data.setlist(name, values)
    return data
