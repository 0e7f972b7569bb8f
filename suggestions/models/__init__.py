from suggestions.models.handling import (
    Deadline,
    Extension,
    FaceToFace,
    Handling,
    Promise,
    Rating,
    Reply,
)
from suggestions.models.settings import ClassWording, NumberSeries, Session, TimeLimit
from suggestions.models.suggestions import OpinionLink, Signature, Step, Suggestion

__all__ = [
    "ClassWording",
    "Deadline",
    "Extension",
    "FaceToFace",
    "Handling",
    "NumberSeries",
    "OpinionLink",
    "Promise",
    "Rating",
    "Reply",
    "Session",
    "Signature",
    "Step",
    "Suggestion",
    "TimeLimit",
]
