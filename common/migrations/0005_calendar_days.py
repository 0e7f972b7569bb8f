"""The holidays of 2024 to 2026 as the State Council announced them."""

from datetime import date, timedelta

from django.db import migrations

# year: (name, first day off, last day off, make-up workdays), each day as (month, day)
ANNOUNCED = {
    2024: [
        ("元旦", (1, 1), (1, 1), []),
        ("春节", (2, 10), (2, 17), [(2, 4), (2, 18)]),
        ("清明节", (4, 4), (4, 6), [(4, 7)]),
        ("劳动节", (5, 1), (5, 5), [(4, 28), (5, 11)]),
        ("端午节", (6, 10), (6, 10), []),
        ("中秋节", (9, 15), (9, 17), [(9, 14)]),
        ("国庆节", (10, 1), (10, 7), [(9, 29), (10, 12)]),
    ],
    2025: [
        ("元旦", (1, 1), (1, 1), []),
        ("春节", (1, 28), (2, 4), [(1, 26), (2, 8)]),
        ("清明节", (4, 4), (4, 6), []),
        ("劳动节", (5, 1), (5, 5), [(4, 27)]),
        ("端午节", (5, 31), (6, 2), []),
        ("国庆节、中秋节", (10, 1), (10, 8), [(9, 28), (10, 11)]),
    ],
    2026: [
        ("元旦", (1, 1), (1, 3), [(1, 4)]),
        ("春节", (2, 15), (2, 23), [(2, 14), (2, 28)]),
        ("清明节", (4, 4), (4, 6), []),
        ("劳动节", (5, 1), (5, 5), [(5, 9)]),
        ("端午节", (6, 19), (6, 21), []),
        ("中秋节", (9, 25), (9, 27), []),
        ("国庆节", (10, 1), (10, 7), [(9, 20), (10, 10)]),
    ],
}


def days_of(year):
    for name, first, last, make_up_days in ANNOUNCED[year]:
        day, end = date(year, *first), date(year, *last)
        while day <= end:
            yield day, name, True
            day += timedelta(days=1)
        for month_and_day in make_up_days:
            yield date(year, *month_and_day), name, False


def fill(apps, schema_editor):
    calendar_day = apps.get_model("common", "CalendarDay")
    for year in ANNOUNCED:
        apps.get_model("common", "CalendarYear").objects.create(year=year, source="随系统附带")
        calendar_day.objects.bulk_create(
            calendar_day(date=day, name=name, is_off=is_off, year=year)
            for day, name, is_off in days_of(year)
        )


def clear(apps, schema_editor):
    apps.get_model("common", "CalendarDay").objects.filter(year__in=ANNOUNCED).delete()
    apps.get_model("common", "CalendarYear").objects.filter(year__in=ANNOUNCED).delete()


class Migration(migrations.Migration):
    dependencies = [("common", "0004_calendar")]
    operations = [migrations.RunPython(fill, clear)]
