class RuleViolation(Exception):
    """A business rule refuses; the message is for the user."""


class StaleVersion(RuleViolation):
    """Somebody else changed the row since it was shown; `current` is the row as it is now."""

    def __init__(self, current):
        super().__init__("这条记录刚刚被别人改过，请核对后再保存。")
        self.current = current
