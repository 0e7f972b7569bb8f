from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import requests
from django.conf import settings

from accounts.channels.base import Gateway, HandOver, Parcel, Refused, TryLater, their_words
from accounts.channels.http import post

CONTENT_BYTES = 2048
BUSY, TOO_OFTEN = -1, 45009


class WeCom(Gateway):
    """The robot of a group in 企业微信: it speaks to the group and to no one person."""

    needs_address = False

    def is_configured(self) -> bool:
        return bool(settings.WECOM_WEBHOOK_URL)

    @contextmanager
    def session(self) -> Iterator[HandOver]:
        with requests.Session() as session:
            yield partial(_post, session)


def _post(session: requests.Session, parcel: Parcel) -> None:
    body = {"msgtype": "text", "text": {"content": _fitting(parcel.whole_text)}}
    answer = post(session, settings.WECOM_WEBHOOK_URL, body, name="企业微信")
    code = answer.get("errcode", 0)
    said = f"{code} {their_words(answer.get('errmsg', ''))}"
    if code in (BUSY, TOO_OFTEN):
        raise TryLater(f"企业微信让稍后再发（{said}）")
    if code:
        raise Refused(f"企业微信拒收（{said}）")


def _fitting(text: str) -> str:
    """As much of `text` as the robot takes."""
    raw = text.encode()
    if len(raw) <= CONTENT_BYTES:
        return text
    return raw[: CONTENT_BYTES - 3].decode(errors="ignore") + "…"
