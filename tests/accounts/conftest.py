import secrets

import pytest
from django.test import Client


@pytest.fixture
def client():
    """Each test tries from an address of its own: failures are counted by address."""
    return Client(REMOTE_ADDR=f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}")
