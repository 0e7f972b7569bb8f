"""What staff do with the registers."""

from visits.services.beginnings import beginnings
from visits.services.days import (
    close_day,
    follow_days,
    outcome_of,
    received_unsigned,
    receptions_of,
)
from visits.services.describe import compare
from visits.services.drafts import FORM as DRAFT_FORM
from visits.services.drafts import drafts_of
from visits.services.imports import Visit, identity, lines_on_file, log_imported, void_batch
from visits.services.receptions import (
    AlreadyLogged,
    KeyTaken,
    change_reception,
    log_reception,
    reveal_contact,
    void_reception,
)

__all__ = [
    "DRAFT_FORM",
    "AlreadyLogged",
    "KeyTaken",
    "Visit",
    "beginnings",
    "change_reception",
    "close_day",
    "compare",
    "drafts_of",
    "follow_days",
    "identity",
    "lines_on_file",
    "log_imported",
    "log_reception",
    "outcome_of",
    "received_unsigned",
    "receptions_of",
    "reveal_contact",
    "void_batch",
    "void_reception",
]
