"""Who is where in the demo: the plan that the receptions are made for, at three scales."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from liaison_portal.demo_data import people, places
from liaison_portal.demo_data.people import DeputyPlan
from liaison_portal.demo_data.places import StationPlan, TownshipPlan

SEED = 2026


@dataclass(frozen=True)
class Scale:
    """How many receptions in two years, and how many townships beside the named six.

    `steps`: each opinion tells how it came where it stands. `suggestions`: how many beside those
    whose stories are told one by one.
    """

    receptions: int
    townships: int = 0
    villages: int = 9
    steps: bool = False
    suggestions: int = 0


SCALES = {
    "demo": Scale(2_000, steps=True),
    "district": Scale(100_000, townships=14, suggestions=500),
    "province": Scale(1_000_000, townships=114, suggestions=5_000),
}


@dataclass
class Plan:
    townships: list[TownshipPlan]
    stations: list[StationPlan]
    deputies: dict[str, list[DeputyPlan]] = field(default_factory=dict)

    def deputies_by_station(self) -> list[tuple[StationPlan, list[DeputyPlan]]]:
        return [(station, self.deputies[station.name]) for station in self.stations]

    def receivers(self, station: StationPlan) -> tuple[list[DeputyPlan], list[DeputyPlan]]:
        """The station's own deputies, and the others of its township."""
        own = self.deputies[station.name]
        others = [
            deputy
            for other in self.stations
            if other.township is station.township and other is not station
            for deputy in self.deputies[other.name]
        ]
        return own, others


def make_plan(scale: Scale, seed: int = SEED) -> Plan:
    rng = Random(seed)  # noqa: S311 - invented people, no secrets
    named = places.named_townships()
    grown = places.grown_townships(scale.townships, scale.villages)
    stations = places.named_stations(named) + places.grown_stations(rng, grown)
    deputies: dict[str, list[DeputyPlan]] = {}
    for deputy in people.named_deputies():
        deputies.setdefault(deputy.station, []).append(deputy)
    for station in stations:
        if station.name not in deputies:
            deputies[station.name] = people.grown_deputies(
                rng, station.name, centre=station.is_centre
            )
    return Plan([*named, *grown], stations, deputies)
