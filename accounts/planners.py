"""What the apps above have to say, handed over in `AppConfig.ready`; accounts knows none of them.

A planner returns the messages of a day, whether or not they were sent before: their keys decide.
A list of what is due makes up the one digest that a person gets a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.services.notices import Message


class DueLine(NamedTuple):
    """One thing that waits for `user`; a plain tuple in this order will do."""

    user: User
    line: str
    url: str = ""
    station_key: int | None = None


Planner = Callable[[date], "Iterable[Message]"]
Due = Callable[[date], Iterable[tuple]]

_planners: dict[str, Planner] = {}
_dues: dict[str, Due] = {}


def register_planner(name: str, plan: Planner) -> None:
    _planners[name] = plan


def register_due(name: str, due: Due) -> None:
    _dues[name] = due


def planners() -> dict[str, Planner]:
    return dict(_planners)


def dues() -> dict[str, Due]:
    return dict(_dues)
