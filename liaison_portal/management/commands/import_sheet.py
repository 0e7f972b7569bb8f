"""import_sheet KIND FILE: a sheet from the command line, checked and written as in the browser."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.models import User
from common.errors import RuleViolation
from common.importing import kinds, services
from common.importing.resources import Options
from common.importing.rows import Outcome
from common.sheets.workbook import SheetFileError

REJECTED, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = "导入一张表格。有一行有误就什么都不写，除非加 --partial。"

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=kinds.names())
        parser.add_argument("file")
        parser.add_argument("--station", default="", help="联络站名称，表里没有写明时必填")
        parser.add_argument("--year", type=int, help="年度，日期没有写年份时用")
        parser.add_argument("--as", dest="username", help="以哪个用户的权限导入，不写为系统")
        parser.add_argument("--dry-run", action="store_true", help="只核对，不写入")
        parser.add_argument("--partial", action="store_true", help="有误的行跳过，其余写入")
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def handle(self, *args, **options):
        try:
            outcome = self._import(options)
        except (SheetFileError, RuleViolation, PermissionDenied, OSError) as error:
            words = str(error) or "没有权限。"
            if options["json"]:
                self.stdout.write(json.dumps({"error": words}, ensure_ascii=False))
            raise CommandError(words, returncode=UNREADABLE) from None
        self._print(outcome, as_json=options["json"])
        if outcome.rejected and not options["partial"]:
            raise CommandError(
                f"有 {outcome.rejected} 行有误，什么都没有写入。", returncode=REJECTED
            )

    def _import(self, options) -> Outcome:
        path = Path(options["file"])
        if not path.is_file():
            raise SheetFileError(f"没有这个文件：{path}")
        given = Options(station=options["station"], year=options["year"])
        asked = {"actor": _actor(options["username"]), "options": given}
        arguments = (options["kind"], path.read_bytes(), path.name)
        if options["dry_run"]:
            return services.check_sheet(*arguments, **asked)
        return services.import_sheet(*arguments, **asked, partial=options["partial"])

    def _print(self, outcome: Outcome, *, as_json: bool) -> None:
        shape = outcome.as_json()
        if as_json:
            self.stdout.write(json.dumps(shape, ensure_ascii=False))
            return
        for level, mark in (("errors", "有误"), ("warnings", "提示")):
            for line in shape[level]:
                self.stdout.write(
                    f"{mark} 工作表“{line['sheet']}”第 {line['row']} 行 {line['column']}："
                    f"{line['value']!r} {line['message']}"
                )
        self.stdout.write(
            f"共 {shape['rows']} 条：可导入 {shape['accepted']}（其中更新 {shape['updated']}），"
            f"重复 {shape['duplicates']}，有误 {shape['rejected']}；已写入 {shape['written']}。"
        )
        if outcome.batch:
            self.stdout.write(f"批次 {outcome.batch}，撤销用 manage.py undo_import {outcome.batch}")


def _actor(username: str | None):
    if not username:
        return SYSTEM
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise RuleViolation(f"没有叫“{username}”的用户。") from None
