"""Who hears of a move: also those who signed on paper and never log in."""

import pytest

from accounts.models import Notice
from suggestions import services
from tests.factories import DeputyFactory
from tests.suggestions.making import drafted, letter, make_scene, share_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


def answered(scene, signer):
    """Typed from paper by the station, signed there by `signer`, and answered."""
    row = drafted(scene, actor=scene.liaison, signers=[signer])
    services.invite_signers(row, actor=scene.liaison)
    services.answer_invitation(row, actor=scene.liaison, agrees=True, deputy=signer)
    services.submit_suggestion(row, actor=scene.liaison)
    services.accept_suggestion(row, actor=scene.office)
    only = [services.Share(scene.police_unit, "sole")]
    services.assign_suggestion(row, only, actor=scene.office)
    share = share_of(row, scene.police_unit)
    services.sign_for(row, share, actor=scene.police)
    services.send_reply(row, share, letter(), actor=scene.police)
    return services.release_reply(row, share, actor=scene.office)


def test_who_signed_on_paper_learns_of_the_answer_on_the_phone(scene):
    signer = DeputyFactory(station=scene.station, name="古丽", phone="13900001111")
    answered(scene, signer)
    told = Notice.objects.filter(recipient="古丽", user=None).values_list("title", flat=True)
    assert set(told) == {"您附议的建议已接收编号", "您附议的建议有答复了"}
    assert not Notice.objects.filter(user=scene.liaison, title__contains="请转告").exists()


def test_the_station_tells_who_has_neither_log_in_nor_phone(scene):
    answered(scene, DeputyFactory(station=scene.station, name="古丽", phone=""))
    assert not Notice.objects.filter(recipient="古丽").exists()
    [notice] = Notice.objects.filter(title__contains="请转告没有账号的代表")
    assert notice.user == scene.liaison


def test_who_has_a_log_in_is_told_there_and_once(scene):
    answered(scene, scene.second)
    titles = Notice.objects.filter(title="您附议的建议有答复了").values_list("user", flat=True)
    assert list(titles) == [scene.second.user.pk]
