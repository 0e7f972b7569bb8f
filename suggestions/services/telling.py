"""Who hears of a move: the next one to act, and those who wait for the matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse

from accounts.models import User
from accounts.roles import Capability, Role
from accounts.services import Message, send
from deputies.models import Deputy
from stations.models import Posting
from suggestions.choices import Act, Consent
from suggestions.models import Handling, Step, Suggestion
from suggestions.rules import last_shares

LEAD, ASKED, SIGNERS, OFFICE, CLERKS, CLERK, LEAD_UNIT, HELPERS, NEWCOMER = (
    "lead", "asked", "signers", "office", "clerks", "clerk", "lead_unit", "helpers", "newcomer"
)  # fmt: skip
# Who is told of which act, in which words. Messages leave the portal: they name no matter.
NEWS: dict[Act, dict[str, str]] = {
    Act.CHANGE: {
        SIGNERS: "您附议的建议改了，请看一看；不同意可以撤回附议",
        ASKED: "请您附议的建议有改动，请看过再答复",
    },
    Act.INVITE: {ASKED: "请您附议一件建议"},
    Act.AGREE: {LEAD: "有代表同意附议您的建议"},
    Act.DECLINE: {LEAD: "有代表没有附议您的建议"},
    Act.SUBMIT: {OFFICE: "有一件代表建议等待审核"},
    Act.WITHDRAW: {
        OFFICE: "一件代表建议已撤回",
        CLERKS: "一件代表建议已撤回，不用再办",
        SIGNERS: "您附议的建议已撤回",
        LEAD: "您领衔的建议已撤回",
    },
    Act.TURN_BACK: {LEAD: "您的建议请修改后再提交"},
    Act.REJECT: {LEAD: "您的建议没有被接收", SIGNERS: "您附议的建议没有被接收"},
    Act.REFER: {LEAD: "您的建议已转有关单位参考", SIGNERS: "您附议的建议已转有关单位参考"},
    Act.ACCEPT: {LEAD: "您的建议已接收编号", SIGNERS: "您附议的建议已接收编号"},
    Act.ASSIGN: {CLERKS: "代表建议已交办，请签收办理", LEAD: "您的建议已交承办单位办理"},
    Act.RECALL: {CLERKS: "一件代表建议已收回改派，不用再办"},
    Act.URGE: {CLERKS: "催办：代表建议请抓紧办理"},
    Act.SUPERVISE: {CLERKS: "督办：代表建议请限期办理"},
    Act.ASK_RETURN: {OFFICE: "承办单位申请退办，请审批"},
    Act.AGREE_RETURN: {CLERK: "退办申请已同意"},
    Act.REFUSE_RETURN: {CLERK: "退办申请没有同意，请继续办理"},
    Act.REASSIGN: {NEWCOMER: "代表建议已交办，请签收办理", LEAD: "您的建议有一个承办单位换了"},
    Act.ASK_EXTENSION: {OFFICE: "承办单位申请延期，请审批"},
    Act.GRANT_EXTENSION: {CLERK: "延期申请已批准", LEAD: "您的建议延期答复"},
    Act.REFUSE_EXTENSION: {CLERK: "延期申请没有批准，请按期办理"},
    Act.OPINE: {LEAD_UNIT: "协办单位已提出意见"},
    Act.CIRCULATE: {HELPERS: "主办单位送来答复稿，请会签"},
    Act.COUNTERSIGN: {LEAD_UNIT: "协办单位已会签"},
    Act.WAIVE: {LEAD_UNIT: "有协办单位免予会签"},
    Act.SEND: {OFFICE: "承办单位报送了答复，请审核"},
    Act.SEND_BACK: {CLERK: "答复请修改后重新报送"},
    Act.RELEASE: {LEAD: "您的建议有答复了，请评价", SIGNERS: "您附议的建议有答复了"},
    Act.RATE: {CLERK: "代表已评价办理情况", LEAD: "已据征询意见表登记您的评价"},
    Act.FOLLOW_UP: {
        LEAD: "承诺的事项有续办答复了",
        SIGNERS: "您附议的建议有续办答复了",
        OFFICE: "承诺的事项有续办答复了",
    },
    Act.REDO: {
        CLERKS: "代表建议须重新办理，请签收",
        LEAD: "您的建议已重新交办",
        SIGNERS: "您附议的建议已重新交办",
    },
}
# What came of it, which deputies without a log-in are to learn, too.
TOLD_BY_STAFF = (Act.REJECT, Act.REFER, Act.RELEASE, Act.FOLLOW_UP)


def announce(
    suggestion: Suggestion, share: Handling | None, shares: Iterable[Handling], act: Act, step: Step
) -> None:
    """Write the news of a move into the ledger; who made it is not told of it."""
    told: dict[int, tuple[User, str]] = {}
    for group, title in NEWS.get(act, {}).items():
        if group == OFFICE and suggestion.submitted_on is None:
            continue  # a draft is nobody's business
        for user in users_of(group, suggestion, share, list(shares)):
            told.setdefault(user.pk, (user, title))
    told.pop(step.actor_id or 0, None)
    messages = [_message(suggestion, step, user, title) for user, title in told.values()]
    send([*messages, *_without_log_in(suggestion, act, step)])


def _message(suggestion: Suggestion, step: Step, user: User, title: str) -> Message:
    return Message(
        key=f"suggestion:{suggestion.pk}:{step.pk}:{user.pk}",
        title=title,
        text=f"{suggestion.session}{suggestion.code}，请登录查看。",
        user=user,
        phone=user.phone or "",
        kind="suggestion",
        url=reverse("suggestions:detail", args=[suggestion.pk]),
        station_key=suggestion.station_id,
    )


def _without_log_in(suggestion: Suggestion, act: Act, step: Step) -> Iterator[Message]:
    """For deputies who put it forward or signed it on paper: to their phone; where there is none,
    the staff of the station are asked to tell them."""
    unreachable = False
    for group in (LEAD, SIGNERS):
        title = NEWS.get(act, {}).get(group)
        for deputy in _deputies(group, suggestion) if title else ():
            if _has_log_in(deputy):
                continue
            unreachable = unreachable or not deputy.phone
            if deputy.phone:
                yield _to_phone(suggestion, step, deputy, title or "")
    if unreachable and act in TOLD_BY_STAFF:
        rows = Posting.objects.who_can(Capability.RAISE_SUGGESTION)
        for user in rows.filter(station=suggestion.station).users():
            if user.pk != step.actor_id:
                yield _message(suggestion, step, user, "一件建议有结果了，请转告没有账号的代表")


def _to_phone(suggestion: Suggestion, step: Step, deputy: Deputy, title: str) -> Message:
    return Message(
        key=f"suggestion:{suggestion.pk}:{step.pk}:deputy{deputy.pk}",
        title=title,
        text=f"{suggestion.session}{suggestion.code}，请向联络站了解情况。",
        recipient=deputy.name,
        phone=deputy.phone,
        kind="suggestion",
        station_key=suggestion.station_id,
    )


def users_of(
    group: str, suggestion: Suggestion, share: Handling | None, shares: list[Handling]
) -> Iterator[User]:
    if group in (LEAD, ASKED, SIGNERS):
        rows = _deputies(group, suggestion)
        yield from (one.user for one in rows if one.user is not None and _has_log_in(one))
    else:
        yield from _officials(group, suggestion, share, shares)


def _deputies(group: str, suggestion: Suggestion) -> list[Deputy]:
    if group == LEAD:
        return [suggestion.lead]
    wanted = Consent.ASKED if group == ASKED else Consent.AGREED
    rows = suggestion.signatures.select_related("deputy__user").filter(consent=wanted)
    return [one.deputy for one in rows if group == SIGNERS or one.asked_on]


def _has_log_in(deputy: Deputy) -> bool:
    return deputy.user is not None and deputy.user.is_active


def _officials(
    group: str, suggestion: Suggestion, share: Handling | None, shares: list[Handling]
) -> list[User]:
    if group == OFFICE:
        area = suggestion.session.area
        rows = Posting.objects.who_can(Capability.REVIEW_SUGGESTION).filter(area=area)
        return rows.users()
    # Who has lost it with this very move is told as well.
    current = last_shares(shares) or [one for one in shares if one.round == suggestion.round]
    if group == CLERK:
        current = [share] if share else []
    elif group == NEWCOMER:
        current = shares[-1:]  # the part that this move has just made
    elif group in (LEAD_UNIT, HELPERS):
        current = [one for one in current if one.answers == (group == LEAD_UNIT)]
    units = [one.unit_id for one in current]
    rows = Posting.objects.who_can(Capability.HANDLE_SUGGESTION).filter(role=Role.UNIT_CLERK)
    return rows.filter(unit__in=units).users()
