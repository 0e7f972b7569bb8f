from reports.services.cases import add_case, change_case, drop_case
from reports.services.drafting import cases_of, draft_report, scope_of, whole_place
from reports.services.editions import (
    change_text,
    correct_edition,
    drop_edition,
    make_edition,
    refresh_edition,
)
from reports.services.exports import record_export, record_paper
from reports.services.publishing import changed_meanwhile, publish_edition

__all__ = [
    "add_case",
    "cases_of",
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
    "whole_place",
]
