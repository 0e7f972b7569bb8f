"""What a ledger brought in stays its own until somebody does something to it here."""

import datetime
import io

import pytest

from accounts.actors import SYSTEM
from common.importing.services import check_sheet, import_sheet
from suggestions import services
from suggestions.documents.ledger import export_ledger
from suggestions.models import Suggestion, TimeLimit
from tests.suggestions.ledgers import RAISED, REPLIED, edited, ledger, ledger_scene

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture(autouse=True)
def _february(time_machine):
    time_machine.move_to("2025-02-05T10:00:00+08:00", tick=False)


def taken(content):
    return import_sheet("suggestions", content, "台账.xlsx", actor=SYSTEM)


def exported() -> bytes:
    stream = io.BytesIO()
    export_ledger(Suggestion.objects.all(), stream, actor=SYSTEM)
    return stream.getvalue()


def test_days_that_were_reckoned_anew_do_not_keep_a_sheet_from_correcting():
    ledger_scene()
    taken(ledger(RAISED))
    limit = TimeLimit.objects.get(limit="assign")
    services.set_time_limit(
        limit, actor=SYSTEM, count=8, unit="workdays", rolls=True, version=limit.version
    )
    assert services.reckon_anew(actor=SYSTEM) == 1
    outcome = taken(edited(exported(), (RAISED["标题"], "内容", "石桥中学路口没有人行横道。")))
    assert outcome.as_json()["errors"] == []
    assert outcome.updated == 1
    assert Suggestion.objects.get().content == "石桥中学路口没有人行横道。"


def test_a_rating_that_lapsed_here_does_not_either(time_machine):
    ledger_scene()
    time_machine.move_to("2025-04-10T10:00:00+08:00", tick=False)
    taken(ledger(REPLIED))
    time_machine.move_to("2025-06-10T10:00:00+08:00", tick=False)
    assert services.lapse_overdue_ratings(DAY(2025, 6, 10)) == 1
    given = (REPLIED["标题"], "对办理结果", "满意"), (REPLIED["标题"], "对办理工作", "满意")
    outcome = taken(edited(exported(), *given))
    assert outcome.as_json()["errors"] == []
    assert Suggestion.objects.get().handlings.get().reply.rating.outcome == "satisfied"


@pytest.mark.parametrize("column", ["提出日期", "交办日期", "答复日期"])
def test_no_ledger_tells_of_a_day_before_there_were_any(column):
    ledger_scene()
    content = ledger(
        {**REPLIED, "答复日期": "2025-2-3", "交办日期": "2025-1-26", column: "1900-1-2"}
    )
    outcome = check_sheet("suggestions", content, "台账.xlsx", actor=SYSTEM)
    messages = {one["column"]: one["message"] for one in outcome.as_json()["errors"]}
    assert "太早" in messages[column]
