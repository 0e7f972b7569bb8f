"""backup: all rows and stored files in one file, while the portal runs."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from liaison_portal import backups


class Command(BaseCommand):
    help = "把全部数据和附件写成一个文件；系统照常运行。文件里有个人信息，请妥善保管。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        try:
            manifest = backups.write_backup(options["file"])
        except OSError as error:
            raise CommandError(f"写不了备份文件：{error}") from error
        self.stdout.write(f"已写入 {options['file']}，{backups.words_of(manifest)}。")
