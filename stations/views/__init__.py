from stations.views.calendar import calendar, import_calendar, set_day
from stations.views.stations import (
    StationDetail,
    StationList,
    add_officer,
    add_posting,
    change,
    end_officer,
    end_posting,
    new,
    officer_log_in,
    offices,
    open_log_in,
)

__all__ = [
    "StationDetail",
    "StationList",
    "add_officer",
    "add_posting",
    "calendar",
    "change",
    "end_officer",
    "end_posting",
    "import_calendar",
    "new",
    "officer_log_in",
    "offices",
    "open_log_in",
    "set_day",
]
