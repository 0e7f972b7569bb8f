"""What the demo's deputies were given and did of the 四个一, beside what the registers hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from deputies.choices import FourKind
from deputies.models import Award, Deputy, FourOnes
from liaison_portal.demo_data.plan import SEED

BATCH = 2000
AWARDS = (("优秀人大代表", "区人大常委会"), ("履职先进个人", "镇人民代表大会"))
DEEDS = {
    FourKind.COMMUNITY: ("到社区走访一天，和居民座谈", "进村入户走访困难群众"),
    FourKind.LESSON: ("给村民讲民法典", "举办养老认证上门帮办活动"),
    FourKind.ESSAY: ("写调研文章《怎样让老街停车不乱》",),
}


def write_honours(now: datetime) -> int:
    """Awards of last year and 四个一 of both years for some of the deputies; return how many."""
    rng, today = Random(SEED + 6), now.date()  # noqa: S311 - the same each time
    awards, deeds = [], []
    for deputy in Deputy.objects.in_office().order_by("pk"):
        if rng.random() < 0.06:
            title, giver = rng.choice(AWARDS)
            on = date(today.year - 1, 12, 20)
            awards.append(Award(deputy=deputy, on=on, title=title, granted_by=giver))
        for year in (today.year - 1, today.year):
            deeds += _deeds(rng, deputy, year, today)
    Award.objects.bulk_create(awards, batch_size=BATCH)
    FourOnes.objects.bulk_create(deeds, batch_size=BATCH)
    return len(awards) + len(deeds)


def _deeds(rng: Random, deputy: Deputy, year: int, today: date) -> list[FourOnes]:
    found = []
    for kind, titles in DEEDS.items():
        on = date(year, 2, 1) + timedelta(days=rng.randrange(300))
        if rng.random() < 0.4 and on <= today:
            title = rng.choice(titles)
            found.append(FourOnes(deputy=deputy, year=year, kind=kind, done_on=on, title=title))
    return found
