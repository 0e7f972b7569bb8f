"""What is done with duty days: planned, changed, answered, swapped, signed in, closed."""

from deputies.services.duty.answers import confirm, record_contact
from deputies.services.duty.arrangement import arrangement_of, change_arrangement
from deputies.services.duty.closing import (
    follow_register,
    post_notice,
    store_closing,
    store_reopening,
)
from deputies.services.duty.days import (
    add_day,
    assign_deputy,
    change_hours,
    drop_day,
    move_day,
    release_deputy,
)
from deputies.services.duty.leave import ask_leave, decide_leave, withdraw_leave
from deputies.services.duty.personal import feed_of, renew_feed, set_unavailable, unset_unavailable
from deputies.services.duty.planning import (
    Preview,
    discard_plan,
    draft_plan,
    preview_year,
    publish_plan,
    undo_plan,
)
from deputies.services.duty.sign_in import (
    leave_early,
    renew_screen,
    sign_in,
    sign_in_for,
    stand_in,
    withdraw_sign_in,
)
from deputies.services.duty.swaps import answer_swap, ask_swap, withdraw_swap

__all__ = [
    "Preview",
    "add_day",
    "answer_swap",
    "arrangement_of",
    "ask_leave",
    "ask_swap",
    "assign_deputy",
    "change_arrangement",
    "change_hours",
    "confirm",
    "decide_leave",
    "discard_plan",
    "draft_plan",
    "drop_day",
    "feed_of",
    "follow_register",
    "leave_early",
    "move_day",
    "post_notice",
    "preview_year",
    "publish_plan",
    "record_contact",
    "release_deputy",
    "renew_feed",
    "renew_screen",
    "set_unavailable",
    "sign_in",
    "sign_in_for",
    "stand_in",
    "store_closing",
    "store_reopening",
    "undo_plan",
    "unset_unavailable",
    "withdraw_leave",
    "withdraw_sign_in",
    "withdraw_swap",
]
