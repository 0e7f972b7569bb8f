from visits.querysets.entries import (
    ActivityQuerySet,
    AssistanceQuerySet,
    AttachmentQuerySet,
    EntryQuerySet,
)
from visits.querysets.opinions import (
    PROGRESS,
    TABS_UP_TO,
    WORKLISTS,
    OpinionQuerySet,
    is_overdue,
)
from visits.querysets.receptions import ReceptionQuerySet

__all__ = [
    "PROGRESS",
    "TABS_UP_TO",
    "WORKLISTS",
    "ActivityQuerySet",
    "AssistanceQuerySet",
    "AttachmentQuerySet",
    "EntryQuerySet",
    "OpinionQuerySet",
    "ReceptionQuerySet",
    "is_overdue",
]
