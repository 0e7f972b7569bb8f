"""The kinds of sheets the portal reads, as the apps hand them over."""

from __future__ import annotations

from common.importing.resources import SheetResource

_KINDS: dict[str, SheetResource] = {}


def register(resource: type[SheetResource]) -> type[SheetResource]:
    _KINDS[resource.kind] = resource()
    return resource


def kind(name: str) -> SheetResource:
    """The kind called `name`; raises KeyError for another."""
    return _KINDS[name]


def names() -> list[str]:
    return list(_KINDS)
