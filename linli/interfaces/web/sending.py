"""A file as the answer of a page: one that is stored, or one that was just made."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import quote

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from linli.foundation.files.types import Served

A = TypeVar("A", bound=HttpResponseBase)


def stream(served: Served, cache: str) -> HttpResponseBase:
    """Stream a file under its name, never sniffed; ``cache`` is what Cache-Control says."""
    answer = cast("HttpResponseBase", StreamingHttpResponse(served.chunks, content_type=served.mime))
    answer["Content-Length"] = str(served.length)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = cache
    kind = "attachment" if served.attachment else "inline"
    answer["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(served.name, safe='')}"
    return answer


def named(answer: A, name: str) -> A:
    """Make an answer a file under ``name`` that was just made for its reader: kept by nobody between, never sniffed."""
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
