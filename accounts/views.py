from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts import rules, services
from accounts.forms import LogInForm, PasswordForm
from accounts.models import Notice, User
from accounts.roles import Capability, roles_with
from accounts.subjects import subjects_of
from common.listing import PagedList
from common.views import safe_next


@method_decorator(login_not_required, name="dispatch")
class LogIn(LoginView):
    form_class = LogInForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True


class LogOut(LogoutView):
    http_method_names = ["post", "options"]


class ChangePassword(FormView):
    form_class = PasswordForm
    template_name = "accounts/password.html"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form):
        services.change_password(self.request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, self.request.user)
        messages.success(self.request, "密码已改好，下次请用新密码登录。")
        return redirect("home")


@require_POST
@login_not_required
def large_text(request):
    """Switch 关怀版 on or off for this browser."""
    response = redirect(safe_next(request))
    if request.COOKIES.get("large") == "1":
        response.delete_cookie("large")
    else:
        response.set_cookie("large", "1", max_age=365 * 24 * 3600, samesite="Lax")
    return response


class AccountList(PagedList):
    """The accounts, for those who manage them."""

    template_name = "accounts/list.html"
    order = ("name", "pk")
    page_size = 30

    def get_rows(self):
        if not rules.may_manage_accounts(self.request.user):
            raise PermissionDenied
        return User.objects.matching(self.request.GET.get("q", ""))


def _managed_account(request, pk):
    if not rules.may_manage_accounts(request.user):
        raise PermissionDenied
    return get_object_or_404(User, pk=pk)


@require_POST
def release(request, pk):
    user = _managed_account(request, pk)
    services.release_lock(user, actor=request.user)
    messages.success(request, f"已解除“{user}”的锁定，现在就可以登录。")
    return redirect("accounts:list")


@require_POST
def first_password(request, pk):
    """Hand out a new first password: it is shown this once and stored nowhere."""
    user = _managed_account(request, pk)
    password = services.give_first_password(user, actor=request.user)
    return render(request, "accounts/first_password.html", {"person": user, "password": password})


class Inbox(PagedList):
    """What the portal has told this user."""

    template_name = "inbox/list.html"
    order = ("-pk",)
    page_size = 30

    def get_rows(self):
        return Notice.objects.visible_to(self.request.user)

    def shown(self, page):
        subjects = subjects_of(self.request.user, page.rows)
        for notice in page:
            notice.about = subjects.get(notice.pk, "")

    def get_context_data(self, **kwargs):
        may_see_sent = self.request.user.holds(roles_with(Capability.MANAGE_DUTY))
        return {**super().get_context_data(**kwargs), "may_see_sent": may_see_sent}


@require_POST
def open_notice(request, pk):
    """Go where the notice leads, or back to the inbox; either way it was read."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.mark_read(notice)
    return redirect(notice.url or "inbox:list")


@require_POST
def read_all(request):
    services.mark_read(request.user)
    return redirect("inbox:list")
