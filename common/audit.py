"""The audit log: who did what to which row, with old and new values. Nothing here is changed."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from common.bulk import Mould, insert_rows
from common.models import AuditAction as Action
from common.models import AuditEntry

__all__ = [
    "Action",
    "changes_between",
    "entry",
    "history_of",
    "record",
    "record_all",
    "shown_history",
]

Changes = Mapping[str, tuple[Any, Any]]


def entry(action: Action, subject, *, actor, changes: Changes | None = None, note="") -> AuditEntry:
    """Build one line of the log; an actor without a key is the system."""
    return _mould().cast(
        action=action,
        actor_id=actor.pk,
        actor_name=str(actor),
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:200],
        changes={name: list(pair) for name, pair in (changes or {}).items()},
        note=note,
    )


@cache
def _mould() -> Mould:
    return Mould(AuditEntry())


def record(action: Action, subject, *, actor, changes: Changes | None = None, note="") -> None:
    """Write one line, in the caller's transaction."""
    entry(action, subject, actor=actor, changes=changes, note=note).save()


def record_all(entries: Iterable[AuditEntry]) -> None:
    """Write many lines at once, in the caller's transaction."""
    insert_rows(AuditEntry, list(entries))


def history_of(subject):
    """The lines about one row, newest first."""
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).order_by("-pk")


def shown_history(subject, *, hidden: Collection[str] = ()) -> list[AuditEntry]:
    """The history of one row for a reader to whom the values of `hidden` labels are not shown."""
    lines = list(history_of(subject))
    for line in lines:
        line.shown_changes = [
            (label, *(("已脱敏", "已脱敏") if label in hidden else pair))
            for label, pair in line.changes.items()
        ]
    return lines


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs between two descriptions {label: value} of the same row."""
    return {
        label: (old.get(label), new.get(label))
        for label in dict.fromkeys([*old, *new])
        if old.get(label) != new.get(label)
    }
