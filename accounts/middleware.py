import time

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from accounts import rules

# The session row is written once a minute at most, not on every request.
SEEN_RESOLUTION = 60


class IdleLogoutMiddleware:
    """End a session that nobody used for a while: offices share their computers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and self._is_over(request):
            logout(request)
            messages.info(request, "您离开的时间较长，为保护信息已自动退出，请重新登录。")
            return redirect_to_login(request.get_full_path())
        response = self.get_response(request)
        if request.user.is_authenticated:
            # After log-out the back button must not bring names and phones back.
            patch_cache_control(response, private=True, no_store=True)
        return response

    def _is_over(self, request) -> bool:
        now, limit = int(time.time()), rules.idle_limit(request.user)
        seen = request.session.get("seen", now)
        if now - seen > limit:
            return True
        if now - seen > SEEN_RESOLUTION or "seen" not in request.session:
            request.session["seen"] = now
            request.session.set_expiry(limit + SEEN_RESOLUTION)
        return False


class FirstPasswordMiddleware:
    """Whoever was handed a password chooses an own one before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        open_to_all = not getattr(view_func, "login_required", True)
        if open_to_all or request.resolver_match.view_name in {
            "accounts:password",
            "accounts:logout",
        }:
            return None
        return redirect("accounts:password")
