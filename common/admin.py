"""Reference data in Django's own admin: its writes stand in the log like everybody's."""

from __future__ import annotations

from django.contrib import admin

from common import audit
from common.words import words_of


class AuditedAdmin(admin.ModelAdmin):
    """An admin page whose saves and deletions are recorded in the same transaction."""

    def get_deleted_objects(self, objs, request):
        """What others refer to stays: nothing goes along with it, or loses it, unseen.

        Says how many refer to it and not who: the registers are not shown here.
        """
        held = [
            f"{relation.related_model._meta.verbose_name} {count} 条"
            for relation in self.model._meta.related_objects
            if (count := _count_referring(relation, objs))
        ]
        return ([], {}, set(), held) if held else super().get_deleted_objects(objs, request)

    def save_model(self, request, obj, form, change):
        names = [field.name for field in obj._meta.concrete_fields if field.editable]
        stored = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        old = words_of(stored, names) if stored else {}
        super().save_model(request, obj, form, change)
        changes = audit.changes_between(old, words_of(obj, names)) if stored else {}
        action = audit.Action.CHANGE if stored else audit.Action.CREATE
        audit.record(action, obj, actor=request.user, changes=changes)

    def delete_model(self, request, obj):
        audit.record(audit.Action.VOID, obj, actor=request.user, note="从名单中删除")
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)


def _count_referring(relation, objs) -> int:
    rows = relation.related_model._base_manager
    return rows.filter(**{f"{relation.field.name}__in": objs}).count()
