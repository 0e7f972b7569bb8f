"""What staff do with the registers."""

from visits.services.beginnings import beginnings
from visits.services.describe import compare
from visits.services.imports import Visit, identity, lines_on_file, log_imported, void_batch
from visits.services.receptions import (
    AlreadyLogged,
    change_reception,
    log_reception,
    reveal_contact,
    void_reception,
)

__all__ = [
    "AlreadyLogged",
    "Visit",
    "beginnings",
    "change_reception",
    "compare",
    "identity",
    "lines_on_file",
    "log_imported",
    "log_reception",
    "reveal_contact",
    "void_batch",
    "void_reception",
]
