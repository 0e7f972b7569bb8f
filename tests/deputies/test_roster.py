"""Fair shares of the duty days, against rules worked out by hand and a search of all rosters."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deputies.roster import Member, Short, Uneven, assign


def weeks(number):
    return [date(2026, 1, 7) + timedelta(days=7 * n) for n in range(number)]


def people(number, seniors=0):
    return [Member(key, key <= seniors) for key in range(1, number + 1)]


def loads(roster, members, served=None):
    counted = Counter(key for keys in roster.assigned.values() for key in keys)
    return [counted[member.key] + (served or {}).get(member.key, 0) for member in members]


def test_everybody_comes_in_turn():
    found = assign(weeks(6), people(6), per_day=2, minimum=2)
    assert list(found.assigned) == weeks(6)
    assert list(found.assigned.values()) == [[1, 2], [3, 4], [5, 6]] * 2
    assert (found.per_day, found.notes) == (2, [])


def test_the_number_a_day_is_raised_until_everybody_reaches_the_minimum():
    # 10 deputies × 2 = 20 turns on 6 days: 4 a day, 24 turns.
    found = assign(weeks(6), people(10), per_day=2, minimum=2)
    assert found.per_day == 4
    assert sorted(loads(found, people(10))) == [2] * 6 + [3] * 4


def test_the_number_a_day_never_exceeds_the_members():
    found = assign(weeks(1), people(3), per_day=2, minimum=5)
    assert (found.per_day, found.assigned[weeks(1)[0]]) == (3, [1, 2, 3])
    assert assign(weeks(2), people(1), per_day=2).assigned == {day: [1] for day in weeks(2)}


def test_what_was_served_and_fixed_counts_for_the_minimum_and_the_share():
    days = weeks(4)
    found = assign(days, people(4), per_day=1, minimum=2, fixed={days[0]: [1]}, served={2: 2, 1: 1})
    # Both have two already; three days are left for 3 and 4, who need four turns.
    assert found.per_day == 2
    assert sorted(loads(found, people(4), {2: 2, 1: 1})) == [2, 2, 3, 3]


def test_a_fixed_day_stays_as_it_is_even_when_it_is_empty_or_names_a_stranger():
    days = weeks(4)
    fixed = {days[1]: [3, 99], days[2]: []}
    found = assign(days, people(4), fixed=fixed, unavailable={3: days})
    assert found.assigned[days[1]] == [3, 99]
    assert found.assigned[days[2]] == []
    assert all(3 not in found.assigned[day] for day in (days[0], days[3]))


def test_a_fixed_day_outside_the_days_is_kept_in_its_place():
    days = weeks(3)
    found = assign(days[1:], people(4), per_day=1, minimum=0, fixed={days[0]: [1]})
    assert list(found.assigned) == days
    assert found.assigned[days[1]] != [1]


def test_a_day_on_which_too_few_can_come_stays_short_and_is_noted():
    days = weeks(4)
    away = dict.fromkeys((1, 2, 3), days[2:3])
    found = assign(days, people(4), minimum=1, unavailable=away)
    assert found.assigned[days[2]] == [4]
    assert found.notes == [Short(days[2], 2, 1)]


def test_without_members_every_day_is_short():
    assert assign(weeks(1), []).notes == [Short(weeks(1)[0], 1, 0)]
    assert assign([], people(2)).assigned == {}


def test_an_uneven_share_that_cannot_be_helped_is_noted():
    days = weeks(10)
    found = assign(days, people(5), unavailable={2: days[1:]})
    # 20 turns: the second has one, the others 19 between them: 4, 5, 5, 5.
    assert sorted(loads(found, people(5))) == [1, 4, 5, 5, 5]
    assert found.notes == [Uneven(2, 1, 5)]


def test_a_member_with_one_possible_day_gets_it():
    days = weeks(6)
    found = assign(days, people(12), per_day=2, minimum=1, unavailable={12: days[1:]})
    assert 12 in found.assigned[days[0]]
    assert found.per_day == 2


def test_a_chain_of_three_makes_loads_even():
    # 3 can come on the last day only, 2 on the last two, 1 always: one day each is possible.
    days = weeks(3)
    found = assign(days, people(3), per_day=1, minimum=1, unavailable={3: days[:2], 2: days[:1]})
    assert [found.assigned[day] for day in days] == [[1], [2], [3]]


def test_the_number_is_raised_for_somebody_who_can_come_late_only():
    days = weeks(4)
    away = dict.fromkeys((1, 2, 3), days[:3])
    found = assign(days, people(4), per_day=1, minimum=1, unavailable=away)
    assert found.per_day == 3
    assert loads(found, people(4)) == [1, 1, 1, 3]
    assert found.notes[:3] == [Short(day, 3, 1) for day in days[:3]]


def test_seniors_are_spread_over_the_days():
    found = assign(weeks(12), people(8, seniors=2), per_day=2, minimum=3)
    # Two seniors with three days each on twelve days: every other day has one.
    counts = [sum(key <= 2 for key in keys) for keys in found.assigned.values()]
    assert Counter(counts) == {0: 6, 1: 6}
    assert not any(first and second for first, second in pairwise(counts))


def test_seniors_are_swapped_apart_when_absences_crowd_them():
    days = weeks(6)
    # In turn, 1 and 2 would share days: nobody but seniors is free to come first.
    away = dict.fromkeys((3, 4), days[:1])
    found = assign(days, people(4, seniors=2), per_day=2, unavailable=away)
    counts = [sum(key <= 2 for key in found.assigned[day]) for day in days]
    assert counts[0] == 2
    assert max(counts[1:]) == 1


@pytest.mark.parametrize("number", [4, 5, 7, 25])
def test_nobody_comes_on_two_days_in_a_row_when_there_are_enough(number):
    found = list(assign(weeks(52), people(number, seniors=number // 3)).assigned.values())
    assert all(not set(a) & set(b) for a, b in pairwise(found))


def test_a_newcomer_who_has_to_catch_up_is_spread_over_the_year():
    days = weeks(12)
    found = assign(days, people(6), per_day=1, minimum=0, served=dict.fromkeys(range(1, 6), 4))
    turns = [number for number, day in enumerate(days) if 6 in found.assigned[day]]
    # 20 + 12 days among six: 5 or 6 each, so 5 of them are the newcomer's.
    assert len(turns) == 5
    assert all(b - a >= 2 for a, b in pairwise(turns))


def test_days_that_an_absence_pushed_together_are_moved_apart():
    days = weeks(12)
    away = {6: days[:6]}
    found = assign(days, people(6), unavailable=away)
    for key in range(1, 7):
        turns = [number for number, day in enumerate(days) if key in found.assigned[day]]
        assert len(turns) == 4
        if key != 6:
            assert all(b - a >= 2 for a, b in pairwise(turns))


DAYS = weeks(4)


@st.composite
def problems(draw, free=False):
    members = [Member(key, draw(st.booleans())) for key in range(1, draw(st.integers(1, 5)) + 1)]
    days = DAYS[: draw(st.integers(1, 4))]
    keys = [member.key for member in members]
    options = {"per_day": draw(st.integers(1, 3)), "minimum": draw(st.integers(0, 3))}
    if not free:
        some_days = st.sets(st.sampled_from(days))
        options["unavailable"] = {key: draw(some_days) for key in keys}
        options["fixed"] = draw(
            st.dictionaries(
                st.sampled_from(days), st.lists(st.sampled_from(keys), unique=True), max_size=2
            )
        )
        options["served"] = {key: draw(st.integers(0, 2)) for key in keys}
    return days, members, options


def least_spread(days, members, options, per_day):
    """The smallest spread of all rosters, found by trying every one."""
    fixed = options.get("fixed", {})
    start = tuple(
        options.get("served", {}).get(member.key, 0)
        + sum(member.key in keys for keys in fixed.values())
        for member in members
    )
    reachable = {start}
    for day in days:
        if day in fixed:
            continue
        able = [
            number
            for number, member in enumerate(members)
            if day not in options.get("unavailable", {}).get(member.key, ())
        ]
        reachable = {
            tuple(load + (number in group) for number, load in enumerate(state))
            for state in reachable
            for group in combinations(able, min(per_day, len(able)))
        }
    return min(max(state) - min(state) for state in reachable), reachable


@settings(max_examples=200)
@given(problems())
def test_a_roster_keeps_its_rules_and_the_smallest_spread(problem):
    days, members, options = problem
    found = assign(days, members, **options)
    for day in days:
        group = found.assigned[day]
        if day in options["fixed"]:
            assert group == list(options["fixed"][day])
            continue
        able = {m.key for m in members if day not in options["unavailable"][m.key]}
        assert len(group) == len(set(group)) == min(found.per_day, len(able))
        assert set(group) <= able
    final = loads(found, members, options["served"])
    spread, reachable = least_spread(days, members, options, found.per_day)
    assert max(final) - min(final) == spread
    assert min(final) == max(map(min, reachable))
    assert any(isinstance(note, Uneven) for note in found.notes) == (spread > 1)


@settings(max_examples=150)
@given(problems())
def test_everybody_reaches_the_minimum_as_far_as_free_days_reach(problem):
    days, members, options = problem
    found = assign(days, members, **options)
    final = loads(found, members, options["served"])
    free = [day for day in days if day not in options["fixed"]]
    for member, load in zip(members, final, strict=True):
        able = [day for day in free if day not in options["unavailable"][member.key]]
        taken = sum(member.key in found.assigned[day] for day in free)
        assert load >= options["minimum"] or taken == len(able)


@given(st.integers(1, 12), st.integers(1, 30), st.integers(1, 4), st.integers(0, 3), st.data())
def test_when_everybody_can_come_loads_and_seniors_differ_by_one_at_most(
    number, length, per_day, minimum, data
):
    members = [Member(key, data.draw(st.booleans())) for key in range(number)]
    found = assign(weeks(length), members, per_day=per_day, minimum=minimum)
    final = loads(found, members)
    assert max(final) - min(final) <= 1
    assert min(final) >= min(minimum, length)
    assert found.notes == []
    seniors = {member.key for member in members if member.senior}
    counts = [len(seniors & set(keys)) for keys in found.assigned.values()]
    assert max(counts) - min(counts) <= 1


@given(problems())
def test_the_number_a_day_is_raised_no_further_than_needed(problem):
    days, members, options = problem
    found = assign(days, members, **options)
    before = found.per_day - 1
    if before >= min(options["per_day"], len(members)):
        _, reachable = least_spread(days, members, options, before)
        free = [day for day in days if day not in options["fixed"]]
        base = loads(assign([], members, fixed=options["fixed"]), members, options["served"])
        reach = [
            max(have, min(options["minimum"], have + sum(
                day not in options["unavailable"][member.key] for day in free
            )))
            for member, have in zip(members, base, strict=True)
        ]  # fmt: skip
        even = min(reachable, key=lambda state: sum(load * load for load in state))
        assert any(load < wanted for load, wanted in zip(even, reach, strict=True))


@given(problems())
def test_the_same_input_gives_the_same_roster(problem):
    days, members, options = problem
    shuffled = {**options, "unavailable": {k: sorted(v) for k, v in options["unavailable"].items()}}
    assert assign(days, members, **options) == assign(days[::-1], members, **shuffled)


def test_a_load_that_only_a_chain_of_exchanges_evens_out():
    # 3 can come on the middle day only; whoever is there has to move to another's day.
    days = weeks(3)
    found = assign(days, people(3), per_day=1, minimum=0, unavailable={3: [days[0], days[2]]})
    assert found.assigned[days[1]] == [3]
    assert loads(found, people(3)) == [1, 1, 1]


def test_seniors_that_an_absence_brings_together_are_swapped_apart():
    # Six turns on three days for four: three of them are the seniors' 1 and 2, one a day.
    days = weeks(3)
    found = assign(days, people(4, seniors=2), per_day=2, minimum=0, unavailable={4: [days[2]]})
    assert [sum(key <= 2 for key in found.assigned[day]) for day in days] == [1, 1, 1]


def test_nobody_waits_long_while_a_newcomer_catches_up():
    # 20 + 30 days among six: 8 or 9 each, 4 or 5 of them to come: one in 6 to 8 weeks.
    days = weeks(30)
    found = assign(days, people(6), per_day=1, minimum=0, served=dict.fromkeys(range(1, 6), 4))
    for key in range(1, 6):
        turns = [number for number, day in enumerate(days) if key in found.assigned[day]]
        assert len(turns) in (4, 5)
        assert all(4 <= b - a <= 8 for a, b in pairwise(turns))
