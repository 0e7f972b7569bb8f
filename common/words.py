"""A row in words, {label: text}: what the history compares and two versions are told apart by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from common.sheets.cells import chinese_date


def words_of(row, names: Sequence[str]) -> dict[str, str]:
    """The fields `names` of a row under their Chinese labels, as they read on a page."""
    return {str(row._meta.get_field(name).verbose_name): _word(row, name) for name in names}


def _word(row, name: str) -> str:
    value = getattr(row, name)
    if row._meta.get_field(name).choices:
        return str(getattr(row, f"get_{name}_display")() or "")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return chinese_date(value)
    return "" if value is None else str(value)
