from visits.sheets.activities import ActivityResource
from visits.sheets.assistance import AssistanceResource
from visits.sheets.receptions import ReceptionResource

__all__ = ["ActivityResource", "AssistanceResource", "ReceptionResource"]
