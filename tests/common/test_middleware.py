"""What no browser sends is refused before a view has to."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["visits:reception_list", "visits:opinion_list"])
def test_a_nul_in_the_address_is_a_bad_request(client, liaison, name):
    client.force_login(liaison)
    assert client.get(reverse(name), {"q": "路\0灯"}).status_code == 400


def test_a_nul_in_a_form_is_a_bad_request(client, liaison):
    client.force_login(liaison)
    response = client.post(reverse("visits:reception_new"), {"place": "a\0b"})
    assert response.status_code == 400
