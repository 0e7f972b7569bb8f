"""Who may do what to deputies and duty days, and what these must satisfy."""

from deputies.rules.people import (
    can_manage,
    can_manage_at,
    can_manage_group_in,
    can_manage_log_in,
    check_group,
    check_group_at,
    check_mandate,
    sees_phone,
    shown_phone,
)

__all__ = [
    "can_manage",
    "can_manage_at",
    "can_manage_group_in",
    "can_manage_log_in",
    "check_group",
    "check_group_at",
    "check_mandate",
    "sees_phone",
    "shown_phone",
]
