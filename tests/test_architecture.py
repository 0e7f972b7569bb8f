"""The habits of this codebase that a machine can check."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "accounts", "common", "stations", "deputies", "visits", "suggestions", "reports",
    "liaison_portal",
)  # fmt: skip
USER_FACING = ("views", "forms", "filters")
# The ways to rows that ask who is reading, and those to reference data that all may read.
SCOPED = {
    "visible_to", "where_user_can", "countable_by", "hidden_from", "who_may_receive_at", "none",
    "offered", "offered_or_not", "tops", "tree", "within", "managed_by", "own", "reported_to",
    "valid_on",
}  # fmt: skip


def sources(*names):
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            parts = path.relative_to(ROOT / app).with_suffix("").parts
            if parts[0] != "migrations" and (not names or parts[0] in names):
                yield path


def unscoped_queries(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in {"objects", "_default_manager"}
            and node.attr not in SCOPED
        ):
            yield f"{path.relative_to(ROOT)}:{node.lineno} .{node.value.attr}.{node.attr}"


ALLOWED = {
    # Accounts are managed as a whole by who may: the view asks first.
    "accounts/views.py": {"matching"},
    # Rows of a suggestion that was fetched in scope.
    "suggestions/views/papers.py": {"filter"},
    "suggestions/views/page_reader.py": {"filter"},
    "suggestions/views/page.py": {"filter"},
    "suggestions/forms/rating.py": {"filter"},
    # What the reader has in reach is the next word: promises in reach of their suggestions.
    "suggestions/views/promises.py": {"given"},
    # The keys of the user's own drafts; the name of a unit that an address asks for.
    "suggestions/views/new.py": {"filter"},
    "suggestions/filters.py": {"filter"},
    # Times and wordings: settings of the district, that all may read.
    "suggestions/views/settings.py": {"order_by"},
    "suggestions/forms/settings.py": {"all"},
    # The district's own settings on records.
    "reports/views/records.py": {"in_force"},
    # Who may lead, and who may sign: the deputies of the congress, whichever their station.
    "suggestions/forms/draft.py": {"filter", "in_office"},
}


def test_user_facing_code_reaches_rows_only_through_visible_to():
    found = []
    for path in sources(*USER_FACING):
        allowed = ALLOWED.get(str(path.relative_to(ROOT)), set())
        found += [hit for hit in unscoped_queries(path) if hit.rsplit(".", 1)[1] not in allowed]
    assert found == []


def test_only_services_save_rows():
    """Views, forms, tasks and commands call services; none of them writes a model itself."""
    # A form's or an entry's own `save` calls a service; a paper's writes a Word file.
    writing = re.compile(r"(?<!form)(?<!entry)(?<!paper)\.(save|delete|bulk_create|bulk_update)\(")
    layers = ("views", "forms", "filters", "tasks", "management", "documents", "sheets")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources(*layers)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if writing.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=str)
def test_templates_have_no_inline_style_or_script(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", list(sources()), ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_under_four_hundred_lines(path):
    assert len(path.read_text().splitlines()) <= 400
