"""Django's admin has no doors of its own: one log-in, one page for the password."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

# Rights come from postings; Django's own groups would only confuse.
admin.site.unregister(Group)


@never_cache
@login_not_required
def log_in(request, extra_context=None):
    """To the portal's log-in and back; who is in and no staff has no business here."""
    if request.user.is_authenticated and not admin.site.has_permission(request):
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def change_password(request, extra_context=None):
    return redirect("accounts:password")


admin.site.login = log_in  # type: ignore[method-assign]
admin.site.password_change = change_password  # type: ignore[method-assign]
