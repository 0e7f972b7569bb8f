from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.shortcuts import render
from redis.exceptions import RedisError

from liaison_portal.home import page_for


def home(request):
    template, context = page_for(request.user)
    return render(request, template, context)


@login_not_required
def healthz(request):
    """Whether this process reaches its database and cache: 200 or 503, nothing else told."""
    checks = {"database": _database_answers(), "cache": _cache_answers()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.set("healthz", 1, 5)
        return cache.get("healthz") == 1
    except (DatabaseError, OSError, RedisError):
        return False
