import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison_portal.settings")

app = Celery("liaison_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep": {"task": "common.sweep", "schedule": 3600.0},
}
