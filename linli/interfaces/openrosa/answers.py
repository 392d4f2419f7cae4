"""What is answered to a client of OpenRosa: the standard's headers, and one sentence as XML.

The standard: https://docs.getodk.org/openrosa/ (HTTP Request API, Form Submission API, Authentication API).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar
from xml.sax.saxutils import escape

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError

A = TypeVar("A", bound=HttpResponseBase)
XML = "text/xml; charset=utf-8"
MOST_BYTES = 50_000_000
"""How much one request may hold; a client sends a longer record in several."""
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_FAULTS = 8


def text(value: str) -> str:
    """Return text as it may stand in XML."""
    return escape(_NO_XML.sub("\ufffd", value), {'"': "&quot;"})


def headed(answer: A) -> A:
    """Put the standard's headers on an answer."""
    answer["X-OpenRosa-Version"] = "1.0"
    answer["X-OpenRosa-Accept-Content-Length"] = str(MOST_BYTES)
    answer["Date"] = http_date(clock.now().timestamp())
    answer["Cache-Control"] = "private, no-store"
    return answer


def xml(body: str, status: int = 200) -> HttpResponse:
    """Answer with XML."""
    return headed(HttpResponse(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', status=status, content_type=XML))


def message(said: str, status: int, *, nature: str = "") -> HttpResponse:
    """Answer with one sentence, which the client shows."""
    return xml(
        f'<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
        f'<message nature="{text(nature)}">{text(said)}</message></OpenRosaResponse>',
        status,
    )


def refusal(error: DomainError, labels: Mapping[str, str] | None = None) -> HttpResponse:
    """Answer with what the rules do not allow: what, at which question, and what to do.

    Args:
        error: what was raised.
        labels: path of a question → what it is called.
    """
    said = [error.message]
    for path, faults in list(error.fields.items())[:_MOST_FAULTS]:
        name = (labels or {}).get(re.sub(r"\[\d+\]", "", path), "")
        said += [f"{name}：{fault}" if name else fault for fault in faults if fault != error.message]
    said.append(error.hint)
    answer = message(" ".join(filter(None, said)), error.status, nature="submit_error")
    if "wait" in error.params:
        answer["Retry-After"] = str(error.params["wait"])
    return answer


def unauthorised(said: str) -> HttpResponse:
    """Ask for name and app password."""
    answer = message(said, 401, nature="submit_error")
    answer["WWW-Authenticate"] = 'Basic realm="Linli OpenRosa", charset="UTF-8"'
    return answer
