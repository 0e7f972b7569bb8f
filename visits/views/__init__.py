from visits.views.entry import (
    drop_draft,
    keep_draft,
    reception_change,
    reception_new,
)
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
    "drop_draft",
    "keep_draft",
    "reception_change",
    "reception_new",
    "reveal",
    "void",
]
