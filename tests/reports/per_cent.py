"""Percentages as the notes under the tables describe them, apart from `reports.percentages`."""

from decimal import Decimal
from fractions import Fraction


def per_cent(part: int, whole: int) -> Decimal | None:
    """Half of a hundredth goes up; nothing to divide by is nothing."""
    if whole == 0:
        return None
    hundredths = int(Fraction(part * 10_000, whole) + Fraction(1, 2))
    return Decimal(hundredths) / 100


def hundred(parts: list[int]) -> list[Decimal | None]:
    """Per cent of the sum that add up to 100.00: hundredths that are left over go one by one to
    whom most was cut off, then to the larger, then to the first."""
    whole = sum(parts)
    if whole == 0:
        return [None for _ in parts]
    exact = [Fraction(part * 10_000, whole) for part in parts]
    given = [int(one) for one in exact]
    waiting = list(range(len(parts)))
    while sum(given) < 10_000:
        place = max(waiting, key=lambda i: (exact[i] - int(exact[i]), parts[i], -i))
        waiting.remove(place)
        given[place] += 1
    return [Decimal(one) / 100 for one in given]
