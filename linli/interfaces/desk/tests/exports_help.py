"""What the tests of exports share: a list walked as a person would, a file read, statements counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.interfaces.desk.tests.test_exports_registers import column, lines, status, take

__all__ = ["asked", "button", "column", "first", "heads", "lines", "listed", "status", "take"]


def first(client: Any, code: str, query: str = "", **more: str) -> list[str]:
    """Return the first column of the file; the mark before what could be a formula taken off."""
    return [row[0].removeprefix("'") for row in lines(take(client, code, query=query, **more))[2:]]


def heads(client: Any, code: str, query: str = "", **more: str) -> tuple[str, list[str]]:
    """Return the line above the columns of a file, and the heads of its columns."""
    found = lines(take(client, code, query=query, **more))
    return found[0][0], found[1]


def listed(
    client: Any, url: str, pick: Callable[[Any], str], query: str = "", rows: str = "rows", name: str = "cursor"
) -> list[str]:
    """Return what ``pick`` takes of the rows of every page of a list, walked from its first to its last."""
    found, cursor = [], ""
    while True:
        page = client.get(f"{url}?{query}" + (f"&{name}={cursor}" if cursor else ""))
        assert page.status_code == 200, page.content.decode()[:500]
        found += [str(pick(row)) for row in page.context[rows]]
        cursor = page.context["page" if name == "cursor" else "hazards"].next
        if not cursor:
            return found


def asked(client: Any, code: str, query: str = "", **more: str) -> int:
    """Return how many statements a file asks for, once what is kept between requests has been read."""
    assert status(client, code, query=query, **more) == 200
    with CaptureQueriesContext(connection) as seen:
        assert status(client, code, query=query, **more) == 200
    return len(seen)


def button(client: Any, url: str, code: str) -> bool:
    """Return whether a page has the button of a list."""
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return f'action="/desk/exports/of/{code}/"' in answer.content.decode()
