from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import (
    Exists,
    OuterRef,
    Q,
)


class CategoryQuerySet(models.QuerySet):
    def tops(self) -> CategoryQuerySet:
        """The upper level, with categories no longer offered: registers still hold them."""
        return self.filter(parent=None)

    def offered(self, *, held: Collection[int | None] = ()) -> CategoryQuerySet:
        """The categories that may be chosen now, in the district's order.

        And those of the keys `held`: what a row holds it keeps, offered or not.
        """
        now = Q(active=True) & (Q(parent=None) | Q(parent__active=True))
        kept = [key for key in held if key is not None]
        return self.filter((now | Q(pk__in=kept)) if kept else now).select_related("parent")

    def offered_or_not(self) -> CategoryQuerySet:
        """All that rows may hold, those offered now first: an old sheet keeps its words."""
        return self.select_related("parent").order_by("-active", "position", "pk")

    def tree(self) -> list:
        """The upper level with `below`, the lower one; each says whether a row holds it."""
        opinions = self.model._meta.get_field("opinions").related_model.objects
        used = Exists(opinions.filter(category=OuterRef("pk")).order_by())
        rows = list(self.annotate(is_used=used).order_by("position", "pk"))
        for row in rows:
            row.below = [lower for lower in rows if lower.parent_id == row.pk]
        return [row for row in rows if row.parent_id is None]
