"""Two people change the same row: nobody's typing is lost, nobody overwrites unseen."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property


class VersionedMixin:
    """A model form that knows which version of the row its user saw; posted as `version`."""

    conflict: list[tuple] | None = None

    @cached_property
    def version(self) -> int:
        typed = str(self.data.get("version", ""))  # type: ignore[attr-defined]
        if typed.isdecimal() and len(typed) < 10:
            return int(typed)
        return self.instance.version  # type: ignore[attr-defined]

    def show_conflict(self, compare: Callable, current) -> None:
        """Keep what was typed, and show it beside what stands; the next save is on top of that."""
        self.conflict = compare(self.instance, current)  # type: ignore[attr-defined]
        self.version = current.version
