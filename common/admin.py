"""Reference data in Django's own admin: its writes stand in the log like everybody's."""

from __future__ import annotations

from django.contrib import admin

from common import audit
from common.words import words_of


class AuditedAdmin(admin.ModelAdmin):
    """An admin page whose saves and deletions are recorded in the same transaction."""

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
