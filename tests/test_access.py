"""Every URL of the portal appears in this table, with what each persona gets.

Out of scope is 404, in scope but not allowed is 403, nobody is sent to the log-in page. The
statuses are written by hand from the table of roles; a URL without a row fails the suite.
"""

import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import Delivery, Notice
from accounts.roles import Role
from common.importing import services as importing
from common.importing.resources import Options
from common.models import Job
from deputies.addresses import answer_path, scan_path, screen_path
from deputies.models import DutyPlan, Feed, Group, LeaveRequest, SwapRequest, Unavailability
from stations.models import Mailbox, MailboxOpening, Posting
from tests.factories import (
    DeputyFactory,
    UnitFactory,
    assignment,
    category,
    make_day,
    make_reception,
    make_user,
)
from tests.hostile import picture, upload
from tests.sheets import reception_sheet
from visits.models import Activity, Assistance
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
    "reports:period": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
    "reports:workbook": ("post", (), "302 200 200 200 200 403 403 403 200 403"),
    "reports:staff": ("get", (), "302 200 200 200 200 403 403 403 200 403"),
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
def objects(station, liaison, deputy):
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
        "group": Group.objects.create(name="第一小组", township=station.township).pk,
        "reception": reception.pk,
        "opinion": reception.opinions.get().pk,
        "register": "reception",
        **other_registers(station, liaison, received),
        **opened_mailbox(station, liaison),
        "category": category("其他").pk,
        "attachment": attached_photo(reception, liaison).pk,
        "batch": batch.pk,
        "job": done_job(liaison).pk,
        "key": uuid.uuid4(),
        "notice": notice.pk,
        "delivery": delivery.pk,
        "year": now.year,
        "plan": DutyPlan.objects.create(station=station, year=now.year).pk,
        **own_duty(station, deputy),
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
def people(
    district_officer, township_officer, station_head, liaison, observer, deputy, outsider,
    administrator,
):  # fmt: skip
    return {
        "district": district_officer,
        "township": township_officer,
        "head": station_head,
        "liaison": liaison,
        "observer": observer,
        "deputy": deputy.user,
        "clerk": make_user(Role.UNIT_CLERK, UnitFactory()),
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
