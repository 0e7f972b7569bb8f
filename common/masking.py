"""Personal data as those see it who need not know it (DOMAIN §9)."""

import re

_MOBILE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
_LONG_NUMBER = re.compile(r"\d[\d -]{4,}[\dXx]")
_DIGITS = re.compile(r"\d(?=(?:\D*\d){2})")


def mask_name(name: str) -> str:
    """王建国 → 王**; the number of stars tells nothing."""
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """13800135678 → 138****5678; other numbers keep their last two figures. 、 parts several."""
    return "、".join(map(_mask_number, phone.split("、")))


def mask_numbers(text: str) -> str:
    """Free text in which whatever may be a telephone or identity number is masked."""
    return _LONG_NUMBER.sub(lambda found: _mask_number(found[0]), text)


def mask_name_in(text: str, name: str) -> str:
    """A text that names somebody, with the name masked as in its own column."""
    return text.replace(name, mask_name(name)) if name else text


def restore_masked(text: str, before: str, name: str = "") -> str:
    """`text`, changed by somebody who saw `before` with its numbers and `name` masked: what is
    still masked reads as it stood."""
    for number in _LONG_NUMBER.findall(before):
        text = text.replace(_mask_number(number), number)
    return text.replace(mask_name(name), name) if name else text


def _mask_number(number: str) -> str:
    hidden = _MOBILE.sub(r"\1****\2", number)
    return hidden if hidden != number else _DIGITS.sub("*", number)
