"""Failed log-ins of one address: many accounts are not tried from one place without end.

Counted loosely and in the cache, for an office shares its address; the lock of each account
counts strictly.
"""

import time
from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache

WINDOW = 5 * 60


def has_tried_enough(request) -> bool:
    limit = settings.LOGIN_TRIES_PER_ADDRESS
    return cache.get(_key(request), 0) >= limit


def count_failure(request) -> None:
    key = _key(request)
    if not cache.add(key, 1, 2 * WINDOW):
        with suppress(ValueError):  # thrown out meanwhile: the cache was full
            cache.incr(key)


def _key(request) -> str:
    return f"failed-log-ins:{_address_of(request)}:{int(time.time()) // WINDOW}"


def _address_of(request) -> str:
    """Where the request came from; what a proxy says of it counts only where there is a proxy."""
    sender = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    behind_proxy = settings.SECURE_PROXY_SSL_HEADER or not sender or _is_this_machine(sender)
    return forwarded if behind_proxy and _is_address(forwarded) else sender


def _is_this_machine(address: str) -> bool:
    return _is_address(address) and ip_address(address).is_loopback


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
