from deputies.models.duty import (
    Arrangement,
    Assignment,
    DutyDay,
    DutyPlan,
    Feed,
    LeaveRequest,
    SignIn,
    SwapRequest,
    Unavailability,
)
from deputies.models.people import Deputy, Group, Mandate

__all__ = [
    "Arrangement",
    "Assignment",
    "Deputy",
    "DutyDay",
    "DutyPlan",
    "Feed",
    "Group",
    "LeaveRequest",
    "Mandate",
    "SignIn",
    "SwapRequest",
    "Unavailability",
]
