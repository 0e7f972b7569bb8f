"""Who may do what in the registers, and what their entries must satisfy."""

from visits.rules.entries import can_change, can_log_at, can_void, is_late_entry, may
from visits.rules.opinions import (
    NextStep,
    accept_due,
    check_opinion,
    feedback_due,
    missing_before_closing,
    next_step,
    offered_acts,
    refusal,
    state_of,
)
from visits.rules.receptions import can_unmask, check_reception, open_contacts

__all__ = [
    "NextStep",
    "accept_due",
    "can_change",
    "can_log_at",
    "can_unmask",
    "can_void",
    "check_opinion",
    "check_reception",
    "feedback_due",
    "is_late_entry",
    "may",
    "missing_before_closing",
    "next_step",
    "offered_acts",
    "open_contacts",
    "refusal",
    "state_of",
]
