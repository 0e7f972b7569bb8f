"""restore: put back what `backup` has written, on SQLite or PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from liaison_portal import backups


class Command(BaseCommand):
    help = "从备份文件恢复全部数据和附件。先 migrate；请先停止网页、后台和定时程序。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="替换数据库里已有的数据")

    def handle(self, *args, **options):
        try:
            manifest = backups.restore_backup(options["file"], replace=options["replace"])
        except backups.BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"已恢复 {backups.words_of(manifest)}。")
