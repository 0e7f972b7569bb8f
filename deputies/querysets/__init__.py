from deputies.querysets.duty import AssignmentQuerySet, DutyDayQuerySet
from deputies.querysets.people import DeputyQuerySet, GroupQuerySet
from deputies.querysets.records import FourOnesQuerySet, RecordQuerySet

__all__ = [
    "AssignmentQuerySet",
    "DeputyQuerySet",
    "DutyDayQuerySet",
    "FourOnesQuerySet",
    "GroupQuerySet",
    "RecordQuerySet",
]
