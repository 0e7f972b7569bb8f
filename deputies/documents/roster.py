"""代表名册 as offices print it, a line for each mandate; it can be imported again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from django.conf import settings

from common.sheets.writing import Column, Line, Value, write_register
from deputies.choices import DeputyState, Level
from deputies.models import Deputy, Mandate

COLUMNS = (
    Column("序号", 8),
    Column("姓名", 20),
    Column("性别", 8.5),
    Column("民族", 14.5),
    Column("出生年月", 16),
    Column("政治面貌", 21),
    Column("学历", 12),
    Column("工作单位及职务", 32, align="left"),
    Column("联系电话", 24),
    Column("代表层级", 11),
    Column("届次", 14.5),
    Column("选区（选举单位）", 22),
    Column("代表小组", 34),
    Column("所属联络站", 32),
    Column("备注", 20, align="left"),
)
# Only where somebody is out of office: a list of those in office needs no such column.
STATE_COLUMN = Column("状态", 11)


def write_deputies(target: IO[bytes], deputies: Iterable[Deputy]) -> int:
    """Write `deputies`, read for a page, to an open file; returns how many lines there are."""
    found = list(deputies)
    with_state = any(one.state != DeputyState.IN_OFFICE for one in found)
    *columns, note = COLUMNS
    rows = [row for one in found for row in _rows(one, with_state=with_state)]
    write_register(
        target,
        title=f"{settings.DISTRICT_NAME}各级人大代表名册",
        subtitle=f"填表单位：{settings.DISTRICT_NAME}人大常委会代表工作委员会",
        columns=[*columns, *([STATE_COLUMN] if with_state else []), note],
        groups=([[order, *row]] for order, row in enumerate(rows, start=1)),
        author=settings.DISTRICT_NAME,
    )
    return len(rows)


def _rows(deputy: Deputy, *, with_state: bool) -> Iterator[Line]:
    held = [one for one in deputy.mandates.all() if one.ended_on is None]
    state = [deputy.get_state_display()] if with_state else []
    for mandate in held or [None]:
        yield [
            deputy.name,
            deputy.get_gender_display(),
            deputy.ethnicity,
            deputy.born,
            deputy.party,
            deputy.education,
            deputy.employer,
            deputy.phone,
            *_of(deputy, mandate),
            deputy.group.name if deputy.group else "",
            deputy.station.name,
            *state,
            deputy.note,
        ]


def _of(deputy: Deputy, mandate: Mandate | None) -> tuple[Value, ...]:
    if mandate is None:
        return "", "", ""
    return _level(deputy, mandate), mandate.term, mandate.constituency


def _level(deputy: Deputy, mandate: Mandate) -> str:
    """区 or 县, 镇 or 乡, as the place is called."""
    place = {Level.DISTRICT: settings.DISTRICT_NAME, Level.TOWNSHIP: deputy.station.township.name}
    last = place.get(Level(mandate.level), "")[-1:]
    return last if last in ("区", "县", "镇", "乡") else mandate.get_level_display()
