from reports.models.editions import Case, Edition
from reports.models.records import Admonition, RecordSetting, ScoreRule

__all__ = ["Admonition", "Case", "Edition", "RecordSetting", "ScoreRule"]
