import pytest

from accounts.actors import SYSTEM
from accounts.services import change_phone
from common import audit
from common.errors import RuleViolation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("user_name", "afterwards", "changes"),
    [
        ("yugu", "yugu", {"手机号": ["13800135678", "13900139000"]}),
        (
            "13800135678",
            "13900139000",
            {
                "手机号": ["13800135678", "13900139000"],
                "用户名": ["13800135678", "13900139000"],
            },
        ),
    ],
)
def test_a_new_phone_takes_along_a_user_name_that_was_the_old_one(user_name, afterwards, changes):
    user = UserFactory(username=user_name, phone="13800135678")
    change_phone(user, "13900139000", actor=SYSTEM)
    user.refresh_from_db()
    assert (user.username, user.phone) == (afterwards, "13900139000")
    assert audit.history_of(user).first().changes == changes


@pytest.mark.parametrize("others", [{"phone": "13900139000"}, {"username": "13900139000"}])
def test_a_number_that_another_account_is_known_by_is_refused(others):
    user = UserFactory(phone="13800135678")
    UserFactory(**others)
    with pytest.raises(RuleViolation, match="13900139000 已是另一个账号的登录手机号"):
        change_phone(user, "13900139000", actor=SYSTEM)
    user.refresh_from_db()
    assert user.phone == "13800135678"
    assert not audit.history_of(user).exists()


def test_what_is_no_mobile_number_is_refused():
    with pytest.raises(RuleViolation, match="11 位数字"):
        change_phone(UserFactory(), "0990-1234567", actor=SYSTEM)
