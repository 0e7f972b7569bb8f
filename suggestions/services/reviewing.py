"""审核: what the office of the congress decides of what was submitted."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from common.errors import RuleViolation
from stations.models import Category
from suggestions import rules
from suggestions.choices import Act, Kind, Occasion
from suggestions.models import NumberSeries, Suggestion
from suggestions.services.moves import moving
from suggestions.services.sources import accept_sources, answer_sources, release_sources


@transaction.atomic
def turn_back_suggestion(
    suggestion: Suggestion, *, actor, note: str, seen: int | None = None
) -> Suggestion:
    """退回修改: the deputy mends it and submits it again."""
    with moving(suggestion, Act.TURN_BACK, actor=actor, note=note, seen=seen) as move:
        pass
    return move.suggestion


@transaction.atomic
def reject_suggestion(
    suggestion: Suggestion, *, actor, note: str, seen: int | None = None
) -> Suggestion:
    """不予接收, with the reason; its opinions go back to their desk."""
    with moving(suggestion, Act.REJECT, actor=actor, note=note, seen=seen) as move:
        release_sources(move.suggestion, "建议不予接收")
    return move.suggestion


@transaction.atomic
def refer_suggestion(
    suggestion: Suggestion, *, actor, note: str, seen: int | None = None
) -> Suggestion:
    """转作参考: passed on for information, nobody has to answer; `note` says to whom. That is
    what the visitors of its opinions are told."""
    with moving(suggestion, Act.REFER, actor=actor, note=note, seen=seen) as move:
        pass
    said = f"建议{move.suggestion.code}转作参考：{note.strip()}"
    answer_sources(move.suggestion, said, "D")
    return move.suggestion


@transaction.atomic
def accept_suggestion(
    suggestion: Suggestion, *, actor, kind: str | None = None, category: Category | None = None,
    note: str = "", seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """接收: give it the next number of its meeting. The office may say that what was called 意见
    is 建议, or a 议案 a 建议 (闭会 there is no 议案), and under which category it stands."""
    with moving(suggestion, Act.ACCEPT, actor=actor, note=note, seen=seen) as move:
        stored = move.suggestion
        if kind and kind != stored.kind:
            if kind == Kind.MOTION:
                raise RuleViolation("议案由代表联名提出，不能由机关改定。")
            move.say(改定种类=f"{stored.get_kind_display()} → {Kind(kind).label}")
            stored.kind = kind
        if category and category.pk != stored.category_id:
            move.say(类别=f"{stored.category or '未分类'} → {category}")
            stored.category = category
        if short := rules.missing_signers(stored):  # who signed may have taken it back
            raise RuleViolation(short)
        stored.number = _next_number(stored)
        stored.accepted_on = move.on
        move.say(编号=stored.code)
        accept_sources(stored)
    return move.suggestion


def _next_number(suggestion: Suggestion) -> int:
    """Taken under the lock of its series: no two alike, and none twice."""
    series, _ = NumberSeries.objects.get_or_create(
        session=suggestion.session, occasion=suggestion.occasion
    )
    series = NumberSeries.objects.select_for_update().get(pk=series.pk)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def reserve_number(suggestion: Suggestion, number: int) -> None:
    """A number that a sheet brings: refused if it is taken, and never given out again."""
    series, _ = NumberSeries.objects.get_or_create(
        session=suggestion.session, occasion=suggestion.occasion
    )
    series = NumberSeries.objects.select_for_update().get(pk=series.pk)
    taken = Suggestion.objects.filter(
        session=suggestion.session, occasion=suggestion.occasion, number=number
    )
    if taken.exists():
        words = "闭会" if suggestion.occasion == Occasion.BETWEEN else ""
        raise RuleViolation(f"{suggestion.session}{words}第{number:03d}号已经有了。")
    series.last = max(series.last, number)
    series.save(update_fields=["last"])


@transaction.atomic
def merge_suggestions(
    lead: Suggestion, others: Sequence[Suggestion], *, actor, seen: int | None = None
) -> Suggestion:
    """并案: handled together from here, answered to each. Refuses what is of another congress,
    what leads others, and what is not waiting to be assigned."""
    if not others:
        raise RuleViolation("请至少勾选一件要并入的建议。")
    keys = [lead.pk, *(one.pk for one in others)]
    list(Suggestion.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    with moving(lead, Act.MERGE, actor=actor, seen=seen) as first:
        for other in others:
            with moving(other, Act.MERGE, actor=actor, note=f"并入 {lead.code}") as move:
                _check_mergeable(first.suggestion, move.suggestion)
                move.suggestion.merged_into = first.suggestion
        first.say(并入="、".join(one.code for one in others))
    return first.suggestion


def _check_mergeable(lead: Suggestion, other: Suggestion) -> None:
    if lead.pk == other.pk:
        raise RuleViolation("不能并入自己。")
    if lead.session.area_id != other.session.area_id:
        raise RuleViolation(f"{other.code}属于另一级人大，不能并案。")
    if other.merged.exists():
        raise RuleViolation(f"{other.code}上已经并了别的建议，请并到{other.code}。")


@transaction.atomic
def split_suggestion(suggestion: Suggestion, *, actor, seen: int | None = None) -> Suggestion:
    """解除并案: assigned on its own again."""
    with moving(suggestion, Act.SPLIT, actor=actor, seen=seen) as move:
        move.suggestion.merged_into = None
    return move.suggestion


@transaction.atomic
def mark_suggestion(
    suggestion: Suggestion, *, actor, is_key: bool, is_excellent: bool, is_public: bool,
    key_leader: str = "", seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """重点督办 (and who leads it), 优秀, 公开."""
    with moving(suggestion, Act.MARK, actor=actor, seen=seen) as move:
        stored = move.suggestion
        stored.is_key, stored.is_excellent, stored.is_public = is_key, is_excellent, is_public
        stored.key_leader = key_leader.strip() if is_key else ""
        words = [
            label for label, on in
            (("重点督办", is_key), ("优秀", is_excellent), ("公开", is_public)) if on
        ]  # fmt: skip
        move.say(标记="、".join(words) or "无", 督办领导=stored.key_leader)
    return move.suggestion
