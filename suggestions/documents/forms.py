"""建议用纸: the suggestion itself, to be signed on paper or filed."""

from __future__ import annotations

from common.word import Field
from suggestions.choices import Consent
from suggestions.documents.sheet import (
    Form,
    List,
    Part,
    Reader,
    Sheet,
    boxed,
    day_or_blank,
    when_raised,
)
from suggestions.models import Signature, Suggestion

SIGNERS = ("序号", "姓名", "附议情况", "签名")
_WIDTHS = (14, 46, 50, 46)
# Lines for who signs by hand, as long as it is not submitted.
_BLANK_LINES = 3


def suggestion_form(reader: Reader, part: Part) -> Sheet:
    row = reader.suggestion
    about = [
        Field("编号", row.code if row.number else ""),
        Field("提出日期", day_or_blank(row.submitted_on)),
        Field("届次", when_raised(row), wide=True),
        Field("种类", row.get_kind_display()),
        Field("类别", str(row.category or "")),
        Field("标题", row.title, wide=True),
        Field("领衔代表", row.lead_name),
        Field("联系电话", reader.phone),
        Field("层级选区", row.lead_title),
        Field("签名", ""),
        Field("内容", boxed(row.content), wide=True, lines=6),
    ]
    rows = _signers(row)
    signers = List("signers", SIGNERS, rows, _WIDTHS, "附议代表") if rows else None
    return Sheet(
        title="代表建议、批评和意见",
        name="建议用纸",
        opening=[],
        forms=[Form(about)],
        lists=[signers] if signers else [],
        is_paged=True,
    )


def _signers(row: Suggestion) -> list[tuple[str, ...]]:
    """Who signed; before it is submitted also who is asked, and room for more."""
    standing = [Consent.AGREED] if row.submitted_on else [Consent.AGREED, Consent.ASKED]
    people = [one for one in row.signatures.all() if one.consent in standing]
    rows: list[tuple[str, ...]] = [
        (str(at), one.name, _how(one), "") for at, one in enumerate(people, start=1)
    ]
    if not row.submitted_on:
        rows += [("", "", "", "")] * _BLANK_LINES
    return rows


def _how(one: Signature) -> str:
    if one.consent != Consent.AGREED:
        return "待附议"
    how = "书面附议" if one.on_paper else "系统附议"
    return f"{day_or_blank(one.answered_on)}{how}"
