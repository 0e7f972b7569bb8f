from visits.models.activities import Activity, ActivityDeputy
from visits.models.assistance import Assistance, AssistanceDeputy
from visits.models.attachments import Attachment
from visits.models.opinions import Opinion, OpinionStep, Progress, progress_of
from visits.models.receptions import Reception, ReceptionDeputy
from visits.models.register import EntryDeputy, NumberSeries, RegisterEntry
from visits.models.voter_reports import VoterReport

__all__ = [
    "Activity",
    "ActivityDeputy",
    "Assistance",
    "AssistanceDeputy",
    "Attachment",
    "EntryDeputy",
    "NumberSeries",
    "Opinion",
    "OpinionStep",
    "Progress",
    "Reception",
    "ReceptionDeputy",
    "RegisterEntry",
    "VoterReport",
    "progress_of",
]
