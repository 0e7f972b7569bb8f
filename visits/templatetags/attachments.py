"""The part of a page that shows what is attached to an entry of any register."""

from __future__ import annotations

from typing import Any

from django import template

from common.files import ACCEPT
from visits.choices import AttachmentKind
from visits.forms.attachments import limits_in_words
from visits.models import Attachment, RegisterEntry
from visits.services.attachments import can_add

register = template.Library()


@register.inclusion_tag("visits/attachments.html", takes_context=True)
def attachments(context: template.Context, entry: RegisterEntry) -> dict[str, Any]:
    """Photos and papers of an entry, with what its reader may do: {% attachments reception %}."""
    user = context["user"]
    rows = Attachment.objects.visible_to(user).standing().filter(**{entry.register.value: entry})
    found = list(rows.select_related("added_by"))
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "entry": entry,
        "register": entry.register.value,
        "photos": [row for row in found if row.kind == AttachmentKind.PHOTO],
        "papers": [row for row in found if row.kind == AttachmentKind.PAPER],
        "count": len(found),
        "can_add": can_add(user, entry),
        "accept": ACCEPT,
        "limits": limits_in_words(),
    }
