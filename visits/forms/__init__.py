from visits.forms.entry import ReceptionEntry
from visits.forms.reception import VoidForm

__all__ = ["ReceptionEntry", "VoidForm"]
