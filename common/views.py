from django.http import HttpRequest
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme


class PartialMixin:
    """Answer htmx requests with one partial of the page's own template."""

    partial_name = "results"

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        # The same address has two answers: the back button must not bring the bare partial.
        patch_vary_headers(response, ["HX-Request"])
        return response

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
