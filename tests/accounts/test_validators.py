import pytest
from django.core.exceptions import ValidationError

from accounts.validators import NoOwnFacts
from tests.factories import UserFactory


@pytest.fixture
def user():
    return UserFactory.build(username="yuguzhan", name="余固", phone="13800138000")


@pytest.mark.parametrize(
    "password",
    [
        "13800138000",
        "my13800138000!",
        "x-YuGuZhan-7",
        "余固2026abc",
        "yugu1234",
        "YuGu2026",
        "yugu",
    ],
)
def test_who_knows_the_person_does_not_know_the_password(user, password):
    with pytest.raises(ValidationError, match="不能有自己的姓名、用户名或手机号"):
        NoOwnFacts().validate(password, user)


@pytest.mark.parametrize("password", ["correct-horse-7", "yugu-and-a-horse", "3800138000-abc"])
def test_a_password_that_only_resembles_is_accepted(user, password):
    NoOwnFacts().validate(password, user)


def test_who_has_no_phone_and_no_name_chooses_freely():
    NoOwnFacts().validate("yugu1234", UserFactory.build(username="root", name="", phone=None))
    NoOwnFacts().validate("yugu1234")


@pytest.mark.django_db
def test_the_page_refuses_such_a_password_with_the_reason(client, settings):
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.validators.NoOwnFacts"}]
    user = UserFactory(name="余固")
    user.set_password("correct-horse-7")
    user.save()
    client.force_login(user)
    typed = {"old_password": "correct-horse-7", "new_password1": "yugu1234"}
    page = client.post("/accounts/password/", {**typed, "new_password2": "yugu1234"})
    assert "不能有自己的姓名、用户名或手机号" in page.content.decode()
    user.refresh_from_db()
    assert user.check_password("correct-horse-7")
