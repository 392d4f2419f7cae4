"""``linli serve`` and ``linli worker``: the processes that keep the product running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

from django.conf import settings

from linli.foundation.core import namespaces
from linli.interfaces.cli.databases import unapplied
from linli.interfaces.cli.set_up import accounts, fail, namespaces_known
from linli.interfaces.cli.words import gettext as _

_GRACE = 10.0
# Each thread keeps a connection to the database; what comes beyond waits its turn.
_THREADS = 8
_WAITING = 256


def check_ready() -> None:
    """End the program where a namespace is not up to date, or holds demo accounts outside the demonstration."""
    for name in namespaces_known():
        if missing := unapplied(name):
            fail(
                _("空间“%(name)s”的数据库还缺 %(count)s 项更新。") % {"name": name, "count": len(missing)},
                hint=_("请先运行 linli migrate。"),
            )
        with namespaces.use(name):
            if not settings.DEMO and accounts().filter(is_demo=True, is_active=True).exists():
                fail(
                    _("空间“%(name)s”里有演示账号，不能在演示之外提供服务。") % {"name": name},
                    hint=_("演示请设 LINLI_DEMO=1；正式使用请新建空间。"),
                )


def server_command(host: str, port: int, workers: int) -> list[str]:
    """Return the command that runs the web server."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "linli.wsgi:application",
        "--host", host, "--port", str(port), "--workers", str(workers), "--log-level", "warning",
        "--blocking-threads", str(_THREADS), "--backpressure", str(_WAITING),
    ]  # fmt: skip


def run_together(commands: list[list[str]]) -> int:
    """Run ``commands`` until one of them ends or a signal comes; then stop the others. Return the exit code."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    running = [subprocess.Popen(command, env=os.environ.copy()) for command in commands]  # noqa: S603  our own
    try:
        while not stopping.wait(0.2) and all(process.poll() is None for process in running):
            pass
    finally:
        codes = _stop(running)
    return 0 if stopping.is_set() else next((code for code in codes if code), 1)


def _stop(running: list[subprocess.Popen[bytes]]) -> list[int]:
    ended = [process.poll() for process in running]
    for process in running:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + _GRACE
    for process in running:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return [code for code in ended if code is not None]


def serve(host: str, port: int, workers: int, *, with_worker: bool) -> int:
    """Serve until stopped; return the exit code."""
    check_ready()
    commands = [server_command(host, port, workers)]
    if with_worker:
        commands.append([sys.executable, "-m", "linli.interfaces.cli.main", "worker"])
    return run_together(commands)
