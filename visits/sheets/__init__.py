from visits.sheets.receptions import ReceptionResource

__all__ = ["ReceptionResource"]
