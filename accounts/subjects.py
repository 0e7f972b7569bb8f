"""What messages are about, in words for their reader inside the portal.

A message leaves the portal and names no matter; the inbox does, as far as its reader may see it.
Each app hands over in `AppConfig.ready` how the messages of its kind are named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Notice, User

# Given the reader and messages of one kind: the subject of each, by its key.
Naming = Callable[["User", "Sequence[Notice]"], Mapping[int, str]]

_namings: dict[str, Naming] = {}


def register_subjects(kind: str, naming: Naming) -> None:
    _namings[kind] = naming


def subjects_of(user: User, notices: Sequence[Notice]) -> dict[int, str]:
    """{key of a notice: what it is about}; nothing of what has no subject or is out of reach."""
    found: dict[int, str] = {}
    for kind in sorted({notice.kind for notice in notices} & set(_namings)):
        found |= _namings[kind](user, [notice for notice in notices if notice.kind == kind])
    return found
