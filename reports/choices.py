"""The words of a report that is published."""

from django.db import models


class EditionState(models.TextChoices):
    """Where one version of a report stands."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    CORRECTED = "corrected", "已更正"  # published, and a later version stands in its place
    DROPPED = "dropped", "已放弃"


class Part(models.TextChoices):
    """The chapters of a report's text."""

    STANDING = "standing", "基本情况"
    WORK = "work", "主要做法和成效"
    CASES = "cases", "典型案例"
    PROBLEMS = "problems", "存在的问题"
    PLANS = "plans", "下步打算"
