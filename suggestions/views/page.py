"""What the page of one suggestion shows its reader: how far it is, what comes next, and what has
happened."""

from __future__ import annotations

from django.utils.functional import cached_property

from suggestions import rules
from suggestions.choices import Act, Consent, Limit, State
from suggestions.documents import PaperLink, offered_papers
from suggestions.models import Deadline, Step, Suggestion
from suggestions.views import page_parts
from suggestions.views.page_acts import ActsOf
from visits.models import Opinion


class SuggestionPage(ActsOf):
    """One suggestion for one reader; `typed` is a form that was refused, shown as it was typed."""

    # where it stands

    @property
    def badge(self) -> rules.Badge:
        return rules.badge_of(self.suggestion)

    @property
    def stages(self) -> list[page_parts.Stage]:
        return page_parts.stages(self.suggestion, self.shares, self.today)

    @property
    def past_rounds(self) -> list[str]:
        return page_parts.past_rounds(self.suggestion, self.shares)

    @cached_property
    def clocks(self) -> list[page_parts.ShownClock]:
        """Every day on which somebody is waited for, the one that matters to the reader first."""
        rows = Deadline.objects.filter(suggestion=self.suggestion).waiting()
        shown = [
            page_parts.shown_clock(row, self.suggestion, self.shares, self.today) for row in rows
        ]
        return sorted(shown, key=self._rank)

    def _rank(self, clock: page_parts.ShownClock) -> tuple:
        """Of a clerk's clocks the own ones come first; of the office's, what it owes itself. Then
        the answer, once all have signed for it; the rest by their days."""
        deadline, own = clock.deadline, {one.pk for one in self.own_shares}
        in_hand = deadline.limit in Limit.answers() and self.suggestion.state == State.HANDLING
        if own:
            first = deadline.handling_id in own and deadline.limit in rules.OF_THE_UNIT
        elif self.is_office:
            first = deadline.limit in rules.OF_THE_OFFICE or clock.days < 0
        else:
            first = deadline.limit in (*rules.OF_THE_DEPUTY, Limit.JOIN)
        return (not first, not in_hand, deadline.due_on, deadline.pk)

    @property
    def main_clock(self) -> page_parts.ShownClock | None:
        return self.clocks[0] if self.clocks else None

    @property
    def other_clocks(self) -> list[page_parts.ShownClock]:
        return self.clocks[1:]

    @cached_property
    def ending(self) -> Step | None:
        """With what a suggestion went no further."""
        wanted = {State.REJECTED: Act.REJECT, State.REFERENCE: Act.REFER,
                  State.WITHDRAWN: Act.WITHDRAW}.get(State(self.suggestion.state))  # fmt: skip
        return next((one for one in reversed(self.steps) if one.act == wanted), None)

    @property
    def is_closed(self) -> bool:
        return self.suggestion.state in (State.CLOSED, State.ARCHIVED)

    @property
    def short_of_signers(self) -> str:
        return rules.missing_signers(self.suggestion) if self.is_private else ""

    @cached_property
    def last_turn_back(self) -> Step | None:
        if self.suggestion.state != State.REVISING:
            return None
        return next((one for one in reversed(self.steps) if one.act == Act.TURN_BACK), None)

    # what has happened

    @cached_property
    def papers(self) -> list[PaperLink]:
        return offered_papers(self.user, self.suggestion, self.shares, self.steps)

    @cached_property
    def letter_to_read(self) -> page_parts.ShownLetter | None:
        """The letter that the form in the box is about: it stands before the form."""
        about = (Act.RATE, Act.RELEASE, Act.COUNTERSIGN, Act.FOLLOW_UP)
        if self.box is None or self.box.act not in about:
            return None
        letters = [one for shown in self.rounds for one in shown.letters]
        own = [one for one in letters if self.box.share and one.share.pk == self.box.share.pk]
        last = [one for shown in self.rounds[:1] for one in shown.letters]
        return next(iter(own or last), None)

    @property
    def reads_content_first(self) -> bool:
        """Who signs, takes it on or gives it a number has read what it is about."""
        return self.box is not None and self.box.act in (Act.AGREE, Act.ACCEPT, Act.SIGN)

    @property
    def has_main_column(self) -> bool:
        content_elsewhere = self.reads_content_first and not self.rounds
        return not content_elsewhere or bool(self.merge or self.merged)

    @property
    def who_has_it(self) -> str:
        """区公安分局主办，区教育局协办: the units of its last round."""
        found = rules.last_shares(self.shares)
        return "，".join(f"{one.unit}{one.get_duty_display()}" for one in found)

    @cached_property
    def rounds(self) -> list[page_parts.Round]:
        return page_parts.rounds(self.shares, self.today, reads=self.reads_draft_of)

    @property
    def history(self) -> list[page_parts.History]:
        return page_parts.history(self.steps, reads=self.reads_step)

    @property
    def answer_clock(self) -> Deadline | None:
        """Until when the deputies are to have their answer, met or not."""
        if self.suggestion.state in page_parts.ENDED_EARLY:
            return None
        answering = rules.answering(self.shares)
        found = [rules.clock_of(one, *Limit.answers()) for one in answering]
        return min((one for one in found if one), key=lambda one: one.due_on, default=None)

    @property
    def shows_signatures(self) -> bool:
        """Who was asked and what they said, as long as that is open or somebody said no."""
        rows = self.suggestion.signatures.all()
        return not self.is_outsider and any(one.consent != Consent.AGREED for one in rows)

    @property
    def asked_to_sign(self) -> str:
        """Who has not said yet whether they sign."""
        rows = self.suggestion.signatures.all()
        return "、".join(one.name for one in rows if one.consent == Consent.ASKED)

    @cached_property
    def contacts(self) -> list:
        return [found for one in self.shares for found in one.contacts.all()]

    @cached_property
    def merged(self) -> list[Suggestion]:
        """What was merged into this one, as far as the reader may open it."""
        rows = Suggestion.objects.visible_to(self.user).filter(merged_into=self.suggestion)
        return list(rows.select_related("session").order_by("number", "pk"))

    @cached_property
    def merged_lead(self) -> Suggestion | None:
        if not self.suggestion.merged_into_id:
            return None
        rows = Suggestion.objects.visible_to(self.user)
        return rows.filter(pk=self.suggestion.merged_into_id).first()

    @cached_property
    def sources(self) -> list[Opinion]:
        """The opinions it came from that the reader may open; units read none of them."""
        if self.is_outsider or not self._links:
            return []
        rows = Opinion.objects.visible_to(self.user).of_valid().filter(pk__in=self._links)
        return list(rows.for_list().order_by("pk"))

    @property
    def sources_to_tell(self) -> list[Opinion]:
        """Those that still wait for this one: their visitors are to be told what came of it."""
        return [one for one in self.sources if one.has_visitor]

    @property
    def sources_elsewhere(self) -> int:
        if self.is_outsider:
            return 0
        return len(self._links) - len(self.sources)

    @cached_property
    def _links(self) -> list[int]:
        return list({*self.suggestion.links.values_list("opinion", flat=True)})
