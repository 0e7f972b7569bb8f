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
from visits.querysets.voter_reports import VoterReportQuerySet

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
    "VoterReportQuerySet",
    "is_overdue",
]
