from visits.views.days import close_day, day_receptions
from visits.views.entry import (
    drop_draft,
    keep_draft,
    reception_change,
    reception_new,
)
from visits.views.paper import ReceptionPrint, export
from visits.views.receptions import (
    OpinionList,
    ReceptionDetail,
    ReceptionList,
    reveal,
    void,
)

__all__ = [
    "OpinionList",
    "ReceptionDetail",
    "ReceptionList",
    "ReceptionPrint",
    "close_day",
    "day_receptions",
    "drop_draft",
    "export",
    "keep_draft",
    "reception_change",
    "reception_new",
    "reveal",
    "void",
]
