"""What waits in the suggestions: a line each in the day's digest, and words before a day passes.

Nothing here names a matter or a person: messages leave the portal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models.functions import TruncDate
from django.urls import reverse

from accounts.models import User
from accounts.planners import register_due, register_planner
from accounts.roles import Capability, Role
from accounts.services import Message
from common.sheets.cells import chinese_date
from stations.models import Posting
from suggestions.choices import Consent, Limit, State
from suggestions.models import Deadline, Signature, Suggestion
from suggestions.rules import OF_THE_DEPUTY, OF_THE_OFFICE, OF_THE_UNIT

Line = tuple[User, str, str, int | None]
SOON = timedelta(days=7)
STEPS = (1, 7)  # days before an answer is due, on which its unit is told
# A message for what was due long ago would come out of the blue.
LOOK_BACK = timedelta(days=30)
_DAY_OF_ENTRY = TruncDate("suggestion__created_at")
WORDS = {
    Limit.JOIN: "答复是否附议",
    Limit.REVISE: "修改后再提交建议",
    Limit.HAND_IN: "附议已答复，提交建议",
    Limit.ASSIGN: "审核交办建议",
    Limit.DECIDE: "审批退办或延期",
    Limit.VET: "审核答复",
    Limit.SIGN: "签收建议",
    Limit.ASSIST: "提协办意见",
    Limit.COUNTERSIGN: "会签答复",
    Limit.REPLY: "答复代表",
    Limit.REDO: "重新答复代表",
    Limit.RATE: "评价办理情况",
    Limit.PROMISE: "续办答复",
}
LISTS = {
    Limit.JOIN: "asking_me", Limit.REVISE: "asking_me", Limit.HAND_IN: "asking_me",
    Limit.RATE: "asking_me", Limit.ASSIGN: "review", Limit.DECIDE: "decide", Limit.VET: "vet",
    Limit.PROMISE: "promises",
}  # fmt: skip
# What is said of a limit long before it passes; the others are said in their last week.
AT_ONCE = (Limit.SIGN, Limit.JOIN, Limit.REVISE, Limit.HAND_IN, Limit.RATE, *OF_THE_OFFICE)


def unit_lines(on: date) -> Iterator[Line]:
    """For the clerks of each unit: to sign, to answer within a week or late, to answer again."""
    postings = Posting.objects.who_can(Capability.HANDLE_SUGGESTION).without_digest(on)
    held: dict[int, list[User]] = defaultdict(list)
    for posting in postings.filter(role=Role.UNIT_CLERK).select_related("user"):
        held[posting.unit_id].append(posting.user)
    rows = _waiting(OF_THE_UNIT, on).filter(handling__unit__in=held)
    for unit, said in _lines(rows, on, "handling__unit").items():
        for user in held[unit]:
            yield from ((user, words, _list_of(limit, "at_unit"), None) for limit, words in said)


def office_lines(on: date) -> Iterator[Line]:
    """For the office of each congress: what it is to decide, and which answers units owe."""
    postings = Posting.objects.who_can(Capability.REVIEW_SUGGESTION).without_digest(on)
    held: dict[int, list[User]] = defaultdict(list)
    for posting in postings.exclude(area=None).select_related("user"):
        held[posting.area_id].append(posting.user)
    area = "suggestion__session__area"
    own = _lines(_waiting(OF_THE_OFFICE, on).filter(**{f"{area}__in": held}), on, area)
    late = Deadline.objects.overdue(on).against([*OF_THE_UNIT, Limit.RATE])
    units = Counter(late.filter(**{f"{area}__in": held}).order_by().values_list(area, flat=True))
    for key, users in held.items():
        for user in users:
            for limit, words in own.get(key, []):
                yield user, words, _list_of(limit, "review"), None
            if units[key]:
                words = f"督促办理：{units[key]} 个期限单位或代表已超期"
                yield user, words, _address("overdue"), None


def deputy_lines(on: date) -> Iterator[Line]:
    """For deputies: to sign or not, to mend what was sent back, to say what they think."""
    fresh = set(User.objects.without_digest(on).values_list("pk", flat=True))
    rows = _waiting(OF_THE_DEPUTY, on).filter(suggestion__lead__user__in=fresh)
    found = _lines(rows, on, "suggestion__lead__user")
    asked = Signature.objects.filter(
        consent=Consent.ASKED, suggestion__state=State.JOINING, deputy__user__in=fresh
    )
    for user, count in Counter(asked.order_by().values_list("deputy__user", flat=True)).items():
        found.setdefault(user, []).append((Limit.JOIN, f"{WORDS[Limit.JOIN]}：{count} 件"))
    users = User.objects.in_bulk(found)
    for key, said in found.items():
        for limit, words in said:
            yield users[key], words, _list_of(limit, "own"), None


def staff_lines(on: date) -> Iterator[Line]:
    """For the staff of stations: how many of their deputies' suggestions wait too long for them."""
    postings = Posting.objects.who_can(Capability.RAISE_SUGGESTION).at_stations()
    held: dict[int, list[User]] = defaultdict(list)
    for posting in postings.without_digest(on).select_related("user"):
        held[posting.station_id].append(posting.user)
    rows = Deadline.objects.overdue(on).against([Limit.REVISE, Limit.RATE])
    late = rows.filter(suggestion__station__in=held).order_by()
    for station, count in Counter(late.values_list("suggestion__station", flat=True)).items():
        for user in held[station]:
            words = f"请代表修改或评价：{count} 件已超期"
            yield user, words, _address("overdue"), station


def _waiting(limits: Iterable[str], on: date):
    """Open clocks against `limits` of which something is to be said now."""
    near = Deadline.objects.waiting().against(limits).filter(due_on__lte=on + SOON)
    return near | Deadline.objects.waiting().against([one for one in limits if one in AT_ONCE])


def _lines(rows, on: date, who: str) -> dict[int, list[tuple[Limit, str]]]:
    """{key of `who`: (limit, 签收建议：3 件，其中 1 件已超期)} in the order of the course."""
    counts: dict[int, dict[Limit, list[int]]] = defaultdict(dict)
    for key, limit, due_on in rows.order_by().values_list(who, "limit", "due_on"):
        both = counts[key].setdefault(Limit(limit), [0, 0])
        both[0] += 1
        both[1] += due_on < on
    order = list(Limit)
    return {
        key: [
            (limit, _said(limit, *found[limit])) for limit in sorted(found, key=order.index)
        ]
        for key, found in counts.items()
    }  # fmt: skip


def _said(limit: Limit, count: int, late: int) -> str:
    words = f"{WORDS[limit]}：{count} 件"
    return f"{words}，其中 {late} 件已超期" if late else words


def _list_of(limit: Limit, step: str) -> str:
    if limit == Limit.PROMISE:
        return reverse("suggestions:promises")
    return _address(LISTS.get(limit, step))


def _address(step: str) -> str:
    return f"{reverse('suggestions:list')}?step={step}"


def plan_before_due(on: date) -> Iterator[Message]:
    """To the clerks of a unit, a week and a day before it is to answer: each step once a clock
    and day; a clock that was extended is told of anew."""
    rows = Deadline.objects.due_soon(on, on + timedelta(days=max(STEPS)))
    rows = _with_units(rows.against([Limit.REPLY, Limit.REDO, Limit.PROMISE]))
    clerks = _clerks(rows)
    for clock in rows:
        left = (clock.due_on - on).days
        step = next(days for days in STEPS if left <= days)
        when = "今天" if not left else "明天" if left == 1 else f"{left} 天后"
        for user in clerks[clock.handling.unit_id]:
            yield _message(
                clock, user, f"due:{clock.pk}:{clock.due_on}:{step}",
                f"代表建议{when}到期：{WORDS[Limit(clock.limit)]}", on,
            )  # fmt: skip


def plan_overdue(on: date) -> Iterator[Message]:
    """Once a clock of a unit has passed: to its clerks, and a copy to the office that supervises.
    Of what had passed when a sheet brought it, the digest alone tells."""
    rows = Deadline.objects.overdue(on).against(OF_THE_UNIT).filter(due_on__gte=on - LOOK_BACK)
    rows = rows.exclude(suggestion__batch__isnull=False, due_on__lt=_DAY_OF_ENTRY)
    rows = _with_units(rows)
    clerks, offices = _clerks(rows), _offices(rows)
    for clock in rows:
        key = f"late:{clock.pk}:{clock.due_on}"
        words = WORDS[Limit(clock.limit)]
        for user in clerks[clock.handling.unit_id]:
            yield _message(clock, user, key, f"代表建议已超期：{words}", on)
        for user in offices[clock.suggestion.session.area_id]:
            yield _message(clock, user, key, f"承办单位超期：{words}", on)


def plan_join_over(on: date) -> Iterator[Message]:
    """To the lead: the time to sign is over, it may be submitted without those who are silent."""
    rows = Deadline.objects.overdue(on).against([Limit.JOIN])
    rows = rows.filter(due_on__gte=on - LOOK_BACK, suggestion__lead__user__is_active=True)
    for clock in rows.select_related("suggestion__session", "suggestion__lead__user"):
        user = clock.suggestion.lead.user
        title = "附议的期限已过，可以不等没有答复的代表，直接提交"
        yield _message(clock, user, f"joined:{clock.pk}:{clock.due_on}", title, on)


def _with_units(rows):
    return list(
        rows.filter(handling__isnull=False).select_related(
            "suggestion__session", "handling__unit"
        )
    )  # fmt: skip


def _clerks(clocks: Iterable[Deadline]) -> dict[int, list[User]]:
    units = {clock.handling.unit_id for clock in clocks if clock.handling}
    postings = Posting.objects.who_can(Capability.HANDLE_SUGGESTION).filter(unit__in=units)
    found: dict[int, list[User]] = defaultdict(list)
    for posting in postings.filter(role=Role.UNIT_CLERK).select_related("user"):
        found[posting.unit_id].append(posting.user)
    return found


def _offices(clocks: Iterable[Deadline]) -> dict[int, list[User]]:
    areas = {clock.suggestion.session.area_id for clock in clocks}
    postings = Posting.objects.who_can(Capability.REVIEW_SUGGESTION).filter(area__in=areas)
    found: dict[int, list[User]] = defaultdict(list)
    for posting in postings.select_related("user"):
        found[posting.area_id].append(posting.user)
    return found


def _message(clock: Deadline, user: User, key: str, title: str, on: date) -> Message:
    suggestion: Suggestion = clock.suggestion
    day = chinese_date(clock.due_on)
    return Message(
        key=f"suggestion:{key}:{user.pk}",
        title=title,
        text=f"{suggestion.session}{suggestion.code}，期限 {day}，请登录查看。",
        user=user,
        phone=user.phone or "",
        kind="suggestion",
        url=reverse("suggestions:detail", args=[suggestion.pk]),
        station_key=suggestion.station_id,
        expires_on=on + SOON,
    )


def register() -> None:
    register_planner("建议到期提醒", plan_before_due)
    register_planner("建议超期", plan_overdue)
    register_planner("附议期限已过", plan_join_over)
    register_due("承办建议", unit_lines)
    register_due("审核建议", office_lines)
    register_due("代表的建议", deputy_lines)
    register_due("本站代表的建议", staff_lines)
