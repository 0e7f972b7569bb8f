"""What leaves the portal on paper: for the printer, as Word documents, as workbooks."""

from suggestions.documents.kinds import PAPERS, PaperLink, offered_papers, sheets_of

__all__ = ["PAPERS", "PaperLink", "offered_papers", "sheets_of"]
