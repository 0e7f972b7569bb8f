"""What the HTTP channels share: one session a batch, and what an answer means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings

from accounts.channels.base import Refused, TryLater, in_words, their_words

# Not the message is at fault but our password, or the moment.
LATER = {401, 407, 408, 425, 429}


def post(
    session: requests.Session, url: str, body: Mapping[str, Any], *, name: str, address: str = ""
) -> dict[str, Any]:
    """Post `body` and return the answer's JSON object, {} if it has none."""
    try:
        answer = session.post(
            url, json=body, timeout=settings.NOTICE_TIMEOUT_SECONDS, allow_redirects=False
        )
    except requests.RequestException as error:
        # Its text holds the address of the gateway, which may be a secret.
        raise TryLater(f"连不上{name}（{in_words(error)}）") from None
    said = f"{answer.status_code} {their_words(answer.text, address)}".strip()
    if answer.status_code >= 500 or answer.status_code in LATER:
        raise TryLater(f"{name}暂时不收（{said}）")
    if not 200 <= answer.status_code < 300:
        raise Refused(f"{name}拒收（{said}）")
    return _object_in(answer)


def _object_in(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
