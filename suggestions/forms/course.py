"""All acts of the course that are filled in on the page of a suggestion."""

from suggestions.forms.acts import ActForm
from suggestions.forms.assigning import (
    AgreeReturnForm,
    AssignForm,
    DispenseForm,
    GrantExtensionForm,
    ReassignForm,
    RecallForm,
    RefuseExtensionForm,
    RefuseReturnForm,
    SuperviseForm,
    UrgeForm,
)
from suggestions.forms.handling import (
    AskExtensionForm,
    AskReturnForm,
    ContactForm,
    CountersignForm,
    OpineForm,
    SignForm,
    WaiveForm,
)
from suggestions.forms.letters import (
    CirculateForm,
    CorrectClassForm,
    FollowUpForm,
    ReleaseForm,
    SendBackForm,
    SendForm,
)
from suggestions.forms.proposing import (
    AgreeForm,
    DeclineForm,
    InviteForm,
    SubmitForm,
    WithdrawForm,
)
from suggestions.forms.rating import LapseForm, RateForm
from suggestions.forms.reviewing import (
    AcceptForm,
    ArchiveForm,
    MarkForm,
    MergeForm,
    RedoForm,
    ReferForm,
    RejectForm,
    SplitForm,
    TurnBackForm,
)

FORMS: dict[str, type[ActForm]] = {
    form.name(): form
    for form in (
        InviteForm, AgreeForm, DeclineForm, SubmitForm, WithdrawForm,
        AcceptForm, TurnBackForm, RejectForm, ReferForm, MergeForm, SplitForm, MarkForm,
        AssignForm, RecallForm, UrgeForm, SuperviseForm,
        AgreeReturnForm, RefuseReturnForm, ReassignForm, DispenseForm,
        GrantExtensionForm, RefuseExtensionForm,
        SignForm, AskReturnForm, AskExtensionForm, ContactForm, OpineForm, CountersignForm,
        WaiveForm, CirculateForm, SendForm, SendBackForm, ReleaseForm, CorrectClassForm,
        FollowUpForm, RateForm, LapseForm, RedoForm, ArchiveForm,
    )
}  # fmt: skip
