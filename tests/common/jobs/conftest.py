import pytest

from accounts.models import User
from common.errors import RuleViolation
from common.jobs import kinds
from common.jobs.kinds import Kind, Result
from common.jobs.services import start_job


def write_lines(work):
    """So many lines into a file; refuses or breaks when told so."""
    wanted = work.arguments.get("lines", 3)
    for line in range(wanted):
        work.progress("写入", line, wanted)
        work.target.write(f"第 {line + 1} 行\n".encode())
        if line + 1 == work.arguments.get("refuse_at"):
            raise RuleViolation("没有符合条件的登记。")
        if line + 1 == work.arguments.get("break_at"):
            raise ValueError("13800135678")
    return Result(f"{wanted} 行", "登记簿 2026.xlsx")


def rename(work):
    """Change a row, and break afterwards when told so."""
    User.objects.filter(pk=work.owner.pk).update(name="改过的名字")
    if work.arguments.get("broken"):
        raise ValueError("too late")
    return Result("改好了", next_url="/inbox/")


@pytest.fixture(autouse=True)
def known_kinds(monkeypatch):
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))
    kinds.register(Kind("lines", "导出几行", write_lines, nothing_done="没有生成文件"))
    kinds.register(Kind("rename", "改名", rename, writes=True, next_label="看消息"))


@pytest.fixture
def lines_job(liaison):
    """A job of the liaison that waits for the worker."""
    return start_job("lines", {"lines": 3}, actor=liaison)
