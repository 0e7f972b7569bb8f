"""What every page's frame shows: where the user may go, as whom, and where they are."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.urls import reverse

from accounts import rules as account_rules
from accounts import services as accounts
from accounts.roles import Capability, Role, roles_with
from suggestions import rules as suggestion_rules


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    icon: str
    current: bool


def frame(request):
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "district_name": settings.DISTRICT_NAME,
        "is_demo": settings.DEMO,
        "large_text": request.COOKIES.get("large") == "1",
        "nav": list(_nav(request)) if signed_in else [],
        "sees_registers": signed_in and _sees_registers(user),
        "has_jobs": signed_in and user.holds(roles_with(Capability.EXPORT_REGISTER)),
        "places": _places(user) if signed_in else [],
        # Counted where a page shows it: parts and papers have no bell.
        "unread": partial(accounts.unread_count, user) if signed_in else 0,
    }


def _nav(request):
    for label, name, icon, allowed in _entries(request.user):
        if allowed:
            url = reverse(name)
            here = request.path == url if url == "/" else _leads_to(url, request.path)
            yield NavItem(label, url, icon, here)


def _leads_to(url: str, path: str) -> bool:
    """Whether an entry stands for the page at `path`: the registers share one, and closing a duty
    day belongs to 值班."""
    registers, days = "/visits/", "/visits/days/"
    if path.startswith(days):
        return url == reverse("duty:index")
    return path.startswith(registers if url.startswith(registers) else url)


def _sees_registers(user) -> bool:
    return user.holds([*roles_with(Capability.VIEW_REGISTER), Role.DEPUTY])


def _entries(user):
    yield "首页", "home", "home", True
    yield "值班", "duty:index", "calendar-days", bool(user.held_postings)
    yield "登记簿", "visits:reception_list", "book-open", _sees_registers(user)
    yield "建议", "suggestions:list", "document-text", suggestion_rules.can_see_any(user)
    keeps_mailboxes = user.holds(roles_with(Capability.KEEP_MAILBOX)) and not _sees_registers(user)
    yield "意见箱", "visits:mailbox_list", "inbox", keeps_mailboxes
    yield "代表", "deputies:list", "user-group", bool(user.held_postings)
    yield "联络站", "stations:list", "building-office-2", bool(user.held_postings)
    yield "报告", "reports:period", "chart-bar", user.holds(roles_with(Capability.VIEW_REPORT))
    yield "账号", "accounts:list", "key", account_rules.may_manage_accounts(user)


def _places(user):
    """Where the user is posted, for the corner of the page."""
    return list(dict.fromkeys(str(held.place) for held in user.held_postings))
