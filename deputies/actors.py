"""Who acts by the private address that a message carried: one deputy, on one day."""

from deputies.models import Deputy


class ByLink:
    """A deputy without a log-in of the moment; the log names them so."""

    is_system = False
    is_superuser = False
    held_postings = ()

    def __init__(self, deputy: Deputy):
        self.deputy = deputy
        self.pk = deputy.user_id

    def __str__(self):
        return f"{self.deputy.name}（消息链接）"

    def holds(self, roles) -> bool:
        return False
