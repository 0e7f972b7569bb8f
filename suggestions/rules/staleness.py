"""Whether a form still says what it is about, after what was done since its page was shown.

Several units work on one suggestion at the same time, and the office beside them: nobody is sent
back because somebody else did their own part. Refused is what would be decided on an old view.
"""

from __future__ import annotations

from collections.abc import Iterable

from suggestions.choices import COURSE, Act
from suggestions.models import Handling, Step

_MORE_TIME = (Act.ASK_EXTENSION, Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION)
_SIGNATURES = (Act.AGREE, Act.DECLINE)
# They leave everything where it is, and matter to nothing but another one of their own kind.
_BESIDE = (Act.URGE, Act.SUPERVISE, Act.MARK, Act.RECKON, Act.CONTACT, *_MORE_TIME)


def outdates(
    step: Step, act: Act, share: Handling | None, shares: Iterable[Handling]
) -> bool:  # fmt: skip
    """Whether a form for `act` (of `share`, or of the whole), shown before `step`, is out of
    date."""
    same_subject = step.unit_name == (str(share.unit) if share else "")
    if step.act in _BESIDE:
        kind = _MORE_TIME if step.act in _MORE_TIME else (step.act,)
        return same_subject and act in kind
    if share is None:
        return _outdates_the_whole(step, act)
    if step.unit_name:
        return same_subject or (act == Act.COUNTERSIGN and _is_of_lead(step, share, shares))
    return step.from_state != step.to_state


def _outdates_the_whole(step: Step, act: Act) -> bool:
    """Deputies answer each for themselves, and one more who agrees is in nobody's way. What moves
    the whole is decided on all that has happened; what leaves it in place, on its own steps."""
    if step.act in _SIGNATURES:
        return step.act == Act.DECLINE and act not in _SIGNATURES
    moves = any(line.target for line in COURSE.transitions if line.action == act)
    return moves or not step.unit_name


def _is_of_lead(step: Step, share: Handling, shares: Iterable[Handling]) -> bool:
    """Who countersigns signs the letter of the unit that answers, as it stood on the page."""
    leads = (one for one in shares if one.answers and one.round == share.round)
    return step.unit_name in {str(one.unit) for one in leads}
