from visits.filters.registers import (
    STEP_LABELS,
    ActivityFilter,
    AssistanceFilter,
    OpinionFilter,
    ReceptionFilter,
)
from visits.filters.voter_reports import VoterReportFilter

__all__ = [
    "STEP_LABELS",
    "ActivityFilter",
    "AssistanceFilter",
    "OpinionFilter",
    "ReceptionFilter",
    "VoterReportFilter",
]
