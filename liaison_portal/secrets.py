"""The secret key of an installation that was given none."""

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile


def stored_secret(path: Path) -> str:
    """Return the key kept in `path`; the first process makes it, readable by its owner only."""
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent) as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            _link_unless_there(draft.name, path)
    return path.read_text()


def _link_unless_there(source: str, target: Path) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        return  # another process was first; its key counts
