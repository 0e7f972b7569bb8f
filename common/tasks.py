from celery import shared_task

from common import services


@shared_task(name="common.sweep")
def sweep():
    """Take away what nobody needs any more: old drafts, uploads that were never confirmed."""
    services.sweep()
