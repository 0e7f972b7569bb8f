from django.db import models

from stations.querysets import (
    CategoryQuerySet,
)


class Category(models.Model):
    """A 问题类别 of what voters raise: a tree of two levels that the district edits."""

    name = models.CharField("名称", max_length=30)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="大类"
    )
    position = models.PositiveSmallIntegerField("顺序", default=0)
    active = models.BooleanField("使用中", default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "问题类别"
        verbose_name_plural = "问题类别"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="category_once_in_parent"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(parent=None), name="category_once_on_top"
            ),
        ]

    def __str__(self):
        return self.name
