"""Who may do what in the registers, and what their entries must satisfy."""

from visits.rules.activities import (
    Attended,
    Light,
    check_activity,
    check_counts,
    counts_of,
    lights,
)
from visits.rules.assistance import (
    check_assistance,
    hint_on_finishing,
    open_beneficiaries,
)
from visits.rules.entries import can_change, can_log_at, can_void, is_late_entry, may
from visits.rules.opinions import (
    NextStep,
    accept_due,
    awaits_suggestion,
    check_opinion,
    feedback_due,
    late_words,
    missing_before_closing,
    next_step,
    offered_acts,
    refusal,
    state_of,
)
from visits.rules.receptions import can_unmask, check_reception, open_contacts
from visits.rules.voter_reports import can_arrange_reports, check_report_outcome, check_report_plan

__all__ = [
    "Attended",
    "Light",
    "NextStep",
    "accept_due",
    "awaits_suggestion",
    "can_arrange_reports",
    "can_change",
    "can_log_at",
    "can_unmask",
    "can_void",
    "check_activity",
    "check_assistance",
    "check_counts",
    "check_opinion",
    "check_reception",
    "check_report_outcome",
    "check_report_plan",
    "counts_of",
    "feedback_due",
    "hint_on_finishing",
    "is_late_entry",
    "late_words",
    "lights",
    "may",
    "missing_before_closing",
    "next_step",
    "offered_acts",
    "open_beneficiaries",
    "open_contacts",
    "refusal",
    "state_of",
]
