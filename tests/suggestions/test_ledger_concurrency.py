"""One ledger imported by several at once on a database server."""

import io

import pytest
from django.db import connection
from openpyxl import load_workbook

from accounts.actors import SYSTEM
from common.importing.services import import_sheet
from suggestions import services
from suggestions.documents.ledger import export_ledger
from suggestions.models import NumberSeries, Suggestion
from tests.suggestions.ledgers import RAISED, RATED, ledger, ledger_scene
from tests.suggestions.making import make_session
from tests.visits.test_concurrency import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
    ),
]


def test_a_ledger_sent_several_times_at_once_makes_every_row_once():
    scene = ledger_scene()
    content = ledger(RATED, {**RAISED, "建议编号": "闭会001"}, {**RATED, "建议编号": "002"})
    outcomes = at_once(
        lambda i: import_sheet("suggestions", content, "台账.xlsx", actor=scene.office), 4
    )
    assert sorted(outcome.written for outcome in outcomes) == [0, 0, 0, 3]
    assert sorted(outcome.duplicates for outcome in outcomes) == [0, 3, 3, 3]
    assert Suggestion.objects.count() == 3
    assert {one.occasion: one.last for one in NumberSeries.objects.all()} == {
        "session": 2, "between": 1,
    }  # fmt: skip


def raised(scene, title) -> Suggestion:
    row = Suggestion(
        session=make_session(scene.area), lead=scene.lead, title=title, content="路灯不亮。"
    )
    return services.submit_suggestion(
        services.draft_suggestion(row, actor=SYSTEM), actor=SYSTEM
    )  # fmt: skip


def corrected(new: dict) -> bytes:
    """What is on file, with every title changed and a line of the office's own above."""
    stream = io.BytesIO()
    export_ledger(Suggestion.objects.all(), stream, actor=SYSTEM)
    book = load_workbook(io.BytesIO(stream.getvalue()))
    sheet = book.active
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == "序号")
    names = {cell.value: cell.column for cell in sheet[top]}
    for row in sheet.iter_rows(min_row=top + 1):
        if row[names["内部标识（勿改）"] - 1].value:
            row[names["标题"] - 1].value += "（更正）"
    sheet.insert_rows(top + 1)
    for name, value in new.items():
        sheet.cell(top + 1, names[name]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_ledger_and_acceptances_at_once_do_not_wait_for_each_other_in_a_ring():
    """The new line takes a number of the series of which those that it corrects get theirs. A file
    that was overtaken is refused; no acceptance is."""
    scene = ledger_scene()
    for attempt in range(1, 4):
        rows = [raised(scene, f"第{attempt}次第{index}件") for index in range(6)]
        content = corrected({**RAISED, "建议编号": f"闭会{attempt}00", "标题": f"旧账{attempt}"})
        acts = [
            lambda row=row: services.accept_suggestion(row, actor=SYSTEM) for row in reversed(rows)
        ]
        acts.insert(3, lambda file=content: import_sheet(
            "suggestions", file, "台账.xlsx", actor=SYSTEM
        ))  # fmt: skip
        results = at_once(lambda i, acts=acts: acts[i](), len(acts))
        accepted = [one for one in results if isinstance(one, Suggestion)]
        assert len(accepted) == 6
        numbers = list(Suggestion.objects.exclude(number=None).values_list("number", flat=True))
        assert len(numbers) == len(set(numbers))
