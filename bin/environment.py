"""The project's own virtual environment, made from the lock on a machine with only Python."""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WHEELS = ROOT / "wheelhouse"


def ensure(lock: str) -> None:
    """Make `.venv` and install what `requirements/<lock>.lock` names, unless it is there."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the script runs before anything is checked
        sys.exit("Python 3.11 or newer is needed.")
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True, symlinks=True)
    locks = [ROOT / "requirements" / f"{name}.lock" for name in ("base", "dev")]
    wanted = locks[1] if lock == "dev" else locks[0]
    stamps = VENV / "installed"
    done = stamps.read_text().split() if stamps.exists() else []
    # The development lock holds everything of the other one.
    if any(_digest(path) in done for path in {wanted, locks[1]}):
        return
    print(f"Installing {wanted.name} into .venv …", flush=True)
    subprocess.run([*_installer(), "-r", str(wanted)], check=True)
    stamps.write_text(_digest(wanted))


def _installer() -> list[str]:
    offline = ["--no-index", "--find-links", str(WHEELS)] if WHEELS.is_dir() else []
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", str(PYTHON), *offline]
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return [*pip, *offline]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run_in(arguments: list[str]) -> None:
    """Become a program of the virtual environment."""
    os.chdir(ROOT)
    os.execv(str(PYTHON), [str(PYTHON), *arguments])
