"""Cells that no office types on purpose, and that come all the same."""

import math

import pytest
from django.urls import reverse

from common.importing import services
from common.importing.resources import Options
from common.importing.returning import _is_writable
from tests.factories import DeputyFactory
from tests.sheets import reception_sheet

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
@pytest.mark.parametrize("who", ["known", "unknown"])
def test_a_separator_of_lines_in_a_cell_does_not_break_the_preview(
    client, station, liaison, sign, who
):
    name = DeputyFactory(station=station).name if who == "known" else "查无此人"
    line = {"接待日期": "2025-3-5", "接待代表": name, "反映内容": f"路灯{sign}不亮"}
    batch = services.store_upload(
        "receptions",
        reception_sheet([line]),
        "接待.xlsx",
        actor=liaison,
        options=Options(station=station.name),
    )
    services.check_batch(batch, actor=liaison)
    client.force_login(liaison)
    page = client.get(reverse("visits:reception_import_check", args=[batch.pk]), {"show": "all"})
    assert page.status_code == 200
    assert "不亮" in page.content.decode()


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 10**400, 1e300, True])
def test_what_a_workbook_cannot_hold_as_a_number_goes_back_as_text(value):
    assert not _is_writable(value)
    assert _is_writable(3.5)
