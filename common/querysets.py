from django.db import models


class AppendOnlyQuerySet(models.QuerySet):
    """Rows are added and read; the bulk ways of changing them are closed too."""

    def update(self, **kwargs):
        raise TypeError("these rows are never changed")

    def bulk_update(self, *args, **kwargs):
        raise TypeError("these rows are never changed")

    def delete(self):
        raise TypeError("these rows are never deleted")


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A batch is its uploader's: the sheet holds what only they may see."""
        return self if user.is_system else self.filter(created_by=user.pk)

    def written(self):
        """Those that were confirmed, undone ones too."""
        return self.exclude(state="checked")


class ColumnNameQuerySet(models.QuerySet):
    def of(self, kind: str, place: str):
        """What was named for sheets of this kind at this place, and at no other."""
        return self.filter(kind=kind, place=place)


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody reads what somebody else has not yet said."""
        return self.filter(user_id=user.pk)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What somebody has asked for is nobody else's business, nor is the file."""
        return self if user.is_system else self.filter(owner=user.pk)

    def unfinished(self):
        return self.filter(state__in=["queued", "running"])

    def running(self):
        return self.filter(state="running")

    def with_file(self):
        return self.exclude(result="")

    def for_list(self):
        return self.defer("arguments")
