"""What the reader of a suggestion may do: the form of the next step, and everything else."""

from __future__ import annotations

from django.utils.functional import cached_property

from stations.models import Unit
from suggestions import rules
from suggestions.choices import Act, Asked, Consent, Part, State
from suggestions.forms.acts import ActForm
from suggestions.forms.course import FORMS
from suggestions.forms.reviewing import MergeForm
from suggestions.models import Handling
from suggestions.views import page_parts
from suggestions.views.page_parts import Group, Request
from suggestions.views.page_reader import ReaderOf

# The act whose form stands in the box of the next step, by who reads: the first that is offered.
OF_THE_DEPUTY = (Act.AGREE, Act.RATE, Act.INVITE, Act.SUBMIT)
OF_A_CLERK = (
    Act.SIGN, Act.COUNTERSIGN, Act.SEND, Act.CIRCULATE, Act.OPINE, Act.FOLLOW_UP,
)  # fmt: skip
OF_THE_OFFICE = (Act.ACCEPT, Act.ASSIGN, Act.RELEASE, Act.ARCHIVE)
# Answers to what a unit asks: they stand with the request.
ANSWERS = (
    Act.AGREE_RETURN, Act.REFUSE_RETURN, Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION,
)  # fmt: skip


class ActsOf(ReaderOf):
    """The acts that are offered to the reader, each as its form, in the order of need."""

    @property
    def is_private(self) -> bool:
        return self.suggestion.state in (State.DRAFT, State.JOINING)

    @cached_property
    def offered(self) -> list[rules.Offer]:
        rows = rules.offers(self.user, self.suggestion, self.shares, self.today)
        return [one for one in rows if self._makes_sense(one)]

    def _makes_sense(self, offer: rules.Offer) -> bool:
        """Not again what the deputy has said already."""
        own = self.own_signature
        if own is not None and offer.act == Act.AGREE:
            return own.consent == Consent.ASKED
        if own is not None and offer.act == Act.DECLINE:
            return own.consent != Consent.DECLINED
        if offer.act == Act.INVITE:
            rows = self.suggestion.signatures.all()
            return any(one.consent == Consent.ASKED and not one.asked_on for one in rows)
        return True

    @property
    def may_change(self) -> bool:
        return any(one.act == Act.CHANGE for one in self.offered)

    @property
    def may_merge(self) -> bool:
        return any(one.act == Act.MERGE for one in self.offered)

    @cached_property
    def box(self) -> ActForm | None:
        """The form of what the reader is to do next."""
        for act, of_own in self._next_acts():
            for offer in self.offered:
                mine = offer.handling is None or not of_own or offer.handling in self.own_shares
                if offer.act == act and mine:
                    return self._form(offer)
        return None

    def _next_acts(self):
        deputy = rules.is_lead(self.user, self.suggestion) or self.own_signature is not None
        types = self.is_private and self.suggestion.created_by_id == self.user.pk
        if deputy or types:
            yield from ((act, False) for act in OF_THE_DEPUTY)
        if self.own_shares:
            yield from ((act, True) for act in self._acts_of_clerk())
        if self.is_office:
            yield from ((act, False) for act in OF_THE_OFFICE)

    def _acts_of_clerk(self):
        """A letter that came back is written anew before it is sent once more; one that is on its
        way round is waited for."""
        again = self._came_back and Act.CIRCULATE
        yield from ([again] if again else [])
        waits = self.waits_for_countersigns
        yield from (act for act in OF_A_CLERK if not (waits and act == Act.CIRCULATE))

    @property
    def _came_back(self) -> bool:
        own = {str(one.unit) for one in self.own_shares}
        last = next((one.act for one in reversed(self.steps) if one.unit_name in own), None)
        return last == Act.SEND_BACK

    @cached_property
    def waits_for_countersigns(self) -> str:
        """Whom the reader's letter waits for, once it went round."""
        for one in self.own_shares:
            if one.circulated_on and one.state == Part.WORKING and not self._came_back:
                return rules.missing_countersigns(one, self.shares)
        return ""

    @cached_property
    def others(self) -> list[Group]:
        """Whatever else may be done: of the whole, then unit by unit."""
        found: dict[int | None, list[ActForm]] = {}
        for offer in self.offered:
            has_form = offer.act.value in FORMS and offer.act not in (Act.MERGE, *ANSWERS)
            in_box = self.box is not None and _is_same(self.box, offer)
            if has_form and not in_box:
                key = offer.handling.pk if offer.handling else None
                found.setdefault(key, []).append(self._form(offer))
        return [Group(self._label_of(key), forms) for key, forms in found.items()]

    @property
    def direct(self) -> list[Group]:
        """What is the reader's own to do."""
        return [one for one in self.others if not one.label]

    @property
    def for_units(self) -> list[Group]:
        """What the office does with one unit, or keys in for it."""
        return [one for one in self.others if one.label]

    @property
    def opens_units(self) -> bool:
        return any(form is self.typed for one in self.for_units for form in one.forms)

    @property
    def names_unit(self) -> bool:
        """Whether the box has to say whose share it is about."""
        if self.box is None or self.box.share is None:
            return False
        return self.box.share not in self.own_shares or len(self.own_shares) > 1

    def _label_of(self, key: int | None) -> str:
        share = next((one for one in self.shares if one.pk == key), None)
        if share is None or (share in self.own_shares and len(self.own_shares) == 1):
            return ""
        return str(share.unit)

    @cached_property
    def requests(self) -> list[Request]:
        """What units ask of the office."""
        return [found for one in rules.last_shares(self.shares) for found in self._requests_of(one)]

    def _requests_of(self, share: Handling):
        forms = [self._form(one) for one in self.offered
                 if one.handling == share and one.act in ANSWERS]  # fmt: skip
        if share.state == Part.RETURNING:
            answers = [one for one in forms if one.act in (Act.AGREE_RETURN, Act.REFUSE_RETURN)]
            words = f"{share.unit}申请退办，建议改由{share.proposed_unit}办理"
            yield Request(share, words, share.return_reason, answers)
        for asked in share.extensions.all():
            if asked.outcome == Asked.OPEN:
                answers = [one for one in forms if one.act not in ANSWERS[:2]]
                until = page_parts.long_day(asked.until)
                yield Request(share, f"{share.unit}申请延期到 {until}", asked.reason, answers)

    @cached_property
    def merge(self) -> ActForm | None:
        """What could be handled with this one, when it is asked for."""
        if isinstance(self.typed, MergeForm) and self.may_merge:
            return self.typed
        if self.words is None or not self.may_merge:
            return None
        return MergeForm(suggestion=self.suggestion, user=self.user, words=self.words)

    @property
    def is_refused_elsewhere(self) -> bool:
        """Something was typed for an act that the page does not offer any more."""
        if self.typed is None:
            return False
        shown = [self.box, self.merge, *(form for group in self.others for form in group.forms)]
        shown += [form for request in self.requests for form in request.forms]
        return self.typed not in shown

    @property
    def opens_others(self) -> bool:
        return any(form is self.typed for group in self.others for form in group.forms)

    @property
    def unit_names(self) -> list[str]:
        """For the forms that ask for a unit."""
        if not any(one.act in (Act.ASSIGN, Act.ASK_RETURN) for one in self.offered):
            return []
        return list(Unit.objects.offered().values_list("name", flat=True))

    def _form(self, offer: rules.Offer) -> ActForm:
        if self.typed is not None and _is_same(self.typed, offer):
            return self.typed
        return FORMS[offer.act.value](
            suggestion=self.suggestion, user=self.user, share=offer.handling, shares=self.shares
        )


def _is_same(form: ActForm, offer: rules.Offer) -> bool:
    share = form.share.pk if form.share else None
    return form.act == offer.act and share == (offer.handling.pk if offer.handling else None)
