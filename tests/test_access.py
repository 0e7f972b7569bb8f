"""Every URL of the portal appears in this table, with what each persona gets.

Out of scope is 404, in scope but not allowed is 403, nobody is sent to the log-in page. The
statuses are written by hand from the table of roles; a URL without a row fails the suite.
"""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import Delivery, Notice
from accounts.roles import Role
from common.files import accept
from common.importing import services as importing
from common.importing.resources import Options
from common.models import Job
from deputies.addresses import answer_path, scan_path, screen_path
from deputies.models import (
    Award,
    DutyPlan,
    Feed,
    FourOnes,
    Group,
    LeaveRequest,
    SwapRequest,
    Unavailability,
)
from deputies.services import add_award, add_four_ones
from reports.models import Admonition, Case
from reports.periods import Period
from reports.scope import Scope
from reports.services import add_case, make_edition
from stations.models import Mailbox, MailboxOpening, Posting, Standard
from stations.services.assessments import Answer, save_assessment
from suggestions.models import Reply
from suggestions.services import release_reply, send_reply
from tests.factories import (
    DeputyFactory,
    UnitFactory,
    assignment,
    category,
    make_day,
    make_reception,
    make_user,
)
from tests.hostile import pdf, picture, upload
from tests.sheets import reception_sheet
from tests.suggestions.making import letter, make_session, share_of, signed
from visits.models import Activity, Assistance, VoterReport
from visits.services import log_activity, log_assistance
from visits.services.attachments import add_attachments

pytestmark = pytest.mark.django_db

PERSONAS = (
    "anonymous", "district", "township", "head", "liaison", "observer", "deputy", "clerk",
    "outsider", "admin",
)  # fmt: skip
EVERYBODY = "302 200 200 200 200 200 200 200 200 200"
OPEN = "200 200 200 200 200 200 200 200 200 200"
# An empty form: refused at its fields, or before it is read.
OPINION_ACT = "302 403 422 422 422 403 404 403 404 403"
# The same of a suggestion that the deputy led and the clerk's unit has answered.
SUGGESTION = "302 200 200 200 200 403 200 200 404 403"
RAISE = "302 422 422 422 422 403 422 403 404 403"
JOIN = "302 422 422 422 422 403 403 403 404 403"
REVIEW = "302 422 403 403 403 403 403 403 404 403"
HANDLE = "302 422 403 403 403 403 403 422 404 403"
RATE = "302 422 403 403 403 403 422 403 404 403"
ACCESS = {
    # url name: (method, arguments, "anonymous district township head liaison observer deputy
    #                               clerk outsider admin")
    "home": ("get", (), EVERYBODY),
    "healthz": ("get", (), OPEN),
    "system": ("get", (), "302 200 403 403 403 403 403 403 403 200"),
    "failures_seen": ("post", (), "302 302 403 403 403 403 403 403 403 302"),
    "accounts:login": ("get", (), "200 302 302 302 302 302 302 302 302 302"),
    "accounts:logout": ("post", (), "302 302 302 302 302 302 302 302 302 302"),
    "accounts:password": ("get", (), EVERYBODY),
    "accounts:large_text": ("post", (), "302 302 302 302 302 302 302 302 302 302"),
    "accounts:list": ("get", (), "302 200 403 403 403 403 403 403 403 200"),
    "accounts:release": ("post", ("user",), "302 302 403 403 403 403 403 403 403 302"),
    "accounts:first_password": ("post", ("user",), "302 200 403 403 403 403 403 403 403 200"),
    "stations:list": ("get", (), EVERYBODY),
    "stations:calendar": ("get", (), EVERYBODY),
    "stations:calendar_import": ("post", (), "302 422 403 403 403 403 403 403 403 422"),
    "stations:calendar_day": ("post", (), "302 422 403 403 403 403 403 403 403 422"),
    "stations:categories": ("get", (), EVERYBODY),
    "stations:category_add": ("post", (), "302 422 403 403 403 403 403 403 403 403"),
    "stations:category_rename": (
        "post", ("category",), "302 422 403 403 403 403 403 403 403 403",
    ),
    "stations:category_move": ("post", ("category",), "302 302 403 403 403 403 403 403 403 403"),
    "stations:category_switch": (
        "post", ("category",), "302 302 403 403 403 403 403 403 403 403",
    ),
    "stations:category_remove": (
        "post", ("category",), "302 302 403 403 403 403 403 403 403 403",
    ),
    "stations:offices": ("get", (), "302 200 403 403 403 403 403 403 403 200"),
    "stations:add_officer": ("post", (), "302 422 403 403 403 403 403 403 403 422"),
    "stations:end_officer": ("post", ("office",), "302 302 403 403 403 403 403 403 403 302"),
    "stations:officer_log_in": ("post", ("office",), "302 200 403 403 403 403 403 403 403 200"),
    "stations:units": ("get", (), "302 200 200 403 403 403 403 403 403 200"),
    "stations:unit_new": ("get", (), "302 200 403 403 403 403 403 403 403 403"),
    "stations:unit": ("get", ("unit",), "302 200 200 403 403 403 403 403 403 200"),
    "stations:unit_change": ("get", ("unit",), "302 200 403 403 403 403 403 403 403 403"),
    "stations:unit_confirm": ("post", ("unit",), "302 302 403 403 403 403 403 403 403 403"),
    "stations:unit_merge": ("post", ("unit",), "302 422 403 403 403 403 403 403 403 403"),
    "stations:add_clerk": ("post", ("unit",), "302 422 422 403 403 403 403 403 403 422"),
    "stations:end_clerk": (
        "post", ("unit", "clerk"), "302 302 302 403 403 403 403 403 403 302",
    ),
    "stations:clerk_log_in": (
        "post", ("unit", "clerk"), "302 200 403 403 403 403 403 403 403 200",
    ),
    "stations:funds": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "stations:standards": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "stations:standard_overview": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "stations:standard": ("get", ("standard",), "302 200 200 200 200 403 403 403 200 403"),
    "stations:standard_new": ("get", (), "302 200 403 403 403 403 403 403 403 403"),
    "stations:standard_change": ("post", ("standard",), "302 422 403 403 403 403 403 403 403 403"),
    "stations:standard_edition": ("post", ("standard",), "302 422 403 403 403 403 403 403 403 403"),
    "stations:standard_use": ("post", ("standard",), "302 302 403 403 403 403 403 403 403 403"),
    "stations:standard_remove": ("post", ("standard",), "302 302 403 403 403 403 403 403 403 403"),
    "stations:criterion_add": ("post", ("standard",), "302 422 403 403 403 403 403 403 403 403"),
    "stations:criterion_change": (
        "post", ("criterion",), "302 422 403 403 403 403 403 403 403 403",
    ),
    "stations:criterion_move": ("post", ("criterion",), "302 302 403 403 403 403 403 403 403 403"),
    "stations:criterion_remove": (
        "post", ("criterion",), "302 302 403 403 403 403 403 403 403 403",
    ),
    "stations:assessment": ("get", ("assessment",), "302 200 200 200 200 403 403 403 404 403"),
    "stations:assessment_paper": (
        "get", ("assessment",), "302 200 200 200 200 403 403 403 404 403",
    ),
    "stations:assessment_review": (
        "post", ("assessment",), "302 422 403 403 403 403 403 403 404 403",
    ),
    "stations:finding_file": ("get", ("finding",), "302 200 200 200 200 403 403 403 404 403"),
    "standards:assess": (
        "get", ("station", "standard", "year"), "302 302 200 200 200 403 403 404 404 404",
    ),
    "stations:detail": ("get", ("station",), "302 200 200 200 200 200 200 404 404 404"),
    "stations:new": ("get", (), "302 200 403 403 403 403 403 403 403 403"),
    "stations:change": ("get", ("station",), "302 200 200 200 200 403 403 404 404 404"),
    "stations:add_posting": ("post", ("station",), "302 422 422 422 422 403 403 404 404 404"),
    "stations:end_posting": (
        "post", ("station", "posting"), "302 302 302 302 302 403 403 404 404 404",
    ),
    "stations:open_log_in": (
        "post", ("station", "posting"), "302 200 403 403 403 403 403 404 404 404",
    ),
    "stations:import": ("get", (), "302 200 403 403 403 403 403 403 403 403"),
    "stations:import_check": ("get", ("batch",), "302 404 403 403 403 403 403 403 403 403"),
    "stations:import_columns": ("get", ("batch",), "302 404 403 403 403 403 403 403 403 403"),
    "stations:import_cells": ("post", ("batch",), "302 404 403 403 403 403 403 403 403 403"),
    "stations:import_rejected": ("get", ("batch",), "302 404 403 403 403 403 403 403 403 403"),
    "stations:import_confirm": ("post", ("batch",), "302 404 403 403 403 403 403 403 403 403"),
    "stations:import_undo": ("post", ("batch",), "302 404 403 403 403 403 403 403 403 403"),
    "deputies:list": ("get", (), EVERYBODY),
    "deputies:detail": ("get", ("person",), "302 200 200 200 200 200 200 404 404 404"),
    "deputies:new": ("get", (), "302 200 200 403 403 403 403 403 403 403"),
    "deputies:change": ("get", ("person",), "302 200 200 403 403 403 403 404 404 404"),
    "deputies:open_log_in": ("post", ("person",), "302 200 403 403 403 403 403 404 404 404"),
    "deputies:log_ins": ("get", ("station",), "302 200 403 403 403 403 403 404 404 404"),
    "deputies:open_log_ins": ("post", ("station",), "302 200 403 403 403 403 403 404 404 404"),
    "deputies:add_mandate": ("post", ("person",), "302 422 422 403 403 403 403 404 404 404"),
    "deputies:end_mandate": (
        "post", ("person", "mandate"), "302 302 302 403 403 403 403 404 404 404",
    ),
    "deputies:records": ("get", ("person",), "302 200 200 200 200 403 403 404 404 404"),
    "deputies:add_award": ("post", ("person",), "302 422 422 422 422 403 403 404 404 404"),
    "deputies:add_four_ones": ("post", ("person",), "302 422 422 422 422 403 403 404 404 404"),
    "deputies:void_award": (
        "post", ("person", "award"), "302 302 302 302 302 403 403 404 404 404",
    ),
    "deputies:void_four_ones": (
        "post", ("person", "four_ones"), "302 302 302 302 302 403 403 404 404 404",
    ),
    "deputies:group_list": ("get", (), EVERYBODY),
    "deputies:group_new": ("get", (), "302 200 200 403 403 403 403 403 403 403"),
    "deputies:group_change": ("get", ("group",), "302 200 200 403 403 403 403 404 404 404"),
    "deputies:import": ("get", (), "302 200 200 403 403 403 403 403 403 403"),
    "deputies:import_check": ("get", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "deputies:import_columns": ("get", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "deputies:import_cells": ("post", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "deputies:import_rejected": ("get", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "deputies:import_confirm": ("post", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "deputies:import_undo": ("post", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "visits:reception_list": ("get", (), "302 200 200 200 200 403 200 403 200 403"),
    "visits:reception_new": ("get", (), "302 403 200 200 200 403 403 403 200 403"),
    "visits:reception_detail": ("get", ("reception",), "302 200 200 200 200 403 404 403 404 403"),
    "visits:reception_change": ("get", ("reception",), "302 403 200 200 200 404 404 404 404 404"),
    "visits:reception_void": ("post", ("reception",), "302 302 302 302 302 403 404 403 404 403"),
    "visits:reception_contact": (
        "post", ("reception",), "302 200 200 200 200 403 404 403 404 403",
    ),
    "visits:draft_keep": ("post", ("key",), "302 403 200 200 200 403 403 403 200 403"),
    "visits:draft_drop": ("post", ("key",), "302 403 302 302 302 403 403 403 302 403"),
    "visits:reception_export": ("post", (), "302 200 200 200 200 403 403 403 302 403"),
    "visits:reception_print": ("get", (), "302 200 200 200 200 403 200 403 200 403"),
    "visits:reception_import": ("get", (), "302 403 200 200 200 403 403 403 200 403"),
    "visits:reception_import_check": (
        "get", ("batch",), "302 403 404 404 200 403 403 403 404 403",
    ),
    "visits:reception_import_columns": (
        "get", ("batch",), "302 403 404 404 200 403 403 403 404 403",
    ),
    "visits:reception_import_cells": (
        "post", ("batch",), "302 403 404 404 302 403 403 403 404 403",
    ),
    # Nothing is wrong with the sheet, so there are no rows to give back.
    "visits:reception_import_rejected": (
        "get", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:reception_import_confirm": (
        "post", ("batch",), "302 403 404 404 302 403 403 403 404 403",
    ),
    "visits:reception_import_undo": (
        "post", ("batch",), "302 403 404 404 302 403 403 403 404 403",
    ),
    "visits:assistance_list": ("get", (), "302 200 200 200 200 403 200 403 200 403"),
    "visits:assistance_new": ("get", (), "302 403 200 200 200 403 403 403 200 403"),
    "visits:assistance_detail": ("get", ("assistance",), "302 200 200 200 200 403 404 403 404 403"),
    "visits:assistance_change": ("get", ("assistance",), "302 403 200 200 200 404 404 404 404 404"),
    "visits:assistance_void": ("post", ("assistance",), "302 302 302 302 302 403 404 403 404 403"),
    "visits:assistance_draft_keep": ("post", ("key",), "302 403 200 200 200 403 403 403 200 403"),
    "visits:assistance_draft_drop": ("post", ("key",), "302 403 302 302 302 403 403 403 302 403"),
    "visits:activity_list": ("get", (), "302 200 200 200 200 403 200 403 200 403"),
    "visits:activity_new": ("get", (), "302 403 200 200 200 403 403 403 200 403"),
    "visits:activity_detail": ("get", ("activity",), "302 200 200 200 200 403 404 403 404 403"),
    "visits:activity_change": ("get", ("activity",), "302 403 200 200 200 404 404 404 404 404"),
    "visits:activity_void": ("post", ("activity",), "302 302 302 302 302 403 404 403 404 403"),
    "visits:activity_draft_keep": ("post", ("key",), "302 403 200 200 200 403 403 403 200 403"),
    "visits:activity_draft_drop": ("post", ("key",), "302 403 302 302 302 403 403 403 302 403"),
    "visits:assistance_export": ("post", (), "302 200 200 200 200 403 403 403 302 403"),
    "visits:assistance_print": ("get", (), "302 200 200 200 200 403 200 403 200 403"),
    # The batch of the table is one of receptions: not to be found here.
    "visits:assistance_import": ("get", (), "302 403 200 200 200 403 403 403 200 403"),
    "visits:assistance_import_check": (
        "get", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:assistance_import_columns": (
        "get", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:assistance_import_cells": (
        "post", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:assistance_import_rejected": (
        "get", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:assistance_import_confirm": (
        "post", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:assistance_import_undo": (
        "post", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:activity_export": ("post", (), "302 200 200 200 200 403 403 403 302 403"),
    "visits:activity_print": ("get", (), "302 200 200 200 200 403 200 403 200 403"),
    # The batch of the table is one of receptions: not to be found here.
    "visits:activity_import": ("get", (), "302 403 200 200 200 403 403 403 200 403"),
    "visits:activity_import_check": (
        "get", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:activity_import_columns": (
        "get", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:activity_import_cells": (
        "post", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:activity_import_rejected": (
        "get", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:activity_import_confirm": (
        "post", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:activity_import_undo": (
        "post", ("batch",), "302 403 404 404 404 403 403 403 404 403",
    ),
    "visits:close_day": ("get", ("todays_day",), "302 200 200 200 200 403 403 404 404 404"),
    "visits:reopen_day": ("post", ("todays_day",), "302 302 302 302 302 403 403 404 404 404"),
    "visits:day_receptions": (
        "get", ("todays_day",), "302 302 302 302 302 403 302 403 404 403",
    ),
    "visits:voter_reports": ("get", (), "302 200 200 200 200 403 200 403 200 403"),
    "visits:voter_reports_plan": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "visits:voter_report": ("get", ("voter_report",), "302 200 200 200 200 403 404 403 404 403"),
    "visits:voter_report_drop": (
        "post", ("voter_report",), "302 302 302 302 302 403 404 403 404 403",
    ),
    "visits:mailbox_list": ("get", (), "302 200 200 200 200 200 200 403 200 403"),
    "visits:mailbox_new": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "visits:mailbox_detail": ("get", ("mailbox",), "302 200 200 200 200 200 200 403 404 403"),
    "visits:mailbox_change": ("get", ("mailbox",), "302 200 200 200 200 403 403 403 404 403"),
    "visits:mailbox_open": ("post", ("mailbox",), "302 403 422 422 422 422 403 403 404 403"),
    "visits:mailbox_void_opening": (
        "post", ("opening",), "302 403 302 302 302 403 403 403 404 403",
    ),
    "visits:attachment_add": (
        "post", ("register", "reception"), "302 403 302 302 302 403 404 403 404 403",
    ),
    "visits:attachment_open": (
        "get", ("attachment",), "302 200 200 200 200 403 404 403 404 403",
    ),
    "visits:attachment_thumbnail": (
        "get", ("attachment",), "302 200 200 200 200 403 404 403 404 403",
    ),
    "visits:attachment_remove": (
        "post", ("attachment",), "302 403 302 302 302 403 404 403 404 403",
    ),
    "visits:opinion_list": ("get", (), "302 200 200 200 200 403 200 403 200 403"),
    "visits:opinion_detail": ("get", ("opinion",), "302 200 200 200 200 403 404 403 404 403"),
    "visits:opinion_contact": ("post", ("opinion",), "302 200 200 200 200 403 404 403 404 403"),
    "visits:opinion_slip": ("get", ("opinion",), "302 403 302 302 302 403 404 403 404 403"),
    "visits:opinion_urge_slip": ("get", ("opinion",), "302 403 302 302 302 403 404 403 404 403"),
    "visits:opinion_reply": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_assign": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_decline": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_guide": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_accept": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_return": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_track": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_urge": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_postpone": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_answer": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_tell_visitor": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_tell_deputies": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_feedback": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_close": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_reopen": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_merge": ("post", ("opinion",), OPINION_ACT),
    "visits:opinion_split": ("post", ("opinion",), OPINION_ACT),
    "visits:reception_similar": ("post", (), "302 403 200 200 200 403 403 403 200 403"),
    "visits:reception_receipt": (
        "get", ("reception",), "302 403 302 302 302 403 404 403 404 403",
    ),
    "visits:reception_issue_receipt": (
        "post", ("reception",), "302 403 302 302 302 403 404 403 404 403",
    ),
    "visits:reception_record": ("get", ("reception",), "302 200 200 200 200 403 404 403 404 403"),
    "suggestions:export": ("post", (), "302 200 200 200 200 403 403 403 302 403"),
    "suggestions:import": ("get", (), "302 200 200 403 403 403 403 403 403 403"),
    "suggestions:import_check": ("get", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "suggestions:import_columns": ("get", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "suggestions:import_cells": ("post", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "suggestions:import_rejected": (
        "get", ("batch",), "302 404 404 403 403 403 403 403 403 403",
    ),
    "suggestions:import_confirm": ("post", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "suggestions:import_undo": ("post", ("batch",), "302 404 404 403 403 403 403 403 403 403"),
    "suggestions:list": ("get", (), "302 200 200 200 200 403 200 200 200 403"),
    "suggestions:promises": ("get", (), "302 200 200 200 200 403 200 200 200 403"),
    "suggestions:new": ("get", (), "302 200 200 200 200 403 200 403 200 403"),
    "suggestions:similar": ("post", (), "302 200 200 200 200 403 200 403 200 403"),
    "suggestions:draft_keep": ("post", ("key",), "302 200 200 200 200 403 200 403 200 403"),
    "suggestions:draft_drop": ("post", ("key",), "302 302 302 302 302 403 302 403 302 403"),
    # It is with the deputy to be rated: its words stand, and the page says so.
    "suggestions:change": ("get", ("suggestion",), "302 302 302 302 302 403 302 403 404 403"),
    "suggestions:settings": ("get", (), "302 200 200 403 403 403 403 403 403 403"),
    "suggestions:set_limits": ("post", (), "302 422 403 403 403 403 403 403 403 403"),
    "suggestions:reckon": ("get", (), "302 200 403 403 403 403 403 403 403 403"),
    "suggestions:session_new": ("get", (), "302 200 200 403 403 403 403 403 403 403"),
    "suggestions:session_change": (
        "get", ("session",), "302 200 404 403 403 403 403 403 403 403",
    ),
    "suggestions:set_wording": ("post", (), "302 422 403 403 403 403 403 403 403 403"),
    "suggestions:detail": ("get", ("suggestion",), SUGGESTION),
    "suggestions:reply_file": ("get", ("suggestion", "reply"), SUGGESTION),
    "suggestions:invite": ("post", ("suggestion",), RAISE),
    "suggestions:submit": ("post", ("suggestion",), RAISE),
    "suggestions:withdraw": ("post", ("suggestion",), RAISE),
    "suggestions:agree": ("post", ("suggestion",), JOIN),
    "suggestions:decline": ("post", ("suggestion",), JOIN),
    "suggestions:accept": ("post", ("suggestion",), REVIEW),
    "suggestions:turn_back": ("post", ("suggestion",), REVIEW),
    "suggestions:reject": ("post", ("suggestion",), REVIEW),
    "suggestions:refer": ("post", ("suggestion",), REVIEW),
    "suggestions:merge": ("post", ("suggestion",), REVIEW),
    "suggestions:split": ("post", ("suggestion",), REVIEW),
    "suggestions:mark": ("post", ("suggestion",), REVIEW),
    "suggestions:assign": ("post", ("suggestion",), REVIEW),
    "suggestions:recall": ("post", ("suggestion",), REVIEW),
    "suggestions:urge": ("post", ("suggestion",), REVIEW),
    "suggestions:supervise": ("post", ("suggestion",), REVIEW),
    "suggestions:agree_return": ("post", ("suggestion",), REVIEW),
    "suggestions:refuse_return": ("post", ("suggestion",), REVIEW),
    "suggestions:reassign": ("post", ("suggestion",), REVIEW),
    "suggestions:dispense": ("post", ("suggestion",), REVIEW),
    "suggestions:grant_extension": ("post", ("suggestion",), REVIEW),
    "suggestions:refuse_extension": ("post", ("suggestion",), REVIEW),
    "suggestions:waive": ("post", ("suggestion",), REVIEW),
    "suggestions:send_back": ("post", ("suggestion",), REVIEW),
    "suggestions:release": ("post", ("suggestion",), REVIEW),
    "suggestions:correct_class": ("post", ("suggestion",), REVIEW),
    "suggestions:lapse": ("post", ("suggestion",), REVIEW),
    "suggestions:redo": ("post", ("suggestion",), REVIEW),
    "suggestions:archive": ("post", ("suggestion",), REVIEW),
    "suggestions:sign": ("post", ("suggestion",), HANDLE),
    "suggestions:ask_return": ("post", ("suggestion",), HANDLE),
    "suggestions:ask_extension": ("post", ("suggestion",), HANDLE),
    "suggestions:contact": ("post", ("suggestion",), HANDLE),
    "suggestions:opine": ("post", ("suggestion",), HANDLE),
    "suggestions:countersign": ("post", ("suggestion",), HANDLE),
    "suggestions:circulate": ("post", ("suggestion",), HANDLE),
    "suggestions:send": ("post", ("suggestion",), HANDLE),
    "suggestions:follow_up": ("post", ("suggestion",), HANDLE),
    "suggestions:rate": ("post", ("suggestion",), RATE),
    "suggestions:act_draft_keep": ("post", ("suggestion", "act_name"), RATE.replace("422", "409")),
    "suggestions:act_draft_drop": (
        "post", ("suggestion", "act_name"), SUGGESTION.replace("200", "302"),
    ),
    "suggestions:paper": ("get", ("suggestion", "paper_kind"), SUGGESTION),
    "suggestions:paper_word": ("get", ("suggestion", "paper_kind"), SUGGESTION),
    "duty:index": ("get", (), "302 200 200 200 200 200 302 200 200 200"),
    "duty:day": ("get", ("todays_day",), "302 200 200 200 200 200 200 404 404 404"),
    "duty:contact": ("post", ("own_row",), "302 422 422 422 422 403 403 404 404 404"),
    "duty:decide_leave": ("post", ("leave_asked",), "302 403 422 422 403 403 403 404 404 404"),
    "duty:sign_in_for": ("post", ("own_row",), "302 422 422 422 422 403 403 404 404 404"),
    "duty:withdraw_sign_in": (
        "post", ("own_row",), "302 422 422 422 422 403 403 404 404 404",
    ),
    "duty:leave_early": ("post", ("own_row",), "302 422 422 422 422 403 403 404 404 404"),
    "duty:stand_in": ("post", ("own_row",), "302 422 422 422 422 403 403 404 404 404"),
    "duty:renew_screen": ("post", ("todays_day",), "302 302 302 302 302 403 403 404 404 404"),
    "duty:post_notice": ("post", ("todays_day",), "302 422 422 422 422 403 403 404 404 404"),
    "duty:year_index": ("get", (), "302 302 302 302 302 302 302 302 302 302"),
    "duty:year": ("get", ("station", "year"), "302 200 200 200 200 200 200 404 404 404"),
    "duty:draft": ("post", ("station", "year"), "302 302 302 302 302 403 403 404 404 404"),
    "duty:add": ("post", ("station", "year"), "302 422 422 422 422 403 403 404 404 404"),
    "duty:paper": ("get", ("station", "year"), "302 200 200 200 200 200 200 404 404 404"),
    "duty:publish": ("post", ("plan",), "302 302 302 302 302 403 403 404 404 404"),
    "duty:discard": ("post", ("plan",), "302 302 302 302 302 403 403 404 404 404"),
    "duty:undo": ("post", ("plan",), "302 422 422 422 422 403 403 404 404 404"),
    "duty:arrangement": ("get", ("station",), "302 200 200 200 200 403 403 404 404 404"),
    "duty:move": ("post", ("todays_day",), "302 422 422 422 422 403 403 404 404 404"),
    "duty:drop": ("post", ("todays_day",), "302 422 422 422 422 403 403 404 404 404"),
    "duty:hours": ("post", ("todays_day",), "302 422 422 422 422 403 403 404 404 404"),
    "duty:assign": ("post", ("todays_day",), "302 422 422 422 422 403 403 404 404 404"),
    "duty:release": ("post", ("own_row",), "302 302 302 302 302 403 403 404 404 404"),
    "duty:notice": ("get", ("todays_day",), "302 200 200 200 200 200 200 404 404 404"),
    "duty:sheet": ("get", ("todays_day",), "302 200 200 200 200 403 403 404 404 404"),
    "duty:mine": ("get", (), "302 403 403 403 403 403 200 403 403 403"),
    "duty:mine_day": ("get", ("own_row",), "302 404 404 404 404 404 200 404 404 404"),
    "duty:confirm": ("post", ("own_row",), "302 404 404 404 404 404 302 404 404 404"),
    "duty:leave": ("post", ("own_row",), "302 404 404 404 404 404 422 404 404 404"),
    "duty:leave_withdraw": ("post", ("own_row",), "302 404 404 404 404 404 302 404 404 404"),
    "duty:swap": ("post", ("own_row",), "302 404 404 404 404 404 422 404 404 404"),
    "duty:swap_agree": ("post", ("swap_received",), "302 404 404 404 404 404 302 404 404 404"),
    "duty:swap_refuse": ("post", ("swap_received",), "302 404 404 404 404 404 302 404 404 404"),
    "duty:swap_withdraw": ("post", ("swap_asked",), "302 404 404 404 404 404 302 404 404 404"),
    "duty:unavailable": ("post", (), "302 403 403 403 403 403 422 403 403 403"),
    "duty:unavailable_remove": (
        "post", ("unavailable",), "302 404 404 404 404 404 302 404 404 404",
    ),
    "duty:feed_renew": ("post", (), "302 403 403 403 403 403 302 403 403 403"),
    "duty:feed": ("get", ("feed_key",), OPEN),
    "duty:answer": ("get", ("answer_token",), OPEN),
    "duty:screen": ("get", ("screen_token",), OPEN),
    "duty:scan": ("get", ("scan_token",), "302 302 302 302 302 302 302 302 302 302"),
    "duty:sign_in": ("get", ("todays_day",), "302 404 404 404 404 404 200 404 404 404"),
    "inbox:list": ("get", (), EVERYBODY),
    "inbox:read_all": ("post", (), "302 302 302 302 302 302 302 302 302 302"),
    "inbox:open": ("post", ("notice",), "302 404 404 404 302 404 404 404 404 404"),
    "sent:list": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "sent:resend": ("post", ("delivery",), "302 302 302 302 302 403 403 403 404 403"),
    "jobs:list": ("get", (), EVERYBODY),
    "jobs:detail": ("get", ("job",), "302 404 404 404 200 404 404 404 404 404"),
    "jobs:download": ("get", ("job",), "302 404 404 404 200 404 404 404 404 404"),
    "jobs:again": ("post", ("job",), "302 404 404 404 302 404 404 404 404 404"),
    "reports:performance": ("get", ("person",), "302 200 200 200 200 403 403 404 404 404"),
    "reports:performance_word": ("post", ("person",), "302 200 200 200 200 403 403 404 404 404"),
    "reports:score": ("get", (), "302 200 403 403 403 403 403 403 403 403"),
    "reports:switch_score": ("post", (), "302 302 403 403 403 403 403 403 403 403"),
    "reports:attendance": ("get", (), "302 200 403 403 403 403 403 403 403 403"),
    "reports:attendance_steps": ("post", (), "302 422 403 403 403 403 403 403 403 403"),
    "reports:admonish": ("post", ("person",), "302 422 403 403 403 403 403 403 403 403"),
    "reports:admonition_void": (
        "post", ("admonition",), "302 302 403 403 403 403 403 403 403 403",
    ),
    "reports:circulars": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "reports:circulars_word": ("post", (), "302 302 302 302 302 403 403 403 302 403"),
    "reports:circulars_send": ("post", (), "302 302 302 403 403 403 403 403 403 403"),
    "reports:circular": ("get", ("person",), "302 200 200 200 200 403 403 404 404 404"),
    "reports:period": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "reports:workbook": ("post", (), "302 200 200 200 200 403 403 403 200 403"),
    "reports:staff": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "reports:editions": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "reports:edition_new": ("post", (), "302 302 302 403 403 403 403 403 403 403"),
    # The edition of the table is a draft of the station's report by the district.
    "reports:edition": ("get", ("edition",), "302 200 200 404 404 403 403 403 404 403"),
    "reports:edition_text": ("get", ("edition",), "302 200 200 404 404 403 403 403 404 403"),
    "reports:edition_refresh": ("post", ("edition",), "302 302 302 404 404 403 403 403 404 403"),
    "reports:edition_drop": ("post", ("edition",), "302 302 302 404 404 403 403 403 404 403"),
    "reports:edition_publish": ("post", ("edition",), "302 422 422 404 404 403 403 403 404 403"),
    "reports:edition_correct": ("post", ("edition",), "302 422 422 404 404 403 403 403 404 403"),
    "reports:edition_file": (
        "post", ("edition", "paper_form"), "302 200 200 404 404 403 403 403 404 403",
    ),
    "reports:cases": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "reports:case_new": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "reports:case_change": ("get", ("case",), "302 200 200 200 200 403 403 403 404 403"),
    "reports:case_drop": ("post", ("case",), "302 302 302 302 302 403 403 403 404 403"),
}  # fmt: skip


def portal_url_names(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from portal_url_names(entry, f"{entry.namespace}:" if entry.namespace else prefix)
        else:
            yield prefix + (entry.name or "")


def test_every_url_has_an_access_row():
    names = {name for name in portal_url_names() if not name.startswith("admin:")}
    assert names == set(ACCESS)


@pytest.fixture
def objects(station, liaison, deputy, district_officer, clerk):
    reception = make_reception(station, actor=liaison)
    received = reception.receivers.get().deputy
    content = reception_sheet(
        [{"接待日期": "2025-3-5", "接待代表": received.name, "反映内容": "路灯不亮"}]
    )
    batch = importing.store_upload(
        "receptions", content, "接待.xlsx", actor=liaison, options=Options(station=station.name)
    )
    now = timezone.now()
    notice = Notice.objects.create(
        key="duty:1", user=liaison, title="接待日提醒", station_key=station.pk, created_at=now
    )
    delivery = Delivery.objects.create(
        notice=notice, channel="sms", state="failed", queued_at=now, next_try_at=now
    )
    return {
        "user": make_user(Role.LIAISON, station).pk,
        "station": station.pk,
        "posting": Posting.objects.create(
            person_name="张三", role=Role.OBSERVER, station=station
        ).pk,
        "office": Posting.objects.create(
            person_name="李四", role=Role.TOWNSHIP_OFFICER, area=station.township
        ).pk,
        "person": received.pk,
        "mandate": received.mandates.get().pk,
        **records_of(received, liaison),
        "group": Group.objects.create(name="第一小组", township=station.township).pk,
        "reception": reception.pk,
        "opinion": reception.opinions.get().pk,
        "register": "reception",
        **other_registers(station, liaison, received),
        **opened_mailbox(station, liaison),
        "voter_report": planned_report(received).pk,
        "category": category("其他").pk,
        **unit_with_clerk(station.township),
        **answered_suggestion(deputy, district_officer, clerk),
        "attachment": attached_photo(reception, liaison).pk,
        "batch": batch.pk,
        "job": done_job(liaison).pk,
        "key": uuid.uuid4(),
        "notice": notice.pk,
        "delivery": delivery.pk,
        "year": now.year,
        **begun_assessment(station, liaison, now.year),
        **begun_report(station, district_officer),
        "plan": DutyPlan.objects.create(station=station, year=now.year).pk,
        **own_duty(station, deputy),
    }


def records_of(deputy, actor) -> dict:
    """An award, one of the 四个一, and what the district did about absences."""
    today = timezone.localdate()
    award = Award(deputy=deputy, on=today, title="先进代表")
    done = FourOnes(deputy=deputy, year=today.year, kind="lesson", done_on=today, title="讲水法")
    reminded = Admonition.objects.create(deputy=deputy, year=today.year, step="remind", on=today)
    return {
        "award": add_award(award, actor=actor).pk,
        "four_ones": add_four_ones(done, actor=actor).pk,
        "admonition": reminded.pk,
    }


def other_registers(station, actor, deputy) -> dict:
    """A line of 簿二 and one of 簿三, of which the deputy's log-in has no part."""
    today = timezone.localdate()
    helped = Assistance(station=station, helped_on=today, deed="送去棉被")
    held = Activity(station=station, held_on=today, topic="视察")
    return {
        "assistance": log_assistance(helped, actor=actor, deputies=[deputy]).pk,
        "activity": log_activity(held, actor=actor, attendance=[(deputy, "present")]).pk,
    }


def planned_report(deputy) -> VoterReport:
    return VoterReport.objects.create(
        deputy=deputy, deputy_name=deputy.name, station=deputy.station, year=2026
    )


def done_job(owner) -> Job:
    job = Job(kind="receptions_export", owner=owner, queued_at=timezone.now(), state="done")
    job.download_name = "登记簿.xlsx"
    job.result.save(job.download_name, ContentFile(b"rows"), save=True)
    return job


def opened_mailbox(station, actor) -> dict:
    today = timezone.localdate()
    box = Mailbox.objects.create(station=station, name="村口意见箱", hung_on=today)
    opening = MailboxOpening.objects.create(
        mailbox=box, opened_on=today, opened_by="张三", created_by=actor
    )
    return {"mailbox": box.pk, "opening": opening.pk}


def attached_photo(reception, actor):
    return add_attachments(reception, [upload("现场.jpg", picture())], actor=actor).rows[0]


def answered_suggestion(lead, office, clerk) -> dict:
    """Led by the deputy, answered by the clerk's unit with a file, waiting to be rated."""
    scene = SimpleNamespace(
        lead=lead, office=office, police=clerk, session=make_session(),
        police_unit=clerk.held_postings[0].unit,
    )  # fmt: skip
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    paper = accept(upload("答复函.pdf", pdf()))
    send_reply(row, share, letter(file=paper), actor=clerk)
    release_reply(row, share, actor=office)
    reply = Reply.objects.get(handling=share)
    return {
        "suggestion": row.pk, "reply": reply.pk, "paper_kind": "letter", "session": row.session_id,
        "act_name": "rate",
    }  # fmt: skip


def begun_assessment(station, actor, year) -> dict:
    """By the 八有, not handed in yet, with a photo of one item."""
    eight = Standard.objects.get(name="八有")
    item = eight.criteria.first()
    answers = {item.pk: Answer(met=True, upload=upload("牌.jpg", picture()))}
    begun = save_assessment(station, eight, year, actor=actor, version=0, answers=answers)
    finding = begun.findings.get(criterion=item)
    return {
        "standard": eight.pk, "criterion": item.pk, "assessment": begun.pk, "finding": finding.pk,
    }  # fmt: skip


def begun_report(station, actor) -> dict:
    """The draft of the station's report, and a case of it."""
    last = Period.of_year(timezone.localdate().year - 1)
    draft = make_edition(Scope(actor, last, station=station), actor=actor)
    told = Case(station=station, on=last.last, title="一盏路灯", text="次日修好。")
    case = add_case(told, actor=actor)
    return {"edition": draft.pk, "paper_form": "figures", "case": case.pk}


def unit_with_clerk(area) -> dict:
    unit = UnitFactory(area=area, confirmed=False)
    clerk = Posting.objects.create(person_name="钱鸣", role=Role.UNIT_CLERK, unit=unit)
    return {"unit": unit.pk, "clerk": clerk.pk}


def own_duty(station, deputy) -> dict:
    """Days of `deputy` and of a colleague, what each asked of the other, and private addresses."""
    other = DeputyFactory(station=station)
    now = timezone.localdate()
    todays = make_day(station, now, deputy, other)
    own, given, theirs = (
        assignment(make_day(station, now + timedelta(days=ahead), person), person)
        for ahead, person in ((10, deputy), (11, deputy), (12, other))
    )
    leave = LeaveRequest.objects.create(assignment=own, reason="有事")
    return {
        "own_row": own.pk,
        "leave_asked": leave.pk,
        "swap_asked": SwapRequest.objects.create(given=given, other=other).pk,
        "swap_received": SwapRequest.objects.create(given=theirs, other=deputy).pk,
        "unavailable": Unavailability.objects.create(deputy=deputy, from_day=now, to_day=now).pk,
        "todays_day": todays.pk,
        "feed_key": Feed.objects.create(deputy=deputy).key,
        "answer_token": answer_path(own).split("/")[-2],
        "screen_token": screen_path(todays).split("/")[-2],
        "scan_token": scan_path(todays).split("/")[-2],
    }


@pytest.fixture
def clerk(db):
    return make_user(Role.UNIT_CLERK, UnitFactory())


@pytest.fixture
def people(
    district_officer, township_officer, station_head, liaison, observer, deputy, outsider,
    administrator, clerk,
):  # fmt: skip
    return {
        "district": district_officer,
        "township": township_officer,
        "head": station_head,
        "liaison": liaison,
        "observer": observer,
        "deputy": deputy.user,
        "clerk": clerk,
        "outsider": outsider,
        "admin": administrator,
    }


@pytest.mark.parametrize("name", ACCESS)
def test_access(client, objects, people, name):
    method, args, statuses = ACCESS[name]
    address = reverse(name, args=[objects[arg] for arg in args])
    expected = dict(zip(PERSONAS, map(int, statuses.split()), strict=True))
    found = {}
    for persona in PERSONAS:
        client.logout()
        if persona != "anonymous":
            client.force_login(people[persona])
        with transaction.atomic():  # what one persona does is undone before the next comes
            found[persona] = getattr(client, method)(address).status_code
            transaction.set_rollback(True)
    assert found == expected


ADMIN_PAGES = [
    name
    for name in portal_url_names()
    if name.startswith("admin:") and name.endswith(("_changelist", "_add", ":index"))
]


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_reference_data_is_for_administrators(client, people, name):
    for persona, user in people.items():
        client.force_login(user)
        assert client.get(reverse(name)).status_code == (200 if persona == "admin" else 302)


def test_the_admin_offers_no_register():
    offered = {name.split("_")[0] for name in ADMIN_PAGES}
    assert not offered & {"admin:visits", "admin:auth"}
