"""Opinions for the tests of their pages: logged, brought on their way, posted as the page does."""

import datetime

from django.urls import reverse

from tests.factories import UnitFactory, make_reception
from visits.models import Opinion
from visits.services import follow_up
from visits.services.follow_up import DeputyFeedback, VisitorFeedback
from visits.services.opinion_rows import last_step

TODAY = datetime.date(2026, 4, 15)


def logged(station, actor, *, deputies=None, opinion=None, **fields) -> Opinion:
    """One opinion of a visit of two days ago, with nothing decided yet."""
    fields.setdefault("received_on", datetime.date(2026, 4, 13))
    reception = make_reception(
        station, actor=actor, deputies=deputies, opinions=[opinion or {}], **fields
    )
    return reception.opinions.get()


def assigned(opinion, actor, **fields) -> Opinion:
    fields.setdefault("disposal", "village")
    fields.setdefault("unit", UnitFactory())
    return follow_up.assign_opinion(opinion, actor=actor, **fields)


def answered(opinion, actor) -> Opinion:
    row = follow_up.accept_opinion(assigned(opinion, actor), actor=actor)
    return follow_up.answer_opinion(row, actor=actor, result="已修好", resolution="solved")


def told(opinion, actor, satisfaction="satisfied") -> Opinion:
    visitor = VisitorFeedback(TODAY, "电话", "余固", "已告知", satisfaction)
    return follow_up.give_feedback(
        answered(opinion, actor),
        actor=actor,
        visitor=visitor,
        deputies=DeputyFeedback(on=TODAY, how="电话"),
    )


def page_of(opinion) -> str:
    return reverse("visits:opinion_detail", args=[opinion.pk])


def post(client, opinion, act, **typed):
    """Send the form of an act as the page just read would."""
    typed.setdefault("seen", last_step(opinion))
    return client.post(reverse(f"visits:opinion_{act}", args=[opinion.pk]), typed)


def state_of(opinion) -> str:
    return Opinion.objects.get(pk=opinion.pk).state
