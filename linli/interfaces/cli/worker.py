"""``linli worker``: does the jobs of all namespaces."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from linli.foundation.jobs.worker import run_worker


def worker_command(
    poll: Annotated[float, typer.Option(help="空闲时的间隔秒数 / seconds between looks", min=0.05)] = 1.0,
) -> None:
    """处理后台任务，直到收到 SIGTERM 或 Ctrl-C。 / Do background jobs until SIGTERM or Ctrl-C."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_details: stop.set())
    typer.echo(_("后台任务已启动。"), err=True)
    run_worker(stop, poll=poll)
    typer.echo(_("后台任务已停止。"), err=True)
