"""Everything `bin/demo` starts: migrate, load the demo district, then web, worker and beat."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from honcho.manager import Manager

BIN = Path(sys.executable).parent


def prepare() -> None:
    """Bring the data up to date; again is quick and keeps what is there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison_portal.settings")
    os.environ.setdefault("SMS_URL", "file:sms.jsonl")  # what would be sent is a line in DATA_DIR
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    # Queued work of a run that was ended is in the tables; beat finds it again.
    shutil.rmtree(settings.BROKER_DIR, ignore_errors=True)
    settings.BROKER_DIR.mkdir(parents=True, exist_ok=True)
    call_command("load_demo", scale="demo", quiet=True)


def processes(port: int) -> dict[str, str]:
    """The command lines of the demo. The worker has no children, so one TERM ends it."""
    celery = f"{BIN / 'celery'} -A liaison_portal"
    beat_file = settings.DATA_DIR / "beat"
    return {
        "web": f"{BIN / 'gunicorn'} liaison_portal.wsgi -b 127.0.0.1:{port} -w 2 --threads 4"
        " --log-level warning",
        "worker": f"{celery} worker --pool solo --loglevel WARNING --without-mingle"
        " --without-gossip",
        "beat": f"{celery} beat --schedule {beat_file} --pidfile= --loglevel WARNING",
    }


def announce(port: int) -> None:
    """Print the address and the log-ins once the web server answers."""
    address = f"http://127.0.0.1:{port}/"
    if not _answers(f"{address}healthz"):
        return
    print(f"\n  人大代表联络站 · 演示    {address}\n", flush=True)
    call_command("load_demo", list_log_ins=True)
    print("\n  Ctrl-C 结束\n", flush=True)
    if os.environ.get("DEMO_BROWSER"):
        webbrowser.open(address)


def _answers(address: str) -> bool:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
                return True
        except OSError:
            time.sleep(0.2)
    return False


def refuse_taken(port: int) -> None:
    """Say it clearly when somebody else holds the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"端口 {port} 已被占用：请换一个，例如 bin/demo --port {port + 1}")


def main(port: int) -> None:
    refuse_taken(port)
    prepare()
    connections.close_all()  # the processes below must not share a connection
    manager = Manager()
    for name, command in processes(port).items():
        manager.add_process(name, f"exec {command}")
    threading.Thread(target=announce, args=[port], daemon=True).start()
    manager.loop()
    sys.exit(manager.returncode)


if __name__ == "__main__":
    main(int(sys.argv[1]))
