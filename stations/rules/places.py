"""What a station and an area must satisfy."""

from __future__ import annotations

from common.errors import RuleViolation
from stations.choices import AreaLevel, StationKind, StationState
from stations.models import Area, Station

# What the district decides of a station; its own staff keep the rest of its page.
DECIDED_ABOVE = ("name", "kind", "parent", "township", "village", "star", "state")
AREA_CODE_LENGTHS = {AreaLevel.DISTRICT: 6, AreaLevel.TOWNSHIP: 9, AreaLevel.VILLAGE: 12}


def check_station(station: Station) -> None:
    """Refuse, with the reason in Chinese, a station that cannot stand where it is put."""
    if station.township.level != AreaLevel.TOWNSHIP:
        raise RuleViolation(f"“{station.township}”不是乡镇街道。")
    if station.village and not station.village.code.startswith(station.township.code):
        raise RuleViolation(f"“{station.village}”不在{station.township}。")
    _check_parent(station)
    if station.kind == StationKind.CENTRE and station.state != StationState.CLOSED:
        _check_only_centre(station)


def _check_parent(station: Station) -> None:
    above = station.parent
    if above and above.township_id != station.township_id:
        raise RuleViolation(f"上级站“{above}”不在{station.township}。")
    while above:
        if above.pk == station.pk:
            raise RuleViolation("上级站不能是本站或本站的下级。")
        above = above.parent


def _check_only_centre(station: Station) -> None:
    """中心联络站: one a township."""
    others = Station.objects.filter(kind=StationKind.CENTRE, township=station.township_id)
    other = others.exclude(pk=station.pk).exclude(state=StationState.CLOSED).first()
    if other:
        raise RuleViolation(f"{station.township}已有中心联络站“{other}”，一个乡镇街道只设一个。")


def check_area(area: Area) -> None:
    """Refuse, with the reason in Chinese, an area whose code does not fit its place in the tree."""
    length = AREA_CODE_LENGTHS[AreaLevel(area.level)]
    if len(area.code) != length or not area.code.isdecimal():
        raise RuleViolation(f"{area.get_level_display()}的区划代码应为 {length} 位数字。")
    if area.level == AreaLevel.DISTRICT:
        return
    if area.parent is None or AREA_CODE_LENGTHS[AreaLevel(area.parent.level)] != length - 3:
        raise RuleViolation(f"请选择{area.get_level_display()}的上一级。")
    if not area.code.startswith(area.parent.code):
        raise RuleViolation(f"代码应以上级“{area.parent}”的代码 {area.parent.code} 开头。")
