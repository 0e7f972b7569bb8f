from stations.querysets.categories import CategoryQuerySet
from stations.querysets.funds import FundQuerySet
from stations.querysets.mailboxes import MailboxOpeningQuerySet, MailboxQuerySet
from stations.querysets.people import UNITS, PostingQuerySet, UnitQuerySet
from stations.querysets.places import TREE, AreaQuerySet, StationQuerySet
from stations.querysets.standards import (
    AssessmentQuerySet,
    CriterionQuerySet,
    FindingQuerySet,
    StandardQuerySet,
)

__all__ = [
    "TREE",
    "UNITS",
    "AreaQuerySet",
    "AssessmentQuerySet",
    "CategoryQuerySet",
    "CriterionQuerySet",
    "FindingQuerySet",
    "FundQuerySet",
    "MailboxOpeningQuerySet",
    "MailboxQuerySet",
    "PostingQuerySet",
    "StandardQuerySet",
    "StationQuerySet",
    "UnitQuerySet",
]
