"""What other rooms set off in the room `documents`, and reading long files page by page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from linli.foundation.jobs import services as jobs
from linli.foundation.jobs.services import handler
from linli.programmes.documents import selectors, services

JOB = "documents.read_pages"


@handler("document.task_ended")
def task_ended(payload: dict[str, Any], now: datetime) -> None:
    """Show on what a task came from that it ended."""
    services.follow_task(source=UUID(payload["source"]))


@handler("document.task_reopened")
def task_reopened(payload: dict[str, Any], now: datetime) -> None:
    """Show on what a task came from that it is open again."""
    services.follow_task(source=UUID(payload["source"]))


@handler(JOB)
def read_pages(payload: dict[str, Any], now: datetime) -> None:
    """Read the next pages of a long file; ask for the rest."""
    document = selectors.document_waiting(int(payload["document"]))
    if document is not None and services.read_pages(document, now):
        jobs.enqueue(name=JOB, payload=payload, now=now)
