"""Who may do what: one table. A role counts only where it is held (`stations.Posting`)."""

from django.db import models


class Role(models.TextChoices):
    DISTRICT_OFFICER = "district_officer", "区代表工委"
    TOWNSHIP_OFFICER = "township_officer", "乡镇人大主席团／街道工委"
    STATION_HEAD = "station_head", "站长"
    DEPUTY_HEAD = "deputy_head", "副站长"
    LIAISON = "liaison", "联络员"
    OBSERVER = "observer", "民意观察员"
    UNIT_CLERK = "unit_clerk", "承办单位经办人"
    DEPUTY = "deputy", "人大代表"
    ADMINISTRATOR = "administrator", "系统管理员"


class Capability(models.TextChoices):
    MANAGE_ACCOUNTS = "manage_accounts", "管理账号"
    MANAGE_STATIONS = "manage_stations", "新建和撤销联络站"
    EDIT_STATION = "edit_station", "修改联络站资料"
    MANAGE_DEPUTIES = "manage_deputies", "管理代表名册"
    VIEW_REGISTER = "view_register", "查看登记簿"
    LOG_RECEPTION = "log_reception", "登记接待"
    VOID_RECEPTION = "void_reception", "作废登记"
    VIEW_CONTACT = "view_contact", "直接看到来访人姓名电话"
    UNMASK_CONTACT = "unmask_contact", "调阅来访人姓名电话"
    EXPORT_REGISTER = "export_register", "导出登记簿"
    EXPORT_CONTACT = "export_contact", "导出时不脱敏"
    VIEW_REPORT = "view_report", "查看报告"
    PUBLISH_REPORT = "publish_report", "发布报告"
    MANAGE_DUTY = "manage_duty", "安排接待日"
    DECIDE_LEAVE = "decide_leave", "批准请假"
    MANAGE_CALENDAR = "manage_calendar", "维护节假日"
    KEEP_MAILBOX = "keep_mailbox", "登记意见箱开箱"
    MANAGE_CATEGORIES = "manage_categories", "维护问题类别"
    MANAGE_UNITS = "manage_units", "维护承办单位"
    VIEW_SUGGESTION = "view_suggestion", "查看建议"
    RAISE_SUGGESTION = "raise_suggestion", "提出建议"
    JOIN_SUGGESTION = "join_suggestion", "附议建议"
    REVIEW_SUGGESTION = "review_suggestion", "审核交办建议"
    HANDLE_SUGGESTION = "handle_suggestion", "办理建议"
    RATE_SUGGESTION = "rate_suggestion", "评价办理情况"


C = Capability
_STATION_WORK = frozenset(
    {
        C.VIEW_REGISTER,
        C.LOG_RECEPTION,
        C.VIEW_CONTACT,
        C.UNMASK_CONTACT,
        C.EXPORT_REGISTER,
        C.VIEW_REPORT,
        C.MANAGE_DUTY,
        C.KEEP_MAILBOX,
        C.VIEW_SUGGESTION,
        # From the deputy's paper; what is their own, deputies do by themselves (suggestions/rules).
        C.RAISE_SUGGESTION,
        C.JOIN_SUGGESTION,
    }
)
# The office of a congress: it keys in what units and deputies answer on paper.
_SUGGESTION_OFFICE = frozenset(
    {
        C.VIEW_SUGGESTION,
        C.RAISE_SUGGESTION,
        C.JOIN_SUGGESTION,
        C.REVIEW_SUGGESTION,
        C.HANDLE_SUGGESTION,
        C.RATE_SUGGESTION,
    }
)
_STATION_LEAD = _STATION_WORK | {
    C.EDIT_STATION,
    C.VOID_RECEPTION,
    C.EXPORT_CONTACT,
    C.DECIDE_LEAVE,
}

CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.DISTRICT_OFFICER: frozenset(
        {
            C.MANAGE_ACCOUNTS,
            C.MANAGE_STATIONS,
            C.EDIT_STATION,
            C.MANAGE_DEPUTIES,
            C.VIEW_REGISTER,
            C.VOID_RECEPTION,
            C.UNMASK_CONTACT,
            C.EXPORT_REGISTER,
            C.VIEW_REPORT,
            C.PUBLISH_REPORT,
            C.MANAGE_DUTY,
            C.MANAGE_CALENDAR,
            C.MANAGE_CATEGORIES,
            C.MANAGE_UNITS,
        }
    )
    | _SUGGESTION_OFFICE,
    Role.TOWNSHIP_OFFICER: frozenset(
        {
            C.EDIT_STATION,
            C.MANAGE_DEPUTIES,
            C.VIEW_REGISTER,
            C.LOG_RECEPTION,
            C.VOID_RECEPTION,
            C.UNMASK_CONTACT,
            C.EXPORT_REGISTER,
            C.VIEW_REPORT,
            C.PUBLISH_REPORT,
            C.MANAGE_DUTY,
            C.DECIDE_LEAVE,
            C.KEEP_MAILBOX,
        }
    )
    | _SUGGESTION_OFFICE,
    Role.STATION_HEAD: _STATION_LEAD,
    Role.DEPUTY_HEAD: _STATION_LEAD,
    Role.LIAISON: _STATION_WORK | {C.EDIT_STATION, C.VOID_RECEPTION},
    Role.OBSERVER: frozenset({C.KEEP_MAILBOX}),
    Role.UNIT_CLERK: frozenset({C.HANDLE_SUGGESTION}),
    Role.DEPUTY: frozenset(),
    Role.ADMINISTRATOR: frozenset(
        {C.MANAGE_ACCOUNTS, C.MANAGE_STATIONS, C.EDIT_STATION, C.MANAGE_CALENDAR}
    ),
}


def roles_with(capability: Capability) -> list[str]:
    """The roles that hold `capability` wherever they are held."""
    return [role for role, granted in CAPABILITIES.items() if capability in granted]
