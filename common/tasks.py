from celery import shared_task

from common import pulse, services


@shared_task(name="common.sweep")
def sweep():
    """Take away what nobody needs any more: old drafts, uploads that were never confirmed."""
    services.sweep()
    pulse.forget_old_failures()


@shared_task(name="common.heartbeat")
def heartbeat():
    """Sent by beat, done by a worker: both live."""
    pulse.beat(pulse.BEAT)
