from django.urls import path

from common.importing.urls import import_paths
from visits import views
from visits.choices import Register
from visits.forms.opinions import FORMS as OPINION_FORMS

app_name = "visits"
urlpatterns = [
    path("receptions/", views.ReceptionList.as_view(), name="reception_list"),
    path("receptions/export/", views.export, name="reception_export"),
    path("receptions/print/", views.RegisterPrint.as_view(), name="reception_print"),
    path("receptions/new/", views.reception_new, name="reception_new"),
    path("receptions/<int:pk>/", views.ReceptionDetail.as_view(), name="reception_detail"),
    path("receptions/<int:pk>/change/", views.reception_change, name="reception_change"),
    path("receptions/<int:pk>/void/", views.void, name="reception_void"),
    path("receptions/<int:pk>/contact/", views.reveal, name="reception_contact"),
    path("receptions/drafts/<uuid:key>/", views.keep_draft, name="draft_keep"),
    path("receptions/drafts/<uuid:key>/drop/", views.drop_draft, name="draft_drop"),
    *import_paths("receptions", "receptions/", "reception_import"),
    *import_paths("assistance", "assistance/", "assistance_import"),
    *import_paths("activities", "activities/", "activity_import"),
    path(
        "assistance/export/",
        views.export,
        {"register": Register.ASSISTANCE},
        name="assistance_export",
    ),
    path(
        "assistance/print/",
        views.RegisterPrint.as_view(register=Register.ASSISTANCE),
        name="assistance_print",
    ),
    path(
        "activities/export/",
        views.export,
        {"register": Register.ACTIVITY},
        name="activity_export",
    ),
    path(
        "activities/print/",
        views.RegisterPrint.as_view(register=Register.ACTIVITY),
        name="activity_print",
    ),
    path("assistance/", views.AssistanceList.as_view(), name="assistance_list"),
    path("assistance/new/", views.assistance_new, name="assistance_new"),
    path("assistance/<int:pk>/", views.AssistanceDetail.as_view(), name="assistance_detail"),
    path("assistance/<int:pk>/change/", views.assistance_change, name="assistance_change"),
    path("assistance/<int:pk>/void/", views.assistance_void, name="assistance_void"),
    path(
        "assistance/drafts/<uuid:key>/", views.assistance_keep_draft, name="assistance_draft_keep"
    ),
    path(
        "assistance/drafts/<uuid:key>/drop/",
        views.assistance_drop_draft,
        name="assistance_draft_drop",
    ),
    path("activities/", views.ActivityList.as_view(), name="activity_list"),
    path("activities/new/", views.activity_new, name="activity_new"),
    path("activities/<int:pk>/", views.ActivityDetail.as_view(), name="activity_detail"),
    path("activities/<int:pk>/change/", views.activity_change, name="activity_change"),
    path("activities/<int:pk>/void/", views.activity_void, name="activity_void"),
    path("activities/drafts/<uuid:key>/", views.activity_keep_draft, name="activity_draft_keep"),
    path(
        "activities/drafts/<uuid:key>/drop/", views.activity_drop_draft, name="activity_draft_drop"
    ),
    path("days/<int:pk>/close/", views.close_day, name="close_day"),
    path("days/<int:pk>/reopen/", views.reopen_day, name="reopen_day"),
    path("days/<int:pk>/receptions/", views.day_receptions, name="day_receptions"),
    path("attachments/<slug:register>/<int:pk>/add/", views.attachment_add, name="attachment_add"),
    path("voter-reports/", views.VoterReportList.as_view(), name="voter_reports"),
    path("voter-reports/plan/", views.voter_reports_plan, name="voter_reports_plan"),
    path("voter-reports/<int:pk>/", views.voter_report, name="voter_report"),
    path("voter-reports/<int:pk>/drop/", views.voter_report_drop, name="voter_report_drop"),
    path("mailboxes/", views.MailboxList.as_view(), name="mailbox_list"),
    path("mailboxes/new/", views.mailbox_new, name="mailbox_new"),
    path("mailboxes/<int:pk>/", views.mailbox_detail, name="mailbox_detail"),
    path("mailboxes/<int:pk>/change/", views.mailbox_change, name="mailbox_change"),
    path("mailboxes/<int:pk>/open/", views.mailbox_open, name="mailbox_open"),
    path(
        "mailboxes/openings/<int:pk>/void/",
        views.mailbox_void_opening,
        name="mailbox_void_opening",
    ),
    path("attachments/<int:pk>/", views.attachment_open, name="attachment_open"),
    path(
        "attachments/<int:pk>/thumbnail/", views.attachment_thumbnail, name="attachment_thumbnail"
    ),
    path("attachments/<int:pk>/remove/", views.attachment_remove, name="attachment_remove"),
    path("receptions/similar/", views.similar, name="reception_similar"),
    path("receptions/<int:pk>/receipt/", views.receipt, name="reception_receipt"),
    path("receptions/<int:pk>/receipt/issue/", views.issue, name="reception_issue_receipt"),
    path("receptions/<int:pk>/record/", views.record, name="reception_record"),
    path("opinions/", views.OpinionList.as_view(), name="opinion_list"),
    path("opinions/<int:pk>/", views.opinion, name="opinion_detail"),
    path("opinions/<int:pk>/contact/", views.reveal_on_opinion, name="opinion_contact"),
    path("opinions/<int:pk>/slip/", views.opinion_slip, {"kind": "assign"}, name="opinion_slip"),
    path(
        "opinions/<int:pk>/urge-slip/",
        views.opinion_slip,
        {"kind": "urge"},
        name="opinion_urge_slip",
    ),
    *(
        path(
            f"opinions/<int:pk>/{name.replace('_', '-')}/",
            views.act,
            {"name": name},
            name=f"opinion_{name}",
        )
        for name in OPINION_FORMS
    ),
]
