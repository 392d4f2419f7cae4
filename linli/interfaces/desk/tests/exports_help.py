"""A list beside its file, for the tests of what is taken out: walked as a person would, compared, refused, counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

import openpyxl
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.interfaces.desk.tests.help import enter

MARK = "'"  # what stands before a cell of a CSV file that could be a formula


def take(client: Any, code: str, form: str = "csv", **more: str) -> Any:
    """Ask for the file of a list."""
    return client.post(f"/exports/of/{code}/", {"form": form, **more})


def status(client: Any, code: str, **more: str) -> int:
    """Return what asking for a list is answered with; read to its end, which closes the file."""
    answer = take(client, code, **more)
    answer.getvalue()
    return int(answer.status_code)


def lines(answer: Any) -> list[list[str]]:
    """Return the lines of a CSV file."""
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def column(found: list[list[str]], name: str) -> list[str]:
    """Return what stands under a head."""
    at = found[1].index(name)
    return [row[at] for row in found[2:]]


def walked(
    client: Client,
    url: str,
    of: Callable[[Any], Any],
    query: str = "",
    rows: str = "page",
    name: str = "cursor",
    pager: str = "page",
) -> list[str]:
    """Return what ``of`` says of each row on each page of a list.

    Args:
        rows: the name under which they stand for the template.
        name: what the address calls the place in the list.
        pager: the name under which the template has the page of rows.
    """
    found: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"{url}?{query}" + (f"&{name}={cursor}" if cursor else ""))
        assert page.status_code == 200, (url, query)
        context: Any = page.context
        shown = context[pager].rows if rows == "page" else context[rows]
        found += [str(of(row)) for row in shown]
        cursor = context[pager].next
        if not cursor:
            return found


def listed(
    client: Client, url: str, pick: Callable[[Any], Any], query: str = "", rows: str = "rows", **more: str
) -> Any:
    """Return what ``pick`` takes of the rows, as the template has them, of every page of a list."""
    return walked(client, url, pick, query, rows, **more)


def heads(client: Client, code: str, query: str = "", **more: str) -> tuple[str, list[str]]:
    """Return the line above the columns of a file, and the heads of its columns."""
    found = lines(take(client, code, query=query, **more))
    return found[0][0], found[1]


def first(client: Client, code: str, query: str = "", **more: str) -> list[str]:
    """Return the first column of the file, without the mark before what could be a formula."""
    return [row[0].removeprefix(MARK) for row in lines(take(client, code, query=query, **more))[2:]]


def agree(
    client: Client, code: str, url: str, of: Callable[[Any], Any], query: str = "", rows: str = "page", **more: str
) -> list[str]:
    """Return the first column of a file, which is what the page lists under the same filters."""
    taken = first(client, code, query, **more)
    assert taken == walked(client, url, of, query, rows), (code, query)
    return taken


def refused_alike(world: Any, people: Iterable[str], code: str, url: str, query: str = "", **more: str) -> list[str]:
    """Return whom the page refuses; to each of ``people`` the file answers as the page does."""
    out = []
    for who in people:
        client = enter(world, who)
        said = client.get(f"{url}?{query}").status_code
        assert status(client, code, query=query, **more) == said, (code, who, said)
        if said != 200:
            out.append(who)
    return out


def statements(client: Client, code: str, query: str = "", **more: str) -> int:
    """Return how many statements taking a list out takes, once what is read rarely is read."""
    assert status(client, code, query=query, **more) == 200
    with CaptureQueriesContext(connection) as caught:
        assert status(client, code, query=query, **more) == 200
    return len(caught)


def button(client: Client, url: str, code: str, fixed: str = "") -> bool:
    """Return whether a page has the menu of a list, with what of it is asked for."""
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    page = answer.content.decode()
    return f'action="/exports/of/{code}/"' in page and (not fixed or f'name="fixed" value="{fixed}"' in page)


def sheet_of(client: Client, code: str, query: str = "", **more: str) -> Any:
    """Return the sheet of a list's xlsx file."""
    answer = take(client, code, "xlsx", query=query, **more)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]


def plain(sheet: Any) -> bool:
    """Return whether no cell of a sheet is a formula."""
    return all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
