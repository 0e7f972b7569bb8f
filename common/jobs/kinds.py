"""The kinds of long work, as the apps hand them over in `AppConfig.ready`.

A kind is a name, words for its page and a function that does the work:

    kinds.register(Kind("receptions_export", "导出来访接待登记簿", tasks.export_receptions))

The function gets a `Work`, asks anew what the owner may do and see, and returns a `Result`. It may
write a file to `work.target` and name it in the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

# Called as progress(stage, done, total): the stage in Chinese, rows done and in all; 0 of 0 where
# nobody can say how many there are.
Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
    """For work that somebody waits for: nobody looks."""


@dataclass(frozen=True)
class Work:
    """What a kind's function is given."""

    owner: Any
    arguments: Mapping[str, Any]
    target: IO[bytes]
    progress: Progress = no_progress


@dataclass(frozen=True)
class Result:
    """What came of it: a sentence, the name of the file if there is one, where to go on."""

    message: str = ""
    filename: str = ""
    next_url: str = ""


@dataclass(frozen=True)
class Kind:
    """`writes`: work and the job's end are one transaction, so that "done" and "nothing was
    written" are true however the process dies. Not for what only reads: on SQLite a transaction
    keeps all other writers out.
    """

    name: str
    title: str | Callable[[Mapping[str, Any]], str]
    run: Callable[[Work], Result]
    writes: bool = False
    unit: str = "行"
    next_label: str = "继续"
    nothing_done: str = "没有写入任何内容"

    def title_of(self, arguments: Mapping[str, Any]) -> str:
        return self.title if isinstance(self.title, str) else self.title(arguments)


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _KINDS[kind.name] = kind


def kind(name: str) -> Kind:
    """The kind called `name`; raises KeyError for another."""
    return _KINDS[name]
