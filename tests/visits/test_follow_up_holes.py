"""No way around telling: what was found to slip through, one story each."""

import datetime

import pytest
import time_machine

from accounts.models import User
from common.errors import RuleViolation, StaleVersion
from stations.models import Posting
from tests.factories import DeputyFactory, StationFactory, UnitFactory, make_reception, make_user
from visits.choices import Act, OpinionState
from visits.models import Assistance, Opinion, Reception
from visits.services import (
    change_reception,
    follow_up,
    log_assistance,
    void_reception,
)
from visits.sheets.returned import Update, updated

pytestmark = pytest.mark.django_db
S = OpinionState


@pytest.fixture(autouse=True)
def _spring():
    with time_machine.travel("2026-03-06 02:00:00+00:00", tick=False):
        yield


def heard(station, liaison, **fields):
    return make_reception(station, actor=liaison, opinions=[fields]).opinions.get()


def handed(station, liaison):
    return heard(station, liaison, disposal="township", unit=UnitFactory())


def merged(lead, other, liaison):
    follow_up.merge_opinions(lead, [other], actor=liaison)
    return Opinion.objects.get(pk=lead.pk), Opinion.objects.get(pk=other.pk)


def change(opinion, liaison, *, opinion_fields=None, **fields):
    """Change the visit of `opinion` as its page does."""
    reception = Reception.objects.for_page().get(pk=opinion.reception_id)
    rows = list(reception.opinions.all())
    for name, value in fields.items():
        setattr(reception, name, value)
    for name, value in (opinion_fields or {}).items():
        setattr(rows[0], name, value)
    change_reception(
        reception,
        actor=liaison,
        version=reception.version,
        deputies=[row.deputy for row in reception.receivers.all()],
        opinions=rows,
    )
    return Opinion.objects.get(pk=opinion.pk)


def test_what_was_returned_by_a_unit_is_not_closed_by_an_answer_at_the_table(station, liaison):
    opinion = handed(station, liaison)
    follow_up.return_opinion(opinion, actor=liaison, note="不归我们管")
    with pytest.raises(RuleViolation, match="告知来访人和代表"):
        follow_up.reply_to_opinion(opinion, actor=liaison, reply="好", disposal="on_site")


def test_what_was_handed_over_is_not_closed_by_a_change_of_the_register(station, liaison):
    opinion = handed(station, liaison)
    follow_up.accept_opinion(opinion, actor=liaison)
    opinion = change(opinion, liaison, opinion_fields={"disposal": "explained"})
    assert opinion.state == S.ANSWERED
    step = opinion.steps.latest("pk")
    assert (step.act, step.from_state, step.to_state) == (Act.CORRECT, S.HANDLING, S.ANSWERED)


def test_a_typo_mended_later_tells_no_deputy(station, liaison):
    opinion = make_reception(
        station,
        actor=liaison,
        received_on=datetime.date(2026, 1, 5),
        opinions=[{"disposal": "township", "unit": UnitFactory()}],
    ).opinions.get()
    follow_up.answer_opinion(opinion, actor=liaison, result="修好了", resolution="solved")
    told = follow_up.VisitorFeedback(datetime.date(2026, 3, 6), "电话", "余固", "修好了")
    follow_up.tell_visitor(opinion, told, actor=liaison)
    opinion = change(opinion, liaison, phone="13800000000")
    assert (opinion.state, opinion.deputies_told_on) == (S.ANSWERED, None)


def test_a_void_lead_lets_its_followers_go(station, liaison, station_head):
    lead, other = merged(handed(station, liaison), handed(station, liaison), liaison)
    void_reception(lead.reception, actor=station_head, reason="重复")
    other.refresh_from_db()
    assert (other.merged_into_id, other.state) == (None, S.ASSIGNED)
    assert other.steps.latest("pk").act == Act.SPLIT


def test_a_lead_answered_in_the_register_takes_its_followers_along(station, liaison):
    lead, other = merged(handed(station, liaison), handed(station, liaison), liaison)
    change(lead, liaison, opinion_fields={"result": "修好了", "resolution": "solved"})
    other.refresh_from_db()
    assert (other.state, other.result) == (S.ANSWERED, "修好了")


def test_followers_get_a_day_of_their_own_with_the_lead(station, liaison):
    lead, other = merged(heard(station, liaison), heard(station, liaison), liaison)
    follow_up.assign_opinion(lead, actor=liaison, disposal="township", unit=UnitFactory())
    lead.refresh_from_db(), other.refresh_from_db()
    assert other.due_on == lead.due_on is not None


def test_a_later_day_of_the_lead_brings_no_followers_day_forward(station, liaison):
    lead, other = merged(handed(station, liaison), handed(station, liaison), liaison)
    promised = datetime.date(2026, 6, 1)
    Opinion.objects.filter(pk=other.pk).update(due_on=promised)
    later = lead.due_on + datetime.timedelta(days=5)
    follow_up.postpone_opinion(lead, actor=liaison, due_on=later, note="等材料")
    other.refresh_from_db()
    assert (other.due_on, other.first_due_on) == (promised, None)


def test_what_leads_others_is_not_merged_itself(station, liaison):
    lead, _ = merged(handed(station, liaison), handed(station, liaison), liaison)
    with pytest.raises(RuleViolation, match="已经并了别的意见"):
        follow_up.merge_opinions(handed(station, liaison), [lead], actor=liaison)


def test_a_matter_merged_with_another_station_is_not_made_confidential(
    station, liaison, township_officer
):
    lead = handed(station, liaison)
    village = StationFactory(township=station.township, kind="station")
    other = handed(village, make_user("liaison", village))
    follow_up.merge_opinions(lead, [other], actor=township_officer)
    with pytest.raises(RuleViolation, match="与别的站并案"):
        change(lead, liaison, confidential=True)


def test_an_opinion_that_help_came_from_is_not_taken_away(station, liaison):
    reception = make_reception(station, actor=liaison, opinions=[{}, {"statement": "另一件"}])
    first = reception.opinions.first()
    deed = Assistance(
        station=station, helped_on=datetime.date(2026, 3, 6), deed="修灯", opinion=first
    )
    log_assistance(deed, actor=liaison, deputies=[DeputyFactory(station=station)])
    with pytest.raises(RuleViolation, match="不能删掉"):
        change_reception(
            reception,
            actor=liaison,
            version=reception.version,
            deputies=[DeputyFactory(station=station)],
            opinions=[reception.opinions.last()],
        )


def test_telling_again_after_a_correction_is_a_new_message(station, liaison):
    deputy = DeputyFactory(station=station, user=make_user("deputy", station))
    opinion = make_reception(
        station,
        actor=liaison,
        deputies=[deputy],
        opinions=[{"statement": "机密：孙密13800135678举报", "disposal": "township"}],
    ).opinions.get()
    follow_up.answer_opinion(opinion, actor=liaison, result="已查", resolution="solved")
    told = follow_up.DeputyFeedback(datetime.date(2026, 3, 6), by_message=True)
    follow_up.tell_deputies(opinion, told, actor=liaison)
    follow_up.tell_deputies(opinion, told, actor=liaison)
    notices = list(deputy.user.notices.all())
    assert len(notices) == 2
    assert not any("孙密" in notice.text or "举报" in notice.text for notice in notices)


def test_an_observers_posting_opens_no_confidential_register(station, liaison, district_officer):
    opinion = make_reception(station, actor=liaison, confidential=True, opinions=[{}]).opinions
    Posting.objects.create(user=district_officer, person_name="x", role="observer", station=station)
    officer = User.objects.get(pk=district_officer.pk)
    assert not Opinion.objects.visible_to(officer).filter(pk=opinion.get().pk).exists()


def test_a_sheet_never_overwrites_what_changed_while_it_was_written(station, liaison):
    opinion = handed(station, liaison)
    line = Update(opinion.reception_id, 1, opinion.pk, (), {}, None)
    follow_up.accept_opinion(opinion, actor=liaison)
    [change_of] = updated([line], None)
    with pytest.raises(StaleVersion):
        change_reception(**change_of, actor=liaison)
