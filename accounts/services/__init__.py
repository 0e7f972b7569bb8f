from accounts.services.delivery import deliver_due, resend, withdraw
from accounts.services.log_ins import (
    account_for,
    change_password,
    change_phone,
    check_phone,
    first_password,
    give_first_password,
    open_account,
    release_lock,
    rename_account,
    settle_log_in,
)
from accounts.services.notices import Message, mark_read, plan_notices, send, unread_count

__all__ = [
    "Message",
    "account_for",
    "change_password",
    "change_phone",
    "check_phone",
    "deliver_due",
    "first_password",
    "give_first_password",
    "mark_read",
    "open_account",
    "plan_notices",
    "release_lock",
    "rename_account",
    "resend",
    "send",
    "settle_log_in",
    "unread_count",
    "withdraw",
]
