"""Who comes on which duty day: fair shares, spread over the year. Knows no Django.

First everybody in turn, at the pace of their share; then the loads are repaired along paths of
exchanges until no path makes them more even (an optimal semi-matching: Harvey, Ladner, Lovász,
Tamir 2006), which finds the smallest spread that the unavailable days allow; last, exchanges that
leave every load as it is put district deputies and neighbouring days apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

_NOBODY: Mapping[int, Collection[date]] = {}
_NO_DAYS: Mapping[date, Sequence[int]] = {}
_NO_COUNTS: Mapping[int, int] = {}


@dataclass(frozen=True)
class Member:
    """A deputy of the station; `senior` is one of the district congress or higher."""

    key: int
    senior: bool


@dataclass(frozen=True)
class Short:
    """A day on which fewer can come than are wanted."""

    day: date
    wanted: int
    got: int


@dataclass(frozen=True)
class Uneven:
    """A member whose days differ by two or more from what most have, and it cannot be helped."""

    key: int
    count: int
    usual: int


Note = Short | Uneven


@dataclass(frozen=True)
class Roster:
    """Members' keys by day, the number a day it took, and what could not be made fair."""

    assigned: dict[date, list[int]]
    per_day: int
    notes: list[Note] = field(default_factory=list)


def assign(
    days: Sequence[date],
    members: Sequence[Member],
    *,
    per_day: int = 2,
    minimum: int = 2,
    unavailable: Mapping[int, Collection[date]] = _NOBODY,
    fixed: Mapping[date, Sequence[int]] = _NO_DAYS,
    served: Mapping[int, int] = _NO_COUNTS,
) -> Roster:
    """Give every day its members; the same input gives the same roster.

    `per_day` is raised until everybody comes to `minimum` days, as far as their free days reach,
    and never beyond the number of members. `fixed` days stay as they are; they and `served`
    (days before these, by key) count for shares. A day on which too few can come stays short.
    """
    problem = _Problem(days, members, unavailable, fixed, served)
    number = min(max(per_day, problem.least_per_day(minimum)), len(members))
    draft = _drafted(problem, number)
    while number < len(members) and not draft.reaches(minimum):
        number += 1
        draft = _drafted(problem, number)
    _even_out_seniors(draft)
    _move_apart(draft)
    return Roster(draft.by_day(), number, [*_short_days(draft), *_uneven_loads(draft)])


class _Problem:
    """The input by position: members in their order, free days in the order of the year.

    Sets of free days are the bits of an int, so that an exchange is found in one step.
    """

    def __init__(
        self,
        days: Sequence[date],
        members: Sequence[Member],
        unavailable: Mapping[int, Collection[date]],
        fixed: Mapping[date, Sequence[int]],
        served: Mapping[int, int],
    ):
        self.members = members
        self.fixed = fixed
        self.calendar = sorted({*days, *fixed})
        self.free = [day for day in self.calendar if day not in fixed]
        on_fixed = Counter(key for keys in fixed.values() for key in set(keys))
        self.base = [on_fixed[member.key] + served.get(member.key, 0) for member in members]
        place = {day: number for number, day in enumerate(self.free)}
        everything = (1 << len(self.free)) - 1
        self.available = [everything] * len(members)
        for number, member in enumerate(members):
            for day in set(unavailable.get(member.key, ())) & place.keys():
                self.available[number] &= ~(1 << place[day])
        # Places in the year of all days, and which of them each member has for good.
        order = {day: number for number, day in enumerate(self.calendar)}
        self.place_in_year = [order[day] for day in self.free]
        self.held = [
            {order[day] for day, keys in fixed.items() if member.key in keys} for member in members
        ]

    def least_per_day(self, minimum: int) -> int:
        """How many a day there must be at least for everybody to reach the minimum."""
        missing = sum(self.reach(number, minimum) - base for number, base in enumerate(self.base))
        return -(-missing // len(self.free)) if self.free else 0

    def reach(self, member: int, minimum: int) -> int:
        """The minimum, or as near to it as the member's free days come; never below the base."""
        base = self.base[member]
        return max(base, min(minimum, base + self.available[member].bit_count()))


class _Draft:
    """A roster in the making: on which free days each member serves."""

    def __init__(self, problem: _Problem, per_day: int):
        self.problem = problem
        self.per_day = per_day
        self.serves = [0] * len(problem.members)
        self.loads = list(problem.base)
        self.on_day: list[set[int]] = [set() for _ in problem.free]

    def add(self, member: int, day: int) -> None:
        self.serves[member] |= 1 << day
        self.loads[member] += 1
        self.on_day[day].add(member)

    def hand_over(self, day: int, giver: int, taker: int) -> None:
        self.serves[giver] &= ~(1 << day)
        self.loads[giver] -= 1
        self.on_day[day].remove(giver)
        self.add(taker, day)

    def exchangeable(self, giver: int, taker: int) -> int:
        """The days of `giver` that `taker` could have."""
        return self.serves[giver] & self.problem.available[taker] & ~self.serves[taker]

    def swap(self, first: int, day: int, second: int, other_day: int) -> None:
        """`first` gives `day` to `second` and takes `other_day` for it."""
        self.hand_over(day, first, second)
        self.hand_over(other_day, second, first)

    def reaches(self, minimum: int) -> bool:
        return all(
            load >= self.problem.reach(member, minimum) for member, load in enumerate(self.loads)
        )

    def by_day(self) -> dict[date, list[int]]:
        place = {day: number for number, day in enumerate(self.problem.free)}
        members = self.problem.members
        return {
            day: [members[member].key for member in sorted(self.on_day[place[day]])]
            if day in place
            else list(self.problem.fixed[day])
            for day in self.problem.calendar
        }


def _drafted(problem: _Problem, per_day: int) -> _Draft:
    draft = _Draft(problem, per_day)
    _take_turns(draft)
    _even_out_loads(draft)
    return draft


# --- in turn


def _take_turns(draft: _Draft) -> None:
    """Fill the days one after the other with those whose next turn is due first.

    Seniors and juniors queue apart: each day gets the seniors that are due by then, so that
    they are spread from the beginning.
    """
    problem = draft.problem
    quotas = _quotas(draft)
    seniors = [member.senior for member in problem.members]
    senior_seats = sum(quota for quota, senior in zip(quotas, seniors, strict=True) if senior)
    turns = [0] * len(quotas)
    given = 0
    for day in range(len(problem.free)):
        present = [member for member, days in enumerate(problem.available) if days >> day & 1]
        present.sort(key=lambda member: _due(turns[member], quotas[member], draft.loads[member]))
        # Rounded to the nearest: the days get equal numbers, the odd one out in the middle.
        wanted = (2 * (day + 1) * senior_seats // len(problem.free) + 1) // 2 - given
        for member in _first_in_line(present, seniors, wanted, draft.per_day):
            draft.add(member, day)
            turns[member] += 1
            given += seniors[member]


def _first_in_line(
    present: Sequence[int], seniors: Sequence[bool], wanted: int, number: int
) -> list[int]:
    """So many seniors as are wanted, and others up to the number; if they lack, any."""
    chosen = [member for member in present if seniors[member]][: max(0, min(wanted, number))]
    chosen += [member for member in present if not seniors[member]][: number - len(chosen)]
    return chosen + [member for member in present if member not in chosen][: number - len(chosen)]


def _due(turns: int, quota: int, load: int) -> tuple[float, int]:
    """When the next turn comes, as a part of the year; who has had all comes last."""
    return ((2 * turns + 1) / (2 * quota) if turns < quota else 1 + turns - quota, load)


def _quotas(draft: _Draft) -> list[int]:
    """The days that each would get if everybody could always come: the least loaded first."""
    quotas = [0] * len(draft.loads)
    most = len(draft.problem.free)
    for _ in range(draft.per_day * most):
        able = [member for member in range(len(quotas)) if quotas[member] < most]
        least = min(able, key=lambda member: draft.loads[member] + quotas[member])
        quotas[least] += 1
    return quotas


# --- even loads


def _even_out_loads(draft: _Draft) -> None:
    """Hand days over along chains until no chain leads to somebody with two days less."""
    while path := _first_path(draft):
        for giver, taker in pairwise(path):
            days = draft.exchangeable(giver, taker)
            draft.hand_over(next(_bits(days)), giver, taker)


def _first_path(draft: _Draft) -> list[int]:
    loads = draft.loads
    if not loads or max(loads) - min(loads) < 2:
        return []
    for start in sorted(range(len(loads)), key=lambda member: -loads[member]):
        path = _path_from(draft, start)
        if path:
            return path
    return []


def _path_from(draft: _Draft, start: int) -> list[int]:
    """The shortest chain from `start` to a member with at least two days less, or none."""
    before = {start: start}
    queue = [start]
    for giver in queue:
        for taker in range(len(draft.loads)):
            if taker in before or not draft.exchangeable(giver, taker):
                continue
            before[taker] = giver
            if draft.loads[taker] <= draft.loads[start] - 2:
                return _traced(before, taker)
            queue.append(taker)
    return []


def _traced(before: Mapping[int, int], end: int) -> list[int]:
    path = [end]
    while before[path[-1]] != path[-1]:
        path.append(before[path[-1]])
    return path[::-1]


# --- exchanges that keep the loads


def _even_out_seniors(draft: _Draft) -> None:
    """Swap a senior of a day that has many with a junior of one that has few, while it helps."""
    while _swap_one_senior(draft):
        pass


def _swap_one_senior(draft: _Draft) -> bool:
    seniors = [member.senior for member in draft.problem.members]
    counts = [sum(seniors[member] for member in people) for people in draft.on_day]
    order = sorted(range(len(counts)), key=lambda day: counts[day])
    for many in reversed(order):
        for few in order:
            if counts[many] - counts[few] < 2:
                break
            swap = _senior_for_junior(draft, seniors, many, few)
            if swap:
                draft.swap(swap[0], many, swap[1], few)
                return True
    return False


def _senior_for_junior(
    draft: _Draft, seniors: Sequence[bool], many: int, few: int
) -> tuple[int, int] | None:
    for senior in sorted(draft.on_day[many]):
        if not seniors[senior] or not _could_take(draft, senior, few):
            continue
        for junior in sorted(draft.on_day[few]):
            if not seniors[junior] and _could_take(draft, junior, many):
                return senior, junior
    return None


def _could_take(draft: _Draft, member: int, day: int) -> bool:
    return bool(draft.problem.available[member] & ~draft.serves[member] & (1 << day))


def _move_apart(draft: _Draft) -> None:
    """Swap days that follow each other away, with members of the same rank, while it helps."""
    years = [set(held) for held in draft.problem.held]
    for member, days in enumerate(draft.serves):
        years[member].update(draft.problem.place_in_year[day] for day in _bits(days))
    for member in range(len(years)):
        for day in list(_bits(draft.serves[member])):
            place = draft.problem.place_in_year[day]
            if {place - 1, place + 1} & years[member]:
                _move_away(draft, years, member, day)


def _move_away(draft: _Draft, years: list[set[int]], member: int, day: int) -> None:
    """Swap this day for the nearest that leaves the two with the fewest neighbouring days."""
    best: tuple[int, int, int, int] | None = None
    for other, other_day in _same_rank_days(draft, member, day):
        mine, theirs = _swapped(draft, years, (member, day), (other, other_day))
        less = _tightness(years[member]) + _tightness(years[other])
        less -= _tightness(mine) + _tightness(theirs)
        if less > 0:
            option = (-less, abs(other_day - day), other, other_day)
            best = min(best or option, option)
    if best is not None:
        other, other_day = best[2:]
        swapped = _swapped(draft, years, (member, day), (other, other_day))
        years[member], years[other] = swapped
        draft.swap(member, day, other, other_day)


def _same_rank_days(draft: _Draft, member: int, day: int) -> Iterator[tuple[int, int]]:
    """Whom of the same rank the day could go to, and which days could come back for it."""
    members = draft.problem.members
    for other in range(len(members)):
        if members[other].senior == members[member].senior and _could_take(draft, other, day):
            yield from ((other, back) for back in _bits(draft.exchangeable(other, member)))


def _swapped(
    draft: _Draft, years: list[set[int]], one: tuple[int, int], two: tuple[int, int]
) -> tuple[set[int], set[int]]:
    """The years of two members after each took the other's day."""
    place = draft.problem.place_in_year
    here, there = {place[one[1]]}, {place[two[1]]}
    return years[one[0]] - here | there, years[two[0]] - there | here


def _tightness(year: set[int]) -> int:
    return sum(place + 1 in year for place in year)


def _bits(days: int) -> Iterator[int]:
    while days:
        yield (days & -days).bit_length() - 1
        days &= days - 1


# --- what could not be helped


def _short_days(draft: _Draft) -> list[Note]:
    wanted = max(draft.per_day, 1)
    return [
        Short(day, wanted, len(people))
        for day, people in zip(draft.problem.free, draft.on_day, strict=True)
        if len(people) < wanted
    ]


def _uneven_loads(draft: _Draft) -> list[Note]:
    """Those outside the two neighbouring counts that most members have."""
    counts = Counter(draft.loads)
    if not counts or max(counts) - min(counts) < 2:
        return []
    low = max(sorted(counts), key=lambda count: counts[count] + counts[count + 1])
    usual = low if counts[low] >= counts[low + 1] else low + 1
    return [
        Uneven(member.key, load, usual)
        for member, load in zip(draft.problem.members, draft.loads, strict=True)
        if load not in (low, low + 1)
    ]
