"""Every way in and out: what the log says of it, and that there is only one."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.urls import reverse

from accounts.models import User
from accounts.services import settle_log_in
from common.models import AuditEntry
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LOGIN = reverse("accounts:login")
PASSWORD = "correct-horse-7"


@pytest.fixture
def user():
    user = UserFactory(username="yugu", name="余固", phone="13800138000")
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, name="yugu", password=PASSWORD, **headers):
    return client.post(LOGIN, {"username": name, "password": password}, **headers)


def is_in(client):
    return "_auth_user_id" in client.session


def log():
    lines = AuditEntry.objects.order_by("pk")
    return [(line.get_action_display(), line.actor_name, line.subject_label) for line in lines]


def test_log_in_and_log_out_stand_in_the_log_once(client, user):
    log_in(client)
    client.post(reverse("accounts:logout"))
    assert log() == [("登录", "余固", "余固"), ("退出", "余固", "余固")]


def test_a_failed_log_in_stands_in_the_log_of_the_account(client, user):
    log_in(client, "13800138000", "wrong-secret")
    assert log() == [("登录失败", "系统", "余固")]
    assert AuditEntry.objects.get().subject_id == user.pk


def test_a_failed_log_in_of_nobody_keeps_nothing_of_what_was_typed(client, user):
    log_in(client, "my-secret-in-the-wrong-field", "wrong-secret")
    line = AuditEntry.objects.get()
    assert log() == [("登录失败", "系统", "未知账号")]
    assert (line.subject_id, line.note, line.changes) == (None, "", {})


def test_the_admin_has_no_log_in_of_its_own(client, administrator):
    administrator.set_password(PASSWORD)
    administrator.save()
    page = reverse("admin:stations_unit_changelist")
    own = f"{reverse('admin:login')}?next={page}"
    assert client.get(own).url == f"{LOGIN}?next={page}"
    assert client.get(page).url == f"{LOGIN}?next={page}"
    posted = client.post(own, {"username": administrator.username, "password": PASSWORD})
    assert posted.url == f"{LOGIN}?next={page}"
    assert not is_in(client)
    typed = {"username": administrator.username, "password": PASSWORD}
    assert client.post(f"{LOGIN}?next={page}", typed).url == page


def test_who_is_no_staff_is_not_sent_round_in_circles(client, user):
    client.force_login(user)
    answer = client.get(reverse("admin:index"), follow=True)
    assert (answer.status_code, len(answer.redirect_chain)) == (403, 1)


def test_the_admin_has_no_password_page_of_its_own(client, administrator):
    client.force_login(administrator)
    address = reverse("admin:password_change")
    assert client.get(address).url == reverse("accounts:password")
    assert client.post(address, {"old_password": "x"}).url == reverse("accounts:password")


def test_leaving_by_the_admin_stands_in_the_log_too(client, administrator):
    client.force_login(administrator)
    client.post(reverse("admin:logout"))
    assert [action for action, *_ in log()] == ["登录", "退出"]


@pytest.mark.parametrize("name", ["nobody", "yugu", "locked"])
def test_every_refusal_costs_one_hash(client, user, name, monkeypatch):
    locked = UserFactory(username="locked", password=user.password)
    for _ in range(5):
        settle_log_in(locked, fits=False)
    hashed, encode = [], PBKDF2PasswordHasher.encode

    def counting(self, *args, **kwargs):
        hashed.append(args)
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counting)
    log_in(client, name, "wrong-secret")
    assert len(hashed) == 1


def test_a_right_password_is_refused_if_the_account_was_locked_while_it_was_read(user, monkeypatch):
    def slowly(self, password):
        for _ in range(5):
            settle_log_in(user, fits=False)
        return True

    monkeypatch.setattr(User, "check_password", slowly)
    assert authenticate(username="yugu", password=PASSWORD) is None


def test_who_failed_often_from_one_address_waits_whatever_the_name(client, user, settings):
    settings.LOGIN_TRIES_PER_ADDRESS = 3
    for number in range(3):
        last = log_in(client, f"nobody{number}", "wrong-secret")
    uniform = last.context["form"].non_field_errors()
    answer = log_in(client)
    assert answer.context["form"].non_field_errors() == uniform
    assert not is_in(client)
    log_in(client, REMOTE_ADDR="2001:db8:1::7")
    assert is_in(client)


def test_behind_a_proxy_on_this_machine_each_office_has_its_own_count(client, user, settings):
    settings.LOGIN_TRIES_PER_ADDRESS = 3
    forged = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 2001:db8:2::1"}
    for number in range(3):
        log_in(client, f"nobody{number}", "wrong-secret", **forged)
    log_in(client, **{**forged, "HTTP_X_FORWARDED_FOR": "9.9.9.9, 2001:db8:2::1"})
    assert not is_in(client)
    log_in(client, **{**forged, "HTTP_X_FORWARDED_FOR": "1.2.3.4, 2001:db8:2::2"})
    assert is_in(client)


def test_without_a_proxy_nobody_says_where_they_come_from(client, user, settings):
    settings.LOGIN_TRIES_PER_ADDRESS = 3
    for number in range(3):
        log_in(client, f"nobody{number}", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    log_in(client, HTTP_X_FORWARDED_FOR="10.0.0.9")
    assert not is_in(client)
