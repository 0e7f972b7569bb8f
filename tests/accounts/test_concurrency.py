"""The lock of an account, tried by many at once on a database server."""

import pytest
from django.contrib.auth import authenticate
from django.db import connection

from common.models import AuditEntry
from tests.factories import UserFactory
from tests.visits.test_concurrency import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
    ),
]


def test_thirty_guesses_at_once_lock_the_account_once_and_no_later_one_counts():
    user = UserFactory(username="yugu")
    user.set_password("correct-horse-7")
    user.save()
    found = at_once(lambda i: authenticate(username="yugu", password=f"guess-{i}"), 30)
    assert found == [None] * 30
    user.refresh_from_db()
    assert user.is_locked
    assert user.failed_logins == 0
    assert AuditEntry.objects.filter(action="lock").count() == 1
    assert authenticate(username="yugu", password="correct-horse-7") is None
