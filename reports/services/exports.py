from typing import Any

from common import audit
from reports.models import Edition
from reports.scope import Scope
from stations.models import Area


def record_export(scope: Scope, *, actor: Any, form: str) -> None:
    """Log that somebody took the report out of the portal, of which place and days."""
    place = scope.place or Area.objects.order_by("code").first()
    note = f"{scope.title}，{scope.place_name}，{form}"
    audit.record(audit.Action.EXPORT, place, actor=actor, note=note[:500])


def record_paper(edition: Edition, *, actor: Any, form: str) -> None:
    """Log that somebody took a file of a kept report out of the portal."""
    audit.record(audit.Action.EXPORT, edition, actor=actor, note=f"{edition}，{form}"[:500])
