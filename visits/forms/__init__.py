from visits.forms.activity import ActivityEntry
from visits.forms.assistance import AssistanceEntry
from visits.forms.day import CloseForm
from visits.forms.entry import ReceptionEntry
from visits.forms.reception import VoidForm

__all__ = ["ActivityEntry", "AssistanceEntry", "CloseForm", "ReceptionEntry", "VoidForm"]
