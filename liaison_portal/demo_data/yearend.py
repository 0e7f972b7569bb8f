"""What the demo's offices do at the end of a year: stations assess themselves and the district
reviews them, cases are chosen to be told, and the report of last year is out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.urls import reverse

from common.errors import RuleViolation
from liaison_portal.demo_data.world import World
from reports import services
from reports.models import Case
from reports.periods import Period
from reports.scope import Scope
from reports.sources import find_sources
from reports.standards import Asked, records_for
from stations.choices import AssessmentState, StationState
from stations.models import Assessment, Criterion, Finding, Standard, Station
from visits.models import Opinion

BATCH = 2000
# One after the other, station by station; the last two have not begun.
STATES = (
    *[AssessmentState.REVIEWED] * 8, AssessmentState.SUBMITTED, AssessmentState.SUBMITTED,
    AssessmentState.RETURNED, AssessmentState.DRAFT, None, None,
)  # fmt: skip
MISSING = "公示栏"  # what some stations still lack
OPINION = "公示栏的照片请补上，核对后再提交。"
MOST_CASES = 3


def write_year_end(world: World, now: datetime) -> int:
    """Return how many sheets of self-assessment were written."""
    stations = [row for row in world.stations.values() if row.state == StationState.OPEN]
    written = _assess(world, stations, now)
    for year in (now.year - 1, now.year):
        _tell_cases(world, stations, year)
    _publish(world, now)
    return written


def _assess(world: World, stations: list[Station], now: datetime) -> int:
    writers = {world.stations[plan].pk: user for plan, user in world.writers.items()}
    standard = Standard.objects.visible_to(world.users["district"]).of_year(now.year).first()
    if standard is None:
        return 0
    items = list(standard.criteria.all())
    sheets = [
        _sheet(station, standard, state, now, writers[station.pk], world.users["district"].pk)
        for station, state in zip(stations, STATES, strict=False) if state
    ]  # fmt: skip
    Assessment.objects.bulk_create(sheets, batch_size=BATCH)
    findings = [
        _finding(sheet, item, record, place)
        for place, sheet in enumerate(sheets)
        for item, record in _with_records(sheet, items, now.date())
    ]
    Finding.objects.bulk_create(findings, batch_size=BATCH)
    return len(sheets)


def _sheet(station, standard, state: str, now: datetime, writer: int, reviewer: int) -> Assessment:
    sheet = Assessment(station=station, standard=standard, year=now.year, state=state)
    if state != AssessmentState.DRAFT:
        sheet.submitted_by_id, sheet.submitted_at = writer, now - timedelta(days=12)
    if state in (AssessmentState.REVIEWED, AssessmentState.RETURNED):
        sheet.reviewed_by_id, sheet.reviewed_at = reviewer, now - timedelta(days=5)
    sheet.opinion = OPINION if state == AssessmentState.RETURNED else ""
    return sheet


def _with_records(sheet: Assessment, items: list[Criterion], today: date):
    asked = Asked(sheet.station, sheet.year, None, today)
    said = records_for(asked, [item.source for item in items])
    return [(item, said.get(item.source)) for item in items]


def _finding(sheet: Assessment, item: Criterion, record, place: int) -> Finding:
    """As the records prove it, and else there; every fourth station lacks its notice board."""
    lacks = item.words.endswith(MISSING) and place % 4 == 2
    met = not lacks if record is None or record.met is None else record.met
    finding = Finding(
        assessment=sheet, criterion=item, met=met, recorded=record.words if record else "",
        evidence="正在制作，年底前装好" if lacks else "",
    )  # fmt: skip
    if sheet.state == AssessmentState.DRAFT and item.position > 4:
        finding.met = None  # not yet answered
    if sheet.is_reviewed:
        finding.reviewed_met = met
        finding.review_note = "装好后拍照上传" if lacks else ""
    return finding


def _tell_cases(world: World, stations: list[Station], year: int) -> None:
    """The longest told of what ended well, one of a kind."""
    reader = world.users["district"]
    told: dict[int | None, Opinion] = {}
    well = Opinion.objects.filter(
        reception__in=_open_receptions(reader, stations, year), satisfaction="satisfied"
    ).exclude(result="").select_related("reception")  # fmt: skip
    for opinion in sorted(well, key=lambda row: (-len(row.result), row.pk)):
        told.setdefault(opinion.category_id, opinion)
    for opinion in list(told.values())[:MOST_CASES]:
        address = reverse("visits:reception_detail", args=[opinion.reception_id])
        [found] = find_sources(address, reader)
        case = Case(
            station=found.station, on=found.on, title=found.title,
            text=f"{found.text}来访人对办理结果表示满意。", source=found.source,
            source_url=found.url,
        )  # fmt: skip
        services.add_case(case, actor=reader)


def _open_receptions(reader, stations: list[Station], year: int):
    """Those of the year that are not confidential."""
    scope = Scope(reader, Period.of_year(year))
    return scope.receptions().filter(confidential=False, station__in=stations)


def _publish(world: World, now: datetime) -> None:
    """The report of last year, out since January."""
    officer = world.users["district"]
    edition = services.make_edition(Scope(officer, Period.of_year(now.year - 1)), actor=officer)
    out = datetime.combine(date(now.year, 1, 12), time(9, 30), now.tzinfo)
    try:
        published = services.publish_edition(edition, actor=officer, version=edition.version)
    except RuleViolation:
        return  # a chapter waits for somebody to write it: it stays a draft
    published.figures["made_at"] = (out - timedelta(days=3)).isoformat()
    published.made_at, published.published_at = out - timedelta(days=3), out
    published.save()
