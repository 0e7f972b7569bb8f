import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.accounts.gateways import Gateway, MailServer


@pytest.fixture
def client():
    """Each test tries from an address of its own: failures are counted by address."""
    return Client(REMOTE_ADDR=f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}")


@pytest.fixture
def gateway():
    """An HTTP gateway on a free port."""
    server = Gateway()
    yield server
    server.stop()


@pytest.fixture
def sms(settings, gateway):
    settings.SMS_URL, settings.SMS_TOKEN = gateway.url, "token-for-tests"
    return gateway


@pytest.fixture
def mail(settings):
    """A mail server on a free port, named in the settings."""
    server = MailServer()
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server.box
    server.stop()


@pytest.fixture
def morning(time_machine):
    """A workday at ten; the clock stands."""
    at = datetime(2026, 4, 15, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    time_machine.move_to(at, tick=False)
    return at
