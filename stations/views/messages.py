"""What was sent for the stations one arranges duty at, and what failed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts import services
from accounts.filters import DeliveryFilter
from accounts.models import Delivery
from accounts.roles import Capability, roles_with
from common.errors import RuleViolation
from common.listing import FilteredList
from common.views import safe_next
from stations.models import Area, Station


def sent_for(user):
    """The deliveries `user` answers for; what belongs to no station is the district's."""
    if not user.holds(roles_with(Capability.MANAGE_DUTY)):
        raise PermissionDenied
    stations = Station.objects.where_user_can(user, Capability.MANAGE_DUTY)
    areas = Area.objects.where_user_can(user, Capability.MANAGE_DUTY)
    whole_district = areas.filter(level="district").exists()
    return Delivery.objects.within(stations.values("pk"), unplaced=whole_district)


class SentList(FilteredList):
    """发送记录: what went to whom, when and by which way, and what failed and why."""

    filterset_class = DeliveryFilter
    template_name = "inbox/sent.html"
    order = ("-queued_at", "-pk")
    page_size = 30

    def get_rows(self):
        return sent_for(self.request.user)


@require_POST
def resend(request, pk):
    delivery = get_object_or_404(sent_for(request.user).for_list(), pk=pk)
    try:
        services.resend(delivery, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已重新排队，马上发给{delivery.notice.recipient or '群里'}。")
    return redirect(safe_next(request, "/inbox/sent/"))
