"""Telephone numbers as people write them down."""

import re

_MOBILE = re.compile(r"(?<!\d)1\d{10}(?!\d)")


def first_mobile(text: str) -> str:
    """The first mobile number in what was written as phone; "" if there is none."""
    found = _MOBILE.search(text)
    return found[0] if found else ""
