"""What staff do with the registers."""

from visits.services.activities import (
    attendance_on_file,
    change_activity,
    compare_activity,
    log_activity,
    void_activity,
)
from visits.services.assistance import (
    BENEFICIARY_LABELS,
    change_assistance,
    compare_assistance,
    log_assistance,
    void_assistance,
)
from visits.services.beginnings import (
    activity_beginnings,
    assistance_beginnings,
    assistance_from,
    beginnings,
)
from visits.services.days import (
    close_day,
    follow_days,
    letters_of,
    outcome_of,
    received_unsigned,
    receptions_of,
    reopen_day,
    visits_of,
)
from visits.services.describe import compare
from visits.services.drafts import draft_form, drafts_of
from visits.services.entries import AlreadyLogged, KeyTaken
from visits.services.imported import (
    Event,
    Help,
    activities_on_file,
    activity_identity,
    assistance_identity,
    assistance_on_file,
    log_imported_activities,
    log_imported_assistance,
)
from visits.services.imports import Visit, identity, lines_on_file, log_imported, void_batch
from visits.services.receptions import (
    change_reception,
    log_reception,
    reveal_contact,
    void_reception,
)

__all__ = [
    "BENEFICIARY_LABELS",
    "AlreadyLogged",
    "Event",
    "Help",
    "KeyTaken",
    "Visit",
    "activities_on_file",
    "activity_beginnings",
    "activity_identity",
    "assistance_beginnings",
    "assistance_from",
    "assistance_identity",
    "assistance_on_file",
    "attendance_on_file",
    "beginnings",
    "change_activity",
    "change_assistance",
    "change_reception",
    "close_day",
    "compare",
    "compare_activity",
    "compare_assistance",
    "draft_form",
    "drafts_of",
    "follow_days",
    "identity",
    "letters_of",
    "lines_on_file",
    "log_activity",
    "log_assistance",
    "log_imported",
    "log_imported_activities",
    "log_imported_assistance",
    "log_reception",
    "outcome_of",
    "received_unsigned",
    "receptions_of",
    "reopen_day",
    "reveal_contact",
    "visits_of",
    "void_activity",
    "void_assistance",
    "void_batch",
    "void_reception",
]
