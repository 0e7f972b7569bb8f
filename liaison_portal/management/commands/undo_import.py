from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from common.importing import services
from common.models import ImportBatch


class Command(BaseCommand):
    help = "撤销一次导入：登记簿的行作废，编号保留。"

    def add_arguments(self, parser):
        parser.add_argument("batch", type=int, help="批次号")

    def handle(self, *args, batch, **options):
        found = ImportBatch.objects.visible_to(SYSTEM).filter(pk=batch).first()
        if found is None:
            raise CommandError(f"没有第 {batch} 批。")
        try:
            self.stdout.write(services.undo_batch(found, actor=SYSTEM))
        except RuleViolation as error:
            raise CommandError(str(error)) from None
