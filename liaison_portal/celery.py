import os

from celery import Celery
from celery.schedules import crontab
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison_portal.settings")

TRANSPORT_ALIASES["files"] = "liaison_portal.broker:Transport"

app = Celery("liaison_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep": {"task": "common.sweep", "schedule": 3600.0},
    "heartbeat": {"task": "common.heartbeat", "schedule": 60.0, "options": {"expires": 55}},
    # Each beat is good for its own turn only: none pile up while the worker is away.
    "plan notices": {
        "task": "accounts.plan_notices",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "sweep attachments": {"task": "visits.sweep_attachments", "schedule": 3600.0},
    "sweep jobs": {"task": "common.sweep_jobs", "schedule": 60.0, "options": {"expires": 55}},
    # At night, or as soon as the machine is on again.
    "lapse ratings": {
        "task": "suggestions.lapse_ratings",
        "schedule": crontab(hour=1, minute=10),
    },
    "deliver": {"task": "accounts.deliver", "schedule": 60.0, "options": {"expires": 55}},
}
