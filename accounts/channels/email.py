from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from accounts.channels.base import (
    Gateway,
    HandOver,
    Parcel,
    Refused,
    TryLater,
    in_words,
    their_words,
)

CLOSING = 421  # the server ends the connection, whatever was asked


class Email(Gateway):
    """Through Django's mail backend; one connection for a batch."""

    def is_configured(self) -> bool:
        return settings.EMAIL_CONFIGURED

    @contextmanager
    def session(self) -> Iterator[HandOver]:
        connection = get_connection()
        try:
            connection.open()
        except OSError as error:  # smtplib's own exceptions too
            raise TryLater(f"连不上邮件服务器（{_kind_of(error)}）") from error
        try:
            yield partial(_hand_over, connection)
        finally:
            with suppress(OSError):
                connection.close()


def _hand_over(connection, parcel: Parcel) -> None:
    message = EmailMessage(
        subject=" ".join(parcel.title.split()),
        body=parcel.body,
        to=[parcel.address],
        headers={"Message-ID": f"<{parcel.id}@{urlsplit(settings.SITE_URL).hostname}>"},
        connection=connection,
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _verdict(code, words, parcel) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError) as error:
        # Our own settings are wrong: that is no reason to give this message up.
        said = _said(error.smtp_code, error.smtp_error, parcel)
        raise TryLater(f"邮件服务器不认发件人（{said}）") from error
    except smtplib.SMTPResponseException as error:
        raise _verdict(error.smtp_code, error.smtp_error, parcel) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused("邮件服务器不支持这个邮箱地址") from error
    except OSError as error:
        raise TryLater(f"与邮件服务器的连接断了（{_kind_of(error)}）") from error
    except ValueError as error:  # an address that no mail can have
        raise Refused("邮箱地址不对") from error


def _verdict(code: int, words: object, parcel: Parcel) -> TryLater | Refused:
    said = _said(code, words, parcel)
    if code >= 500:
        return Refused(f"邮件服务器拒收（{said}）")
    return TryLater(f"邮件服务器让稍后再发（{said}）", for_all=code == CLOSING)


def _said(code: int, words: object, parcel: Parcel) -> str:
    return f"{code} {their_words(words, parcel.address)}"


def _kind_of(error: OSError) -> str:
    code = getattr(error, "smtp_code", None)
    return f"{in_words(error)}，{code}" if code else in_words(error)
