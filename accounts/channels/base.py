"""What every way out of the portal looks like to the ledger."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

WORDS_KEPT = 120


class TryLater(Exception):
    """Not handed over, and nobody refused it: it may get through later.

    `for_all` says that the channel itself is down, so that the next message need not try.
    """

    def __init__(self, reason: str, *, for_all: bool = True):
        super().__init__(reason)
        self.for_all = for_all


class Refused(Exception):
    """The other side will never take this message; the reason is for the office."""


@dataclass(frozen=True)
class Parcel:
    """A message as a channel sees it. `id` is the same at every try."""

    id: str
    address: str
    title: str
    text: str
    link: str = ""

    @property
    def whole_text(self) -> str:
        """Title, text and link, for channels that have no subject."""
        title = "" if self.text.startswith(self.title) else self.title
        return "\n".join(part for part in (title, self.text, self.link) if part)

    @property
    def body(self) -> str:
        return "\n\n".join(part for part in (self.text or self.title, self.link) if part)


HandOver = Callable[[Parcel], None]


class Gateway(ABC):
    """One way out. Raises TryLater or Refused, and never says an address or a secret."""

    needs_address = True

    @abstractmethod
    def is_configured(self) -> bool: ...

    @abstractmethod
    def session(self) -> AbstractContextManager[HandOver]:
        """A connection for several messages: opened once, closed at the end."""


def their_words(words: object, address: str = "") -> str:
    """What the other side said, short, on one line and without the address."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    if address:
        text = text.replace(address, "…")
    return " ".join(text.split())[:WORDS_KEPT]


def in_words(error: Exception) -> str:
    """What went wrong on the line; the exception's own text may hold addresses and secrets."""
    return "超时没有答复" if "Timeout" in type(error).__name__ else "连接不通"
