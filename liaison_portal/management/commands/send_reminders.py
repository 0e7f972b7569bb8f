from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.services import deliver_due, plan_notices


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}”不是日期，请写成 2026-04-15。") from None


class Command(BaseCommand):
    help = "生成某一天（默认今天）的提醒，并发出到时间的消息；夜间只生成，不发出。"

    def add_arguments(self, parser):
        parser.add_argument("--on", metavar="YYYY-MM-DD", help="哪一天，默认今天")

    def handle(self, *args, on, **options):
        day = _day(on) if on else timezone.localdate()
        try:
            planned = plan_notices(day)
        except ExceptionGroup as group:
            reasons = "、".join(type(error).__name__ for error in group.exceptions)
            raise CommandError(f"有 {len(group.exceptions)} 项提醒没有生成：{reasons}") from group
        finally:
            sent = deliver_due()
        self.stdout.write(f"{day:%Y-%m-%d}：新消息 {planned} 条，发出 {sent} 条。")
