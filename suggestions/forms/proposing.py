"""提出, as the deputy does it, or staff from the deputy's paper."""

from __future__ import annotations

from django import forms

from suggestions import services
from suggestions.choices import Act, Consent
from suggestions.forms.acts import ActForm, note_field


class InviteForm(ActForm):
    act, button, done = Act.INVITE, "请他们附议", "已请代表附议，答复后会有消息。"
    service = staticmethod(services.invite_signers)

    @property
    def shown_lead_in(self) -> str:
        waiting = [one.name for one in self.suggestion.signatures.all() if _waits(one)]
        return f"请{'、'.join(waiting)}附议，对方登录后答复。" if waiting else ""


def _waits(signature) -> bool:
    return signature.consent == Consent.ASKED


class SignatureForm(ActForm):
    """One's own answer; staff who key it in from paper say whose it is."""

    consents: tuple[str, ...] = ()
    service = staticmethod(services.answer_invitation)
    agrees = True

    deputy = forms.TypedChoiceField(
        label="哪位代表", coerce=int, error_messages={"required": "请选择是哪位代表。"}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = self.suggestion.signatures.all()
        self.open = [one for one in rows if one.consent in self.consents]
        if any(one.deputy.user_id == self.user.pk for one in rows):
            del self.fields["deputy"]
        else:
            given = [(one.deputy_id, one.name) for one in self.open]
            self.fields["deputy"].choices = [("", "请选择"), *given]

    @property
    def shown_lead_in(self) -> str:
        return "据代表签名的纸质材料录入。" if "deputy" in self.fields else self.lead_in

    def call(self, *, deputy: int | None = None, **values):
        who = next((one.deputy for one in self.open if one.deputy_id == deputy), None)
        return super().call(agrees=self.agrees, deputy=who, **values)


class AgreeForm(SignatureForm):
    act, button, done = Act.AGREE, "同意附议", "已附议。"
    lead_in = "领衔代表请您附议。附议后，在提交编号之前还可以改为不附议。"
    consents = (Consent.ASKED,)


class DeclineForm(SignatureForm):
    act, button, done = Act.DECLINE, "不附议", "已答复不附议。"
    consents = (Consent.ASKED, Consent.AGREED)
    agrees = False

    note = note_field("说明", required=False)


class SubmitForm(ActForm):
    act, button, done = Act.SUBMIT, "提交", "已提交，等人大机关审核。"
    dated = "提交日期"
    service = staticmethod(services.submit_suggestion)

    @property
    def shown_lead_in(self) -> str:
        waiting = [one.name for one in self.suggestion.signatures.all() if _waits(one)]
        left = f"{'、'.join(waiting)}还没有答复，提交后不算附议。" if waiting else ""
        return f"提交后由人大机关审核、编号、交办。{left}"


class WithdrawForm(ActForm):
    act, button, done = Act.WITHDRAW, "撤回", "已撤回。"
    lead_in = "撤回后不再办理，记录保留；已编的号不再用。"
    dated = "撤回日期"
    service = staticmethod(services.withdraw_suggestion)

    note = note_field("撤回原因", required=True)
