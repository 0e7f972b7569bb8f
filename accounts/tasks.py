from celery import shared_task
from django.utils import timezone

from accounts import hours, services


@shared_task(name="accounts.plan_notices")
def plan_notices():
    """Write what is to be said today; at night nothing is planned."""
    if hours.is_open(timezone.now()):
        services.plan_notices()


@shared_task(name="accounts.deliver")
def deliver():
    """Hand over what is due: woken by each commit that wrote a message, and by beat."""
    services.deliver_due()
