"""The calendar of one deputy, for whoever knows its private address."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deputies.feeds import calendar_of
from deputies.models import Feed


@login_not_required
@never_cache
@require_safe
def feed(request, key):
    known = get_object_or_404(Feed, key=key)
    content = calendar_of(known.deputy, timezone.localdate())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
