"""What an own password must not be made of."""

import re

from django.core.exceptions import ValidationError

from common.pinyin import spell


class NoOwnFacts:
    """Refuses a password that holds the own phone, user name or name, or is the name as it sounds.

    Colleagues know these, and yugu1234 is what they try first.
    """

    def validate(self, password, user=None):
        if user is None:
            return
        text = password.casefold()
        facts = [user.username, user.name, user.phone]
        if any(fact.casefold() in text for fact in facts if fact) or _is_name(text, user.name):
            raise ValidationError(
                "密码里不能有自己的姓名、用户名或手机号，也不能是姓名拼音加数字。",
                code="password_of_own_facts",
            )

    def get_help_text(self):
        return "密码里不能有自己的姓名、用户名或手机号，也不能是姓名拼音加数字。"


def _is_name(text: str, name: str) -> bool:
    """Whether all there is are the name in pinyin and figures after it."""
    sound = re.sub(r"[^a-z]", "", spell(name or "").full)
    return bool(sound) and re.fullmatch(rf"{sound}\d*", text) is not None
