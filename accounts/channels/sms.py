from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests
from django.conf import settings
from django.utils import timezone

from accounts.channels.base import Gateway, HandOver, Parcel, Refused, TryLater, their_words
from accounts.channels.http import post


class Sms(Gateway):
    """POST {"to", "text", "id"} to `SMS_URL`; the gateway drops an `id` it has had.

    `SMS_URL=file:sms.jsonl` (in DATA_DIR) or `file:///path` writes a line of JSON instead.
    """

    def is_configured(self) -> bool:
        return bool(settings.SMS_URL)

    @contextmanager
    def session(self) -> Iterator[HandOver]:
        if settings.SMS_URL.startswith("file:"):
            yield partial(_write, settings.DATA_DIR / _path_in(settings.SMS_URL))
            return
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
            yield partial(_post, session)


def _body(parcel: Parcel) -> dict[str, str]:
    return {"to": parcel.address, "text": parcel.whole_text, "id": parcel.id}


def _post(session: requests.Session, parcel: Parcel) -> None:
    body, to = _body(parcel), parcel.address
    answer = post(session, settings.SMS_URL, body, name="短信网关", address=to)
    if answer.get("error"):
        raise Refused(f"短信网关拒收（{their_words(answer['error'], to)}）")


def _path_in(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))


def _write(path: Path, parcel: Parcel) -> None:
    line = json.dumps(
        {**_body(parcel), "at": timezone.localtime().isoformat(timespec="seconds")},
        ensure_ascii=False,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # One write to a file opened for appending: lines of two workers never mix.
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{line}\n".encode())
        finally:
            os.close(file)
    except OSError as error:
        raise TryLater(f"写不进短信文件（{error.strerror}）") from error
