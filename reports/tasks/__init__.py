"""Long work on reports, made in the worker; each kind asks anew what its owner may do."""

from reports.tasks import circulars, editions


def register() -> None:
    """Hand the long work of this app to its registry."""
    circulars.register()
    editions.register()
