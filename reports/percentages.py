"""Percentages whose sums are right, and rates that know when there is nothing to divide by."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

_WHOLE = 10_000  # hundredths of a per cent
_CENT = Decimal("0.01")


def shares(counts: Sequence[int]) -> list[Decimal | None]:
    """Each count's percentage of the sum, at two decimals, that together make exactly 100.00.

    Largest remainder: 114, 43, 9 are 68.68, 25.90, 5.42. Where two remainders are equal the larger
    count is rounded up, then the earlier one. Without a sum there are no percentages.
    """
    whole = sum(counts)
    if not whole:
        return [None] * len(counts)
    parts = [count * _WHOLE // whole for count in counts]
    by_remainder = sorted(
        range(len(counts)), key=lambda i: (-(counts[i] * _WHOLE % whole), -counts[i], i)
    )
    for place in by_remainder[: _WHOLE - sum(parts)]:
        parts[place] += 1
    return [Decimal(part) * _CENT for part in parts]


def rate(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in per cent at two decimals; None where there is nothing to rate.

    Nothing rated is not the same as 0 %.
    """
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(_CENT, ROUND_HALF_UP)
