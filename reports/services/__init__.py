from reports.services.cases import add_case, change_case, drop_case
from reports.services.editions import (
    change_text,
    changed_meanwhile,
    correct_edition,
    draft_report,
    drop_edition,
    make_edition,
    publish_edition,
    refresh_edition,
    scope_of,
)
from reports.services.exports import record_export, record_paper

__all__ = [
    "add_case",
    "change_case",
    "change_text",
    "changed_meanwhile",
    "correct_edition",
    "draft_report",
    "drop_case",
    "drop_edition",
    "make_edition",
    "publish_edition",
    "record_export",
    "record_paper",
    "refresh_edition",
    "scope_of",
]
