from deputies.querysets.duty import AssignmentQuerySet, DutyDayQuerySet
from deputies.querysets.people import DeputyQuerySet, GroupQuerySet

__all__ = ["AssignmentQuerySet", "DeputyQuerySet", "DutyDayQuerySet", "GroupQuerySet"]
