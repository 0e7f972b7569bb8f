"""Messages whose matter is done: nobody who was asked for it finds it unread, and does it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import Resolver404, resolve, reverse

from accounts.models import Notice, User
from accounts.services import mark_read
from suggestions.choices import Act
from suggestions.models import Deadline, Handling, Step, Suggestion
from suggestions.services.telling import CLERK, LEAD, OFFICE, users_of

_HANDED_OVER = (Act.ASSIGN, Act.REDO, Act.REASSIGN)
_PRESSED = (*_HANDED_OVER, Act.SEND_BACK, Act.URGE, Act.SUPERVISE, Act.REFUSE_EXTENSION,
            Act.REFUSE_RETURN)  # fmt: skip
# What a move answers: whom the news of which earlier moves had asked for it.
ANSWERS: dict[Act, tuple[str, tuple[Act, ...]]] = {
    Act.SUBMIT: (LEAD, (Act.TURN_BACK, Act.AGREE, Act.DECLINE)),
    **dict.fromkeys((Act.ACCEPT, Act.TURN_BACK, Act.REJECT, Act.REFER), (OFFICE, (Act.SUBMIT,))),
    **dict.fromkeys((Act.SIGN, Act.ASK_RETURN), (CLERK, _HANDED_OVER)),
    **dict.fromkeys((Act.AGREE_RETURN, Act.REFUSE_RETURN), (OFFICE, (Act.ASK_RETURN,))),
    **dict.fromkeys((Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION), (OFFICE, (Act.ASK_EXTENSION,))),
    **dict.fromkeys((Act.COUNTERSIGN, Act.WAIVE), (CLERK, (Act.CIRCULATE,))),
    Act.SEND: (CLERK, _PRESSED),
    **dict.fromkeys((Act.RELEASE, Act.SEND_BACK), (OFFICE, (Act.SEND,))),
    **dict.fromkeys((Act.RATE, Act.LAPSE), (LEAD, (Act.RELEASE,))),
}
_OF_CLOCKS = ("due", "late", "joined")


def settle_news(
    suggestion: Suggestion, share: Handling | None, act: Act, actor_key: int | None
) -> None:
    """Mark read what this move has answered: everything its actor was told about the suggestion,
    what others were asked that can no longer be done, and the reminders of clocks that stopped.
    Once it is withdrawn, nothing said before matters."""
    url = reverse("suggestions:detail", args=[suggestion.pk])
    unread = (
        Notice.objects.unread().leading_to(url, suggestion.station_id).filter(kind="suggestion")
    )
    notices = list(unread.only("pk", "key", "user_id"))
    if notices:
        others = [one for one in notices if one.user_id != actor_key and act != Act.WITHDRAW]
        settled = {*notices} - {*others}
        settled |= {*_of_stopped_clocks(suggestion, others)}
        settled |= {*_of_moves(suggestion, share, act, others)}
        mark_read(settled)


def _of_stopped_clocks(suggestion: Suggestion, notices: Sequence[Notice]) -> list[Notice]:
    told = {one: _clock_of(one) for one in notices}
    if not any(told.values()):
        return []
    running = Deadline.objects.open().filter(suggestion=suggestion).values_list("pk", flat=True)
    open_keys = {str(key) for key in running}
    return [one for one, key in told.items() if key and key not in open_keys]


def _clock_of(notice: Notice) -> str:
    _, what, key, *_ = notice.key.split(":")
    return key if what in _OF_CLOCKS else ""


def _of_moves(
    suggestion: Suggestion, share: Handling | None, act: Act, notices: Sequence[Notice]
) -> list[Notice]:
    group, asked = ANSWERS.get(act, ("", ()))
    if not asked or not notices:
        return []
    steps = {str(step.pk) for step in _asking(suggestion, share, asked)}
    fitting = [one for one in notices if one.key.split(":")[2] in steps and not _clock_of(one)]
    if not fitting:
        return []
    users = {user.pk for user in users_of(group, suggestion, share, [])}
    return [one for one in fitting if one.user_id in users]


def _asking(suggestion: Suggestion, share: Handling | None, asked: Sequence[Act]):
    rows = Step.objects.filter(suggestion=suggestion, act__in=asked).only("pk", "unit_name")
    own = "" if share is None else str(share.unit)
    # Several units have shares: what one of them asked is not answered with another's.
    return [step for step in rows if not own or step.unit_name in ("", own)]


def subjects_for(user: User, notices: Sequence[Notice]) -> Mapping[int, str]:
    """The titles of the suggestions that messages lead to, as far as `user` reads them."""
    keys = {notice.pk: _key_in(notice.url) for notice in notices}
    rows = Suggestion.objects.visible_to(user).filter(pk__in=set(keys.values()) - {0})
    titles = dict(rows.values_list("pk", "title"))
    return {pk: f"《{titles[key]}》" for pk, key in keys.items() if key in titles}


def _key_in(url: str) -> int:
    try:
        found = resolve(url)
    except Resolver404:
        return 0
    return found.kwargs.get("pk", 0) if found.view_name == "suggestions:detail" else 0
