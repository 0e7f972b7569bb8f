"""What is done to areas, stations and who works there."""

from stations.services.calendar import clear_day, import_calendar, set_day
from stations.services.places import (
    area_named,
    check_renumbering,
    save_area,
    unit_named,
)
from stations.services.postings import LOG_IN_LABEL, end_posting, open_log_in, post
from stations.services.stations import change_station, compare, create_station, describe

__all__ = [
    "LOG_IN_LABEL",
    "area_named",
    "change_station",
    "check_renumbering",
    "clear_day",
    "compare",
    "create_station",
    "describe",
    "end_posting",
    "import_calendar",
    "open_log_in",
    "post",
    "save_area",
    "set_day",
    "unit_named",
]
