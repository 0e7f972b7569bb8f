"""One report of a place and days stands at a time, however many make and publish it at once."""

import pytest
from django.db import IntegrityError, connection

from accounts.roles import Role
from common.errors import RuleViolation
from reports import services
from reports.choices import EditionState
from reports.models import Edition
from reports.periods import Period
from reports.scope import Scope
from stations.models import Area
from tests.concurrency import at_once
from tests.factories import StationFactory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def scope(district, district_officer, year):
    return Scope(district_officer, Period.of_year(2025), area=district)


def during_the_count(act):
    """What somebody else does while the figures are counted, once."""
    waiting = [act]

    def progress(stage):
        if waiting:
            waiting.pop()()

    return progress


def publish(draft, actor):
    return services.publish_edition(draft, actor=actor, version=draft.version)


def test_a_report_published_while_another_was_counted_stands_alone(scope):
    def other():
        publish(services.make_edition(scope, actor=scope.user), scope.user)

    with pytest.raises(RuleViolation, match="已经发布"):
        services.make_edition(scope, actor=scope.user, progress=during_the_count(other))
    assert [row.state for row in Edition.objects.all()] == [EditionState.PUBLISHED]


def test_a_draft_made_while_another_was_counted_is_made_anew(scope):
    made = []
    later = services.make_edition(
        scope, actor=scope.user,
        progress=during_the_count(
            lambda: made.append(services.make_edition(scope, actor=scope.user))
        ),
    )  # fmt: skip
    assert made == [later]
    assert (later.number, later.version) == (1, 2)


def test_a_second_correction_begun_meanwhile_is_refused(scope):
    first = publish(services.make_edition(scope, actor=scope.user), scope.user)

    def other():
        services.correct_edition(first, actor=scope.user, reason="甲")

    with pytest.raises(RuleViolation, match="已经有一份更正的草稿"):
        services.correct_edition(
            first, actor=scope.user, reason="乙", progress=during_the_count(other)
        )
    assert Edition.objects.filter(state=EditionState.DRAFT).count() == 1


def test_the_papers_of_a_draft_that_changes_meanwhile_are_not_published(scope, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    draft = services.make_edition(scope, actor=scope.user)

    def papers(ready):
        services.change_text(draft, {"plans": "改过"}, actor=scope.user, version=draft.version)
        return {}

    with pytest.raises(RuleViolation, match="刚刚被别人改过"):
        services.publish_edition(draft, actor=scope.user, version=draft.version, papers=papers)
    draft.refresh_from_db()
    assert (draft.state, draft.text["plans"]["text"]) == (EditionState.DRAFT, "改过")


@pytest.mark.parametrize("state", ["draft", "published"])
def test_the_database_keeps_no_two(scope, state):
    draft = services.make_edition(scope, actor=scope.user)
    Edition.objects.update(state=state)
    draft.pk, draft.state, draft.number = None, state, 2
    with pytest.raises(IntegrityError):
        draft.save()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.postgresql
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
)
def test_of_many_offices_at_once_one_publishes_the_report():
    area = Area.objects.get(level="district")
    StationFactory()
    officers = [make_user(Role.DISTRICT_OFFICER, area) for _ in range(4)]

    def make_and_publish(index):
        actor = officers[index]
        scope = Scope(actor, Period.of_year(2025), area=area)
        draft = services.make_edition(scope, actor=actor)
        draft = services.change_text(
            draft, {"problems": "无", "plans": "无"}, actor=actor, version=draft.version
        )
        return publish(draft, actor)

    results = at_once(make_and_publish, 4)
    assert all(isinstance(one, Edition | RuleViolation) for one in results)
    assert Edition.objects.filter(state=EditionState.PUBLISHED).count() == 1
    assert not Edition.objects.filter(state=EditionState.DRAFT).exists()
