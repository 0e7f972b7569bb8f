"""Tables T1 to T5: each a function of a `Scope`, each source one grouped query."""

from reports.figures.report import Report, build

__all__ = ["Report", "build"]
