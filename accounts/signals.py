"""Every log-in, failed log-in and log-out stands in the log once, through whichever door."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from accounts import throttle
from accounts.actors import SYSTEM
from accounts.models import User
from common import audit


def connect() -> None:
    user_logged_in.connect(_record_log_in, dispatch_uid="record_log_in")
    user_login_failed.connect(_record_failure, dispatch_uid="record_failed_log_in")
    user_logged_out.connect(_record_log_out, dispatch_uid="record_log_out")


def _record_log_in(sender, user, **kwargs) -> None:
    audit.record(audit.Action.LOG_IN, user, actor=user)


def _record_log_out(sender, user, **kwargs) -> None:
    if user is not None:
        audit.record(audit.Action.LOG_OUT, user, actor=user)


def _record_failure(sender, credentials, request=None, **kwargs) -> None:
    """Of a name that is nobody's nothing is kept: it may be a password in the wrong field."""
    meant = User.objects.meant_by(str(credentials.get("username") or ""))
    audit.record(audit.Action.LOG_IN_FAILED, meant or User(name="未知账号"), actor=SYSTEM)
    if request is not None:
        throttle.count_failure(request)
