from django.forms.utils import ErrorDict


class TypedMixin:
    """A form that can be shown again as it was typed, before anybody asks whether it is right.

    Drafts come back this way, and pages that grow without script.
    """

    quiet = False

    @property
    def errors(self):
        return ErrorDict() if self.quiet else super().errors  # type: ignore[misc]
