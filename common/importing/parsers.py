"""The engine's parsers in the form that sheet fields take: parse(value, context)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from common.sheets.cells import CellError, is_nothing, parse_date, parse_text


def text(longest: int) -> Callable[[Any, Any], str]:
    """Text of at most `longest` characters; longer text is refused, never cut."""

    def parse(value, context) -> str:
        found = parse_text(value)
        if len(found) > longest:
            raise CellError(f"太长，最多 {longest} 个字，现在是 {len(found)} 个字")
        return found

    return parse


def choice(words: Mapping[str, str], what: str) -> Callable[[Any, Any], str]:
    """One of the values of `words`, found by its exact word or else by the first it holds."""

    def parse(value, context) -> str:
        found = "".join(parse_text(value).split()).replace("(", "（").replace(")", "）")
        if not found or is_nothing(value):
            return ""
        if found in words:
            return words[found]
        for word, meaning in words.items():
            if word in found:
                return meaning
        raise CellError(f"不认识的{what}“{found}”，请填：{'、'.join(dict.fromkeys(words))}")

    return parse


def day(value, context):
    """One day, not in the future, or None."""
    if is_nothing(value):
        return None
    return parse_date(value, year=context.year, not_after=context.today).start
