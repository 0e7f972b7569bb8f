from visits.views.activities import (
    ActivityDetail,
    ActivityList,
    activity_change,
    activity_drop_draft,
    activity_keep_draft,
    activity_new,
    activity_void,
)
from visits.views.assistance import (
    AssistanceDetail,
    AssistanceList,
    assistance_change,
    assistance_drop_draft,
    assistance_keep_draft,
    assistance_new,
    assistance_void,
)
from visits.views.attachments import (
    attachment_add,
    attachment_open,
    attachment_remove,
    attachment_thumbnail,
)
from visits.views.days import close_day, day_receptions, reopen_day
from visits.views.entry import (
    drop_draft,
    keep_draft,
    reception_change,
    reception_new,
)
from visits.views.mailboxes import (
    MailboxList,
    mailbox_change,
    mailbox_detail,
    mailbox_new,
    mailbox_open,
    mailbox_void_opening,
)
from visits.views.opinions import OpinionList, act, opinion, reveal_on_opinion
from visits.views.paper import RegisterPrint, export
from visits.views.receptions import (
    ReceptionDetail,
    ReceptionList,
    reveal,
    void,
)
from visits.views.similar import similar
from visits.views.slips import issue, opinion_slip, receipt, record
from visits.views.voter_reports import (
    VoterReportList,
    voter_report,
    voter_report_drop,
    voter_reports_plan,
)

__all__ = [
    "ActivityDetail",
    "ActivityList",
    "AssistanceDetail",
    "AssistanceList",
    "MailboxList",
    "OpinionList",
    "ReceptionDetail",
    "ReceptionList",
    "RegisterPrint",
    "VoterReportList",
    "act",
    "activity_change",
    "activity_drop_draft",
    "activity_keep_draft",
    "activity_new",
    "activity_void",
    "assistance_change",
    "assistance_drop_draft",
    "assistance_keep_draft",
    "assistance_new",
    "assistance_void",
    "attachment_add",
    "attachment_open",
    "attachment_remove",
    "attachment_thumbnail",
    "close_day",
    "day_receptions",
    "drop_draft",
    "export",
    "issue",
    "keep_draft",
    "mailbox_change",
    "mailbox_detail",
    "mailbox_new",
    "mailbox_open",
    "mailbox_void_opening",
    "opinion",
    "opinion_slip",
    "receipt",
    "reception_change",
    "reception_new",
    "record",
    "reopen_day",
    "reveal",
    "reveal_on_opinion",
    "similar",
    "void",
    "voter_report",
    "voter_report_drop",
    "voter_reports_plan",
]
