"""Who may do what at a station, and what a station, an area or a posting must satisfy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings

from accounts.roles import Capability, Role, roles_with
from common.errors import RuleViolation
from common.sheets.cells import chinese_date
from stations.choices import AreaLevel, StationKind, StationState
from stations.models import Area, Mailbox, MailboxOpening, Posting, Station, Unit

# The roles that are held at a station; a deputy's own posting comes and goes with the deputy.
STAFF_ROLES = (Role.STATION_HEAD, Role.DEPUTY_HEAD, Role.LIAISON, Role.OBSERVER)
AREA_ROLES = {
    AreaLevel.DISTRICT: (Role.DISTRICT_OFFICER, Role.ADMINISTRATOR),
    AreaLevel.TOWNSHIP: (Role.TOWNSHIP_OFFICER,),
}
# What the district decides of a station; its own staff keep the rest of its page.
DECIDED_ABOVE = ("name", "kind", "parent", "township", "village", "star", "state")
AREA_CODE_LENGTHS = {AreaLevel.DISTRICT: 6, AreaLevel.TOWNSHIP: 9, AreaLevel.VILLAGE: 12}


def can_at(user, capability: Capability, station_id: int) -> bool:
    """Whether a role that `user` holds at or above the station grants `capability`."""
    return Station.objects.where_user_can(user, capability).filter(pk=station_id).exists()


def holds_several(user) -> bool:
    """Whether a row has to say of which station it is: the user holds an area, or several."""
    held = user.held_postings
    return len(held) > 1 or any(posting.area_id for posting in held)


def grants_at(user, capability: Capability, station: Station) -> bool:
    """The same as `can_at` for a station read with its area: asks the database nothing."""
    if user.is_system:
        return True
    roles = roles_with(capability)
    return any(
        held.role in roles and held.covers(station.pk, station.area.code)
        for held in user.held_postings
    )


def can_somewhere(user, capability: Capability) -> bool:
    """Whether `user` may do it at any station: decides what a menu offers."""
    return user.is_system or Station.objects.where_user_can(user, capability).exists()


def can_in_area(user, capability: Capability, code: str) -> bool:
    """Whether `user` may do it in the whole area `code`: for what belongs to no station yet."""
    if user.is_system:
        return True
    roles = roles_with(capability)
    return any(
        held.role in roles and held.area_id and code.startswith(held.area.code)
        for held in user.held_postings
    )


def can_keep_calendar(user) -> bool:
    """Whether `user` enters holidays: one calendar, and a setting like any other."""
    if user.is_system or user.is_superuser:
        return True
    return user.holds(roles_with(Capability.MANAGE_CALENDAR))


def can_keep_categories(user) -> bool:
    """Whether `user` edits the categories: one tree for the whole district."""
    return user.is_system or user.holds(roles_with(Capability.MANAGE_CATEGORIES))


def can_edit(user, station: Station) -> bool:
    """Whether `user` keeps the station's page: address, phone, reception days, staff."""
    return grants_at(user, Capability.EDIT_STATION, station)


def can_manage(user, station: Station) -> bool:
    """Whether `user` decides what the station is: its name, kind, place, star and state."""
    return grants_at(user, Capability.MANAGE_STATIONS, station)


def can_post(user, role: str, place: Station | Area | Unit) -> bool:
    """Whether `user` may say who holds `role` at `place`."""
    if user.is_system or user.is_superuser:
        return True
    if not _may_deal_with(user, role):
        return False
    if isinstance(place, Station):
        if role != Role.DEPUTY:
            return grants_at(user, Capability.EDIT_STATION, place)
        # A deputy's posting is made by opening their log-in and moves with the deputy.
        needed = (Capability.MANAGE_DEPUTIES, Capability.MANAGE_ACCOUNTS)
        return any(grants_at(user, capability, place) for capability in needed)
    return can_in_area(user, Capability.MANAGE_ACCOUNTS, _code_of(place))


def can_manage_log_in(user, posting: Posting) -> bool:
    """Whether `user` may give the person of `posting` a log-in, or take its rights away."""
    return _may_deal_with(user, posting.role) and manages_log_ins_at(user, posting.place)


def _may_deal_with(user, role: str) -> bool:
    """Only an administrator makes another, unmakes one, or gets to see their first password."""
    if user.is_system or user.is_superuser or role != Role.ADMINISTRATOR:
        return True
    return user.holds([Role.ADMINISTRATOR])


def manages_log_ins_at(user, place: Station | Area | Unit) -> bool:
    if user.is_system or user.is_superuser:
        return True
    return can_in_area(user, Capability.MANAGE_ACCOUNTS, _code_of(place))


def can_end(user, posting: Posting) -> bool:
    """A posting without a log-in is a line of a list; with one it is somebody's rights.

    Nobody gives up an office of their own, or nobody might be left to fill it.
    """
    is_own = posting.user_id and posting.user_id == user.pk
    if posting.area_id and is_own and not user.is_superuser:
        return False
    if posting.user_id and posting.role != Role.DEPUTY:
        return can_manage_log_in(user, posting)
    return can_post(user, posting.role, posting.place)


def area_roles_for(user) -> list[Role]:
    """The roles held at areas that `user` may give to somebody, from the district down."""
    return [role for roles in AREA_ROLES.values() for role in roles if _may_deal_with(user, role)]


def vacant_role(area: Area, held: Collection[str]) -> Role | None:
    """The office of the area's own level, if it is not among the roles that are held there."""
    office = AREA_ROLES[AreaLevel(area.level)][0]
    return None if office in held else office


def _code_of(place: Station | Area | Unit) -> str:
    area = place if isinstance(place, Area) else place.area
    return area.code if area else ""


def check_posting(person_name: str, role: str, place: Station | Area | Unit) -> None:
    """Refuse, with the reason in Chinese, a role that does not belong to the place."""
    if not person_name:
        raise RuleViolation("请填写姓名。")
    if isinstance(place, Station):
        fits = role in (*STAFF_ROLES, Role.DEPUTY)
    elif isinstance(place, Unit):
        fits = role == Role.UNIT_CLERK
    else:
        fits = role in AREA_ROLES.get(AreaLevel(place.level), ())
    if not fits:
        raise RuleViolation(f"“{place}”没有“{Role(role).label}”这个角色。")


def check_station(station: Station) -> None:
    """Refuse, with the reason in Chinese, a station that cannot stand where it is put."""
    if station.township.level != AreaLevel.TOWNSHIP:
        raise RuleViolation(f"“{station.township}”不是乡镇街道。")
    if station.village and not station.village.code.startswith(station.township.code):
        raise RuleViolation(f"“{station.village}”不在{station.township}。")
    _check_parent(station)
    if station.kind == StationKind.CENTRE and station.state != StationState.CLOSED:
        _check_only_centre(station)


def _check_parent(station: Station) -> None:
    above = station.parent
    if above and above.township_id != station.township_id:
        raise RuleViolation(f"上级站“{above}”不在{station.township}。")
    while above:
        if above.pk == station.pk:
            raise RuleViolation("上级站不能是本站或本站的下级。")
        above = above.parent


def _check_only_centre(station: Station) -> None:
    """中心联络站: one a township."""
    others = Station.objects.filter(kind=StationKind.CENTRE, township=station.township_id)
    other = others.exclude(pk=station.pk).exclude(state=StationState.CLOSED).first()
    if other:
        raise RuleViolation(f"{station.township}已有中心联络站“{other}”，一个乡镇街道只设一个。")


def check_area(area: Area) -> None:
    """Refuse, with the reason in Chinese, an area whose code does not fit its place in the tree."""
    length = AREA_CODE_LENGTHS[AreaLevel(area.level)]
    if len(area.code) != length or not area.code.isdecimal():
        raise RuleViolation(f"{area.get_level_display()}的区划代码应为 {length} 位数字。")
    if area.level == AreaLevel.DISTRICT:
        return
    if area.parent is None or AREA_CODE_LENGTHS[AreaLevel(area.parent.level)] != length - 3:
        raise RuleViolation(f"请选择{area.get_level_display()}的上一级。")
    if not area.code.startswith(area.parent.code):
        raise RuleViolation(f"代码应以上级“{area.parent}”的代码 {area.parent.code} 开头。")


def can_keep_mailbox(user, mailbox: Mailbox) -> bool:
    """Whether `user` registers what was found in the box."""
    return grants_at(user, Capability.KEEP_MAILBOX, mailbox.station)


def is_for_keeper(user, mailbox: Mailbox) -> bool:
    """Whether `user` is to be told that the box waits: an observer without its key is not."""
    return mailbox.keeper_user_id in (None, user.pk) or can_edit(user, mailbox.station)


def can_void_opening(user, opening: MailboxOpening) -> bool:
    """Who registered it, or who keeps the station's page."""
    own = opening.created_by_id is not None and opening.created_by_id == user.pk
    keeps = can_keep_mailbox(user, opening.mailbox)
    return keeps and (own or can_edit(user, opening.mailbox.station))


def is_opening_due(mailbox: Mailbox, month: date) -> bool:
    """Whether the box was to be opened in the month of that day: it hung there in time."""
    until = month.replace(day=settings.MAILBOX_OPEN_BY)
    taken_down = mailbox.taken_down_on
    return mailbox.hung_on <= until and (taken_down is None or taken_down > until)


class MailboxState(NamedTuple):
    """Where a box stands this month: a tone for its badge, the word, and why."""

    tone: str
    word: str
    detail: str

    @property
    def is_done(self) -> bool:
        return self.tone in ("ok", "")

    @property
    def is_late(self) -> bool:
        return self.tone == "late"


def mailbox_state(mailbox: Mailbox, on: date) -> MailboxState:
    """The state of a box read `with_month`, on a day of that month."""
    last_month = on.replace(day=1) - timedelta(days=1)
    until = settings.MAILBOX_OPEN_BY
    if mailbox.taken_down_on:
        return MailboxState("", "已撤除", chinese_date(mailbox.taken_down_on))
    if mailbox.opened_on:  # type: ignore[attr-defined]
        day = mailbox.opened_on  # type: ignore[attr-defined]
        letters = f"来信 {mailbox.letters} 件"  # type: ignore[attr-defined]
        return MailboxState("ok", f"已开箱 {day.month}.{day.day}", letters)
    missed = is_opening_due(mailbox, last_month) and not mailbox.opened_before  # type: ignore[attr-defined]
    if missed:
        return MailboxState("late", "逾期未开箱", f"{last_month.month}月没有开箱")
    if not is_opening_due(mailbox, on):
        return MailboxState("", "下月起开箱", f"{chinese_date(mailbox.hung_on)}设置")
    if on.day > until:
        return MailboxState("late", "本月未开箱", f"应于 {until} 日前开箱")
    return MailboxState("wait", "本月未开箱", f"{until} 日前开箱")


def check_mailbox(mailbox: Mailbox, today: date) -> None:
    """Refuse, with the reason in Chinese, a box that cannot hang as it is said to."""
    if not mailbox.name:
        raise RuleViolation("请填写名称。")
    if mailbox.hung_on > today:
        raise RuleViolation("设置日期不能在今天之后。")
    if mailbox.taken_down_on and not mailbox.hung_on <= mailbox.taken_down_on <= today:
        raise RuleViolation("撤除日期应在设置日期之后，不能在今天之后。")


def check_opening(opening: MailboxOpening, today: date) -> None:
    """Refuse, with the reason in Chinese, an opening that cannot have been."""
    box = opening.mailbox
    if opening.opened_on > today:
        raise RuleViolation("开箱日期不能在今天之后。")
    if opening.opened_on < box.hung_on:
        raise RuleViolation(f"这个意见箱{chinese_date(box.hung_on)}才设置。")
    if box.taken_down_on and opening.opened_on > box.taken_down_on:
        raise RuleViolation(f"这个意见箱{chinese_date(box.taken_down_on)}已撤除。")
    if not opening.opened_by:
        raise RuleViolation("请填写开箱人。")
    if opening.letter_count and not opening.handed_to:
        raise RuleViolation("有来信的，请写明交给哪位代表。")
