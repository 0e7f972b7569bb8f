"""Fill an empty database with the demo district, or list its log-ins."""

from __future__ import annotations

import unicodedata

from django.core.management.base import BaseCommand, CommandError

from liaison_portal.demo_data import loading
from liaison_portal.demo_data.people import LOG_INS, PASSWORD
from liaison_portal.demo_data.plan import SCALES

HEADINGS = ("角色", "姓名", "用户名", "手机号", "密码")


class Command(BaseCommand):
    help = "Load the demo: invented people, two years of receptions, a log-in for every role."

    def add_arguments(self, parser):
        parser.add_argument("--scale", choices=list(SCALES), default="demo")
        parser.add_argument("--list-log-ins", action="store_true", help="only list the log-ins")
        parser.add_argument("--quiet", action="store_true", help="say nothing but what is wrong")

    def handle(self, *, scale, list_log_ins, quiet, **options):
        tell = self._silence if quiet else self.stdout.write
        if list_log_ins:
            self._list()
        elif loading.is_loaded():
            tell("演示数据已在，没有改动。")
        else:
            self._load(scale, tell)

    def _load(self, scale, tell):
        found = loading.rows_in_the_way()
        if found:
            raise CommandError(
                f"数据库里已有{'、'.join(found)}，不是演示数据。"
                "演示数据只能装进空的数据库：请换一个空库，或用 bin/demo --reset 重新开始。"
            )
        written = loading.load(SCALES[scale], tell=tell)
        tell(f"演示数据已装好：接待 {written:,} 批。")

    def _list(self):
        if not loading.is_loaded():
            raise CommandError("这个数据库里没有演示数据，请先运行 manage.py load_demo。")
        rows = [(who.label, who.name, who.username, who.phone, PASSWORD) for who in LOG_INS]
        for line in table([HEADINGS, *rows]):
            self.stdout.write(f"  {line}")

    def _silence(self, text):
        """What `tell` does when nobody wants to hear."""


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Lines with columns below each other on a terminal, where a Chinese character is two wide."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        " | ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "FW" else 1 for sign in text)
