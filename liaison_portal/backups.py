"""All that the portal keeps, in one file: every row and every stored file.

The file is a zip of JSON lines, the same from SQLite and from PostgreSQL, so that an office that
has grown takes its data along. It holds personal data in plain: it is written for its owner alone.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from common.errors import RuleViolation

FORMAT = 1
CHUNK = 2000
# Made anew by Django itself, or of no worth tomorrow.
LEFT_OUT = {"sessions", "contenttypes", "auth", "admin"}


class BackupRefused(RuleViolation):
    """This file, or this database, is not one to restore from or into."""


def kept_models() -> list[type[models.Model]]:
    """Every table that is ours, those first that others point to as far as there is an order."""
    found = [model for model in apps.get_models() if model._meta.app_label not in LEFT_OUT]
    return [model for model in serializers.sort_dependencies([("", found)]) if model in found]


def write_backup(target: Path) -> dict[str, Any]:
    """Write all rows, as they stand at one moment, and all stored files to `target`; return what
    it holds. What stands at `target` is replaced only by a whole backup."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as out:
            with _one_moment():
                counts = {
                    model._meta.label_lower: _write_rows(out, model) for model in kept_models()
                }
                applied = _applied()
            manifest = {
                "format": FORMAT, "made_at": timezone.now().isoformat(), "migrations": applied,
                "rows": counts, "files": _write_files(out),
            }  # fmt: skip
            out.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


@contextmanager
def _one_moment() -> Iterator[None]:
    """All reads inside see the database as it is at the first of them; nobody waits for it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        else:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write_rows(out: zipfile.ZipFile, model: type[models.Model]) -> int:
    count = 0
    with out.open(f"rows/{model._meta.label_lower}.jsonl", "w", force_zip64=True) as stream:
        rows = model._base_manager.order_by("pk")
        for chunk in _chunks(rows):
            text = serializers.serialize("jsonl", chunk)
            stream.write(text.encode())
            count += len(chunk)
    return count


def _chunks(rows: models.QuerySet) -> Iterator[list[models.Model]]:
    """By key, so that no more than a chunk is held, on any database."""
    last = None
    while True:
        chunk = list((rows if last is None else rows.filter(pk__gt=last))[:CHUNK])
        if not chunk:
            return
        yield chunk
        last = chunk[-1].pk


def _write_files(out: zipfile.ZipFile) -> int:
    root = Path(settings.MEDIA_ROOT)
    found = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else []
    for path in found:
        out.write(path, f"files/{path.relative_to(root).as_posix()}", zipfile.ZIP_STORED)
    return len(found)


def _applied() -> dict[str, str]:
    """The last migration of each app: rows fit a schema."""
    names = sorted(MigrationRecorder(connection).applied_migrations())
    return {app: name for app, name in names if app not in LEFT_OUT}


def restore_backup(source: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put back all that `source` holds, in one transaction: the whole or nothing.

    Refuses a file that is no whole backup, one of another version of the portal, and a database
    that holds people or stations already, unless told to `replace` them.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            _check(manifest, replace)
            written = _unpack_files(archive)
            try:
                with transaction.atomic():
                    _empty()
                    for model in kept_models():
                        _load_rows(archive, model, manifest["rows"])
                    _reset_sequences()
            except BaseException:
                for path in written:
                    path.unlink(missing_ok=True)
                raise
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupRefused(f"读不了备份文件：{error}") from error
    return manifest


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError):
        raise BackupRefused("这不是本系统的备份文件，或者备份没有写完。") from None
    if manifest.get("format") != FORMAT:
        raise BackupRefused("备份文件的格式与本系统的版本不一致。")
    if damaged := archive.testzip():
        raise BackupRefused(f"备份文件已损坏：{damaged}")
    return manifest


def _check(manifest: dict[str, Any], replace: bool) -> None:
    here = _applied()
    if manifest["migrations"] != here:
        apart = sorted(set(manifest["migrations"].items()) ^ set(here.items()))
        raise BackupRefused(
            f"备份时的数据结构与现在不同（{apart[0][0]}），请用备份时的版本恢复，再升级。"
        )
    holds = apps.get_model("accounts.User"), apps.get_model("stations.Station")
    if not replace and any(model._base_manager.exists() for model in holds):
        raise BackupRefused("数据库里已经有数据。确定要全部换成备份的内容，请加 --replace。")


def _unpack_files(archive: zipfile.ZipFile) -> list[Path]:
    """The stored files; their names are random, so what stands there already is the same file."""
    root, written = Path(settings.MEDIA_ROOT), []
    for name in archive.namelist():
        inside = PurePosixPath(name)
        if inside.parts[0] != "files":
            continue
        if ".." in inside.parts or inside.is_absolute():
            raise BackupRefused(f"备份文件里有不应有的路径：{name}")
        path = root.joinpath(*inside.parts[1:])
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as stream, path.open("wb") as out:
                shutil.copyfileobj(stream, out)
            written.append(path)
    return written


def _empty() -> None:
    """Take out what is there, what migrations filled in among it, and every log-in session."""
    emptied = [*kept_models(), apps.get_model("sessions.Session")]
    tables = [model._meta.db_table for model in emptied]
    with connection.cursor() as cursor:
        for sql in connection.ops.sql_flush(no_style(), tables, allow_cascade=True):
            cursor.execute(sql)


def _load_rows(archive: zipfile.ZipFile, model: type[models.Model], counts: dict[str, int]) -> None:
    label = model._meta.label_lower
    loaded = 0
    with archive.open(f"rows/{label}.jsonl") as stream:
        lines = []
        for line in stream:
            lines.append(line.decode())
            if len(lines) == CHUNK:
                loaded += _insert(model, lines)
                lines = []
        loaded += _insert(model, lines)
    if loaded != counts.get(label):
        raise BackupRefused(
            f"备份文件不完整：{label} 应有 {counts.get(label)} 行，只有 {loaded} 行。"
        )


def _insert(model: type[models.Model], lines: list[str]) -> int:
    """As they were: no default, no day of today is filled in."""
    rows = [found.object for found in serializers.deserialize("jsonl", "".join(lines))]
    fields = model._meta.concrete_fields
    size = connection.ops.bulk_batch_size(fields, rows) if rows else 1
    for at in range(0, len(rows), size):
        model._base_manager.all()._insert(  # type: ignore[attr-defined]
            rows[at : at + size], fields=fields, raw=True
        )
    return len(rows)


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(sql)


def words_of(manifest: dict[str, Any]) -> str:
    """What a backup holds, in a line."""
    made_at = timezone.localtime(datetime.fromisoformat(manifest["made_at"]))
    rows = sum(manifest["rows"].values())
    return f"{made_at:%Y-%m-%d %H:%M} 的备份：{rows:,} 行，{manifest['files']:,} 个文件"
