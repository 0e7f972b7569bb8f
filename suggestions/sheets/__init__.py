"""The 办理台账 as a sheet."""

from suggestions.sheets.ledger import LedgerResource

__all__ = ["LedgerResource"]
