"""Reference data: the names of the groups. Members and convener are kept on the group's page."""

from __future__ import annotations

from django.contrib import admin

from common.admin import AuditedAdmin
from deputies.models import Group


@admin.register(Group)
class GroupAdmin(AuditedAdmin):
    fields = ["name", "township"]
    list_display = ["name", "township"]
    list_select_related = ["township"]
    search_fields = ["name"]
