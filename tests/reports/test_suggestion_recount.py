"""A mixed year of suggestions: tables, a plain recount and the lists behind them agree."""

import datetime
import random
from collections import Counter
from decimal import Decimal

import pytest

from reports.percentages import rate, shares
from reports.periods import Period
from suggestions.choices import Duty, Kind, Occasion, Part, State
from suggestions.models import FaceToFace, Handling, Promise, Suggestion
from tests.reports.suggested import (
    DAY,
    DUE,
    LATER,
    TODAY,
    answered,
    behind,
    handled,
    line,
    make_place,
    raised,
    tables,
)  # fmt: skip
from visits.choices import Satisfaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


def mixed(place, size=60, seed=2026):
    """Suggestions of every sort, with shares in one or two rounds."""
    dice = random.Random(seed)
    for _ in range(size):
        state = dice.choice([State.HANDLING] * 6 + [State.SUBMITTED, State.REJECTED,
                            State.REFERENCE, State.WITHDRAWN, State.ACCEPTED])  # fmt: skip
        row = raised(
            place, state, at=dice.randrange(2), kind=dice.choice(Kind.values),
            occasion=dice.choice(Occasion.values), is_key=dice.random() < 0.1,
            on=DAY(2026, dice.randint(1, 12), dice.randint(1, 28)),
        )  # fmt: skip
        if state not in (State.HANDLING, State.WITHDRAWN):
            continue
        units = dice.sample(place.units, dice.randint(1, 3))
        duties = dice.choice([[Duty.LEAD, Duty.ASSIST, Duty.ASSIST], [Duty.SEPARATE] * 3])
        for unit, duty in zip(units, duties, strict=False):
            _course(dice, row, unit, duty)


def _course(dice, row, unit, duty):
    if duty == Duty.ASSIST:
        handled(row, unit, duty, state=dice.choice([Part.WORKING, Part.COUNTERSIGNED, Part.LEFT]))
        return
    due = DAY(2026, dice.randint(4, 12), 10)
    clock = {"due": due}
    if dice.random() < 0.3:
        clock["first_due"] = due - datetime.timedelta(days=30)
    if dice.random() < 0.35:
        state = dice.choice([Part.WAITING, Part.WORKING, Part.SENT, Part.LEFT])
        met = due + datetime.timedelta(days=dice.choice([-9, 9])) if state == Part.SENT else None
        handled(row, unit, duty, state=state, met=met, **clock)
        return
    clock["met"] = due + datetime.timedelta(days=dice.choice([-40, -10, 0, 5]))
    _letter(dice, row, unit, duty, round=1, **clock)
    match dice.choice(["done", "done", "again", "answered again"]):
        case "again":
            handled(row, unit, duty, round=2, due=LATER)
        case "answered again":
            _letter(dice, row, unit, duty, round=2, **clock)


def _letter(dice, row, unit, duty, **more):
    words, letter_class = Satisfaction.values, dice.choice(["A", "B", "C", "D", ""])
    promised = DAY(dice.choice([2026, 2027]), dice.randint(1, 12), 1)
    share = answered(
        row, unit, duty, letter_class,
        ratings=(dice.choice(words), dice.choice(words)) if dice.random() < 0.8 else (),
        promised=promised if letter_class in ("B", "C") else None, **more,
    )  # fmt: skip
    if letter_class == "B" and dice.random() < 0.5:
        Promise.objects.filter(reply=share.reply).update(answered_on=TODAY)
    if dice.random() < 0.2:
        FaceToFace.objects.create(handling=share, on=DUE, how="calling")


def recounted(first, last):
    """{what: n} of all units together and {(unit, what): n}, by going through the objects."""
    found = Counter()
    numbered = [State.ACCEPTED, State.ASSIGNED, State.HANDLING, State.REVIEWING, State.REPLIED,
                State.CLOSED, State.ARCHIVED]  # fmt: skip
    for row in Suggestion.objects.all():
        if row.state in numbered and row.submitted_on and first <= row.submitted_on <= last:
            by_unit = {}
            for share in Handling.objects.filter(suggestion=row).order_by("round"):
                by_unit.setdefault(share.unit.name, []).append(share)
            for unit, own in by_unit.items():
                for what in _facts([one for one in own if one.state != Part.LEFT], first, last):
                    found[what] += 1
                    found[unit, what] += 1
    return found


def _facts(own, first, last):
    """What one unit's shares of one suggestion, round by round, count as."""
    if not own:
        return
    yield own[-1].get_duty_display()
    if own[-1].duty == "assist":
        return
    yield "应办"
    letters = [one for one in own if one.state in ("p_answered", "p_rated")]
    if any(one.contacts.exists() for one in own):
        yield "已面商"
    yield _timing_of(own[0].deadlines.first(), bool(letters))
    is_again = own[-1] not in letters
    if own[-1].round > 1:
        yield "重办"
        yield "重办中" if is_again else "已重新答复"
    if letters:
        yield from _of_the_letter(letters[-1].reply)
        yield from [] if is_again else _of_the_promise(letters[-1].reply, first, last)


def _of_the_letter(reply):
    yield "已答复"
    yield reply.result_class or "未定"
    rating = getattr(reply, "rating", None)
    for side in ("attitude", "outcome"):
        yield side, getattr(rating, side, "unrated")


def _of_the_promise(reply, first, last):
    promise = getattr(reply, "promise", None)
    if promise is None:
        return
    yield "承诺续办"
    yield "已续办答复" if promise.answered_on else "未续办"
    if not promise.answered_on and promise.due_on < TODAY:
        yield "其中逾期"
    if first <= promise.due_on <= last:
        yield "期内到期"


def _timing_of(clock, is_out):
    if not is_out:
        late = clock.met_on > clock.due_on if clock.met_on else clock.due_on < TODAY
        return "已逾期" if late else "未到期"
    if clock.met_on > clock.due_on:
        return "逾期答复"
    extended = clock.first_due_on and clock.met_on > clock.first_due_on
    return "延期后按期" if extended else "按期答复"


@pytest.mark.parametrize("seed", [1, 7])
def test_a_mixed_year_agrees_with_a_plain_recount(place, seed):
    mixed(place, seed=seed)
    period = Period(DAY(2026, 2, 1), DAY(2026, 10, 31))
    found, plainly = tables(period), recounted(period.first, period.last)
    words = {
        "满意": "satisfied",
        "基本满意": "mostly",
        "不满意": "unsatisfied",
        "未评价": "unrated",
    }
    sides = {"办理工作": "attitude", "办理结果": "outcome"}
    seen = 0
    for table in ("T7", "T8", "T9", "T10", "T11", "T13"):
        for row in found[table].rows:
            for column, value in line(found[table], row.name.value).items():
                side, word = column[:4], column[4:]
                what = (sides[side], words[word]) if side in sides and word in words else column
                if column.endswith("（%）") or column in ("合计",) or "次" in column or (
                    column.startswith("重办后")
                ):  # fmt: skip
                    continue
                key = what if row.name.value == "合计" else (row.name.value, what)
                assert value == plainly[key], (table, row.name.value, column)
                seen += 1
    assert seen > 80
    assert plainly["重办"] > 3
    assert plainly["延期后按期"] > 0
    _rates_agree(found, plainly)


def _rates_agree(found, plainly):
    due, replied = plainly["应办"], plainly["已答复"]
    timed = line(found["T8"])
    kept = plainly["按期答复"] + plainly["延期后按期"]
    assert timed["办复率（%）"] == rate(replied, due)
    assert timed["按时办复率（%）"] == rate(kept, due)
    classed = line(found["T9"])
    names = ["A", "B", "C", "D", "未定"]
    assert [classed[f"{name} 占比（%）"] for name in names] == shares([plainly[n] for n in names])


def test_every_figure_opens_the_suggestions_it_counts(place):
    mixed(place)
    found = tables()
    checked = Counter()
    for table in found.values():
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if not cell.url or not isinstance(cell.value, int):
                    continue
                # Several units may have one suggestion: the sum over units counts items.
                of_several = row is table.total and table.id not in ("T7A", "T12")
                listed = behind(cell)
                assert listed <= cell.value if of_several else listed == cell.value, (
                    table.id, row.name.value, column.name, cell.url,
                )  # fmt: skip
                checked[table.id] += 1
    assert all(checked[f"T{number}"] for number in (7, 8, 9, 10, 11, 13))


def test_shares_in_per_cent_sum_to_100_in_every_row(place):
    mixed(place)
    found = tables()
    hundred = Decimal("100.00")
    assert sum(row.values[-1] for row in found["T7"].body) == hundred
    for row in found["T9"].rows:
        of_row = line(found["T9"], row.name.value)
        assert sum(of_row[f"{name} 占比（%）"] for name in ("A", "B", "C", "D", "未定")) == hundred
    for side in ("办理工作", "办理结果"):
        total = line(found["T10"])
        words = ("满意", "基本满意", "不满意")
        assert sum(total[f"{side}{word}率（%）"] for word in words) == hundred


def test_queries_do_not_grow_with_suggestions(place, django_assert_num_queries):
    mixed(place, size=5)
    with django_assert_num_queries(4):
        tables()
    mixed(place, size=40)
    with django_assert_num_queries(4):
        tables()
