"""Who reads the page of a suggestion, and how much of it is theirs to read."""

from __future__ import annotations

from django.utils import timezone
from django.utils.functional import cached_property

from suggestions import rules
from suggestions.choices import Duty
from suggestions.forms.acts import ActForm
from suggestions.models import Handling, Step, Suggestion


class ReaderOf:
    """The reader of one suggestion: of the office, a clerk of a unit, one of its deputies."""

    def __init__(
        self, suggestion: Suggestion, user, *, typed: ActForm | None = None, words=None
    ):  # fmt: skip
        self.suggestion, self.user, self.typed, self.words = suggestion, user, typed, words
        self.today = timezone.localdate()

    @cached_property
    def shares(self) -> list[Handling]:
        rows = list(Handling.objects.filter(suggestion=self.suggestion).for_page())
        for one in rows:
            one.suggestion = self.suggestion
        return rows

    @cached_property
    def steps(self) -> list[Step]:
        return list(self.suggestion.steps.all())

    @property
    def seen(self) -> int:
        """What a form of this page remembers: the last step shown."""
        return self.steps[-1].pk if self.steps else 0

    # who reads

    @cached_property
    def is_office(self) -> bool:
        return rules.is_office(self.user, self.suggestion.session)

    @cached_property
    def is_outsider(self) -> bool:
        """A clerk: no word of the visitor, nor of the register."""
        return rules.is_outsider(self.user, self.suggestion)

    @cached_property
    def own_shares(self) -> list[Handling]:
        """What the reader's own unit has, each in its last round."""
        return [one for one in rules.last_shares(self.shares) if rules.is_clerk_of(self.user, one)]

    def reads_draft_of(self, share: Handling) -> bool:
        """Office and units read what passes between them before the deputies have the answer;
        where each unit answers by itself (分办), each its own."""
        return self._among_offices(str(share.unit))

    def reads_step(self, step: Step) -> bool:
        return self._among_offices(step.unit_name)

    def _among_offices(self, unit_name: str) -> bool:
        if self.is_office:
            return True
        own = {str(one.unit) for one in self.own_shares}
        apart = any(one.duty == Duty.SEPARATE for one in self.own_shares)
        return unit_name in own or (bool(own) and not apart)

    @cached_property
    def own_signature(self):
        rows = self.suggestion.signatures.all()
        return next((one for one in rows if one.deputy.user_id == self.user.pk), None)
