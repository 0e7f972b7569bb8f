from visits.forms.day import CloseForm
from visits.forms.entry import ReceptionEntry
from visits.forms.reception import VoidForm

__all__ = ["CloseForm", "ReceptionEntry", "VoidForm"]
