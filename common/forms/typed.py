from django.forms import Field
from django.forms.utils import ErrorDict


class TypedMixin:
    """A form that can be shown again as it was typed, before anybody asks whether it is right.

    Drafts come back this way, and pages that grow without script. A field left blank is asked for
    by its name.
    """

    quiet = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            if field.error_messages.get("required") == Field.default_error_messages["required"]:
                field.error_messages["required"] = f"请填写{field.label}。"

    @property
    def errors(self):
        return ErrorDict() if self.quiet else super().errors  # type: ignore[misc]
