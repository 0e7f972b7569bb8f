from reports.querysets.editions import CaseQuerySet, EditionQuerySet
from reports.querysets.records import AdmonitionQuerySet, DistrictQuerySet, ScoreRuleQuerySet

__all__ = [
    "AdmonitionQuerySet",
    "CaseQuerySet",
    "DistrictQuerySet",
    "EditionQuerySet",
    "ScoreRuleQuerySet",
]
