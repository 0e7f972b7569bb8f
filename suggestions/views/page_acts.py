"""What the reader of a suggestion may do: the form of the next step, and everything else."""

from __future__ import annotations

from django.utils.functional import cached_property

from common.models import Draft
from stations.models import Unit
from suggestions import rules
from suggestions.choices import Act, Asked, Consent, Limit, Part, State
from suggestions.forms.acts import ActForm
from suggestions.forms.course import FORMS
from suggestions.forms.reviewing import MergeForm
from suggestions.models import Deadline, Handling
from suggestions.views import act_drafts, page_parts
from suggestions.views.page_parts import Group, Request
from suggestions.views.page_reader import ReaderOf
from visits.forms.entry import typed_again

# The act whose form stands in the box of the next step, by who reads: the first that is offered.
OF_THE_DEPUTY = (Act.AGREE, Act.RATE, Act.INVITE, Act.SUBMIT)
OF_A_CLERK = (
    Act.SIGN, Act.COUNTERSIGN, Act.SEND, Act.CIRCULATE, Act.OPINE, Act.FOLLOW_UP,
)  # fmt: skip
OF_THE_OFFICE = (Act.ACCEPT, Act.ASSIGN, Act.REASSIGN, Act.RELEASE, Act.ARCHIVE)
# What may be chosen instead stands beside the box, in the order of need.
BESIDE = {
    Act.AGREE: (Act.DECLINE,),
    Act.SIGN: (Act.ASK_RETURN,),
    Act.ACCEPT: (Act.TURN_BACK, Act.REFER, Act.REJECT),
    Act.REASSIGN: (Act.DISPENSE,),
    Act.RELEASE: (Act.SEND_BACK,),
}
# Of the rest these are wanted most; what takes something away stands last.
FIRST = (Act.CONTACT, Act.URGE, Act.SUPERVISE, Act.MARK)
LAST = (Act.ASK_RETURN, Act.RECALL, Act.WITHDRAW)
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
        """Not again what the deputy has said already, nor what comes too late for a clerk."""
        own = self.own_signature
        if offer.act == Act.ASK_EXTENSION and self._is_too_late(offer.handling):
            return False
        if own is not None and offer.act == Act.AGREE:
            return own.consent == Consent.ASKED
        if own is not None and offer.act == Act.DECLINE:
            return own.consent != Consent.DECLINED
        if offer.act == Act.INVITE:
            rows = self.suggestion.signatures.all()
            return any(one.consent == Consent.ASKED and not one.asked_on for one in rows)
        return True

    def _is_too_late(self, share: Handling | None) -> bool:
        """More time is asked for before the day has passed; the office may key in a paper."""
        clock = rules.clock_of(share, *Limit.answers()) if share in self.own_shares else None
        return clock is not None and clock.is_open and clock.due_on < self.today

    @property
    def too_late_to_extend(self) -> Deadline | None:
        """The day that has passed, for the clerk who looks for 申请延期."""
        late = [one for one in self.own_shares if one.state == Part.WORKING]
        late = [one for one in late if self._is_too_late(one)]
        return rules.clock_of(late[0], *Limit.answers()) if late else None

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
            skipped = (Act.INVITE, Act.SUBMIT) if self.changes_first else ()
            yield from ((act, False) for act in OF_THE_DEPUTY if act not in skipped)
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

    @property
    def changes_first(self) -> bool:
        """What was sent back is changed before it is submitted once more."""
        if self.suggestion.state != State.REVISING or not self.may_change:
            return False
        wanted = (Act.TURN_BACK, Act.CHANGE)
        last = next((one.act for one in reversed(self.steps) if one.act in wanted), None)
        return last == Act.TURN_BACK

    @cached_property
    def beside(self) -> list[ActForm]:
        """What may be done instead of what the box holds."""
        if self.box is None:
            return []
        acts, share = BESIDE.get(self.box.act, ()), self.box.share
        rows = [one for one in self.offered if one.act in acts and one.handling == share]
        return [self._form(one) for one in sorted(rows, key=lambda one: acts.index(one.act))]

    @cached_property
    def on_paper(self) -> list[ActForm]:
        """据征询意见表: what the deputy has filled in on paper, keyed in by the office."""
        rows = [one for one in self.offered if one.act == Act.RATE]
        found = [self._form(one) for one in rows if not self._is_in_box(one)]
        return [form for form in found if form.keys_in]

    @cached_property
    def others(self) -> list[Group]:
        """Whatever else may be done: of the whole, then unit by unit."""
        placed = {act_drafts.place_of(form) for form in (*self.beside, *self.on_paper)}
        found: dict[int | None, list[ActForm]] = {}
        for offer in sorted(self.offered, key=lambda one: _rank(one.act)):
            has_form = offer.act.value in FORMS and offer.act not in (Act.MERGE, *ANSWERS)
            if has_form and not self._is_in_box(offer) and _place_of(offer) not in placed:
                key = offer.handling.pk if offer.handling else None
                found.setdefault(key, []).append(self._form(offer))
        order = [None, *(one.pk for one in self.shares)]
        return [Group(self._label_of(key), found[key]) for key in order if key in found]

    def _is_in_box(self, offer: rules.Offer) -> bool:
        return self.box is not None and act_drafts.place_of(self.box) == _place_of(offer)

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
        return any(form.is_begun for one in self.for_units for form in one.forms)

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
        reads = self.reads_draft_of(share)
        if share.state == Part.RETURNING:
            answers = [one for one in forms if one.act in (Act.AGREE_RETURN, Act.REFUSE_RETURN)]
            words = f"{share.unit}申请退办"
            if reads:
                words += f"，建议改由{share.proposed_unit}办理"
            yield Request(share, words, share.return_reason if reads else "", answers)
        for asked in share.extensions.all():
            if asked.outcome == Asked.OPEN:
                answers = [one for one in forms if one.act not in ANSWERS[:2]]
                until = page_parts.long_day(asked.until)
                words = f"{share.unit}申请延期到 {until}"
                yield Request(share, words, asked.reason if reads else "", answers)

    @cached_property
    def merge(self) -> ActForm | None:
        """What could be handled with this one, when it is asked for."""
        if isinstance(self.typed, MergeForm) and self.may_merge:
            return self.typed
        if self.words is None or not self.may_merge:
            return None
        return MergeForm(suggestion=self.suggestion, user=self.user, words=self.words)

    @cached_property
    def drafts(self) -> dict[act_drafts.Place, Draft]:
        return act_drafts.drafts_of(self.user, self.suggestion)

    @property
    def left_over(self) -> list[ActForm]:
        """What the reader has typed for acts that the page does not offer any more."""
        offered = {_place_of(one) for one in self.offered}
        found = {place: self._from_draft(*place) for place in self.drafts if place not in offered}
        if self.typed is not None and self.typed is not self.merge:
            place = act_drafts.place_of(self.typed)
            if place not in offered:
                found[place] = self.typed
        return list(found.values())

    def _from_draft(self, act: str, share: int) -> ActForm:
        """The form filled with what was typed into it and not sent."""
        draft = self.drafts[act, share]
        found = next((one for one in self.shares if one.pk == share), None)
        form = FORMS[act](
            typed_again(draft), suggestion=self.suggestion, user=self.user, share=found,
            shares=self.shares,
        )  # fmt: skip
        form.quiet, form.draft = True, draft
        return form

    @property
    def opens_others(self) -> bool:
        return any(form.is_begun for group in self.others for form in group.forms)

    @property
    def unit_names(self) -> list[str]:
        """For the forms that ask for a unit."""
        if not any(one.act in (Act.ASSIGN, Act.REASSIGN, Act.ASK_RETURN) for one in self.offered):
            return []
        return list(Unit.objects.offered().values_list("name", flat=True))

    def _form(self, offer: rules.Offer) -> ActForm:
        place = _place_of(offer)
        if self.typed is not None and act_drafts.place_of(self.typed) == place:
            return self.typed
        if place in self.drafts:
            return self._from_draft(*place)
        return FORMS[offer.act.value](
            suggestion=self.suggestion, user=self.user, share=offer.handling, shares=self.shares
        )


def _rank(act: Act) -> int:
    """By need; between first and last the order of the table stays."""
    if act in FIRST:
        return FIRST.index(act) - len(FIRST)
    return 1 + LAST.index(act) if act in LAST else 0


def _place_of(offer: rules.Offer) -> act_drafts.Place:
    return offer.act.value, offer.handling.pk if offer.handling else 0
