from reports.rules.reading import (
    can_publish,
    can_read_reports,
    can_report_on,
    can_report_on_deputy,
    place_to_sign_for,
    report_places,
)
from reports.rules.records import (
    can_read_performance,
    can_send_circulars,
    check_admonition,
    check_ladder,
    is_district,
    is_own,
    sees_score,
    step_due,
)

__all__ = [
    "can_publish",
    "can_read_performance",
    "can_read_reports",
    "can_report_on",
    "can_report_on_deputy",
    "can_send_circulars",
    "check_admonition",
    "check_ladder",
    "is_district",
    "is_own",
    "place_to_sign_for",
    "report_places",
    "sees_score",
    "step_due",
]
