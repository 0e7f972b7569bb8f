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
from deputies.models.records import Award, FourOnes, Record

__all__ = [
    "Arrangement",
    "Assignment",
    "Award",
    "Deputy",
    "DutyDay",
    "DutyPlan",
    "Feed",
    "FourOnes",
    "Group",
    "LeaveRequest",
    "Mandate",
    "Record",
    "SignIn",
    "SwapRequest",
    "Unavailability",
]
