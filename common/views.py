from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class PartialMixin:
    """Answer htmx requests with one partial of the page's own template."""

    partial_name = "results"

    def get_template_names(self):
        [name] = super().get_template_names()[:1]  # type: ignore[misc]
        return [f"{name}#{self.partial_name}"] if self.request.htmx else [name]  # type: ignore[attr-defined]


class VisibleToUserMixin:
    """The only way a view reaches rows: through Model.objects.visible_to(user)."""

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user)  # type: ignore[attr-defined]


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """The address in `next` or the page the user came from, if it is one of ours."""
    address = request.POST.get("next") or request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        return address
    return default
