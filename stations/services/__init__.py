"""What is done to areas, stations and who works there."""

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
    "compare",
    "create_station",
    "describe",
    "end_posting",
    "open_log_in",
    "post",
    "save_area",
    "unit_named",
]
