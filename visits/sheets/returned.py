"""Lines of 簿一 that went out and come back: compared with what stands, and put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from common.importing.rows import Change, SheetRow
from common.masking import mask_name, mask_numbers, mask_phone, restore_masked
from common.sheets.cells import chinese_date, normalise_name, parse_text
from deputies.models import Deputy
from visits import rules
from visits.choices import Channel
from visits.models import Opinion, Reception
from visits.sheets.context import RegisterContext
from visits.sheets.lines import Returned, changed_cells, rows_with_keys
from visits.sheets.words import resolution_of


def _words(row: Any, name: str) -> str:
    """A stored field as it reads."""
    display = getattr(row, f"get_{name}_display", None)
    return display() if display else parse_text(getattr(row, name))


def _plain(column: str, name: str, *, of_visit: bool = False) -> Returned:
    """A cell that is stored as it is read."""

    def row(opinion: Opinion):
        return opinion.reception if of_visit else opinion

    return Returned(
        column,
        lambda values, opinion: values[column] == parse_text(getattr(row(opinion), name)),
        lambda values, opinion, context: setattr(row(opinion), name, values[column]),
        lambda opinion: _words(row(opinion), name),
    )


def _same_days(values, opinion: Opinion) -> bool:
    span, visit = values["接待日期"], opinion.reception
    return (span.start, span.end) == (visit.received_on, visit.until or visit.received_on)


def _put_days(values, opinion: Opinion, context) -> None:
    span, visit = values["接待日期"], opinion.reception
    visit.received_on, visit.date_approximate = span.start, span.approximate
    visit.until = span.end if span.end != span.start else None


def _shown_days(opinion: Opinion) -> str:
    days = [opinion.reception.received_on, opinion.reception.until]
    return "至".join(chinese_date(day) for day in dict.fromkeys(days) if day)


def _same_heads(values, opinion: Opinion) -> bool:
    heads, visit = values["来访人数"], opinion.reception
    return (heads.value or 1, heads.approximate) == (visit.headcount, visit.headcount_approximate)


def _put_heads(values, opinion: Opinion, context) -> None:
    heads, visit = values["来访人数"], opinion.reception
    visit.headcount, visit.headcount_approximate = heads.value or 1, heads.approximate
    visit.headcount_text = heads.text if heads.value and heads.text != str(heads.value) else ""


def _masked(column: str, name: str, mask: Callable[[str], str]) -> Returned:
    """A contact: it may have gone out masked."""

    def same(values, opinion: Opinion) -> bool:
        stored = getattr(opinion.reception, name)
        return values[column] in {stored, mask(stored)}

    def put(values, opinion: Opinion, context) -> None:
        setattr(opinion.reception, name, values[column])

    def shown(opinion: Opinion) -> str:
        stored = getattr(opinion.reception, name)
        return mask(stored) if opinion.reception.masked else stored

    return Returned(column, same, put, shown)


def _printed_result(opinion: Opinion) -> str:
    return parse_text(opinion.result or opinion.get_resolution_display())


def _same_result(values, opinion: Opinion) -> bool:
    return values["办理结果"] == _printed_result(opinion)


def _put_result(values, opinion: Opinion, context) -> None:
    opinion.result = values["办理结果"]
    opinion.resolution = resolution_of(opinion.result)


def _same_feedback(values, opinion: Opinion) -> bool:
    told = values["反馈日期"]
    if opinion.feedback_on:
        return told.on == opinion.feedback_on
    return told.on is None and told.method == opinion.feedback_method


def _put_feedback(values, opinion: Opinion, context) -> None:
    told = values["反馈日期"]
    opinion.feedback_on, opinion.feedback_method = told.on, told.method


def _shown_feedback(opinion: Opinion) -> str:
    return chinese_date(opinion.feedback_on) if opinion.feedback_on else opinion.feedback_method


def _same_category(values, opinion: Opinion) -> bool:
    names = [str(found or "") for found in (values["问题类别"], opinion.category)]
    return names[0] == names[1]


def _same_unit(values, opinion: Opinion) -> bool:
    return values["承办单位"] == str(opinion.unit or "")


def _notes_out(note: str) -> set[str]:
    """备注 as it may have gone out: in full, or with its numbers masked."""
    return {parse_text(note), parse_text(mask_numbers(note))}


COLUMNS = (
    Returned("接待日期", _same_days, _put_days, _shown_days),
    _plain("接待地点", "place", of_visit=True),
    _masked("来访人姓名", "visitor_name", mask_name),
    _plain("性别", "gender", of_visit=True),
    _plain("住址", "address", of_visit=True),
    _masked("联系电话", "phone", mask_phone),
    Returned(
        "来访人数",
        _same_heads,
        _put_heads,
        lambda opinion: opinion.reception.headcount_text or str(opinion.reception.headcount),
    ),
    Returned(
        "来访形式",
        lambda values, opinion: (values["来访形式"] or Channel.VISIT) == opinion.reception.channel,
        lambda values, opinion, context: setattr(
            opinion.reception, "channel", values["来访形式"] or Channel.VISIT
        ),
        lambda opinion: opinion.reception.get_channel_display(),
    ),
    Returned(
        "问题类别",
        _same_category,
        lambda values, opinion, context: setattr(opinion, "category", values["问题类别"]),
        lambda opinion: str(opinion.category or ""),
    ),
    _plain("反映内容", "statement"),
    _plain("当场答复", "on_site_reply"),
    _plain("处理方式", "disposal"),
    Returned(
        "承办单位",
        _same_unit,
        lambda values, opinion, context: setattr(
            opinion, "unit", context.units.get(values["承办单位"])
        ),
        lambda opinion: str(opinion.unit or ""),
    ),
    Returned("办理结果", _same_result, _put_result, _printed_result),
    Returned("反馈日期", _same_feedback, _put_feedback, _shown_feedback),
    _plain("满意度", "satisfaction"),
    _plain("记录人", "recorder", of_visit=True),
    Returned(
        "备注",
        lambda values, opinion: values["备注"] in _notes_out(opinion.reception.note),
        lambda values, opinion, context: setattr(
            opinion.reception, "note", restore_masked(values["备注"], opinion.reception.note)
        ),
        lambda opinion: opinion.reception.shown_note,
    ),
)


@dataclass(frozen=True)
class Update:
    """What one line changes: kept until the whole file is read, for a visit may have several."""

    visit: int
    version: int  # which the line was compared with: a change of the visit since is not overwritten
    opinion: int
    columns: tuple[Returned, ...]
    values: dict[str, Any]
    deputies: list[Deputy] | None

    @classmethod
    def of(cls, row: SheetRow) -> Update:
        values, stored = row.values, row.values["stored"]
        return cls(
            stored.reception_id,
            stored.reception.version,
            stored.pk,
            tuple(values["changed"]),
            {column.column: values[column.column] for column in values["changed"]},
            values["deputies"] if values["people_changed"] else None,
        )


def claim_returned(rows: Sequence[SheetRow], context: RegisterContext) -> None:
    """Find the stored opinion of every line that carries a key, and what became of the line."""
    keyed = rows_with_keys(rows, context)
    if not keyed:
        return
    standing = _standing(list(keyed), context)
    rules.open_contacts([opinion.reception for opinion in standing], context.actor)
    for opinion in standing:
        context.claimed.add(opinion.pk)
        row, version = keyed[opinion.pk]
        _claim(row, opinion, version)


def _standing(keys: list[int], context: RegisterContext) -> list[Opinion]:
    readable = Opinion.objects.visible_to(context.actor).of_valid()
    rows = readable.filter(pk__in=keys, reception__station=context.station)
    rows = rows.select_related("reception__station", "category", "unit")
    return list(rows.prefetch_related("reception__receivers__deputy"))


def _claim(row: SheetRow, opinion: Opinion, version: int) -> None:
    names = "、".join(normalise_name(p.name) for p in row.values["接待代表"].people)
    visit = opinion.reception
    changed = [column for column in COLUMNS if not column.same(row.values, opinion)]
    receivers = list(visit.receivers.all())
    same_people = names == "、".join(normalise_name(r.name) for r in receivers)
    if same_people:
        row.values["deputies"] = [receiver.deputy for receiver in receivers]
    row.values |= {"stored": opinion, "changed": changed, "people_changed": not same_people}
    if not changed and same_people:
        row.import_type, row.same_as = row.IMPORT_TYPE_SKIP, visit.code
    elif version != visit.version:
        column = changed[0].column if changed else "接待代表"
        row.reject(column, f"{visit.code} 导出以后在系统里又改过，请重新导出，再改这一处")
    else:
        row.import_type, row.same_as = row.IMPORT_TYPE_UPDATE, visit.code


def without_masks(row: SheetRow) -> None:
    """A masked number that did not go out from this line tells nothing."""
    if "*" not in row.values["联系电话"]:
        return
    changed = [column.column for column in row.values.get("changed", [])]
    if "stored" not in row.values or "联系电话" in changed:
        row.warn("联系电话", "号码有被遮盖的位数，没有采用（原文已记入备注）")
        row.values.setdefault("aside", []).append(f"联系电话：{row.values['联系电话']}")
        row.values["联系电话"] = ""


def changes_of(row: SheetRow) -> Iterator[Change]:
    """Old and new of every cell that an update changes."""
    if not row.is_update():
        return iter(())
    stored = row.values["stored"]
    people = Change("接待代表", stored.reception.deputy_names, row.text("接待代表"))
    more = [people] if row.values["people_changed"] else []
    return changed_cells(row, stored, row.values["changed"], more)


def updated(updates: list[Update], context: RegisterContext) -> Iterator[dict[str, Any]]:
    """The arguments of `change_reception` for every visit that changed lines belong to."""
    for pk, lines in groupby(sorted(updates, key=lambda line: line.visit), lambda line: line.visit):
        reception = Reception.objects.for_page().get(pk=pk)
        version = reception.version
        opinions = {opinion.pk: opinion for opinion in reception.opinions.all()}
        deputies: list[Deputy] = [receiver.deputy for receiver in reception.receivers.all()]
        for line in lines:
            version = line.version
            opinion = opinions[line.opinion]
            opinion.reception = reception
            for column in line.columns:
                column.put(line.values, opinion, context)
            if line.deputies is not None:
                deputies = line.deputies
        yield {
            "reception": reception,
            "version": version,
            "deputies": deputies,
            "opinions": list(opinions.values()),
        }
