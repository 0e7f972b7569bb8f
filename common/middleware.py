from django.core.exceptions import SuspiciousOperation


class NoNulMiddleware:
    """Nobody types a NUL, and PostgreSQL keeps none: refused before a view has to."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        for data in (request.GET, request.POST):
            if any("\0" in value for _, values in data.lists() for value in values):
                raise SuspiciousOperation("a NUL was sent")
