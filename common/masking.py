"""Personal data as those see it who need not know it (DOMAIN §9)."""

import re

_MOBILE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
_DIGITS = re.compile(r"\d(?=\d{2})")


def mask_name(name: str) -> str:
    """王建国 → 王**; the number of stars tells nothing."""
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """13800135678 → 138****5678; other numbers keep their last two figures."""
    hidden = _MOBILE.sub(r"\1****\2", phone)
    return hidden if hidden != phone else _DIGITS.sub("*", phone)
