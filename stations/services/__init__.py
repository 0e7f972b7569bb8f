"""What is done to areas, stations, units and who works there."""

from stations.services.calendar import clear_day, import_calendar, set_day
from stations.services.places import (
    area_named,
    check_renumbering,
    save_area,
    unit_named,
)
from stations.services.postings import LOG_IN_LABEL, end_posting, open_log_in, post
from stations.services.stations import change_station, compare, create_station, describe
from stations.services.units import (
    change_unit,
    compare_units,
    confirm_unit,
    create_unit,
    describe_unit,
    merge_units,
    references_to,
)

__all__ = [
    "LOG_IN_LABEL",
    "area_named",
    "change_station",
    "change_unit",
    "check_renumbering",
    "clear_day",
    "compare",
    "compare_units",
    "confirm_unit",
    "create_station",
    "create_unit",
    "describe",
    "describe_unit",
    "end_posting",
    "import_calendar",
    "merge_units",
    "open_log_in",
    "post",
    "references_to",
    "save_area",
    "set_day",
    "unit_named",
]
