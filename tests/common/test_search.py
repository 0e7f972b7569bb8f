"""The index of character pairs narrows a search and never changes what it finds."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.search import HoldsPairs, narrowed
from tests.factories import make_reception
from visits.models import Reception

pytestmark = pytest.mark.django_db

WORDS = st.text(alphabet="路灯不亮水%_'\\ ", min_size=1, max_size=5)


def found(word):
    return set(Reception.objects.filter(search_text__contains=word).values_list("pk", flat=True))


@pytest.fixture
def lit(station, liaison):
    for words in ("路灯不亮", "灯路不通水", "水%_路", "亮'\\灯", "路"):
        make_reception(station, actor=liaison, opinions=[{"statement": words}])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(word=WORDS)
def test_narrowing_loses_nothing_that_holds_the_word(lit, word):
    columns = ("search_text", "visitor_name", "phone")
    rows = narrowed(Reception.objects.filter(search_text__contains=word), word, *columns)
    assert set(rows.values_list("pk", flat=True)) == found(word)


def test_pairs_are_asked_for_once_each():
    assert HoldsPairs("search_text", word="灯灯灯亮").pairs == ["灯亮", "灯灯"]


def test_a_pair_across_two_fields_is_no_match(station, liaison):
    if connection.vendor != "postgresql":
        pytest.skip("the index is PostgreSQL's")
    make_reception(station, actor=liaison, visitor_name="王路", phone="灯")
    rows = narrowed(Reception.objects.all(), "路灯", "visitor_name", "phone")
    assert not rows.exists()
