from celery import shared_task

from common import pulse, services
from common.jobs import services as jobs


@shared_task(name="common.sweep")
def sweep():
    """Take away what nobody needs any more: old drafts, uploads that were never confirmed."""
    services.sweep()
    pulse.forget_old_failures()


@shared_task(name="common.heartbeat")
def heartbeat():
    """Sent by beat, done by a worker: both live."""
    pulse.beat(pulse.BEAT)


@shared_task(name="common.run_job")
def run_job(pk):
    """Do one long piece of work; a message that comes twice does nothing the second time."""
    jobs.run_job(pk)


@shared_task(name="common.sweep_jobs")
def sweep_jobs():
    """Find jobs whose process died, send lost messages again, delete old files."""
    jobs.sweep_jobs()
