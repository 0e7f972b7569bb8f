"""履职积分: the formula, the switch, and who sees it."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from common.errors import RuleViolation
from deputies.models import Award
from deputies.services import add_award
from reports.choices import RecordClass
from reports.models import RecordSetting, ScoreRule
from reports.score import points_of
from reports.services.scoring import set_score_rules, switch_scoring

points = st.decimals(0, 99, places=1)
counts = st.integers(0, 500)


@pytest.fixture
def autumn(time_machine):
    time_machine.move_to("2026-11-21T10:00:00+08:00", tick=False)


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0"), (1, "2"), (2, "3.5"), (3, "5"), (4, "6"), (40, "6")]
)
def test_first_counts_base_each_further_extra_up_to_the_cap(count, expected):
    assert points_of(count, Decimal(2), Decimal("1.5"), Decimal(6)) == Decimal(expected)


@given(count=counts, base=points, extra=points, cap=points)
def test_score_lies_between_nothing_and_the_cap(count, base, extra, cap):
    assert 0 <= points_of(count, base, extra, cap) <= cap


@given(count=counts, base=points, extra=points, cap=points)
def test_one_more_record_never_lowers_the_score(count, base, extra, cap):
    cap = max(base, cap)
    assert points_of(count + 1, base, extra, cap) >= points_of(count, base, extra, cap)


@given(base=points, extra=points, cap=points)
def test_nothing_done_scores_nothing(base, extra, cap):
    assert points_of(0, base, extra, cap) == 0


@pytest.mark.django_db
def test_scores_are_off_until_the_district_writes_rules_and_switches_them_on(
    autumn, district_officer, township_officer, station_head
):
    assert not RecordSetting.current().scoring
    with pytest.raises(RuleViolation, match="先填写积分办法"):
        switch_scoring(True, actor=district_officer)
    rules = {RecordClass.AWARDS: (Decimal(2), Decimal(1), Decimal(5))}
    for actor in (township_officer, station_head):
        with pytest.raises(PermissionDenied):
            set_score_rules(rules, actor=actor, valid_from=2026)
        with pytest.raises(PermissionDenied):
            switch_scoring(True, actor=actor)
    set_score_rules(rules, actor=district_officer, valid_from=2026)
    assert switch_scoring(True, actor=district_officer).scoring


@pytest.mark.django_db
def test_new_rules_leave_the_years_before_as_they_were(autumn, district_officer):
    old = {RecordClass.AWARDS: (Decimal(2), Decimal(1), Decimal(5))}
    new = {RecordClass.AWARDS: (Decimal(3), Decimal(0), Decimal(3))}
    set_score_rules(old, actor=district_officer, valid_from=2026)
    set_score_rules(new, actor=district_officer, valid_from=2027)
    assert [rule.base for rule in ScoreRule.objects.in_force(2026)] == [2]
    assert [rule.base for rule in ScoreRule.objects.in_force(2028)] == [3]
    assert not ScoreRule.objects.in_force(2025).exists()


@pytest.mark.django_db
def test_first_above_the_cap_is_refused(district_officer):
    with pytest.raises(RuleViolation, match="不能高于"):
        set_score_rules(
            {RecordClass.DUTY: (Decimal(6), Decimal(1), Decimal(5))},
            actor=district_officer,
            valid_from=2026,
        )


@pytest.mark.django_db
def test_only_district_and_the_deputy_see_the_score_and_only_when_it_is_on(
    autumn, client, deputy, district_officer, township_officer, station_head
):
    _three_awards(deputy, district_officer)
    set_score_rules(
        {RecordClass.AWARDS: (Decimal(2), Decimal(1), Decimal(5))},
        actor=district_officer,
        valid_from=2026,
    )
    address = reverse("reports:performance", args=[deputy.pk])
    for viewer in (district_officer, deputy.user):
        client.force_login(viewer)
        assert "履职积分" not in client.get(address).content.decode()
    switch_scoring(True, actor=district_officer)
    for viewer in (district_officer, deputy.user):
        client.force_login(viewer)
        page = client.get(address)
        assert page.context["score"].total == 4  # 2 + 1 + 1
        assert "履职积分" in page.content.decode()
    for viewer in (township_officer, station_head):
        client.force_login(viewer)
        assert "履职积分" not in client.get(address).content.decode()


def _three_awards(deputy, actor):
    for day in (1, 2, 3):
        award = Award(deputy=deputy, on=datetime.date(2026, 5, day), title=f"先进{day}")
        add_award(award, actor=actor)


@pytest.mark.django_db
def test_page_saves_rules_and_keeps_what_it_refuses(autumn, client, district_officer):
    client.force_login(district_officer)
    address = reverse("reports:score")
    saved = client.post(
        address,
        {"valid_from": 2026, "duty_base": "2", "duty_extra": "1", "duty_cap": "10"},
    )
    assert saved.status_code == 302
    rule = ScoreRule.objects.get(record="duty")
    assert (rule.base, rule.extra, rule.cap, rule.valid_from) == (2, 1, 10, 2026)
    refused = client.post(
        address, {"valid_from": 2026, "duty_base": "20", "duty_extra": "1", "duty_cap": "10"}
    )
    assert refused.status_code == 422
    assert "不能高于" in refused.content.decode()
    assert ScoreRule.objects.get(record="duty").base == 2


@pytest.mark.django_db
def test_log_ins_change_no_score(autumn, client, deputy, district_officer):
    _three_awards(deputy, district_officer)
    set_score_rules(
        {kind: (Decimal(1), Decimal(1), Decimal(9)) for kind in RecordClass},
        actor=district_officer,
        valid_from=2026,
    )
    switch_scoring(True, actor=district_officer)
    address = reverse("reports:performance", args=[deputy.pk])
    client.force_login(deputy.user)
    before = client.get(address).context["score"].total
    for _ in range(5):
        client.logout()
        client.force_login(deputy.user)
        client.get("/")
    assert client.get(address).context["score"].total == before == 3
