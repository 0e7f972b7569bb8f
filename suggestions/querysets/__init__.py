from suggestions.querysets.handling import DeadlineQuerySet, HandlingQuerySet, PromiseQuerySet
from suggestions.querysets.settings import ClassWordingQuerySet, SessionQuerySet
from suggestions.querysets.suggestions import WORKLISTS, SuggestionQuerySet

__all__ = [
    "WORKLISTS",
    "ClassWordingQuerySet",
    "DeadlineQuerySet",
    "HandlingQuerySet",
    "PromiseQuerySet",
    "SessionQuerySet",
    "SuggestionQuerySet",
]
