"""check_system: whether everything that the portal stands on runs; exit status 1 if not."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from liaison_portal import health

ILL = 1


class Command(BaseCommand):
    help = "检查数据库、任务队列、后台程序、磁盘和放假安排。有一项不正常就以 1 退出。"

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def handle(self, *args, **options):
        found = health.checks()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(check) for check in found], ensure_ascii=False))
        else:
            for check in found:
                self.stdout.write(f"{'正常' if check.ok else '异常'}  {check.label}：{check.words}")
        if not all(check.ok for check in found):
            raise CommandError("有项目不正常。", returncode=ILL)
