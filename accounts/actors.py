"""The actor of what nobody in person asked for: commands, the worker, migrations."""


class SystemActor:
    """Has every right and sees nothing masked; the log names it 系统."""

    pk = None
    is_system = True

    def __str__(self):
        return "系统"


SYSTEM = SystemActor()
