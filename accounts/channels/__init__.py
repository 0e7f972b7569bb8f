"""The ways out of the portal, behind one interface (`base.Gateway`)."""

from accounts.channels.base import Gateway, Parcel, Refused, TryLater
from accounts.channels.email import Email
from accounts.channels.sms import Sms
from accounts.channels.wecom import WeCom
from accounts.choices import Channel

__all__ = ["GATEWAYS", "Parcel", "Refused", "TryLater", "configured"]

GATEWAYS: dict[Channel, Gateway] = {
    Channel.EMAIL: Email(),
    Channel.SMS: Sms(),
    Channel.WECOM: WeCom(),
}


def configured() -> dict[Channel, Gateway]:
    """The channels that the settings name a server for."""
    return {code: gateway for code, gateway in GATEWAYS.items() if gateway.is_configured()}
