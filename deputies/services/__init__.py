"""What is done to deputies, their mandates, groups and log-ins."""

from common.pinyin import spell
from deputies.services.groups import change_group, create_group, group_named
from deputies.services.log_ins import AT_ONCE, OpenedLogIn, check_phone, open_log_in, open_log_ins
from deputies.services.mandates import add_mandate, end_mandate
from deputies.services.people import SameName, change_deputy, compare, create_deputy, describe
from deputies.services.records import add_award, add_four_ones, void_record

__all__ = [
    "AT_ONCE",
    "OpenedLogIn",
    "SameName",
    "add_award",
    "add_four_ones",
    "add_mandate",
    "change_deputy",
    "change_group",
    "check_phone",
    "compare",
    "create_deputy",
    "create_group",
    "describe",
    "end_mandate",
    "group_named",
    "open_log_in",
    "open_log_ins",
    "spell",
    "void_record",
]
