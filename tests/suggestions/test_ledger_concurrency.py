"""One ledger imported by several at once on a database server."""

import pytest
from django.db import connection

from common.importing.services import import_sheet
from suggestions.models import NumberSeries, Suggestion
from tests.suggestions.ledgers import RAISED, RATED, ledger, ledger_scene
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
