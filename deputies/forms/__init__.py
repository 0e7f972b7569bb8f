"""What is typed about deputies and their duty days."""

from deputies.forms.people import DeputyForm, EndForm, GroupForm, MandateForm, MandateRows

__all__ = ["DeputyForm", "EndForm", "GroupForm", "MandateForm", "MandateRows"]
