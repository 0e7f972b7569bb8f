from visits.choices import Register
from visits.models import NumberSeries


def locked_series(station_id: int, register: Register, year: int) -> NumberSeries:
    """The number series of a register, locked until the caller's transaction ends.

    A number is used or not taken, so there are no gaps, however many people save at once.
    """
    series, _ = NumberSeries.objects.get_or_create(
        station_id=station_id, register=register, year=year
    )
    return NumberSeries.objects.select_for_update().get(pk=series.pk)


def take_numbers(series: NumberSeries, count: int = 1) -> int:
    """Take the next `count` numbers of a locked series and return the first."""
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return first
