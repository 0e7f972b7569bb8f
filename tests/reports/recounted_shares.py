"""What each unit's part of a suggestion came to, and the columns of T7 to T13, by plain loops."""

from __future__ import annotations

from datetime import date

from suggestions.models import Handling
from tests.reports.per_cent import hundred, per_cent

ALL = "合计"
DUTIES = {"sole": "独办", "lead": "主办", "separate": "分办", "assist": "协办"}
SAID = {"satisfied": "满意", "mostly": "基本满意", "unsatisfied": "不满意", "unrated": "未评价"}

Cells = dict[str, object]  # {column: value} of one row


def share_of(unit: str, now: Handling, rounds: list[Handling], today: date) -> dict:
    out = [one for one in rounds if one.state in ("p_answered", "p_rated") and one.duty != "assist"]
    answering = [one for one in rounds if one.duty != "assist"]
    again = now.round > 1 and now.state not in ("p_answered", "p_rated")
    letter = out[-1].reply if out else None
    promise = getattr(letter, "promise", None) if letter and not again else None
    return {
        "unit": unit, "duty": now.duty, "round": now.round, "again": again, "out": bool(out),
        "class": (letter.result_class or "未定") if letter else "",
        "办理工作": _said(letter, "attitude"), "办理结果": _said(letter, "outcome"),
        "first": _said(out[0].reply, "outcome") if out else "未评价",
        "met": any(one.contacts.exists() for one in answering),
        "timing": _timing(answering, out, today) if answering else "",
        "promise": promise,
    }  # fmt: skip


def _said(letter, side: str) -> str:
    rating = getattr(letter, "rating", None)
    return SAID[getattr(rating, side)] if rating else "未评价"


def _timing(rounds: list[Handling], out: list[Handling], today: date) -> str:
    """By the clock of the first round and the day the unit sent its letter."""
    clocks = [one for one in rounds[0].deadlines.order_by("pk") if one.limit in ("reply", "redo")]
    clock = clocks[0] if clocks else None
    if not out:
        if clock is None:
            return "未到期"
        sent_late = clock.met_on is not None and clock.met_on > clock.due_on
        return "已逾期" if sent_late or (not clock.met_on and clock.due_on < today) else "未到期"
    sent = (clock.met_on if clock else None) or out[0].reply.released_on
    if clock is None or sent is None:
        return "期限不明"
    if sent > clock.due_on:
        return "逾期答复"
    is_extended = clock.first_due_on is not None and sent > clock.first_due_on
    return "延期后按期" if is_extended else "按期答复"


# Columns of the tables with a row a unit ----------------------------------------------------------


def _duties(_, own: list[dict]) -> Cells:
    cells: Cells = {word: sum(one["duty"] == key for one in own) for key, word in DUTIES.items()}
    return cells | {"应办": sum(one["duty"] != "assist" for one in own), ALL: len(own)}


def _timeliness(_, own: list[dict]) -> Cells:
    names = ("按期答复", "延期后按期", "逾期答复", "期限不明", "未到期", "已逾期")
    cells: Cells = {name: sum(one["timing"] == name for one in own) for name in names}
    due, met = len(own), sum(one["met"] for one in own)
    out = sum(one["out"] for one in own)
    kept = sum(one["timing"] in ("按期答复", "延期后按期") for one in own)
    return cells | {
        "应办": due, "已答复": out, "已面商": met, "办复率（%）": per_cent(out, due),
        "按时办复率（%）": per_cent(kept, due), "面商率（%）": per_cent(met, due),
    }  # fmt: skip


def _classes(_, own: list[dict]) -> Cells:
    names = ["A", "B", "C", "D", "未定"]
    counts = [sum(one["class"] == name for one in own) for name in names]
    parts = hundred(counts)
    return {
        "已答复": sum(counts), **dict(zip(names, counts, strict=True)),
        **{f"{name} 占比（%）": part for name, part in zip(names, parts, strict=True)},
        "解决率（%）": parts[0],
        "解决和计划解决率（%）": None if parts[0] is None else parts[0] + parts[1],
    }  # fmt: skip


def _satisfaction(_, own: list[dict]) -> Cells:
    out = [one for one in own if one["out"]]
    cells: Cells = {"已答复": len(out)}
    for side in ("办理工作", "办理结果"):
        counts = {word: sum(one[side] == word for one in out) for word in SAID.values()}
        given = [counts[word] for word in ("满意", "基本满意", "不满意")]
        good, fair, bad = hundred(given)
        cells |= {f"{side}{word}": count for word, count in counts.items()}
        cells |= {
            f"{side}满意率（%）": good, f"{side}基本满意率（%）": fair, f"{side}不满意率（%）": bad,
            f"{side}含基本满意率（%）": None if good is None else good + fair,
            f"{side}反馈率（%）": per_cent(sum(given), len(out)),
        }  # fmt: skip
    return cells


def _redone(_, own: list[dict]) -> Cells:
    answered = [one for one in own if not one["again"]]
    return {
        "重办": len(own), "重办中": len(own) - len(answered), "已重新答复": len(answered),
        **{f"第一次{word}": sum(one["first"] == word for one in own) for word in SAID.values()},
        **{f"重办后{word}": sum(one["办理结果"] == word for one in answered)
           for word in SAID.values()},
    }  # fmt: skip


def _promised(count, own: list[dict]) -> Cells:
    promises = [one["promise"] for one in own]
    waiting = [one for one in promises if one.answered_on is None]
    return {
        "承诺续办": len(promises),
        "期内到期": sum(count.first <= one.due_on <= count.last for one in promises),
        "已续办答复": len(promises) - len(waiting), "未续办": len(waiting),
        "其中逾期": sum(one.due_on < count.today for one in waiting),
    }  # fmt: skip


def _answers(one: dict) -> bool:
    return one["duty"] != "assist"


COLUMNS = {
    "T7": (_duties, lambda one: True),
    "T8": (_timeliness, _answers),
    "T9": (_classes, _answers),
    "T10": (_satisfaction, _answers),
    "T11": (_redone, lambda one: _answers(one) and one["round"] > 1),
    "T13": (_promised, lambda one: _answers(one) and one["promise"] is not None),
}
