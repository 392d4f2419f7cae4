"""How Open311 answers: one value, written as XML without a namespace or as JSON after the Spark convention.

A value is a text, a number, a truth, None, a mapping, or :class:`Items`: a list that XML writes as an element with
one child a row and JSON as an array.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse
from django.utils.timezone import localtime

FORMATS = {"xml": "text/xml", "json": "application/json"}
_NO_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Items:
    """A list: in XML each row is an element ``tag``."""

    tag: str
    rows: Sequence[Any]


def moment(at: datetime | None) -> str | None:
    """Return a moment as the W3C note on dates has it, with the offset of the installation's zone."""
    return localtime(at).isoformat(timespec="seconds") if at is not None else None


def _xml(tag: str, value: Any) -> str:
    if value is None or value == "":
        return f"<{tag}/>"
    if isinstance(value, Items):
        inner = "".join(_xml(value.tag, row) for row in value.rows)
    elif isinstance(value, Mapping):
        inner = "".join(_xml(name, part) for name, part in value.items())
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = escape(_NO_XML.sub("\ufffd", str(value)))
    return f"<{tag}>{inner}</{tag}>"


def _json(value: Any) -> Any:
    if isinstance(value, Items):
        return [_json(row) for row in value.rows]
    if isinstance(value, Mapping):
        return {name: _json(part) for name, part in value.items()}
    return None if value == "" else value  # XML knows no difference


def write(form: str, root: str, value: Any) -> bytes:
    """Return ``value`` as UTF-8 text of the format ``form``; ``root`` names the outermost element of XML."""
    if form == "json":
        return json.dumps(_json(value), ensure_ascii=False, separators=(",", ":")).encode("utf8", "replace")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_xml(root, value)}\n'.encode("utf8", "replace")


def answer(form: str, root: str, value: Any, status: int = 200) -> HttpResponse:
    """Answer with ``value`` in the format ``form``."""
    found = HttpResponse(
        write(form, root, value), status=status, content_type=f"{FORMATS.get(form, FORMATS['xml'])}; charset=utf-8"
    )
    found["Access-Control-Allow-Origin"] = "*"  # nothing here knows a browser by its cookies
    found["Cache-Control"] = "private, no-store"
    return found


def refused(form: str, status: int, said: Sequence[str]) -> HttpResponse:
    """Answer with what is wrong, one error for each sentence."""
    rows = [{"code": status, "description": text} for text in said]
    return answer(form, "errors", Items("error", rows), status)
