"""Personal data as those see it who need not know it (DOMAIN §9)."""

import re

_MOBILE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
_LONG_NUMBER = re.compile(r"1\d{2}\.\d{4}\.\d{4}|\d[\d -]{4,}[\dXx]")
_BETWEEN_NAMES = re.compile(r"[、，,；;/\s和及]+")
_WHAT_THEY_ARE = re.compile(
    r"^(困难|低保|五保|特困|贫困|脱贫|受灾)?(户|村民|居民|群众|老人|学生|职工|家庭)"
)
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
    """A text that names somebody, with the name masked as in its own column; a cell may name
    several, or say what they are before the name."""
    for person in sorted(_persons(name), key=len, reverse=True):
        text = text.replace(person, mask_name(person))
    return text


def _persons(names: str) -> set[str]:
    found = {names, *_BETWEEN_NAMES.split(names)}
    found |= {_WHAT_THEY_ARE.sub("", person) for person in found}
    return {person for person in found if len(person) > 1}


def restore_masked(text: str, before: str, name: str = "") -> str:
    """`text`, changed by somebody who saw `before` with its numbers and `name` masked: what is
    still masked reads as it stood."""
    for number in _LONG_NUMBER.findall(before):
        text = text.replace(_mask_number(number), number)
    return text.replace(mask_name(name), name) if name else text


def _mask_number(number: str) -> str:
    hidden = _MOBILE.sub(r"\1****\2", number)
    return hidden if hidden != number else _DIGITS.sub("*", number)
