"""Getting in, being kept out, and being let go."""

import pytest
import time_machine
from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.models import User
from accounts.roles import Role
from accounts.services import give_first_password
from common.models import AuditEntry
from tests.factories import StationFactory, UserFactory, make_user

pytestmark = pytest.mark.django_db
LOGIN = reverse("accounts:login")
PASSWORD = "correct-horse-7"


@pytest.fixture
def user(station):
    user = make_user(Role.LIAISON, station, username="yugu", phone="13800138000")
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, name, password=PASSWORD):
    return client.post(LOGIN, {"username": name, "password": password})


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("name", ["yugu", "13800138000", " yugu "])
def test_one_logs_in_by_user_name_or_phone(client, user, name):
    assert log_in(client, name).status_code == 302
    assert is_in(client)
    assert AuditEntry.objects.get(action="log_in").actor == user


def test_somebody_elses_phone_as_user_name_does_not_take_their_account(client, user):
    other = UserFactory(username="13800138000")
    other.set_password("other-password-9")
    other.save()
    log_in(client, "13800138000", "other-password-9")
    assert client.session["_auth_user_id"] == str(other.pk)


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(client, user):
    with time_machine.travel("2026-03-05 01:00:00+00:00", tick=False) as clock:
        for _ in range(5):
            log_in(client, "yugu", "wrong")
        log_in(client, "yugu")
        assert not is_in(client)
        clock.shift(15 * 60 + 1)
        log_in(client, "yugu")
        assert is_in(client)


def test_four_wrong_passwords_and_a_right_one_begin_the_count_anew(client, user):
    for _ in range(2):
        for _ in range(4):
            log_in(client, "yugu", "wrong")
        log_in(client, "yugu")
        assert is_in(client)
        client.logout()


def test_wrong_name_wrong_password_and_locked_account_get_the_same_answer(client, user):
    answers = {
        log_in(client, "nobody", "wrong").context["form"].non_field_errors()[0],
        log_in(client, "yugu", "wrong").context["form"].non_field_errors()[0],
    }
    for _ in range(5):
        log_in(client, "yugu", "wrong")
    answers.add(log_in(client, "yugu").context["form"].non_field_errors()[0])
    assert len(answers) == 1


def test_a_locked_account_can_be_released(client, user, district_officer):
    for _ in range(5):
        log_in(client, "yugu", "wrong")
    client.force_login(district_officer)
    client.post(reverse("accounts:release", args=[user.pk]))
    client.logout()
    log_in(client, "yugu")
    assert is_in(client)


def test_a_first_password_must_be_changed_before_anything_else(client, user):
    password = give_first_password(user, actor=SYSTEM)
    log_in(client, "yugu", password)
    for address in ("/", reverse("visits:reception_list")):
        assert client.get(address).url == reverse("accounts:password")
    chosen = {"old_password": password, "new_password1": "x7-new-secret"}
    client.post(reverse("accounts:password"), {**chosen, "new_password2": chosen["new_password1"]})
    assert client.get("/").status_code == 200
    user.refresh_from_db()
    assert user.check_password("x7-new-secret")


def test_a_new_first_password_ends_the_sessions_of_the_account(client, user):
    log_in(client, "yugu")
    give_first_password(user, actor=SYSTEM)
    assert client.get("/").status_code == 302


def test_staff_are_logged_out_after_half_an_hour_and_come_back_to_their_page(client, user):
    page = reverse("visits:reception_new")
    with time_machine.travel("2026-03-05 01:00:00+00:00", tick=False) as clock:
        log_in(client, "yugu")
        client.get(page)
        clock.shift(29 * 60)
        assert client.get(page).status_code == 200
        clock.shift(31 * 60)
        answer = client.get(page)
    assert answer.url == f"{LOGIN}?next={page}"


def test_a_deputys_phone_stays_signed_in(client, deputy):
    with time_machine.travel("2026-03-05 01:00:00+00:00", tick=False) as clock:
        client.force_login(deputy.user)
        client.get("/")
        clock.shift(80 * 24 * 3600)
        assert client.get("/").status_code == 200
        clock.shift(91 * 24 * 3600)
        assert client.get("/").status_code == 302


def test_a_deputy_who_is_staff_too_is_logged_out_like_staff(client, deputy):
    other = make_user(Role.LIAISON, StationFactory())
    other.postings.update(user=deputy.user)
    with time_machine.travel("2026-03-05 01:00:00+00:00", tick=False) as clock:
        client.force_login(User.objects.get(pk=deputy.user.pk))
        client.get("/")
        clock.shift(31 * 60)
        assert client.get("/").status_code == 302


def test_a_district_officer_cannot_take_over_the_administrator(
    client, district_officer, administrator
):
    client.force_login(district_officer)
    address = reverse("accounts:first_password", args=[administrator.pk])
    assert client.post(address).status_code == 403


def test_large_text_is_remembered_without_an_account(client):
    client.post(reverse("accounts:large_text"), {"next": LOGIN})
    assert '<html lang="zh-CN" class="large">' in client.get(LOGIN).content.decode()


def test_after_log_in_nobody_is_sent_to_another_site(client, user):
    address = f"{LOGIN}?next=https://evil.example/"
    answer = client.post(address, {"username": "yugu", "password": PASSWORD})
    assert answer.url == "/"


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_accounts_asks_the_database_equally_often(
    client, district_officer, count, django_assert_num_queries
):
    for _ in range(count):
        UserFactory()
    client.force_login(district_officer)
    client.get(reverse("accounts:list"))
    with django_assert_num_queries(5):
        client.get(reverse("accounts:list"))


def test_the_list_of_accounts_pages_by_key(client, district_officer):
    UserFactory.create_batch(40)
    client.force_login(district_officer)
    address = reverse("accounts:list")
    first = client.get(address).context["page"]
    second = client.get(address, {"after": first.next}).context["page"]
    everybody = [user.pk for user in [*first, *second]]
    assert sorted(everybody) == sorted(User.objects.values_list("pk", flat=True))
