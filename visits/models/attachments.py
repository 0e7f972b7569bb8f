from __future__ import annotations

from django.conf import settings
from django.db import models

from common.storage import random_name
from visits.choices import AttachmentKind
from visits.models.activities import Activity
from visits.models.assistance import Assistance
from visits.models.receptions import Reception
from visits.querysets import AttachmentQuerySet


class Attachment(models.Model):
    """A photo or paper of one entry; read by who may read the entry. Removed, never deleted."""

    reception = models.ForeignKey(
        Reception, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    assistance = models.ForeignKey(
        Assistance, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    kind = models.CharField("种类", max_length=10, choices=AttachmentKind)
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=random_name, max_length=200)
    thumbnail = models.FileField("缩略图", upload_to=random_name, max_length=200, blank=True)
    size = models.PositiveIntegerField("大小（字节）")
    digest = models.CharField("摘要", max_length=64, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间", auto_now_add=True)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="attachment_has_one_entry",
                condition=(
                    models.Q(
                        reception__isnull=False, assistance__isnull=True, activity__isnull=True
                    )
                    | models.Q(
                        reception__isnull=True, assistance__isnull=False, activity__isnull=True
                    )
                    | models.Q(
                        reception__isnull=True, assistance__isnull=True, activity__isnull=False
                    )
                ),
            ),
            # The same file sent twice is one.
            *(
                models.UniqueConstraint(
                    fields=[entry, "digest"],
                    condition=models.Q(removed_at=None),
                    name=f"attachment_once_in_{entry}",
                )
                for entry in ("reception", "assistance", "activity")
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def entry(self) -> Reception | Assistance | Activity:
        return self.reception or self.assistance or self.activity
