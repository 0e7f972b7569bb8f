"""The three registers on paper, by what they are."""

from __future__ import annotations

from visits.choices import Register
from visits.documents.activities import ACTIVITIES
from visits.documents.assistance import ASSISTANCE
from visits.documents.book import Book
from visits.documents.receptions import RECEPTIONS
from visits.querysets import ActivityQuerySet, AssistanceQuerySet, ReceptionQuerySet

EntryRows = ReceptionQuerySet | AssistanceQuerySet | ActivityQuerySet

BOOKS: dict[Register, Book] = {book.register: book for book in (RECEPTIONS, ASSISTANCE, ACTIVITIES)}


def book_of(rows: EntryRows) -> Book:
    """The book whose entries `rows` are."""
    return BOOKS[rows.model.register]
