from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import rules as account_rules
from common import pulse
from liaison_portal import health
from liaison_portal.home import page_for


def home(request):
    template, context = page_for(request.user)
    if account_rules.may_manage_accounts(request.user):
        context["ill"] = health.warnings()
    return render(request, template, context)


@login_not_required
def healthz(request):
    """Whether this process reaches its database and cache: 200 or 503, nothing else told."""
    checks = {"database": health.database_answers(), "cache": health.cache_answers()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


@require_GET
def system(request):
    """Whether everything runs, for who answers for it: the district's office, administrators."""
    if not account_rules.may_manage_accounts(request.user):
        raise PermissionDenied
    context = {"checks": health.checks(), "failures": pulse.failures()[:50]}
    return render(request, "system.html", context)


@require_POST
def failures_seen(request):
    if not account_rules.may_manage_accounts(request.user):
        raise PermissionDenied
    pulse.mark_failures_seen()
    messages.success(request, "已记下，再有失败会重新显示。")
    return redirect("system")
