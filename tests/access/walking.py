"""How the walk is done: the addresses of the resolver, the outcome of an answer, the picture of every table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.outcomes import Row
from tests.access.table import ARGUMENTS, PREFIXES, ROWS


@dataclass(frozen=True)
class Route:
    """One address: its full name, its pattern, the names of its arguments."""

    name: str
    pattern: str
    arguments: tuple[str, ...]


def routes(patterns: Any = None, before: str = "", namespaces: tuple[str, ...] = ()) -> Iterator[Route]:
    """Yield every address of the site."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(
                entry.url_patterns, pattern, (*namespaces, entry.namespace) if entry.namespace else namespaces
            )
        elif isinstance(entry, URLPattern):
            name = ":".join([*namespaces, entry.name or pattern])
            yield Route(name, pattern, tuple(part.split(">")[0].split(":")[-1] for part in pattern.split("<")[1:]))


def row_for(route: Route) -> Row | None:
    """Return the row of ``route``: its own, or one by its face and pattern; None where neither fits."""
    if route.name in ROWS:
        return ROWS[route.name]
    if not all(name in ARGUMENTS for name in route.arguments):
        return None
    face = route.name.split(":")[0] + ":" if ":" in route.name else ""
    for prefix in sorted(PREFIXES, key=len, reverse=True):
        if f"{face}{route.pattern}".startswith(prefix) or route.pattern.startswith(prefix):
            get, post = PREFIXES[prefix]
            return Row(get, post, lambda stage: {name: ARGUMENTS[name](stage) for name in route.arguments})
    return None


def outcome(answer: Any) -> str:
    """Return what an answer means to whoever asked."""
    status = answer.status_code
    if getattr(answer, "streaming", False):
        # Read to its end, as a browser does: close() itself would close the test's connection with it.
        for _ in answer.streaming_content:
            pass
    if status == 401 or (status == 302 and answer["Location"].startswith("/login/")):
        return "login"
    if status in {404, 403, 405}:
        return str(status)
    if status < 400:
        return "ok"
    return "refused" if status < 500 else "fault"


# Whoever logs in or out changes a session, and a guess at a code is counted right or wrong: neither is what the walk
# watches.
_UNWATCHED = frozenset({"accounts_session", "accounts_throttle"})
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(?:\w+"?\.")?(?P<table>\w+)', re.IGNORECASE)
_HARMLESS = re.compile(r"^\s*(?:SELECT|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|SET|PRAGMA|SHOW)\b", re.IGNORECASE)


class Ledger:
    """Says whether an answer left the tables as they were.

    A full picture of every table costs far more than a request. It is taken only where something was written: after
    an answer that may write, and after a refused one whose statements wrote (and may have been rolled back).
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, Any]] | None = None
        self._wrote = False

    def watched(self, request: Callable[[], Any]) -> tuple[str, bool]:
        """Return the outcome of ``request`` and whether it changed a table."""
        if self._known is None:
            self._known = picture()
        self._wrote = False
        with connection.execute_wrapper(self._look):
            answer = outcome(request())
        if not self._wrote:
            return answer, False
        before, self._known = self._known, picture()
        return answer, self._known != before

    def _look(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITES.match(sql)
        if found:
            self._wrote = self._wrote or found["table"] not in _UNWATCHED
        elif not _HARMLESS.match(sql):
            self._wrote = True
        return execute(sql, params, many, context)


def picture() -> dict[str, tuple[int, Any]]:
    """Return of every table its count and greatest key, and of cases their versions: one statement."""
    tables = sorted({m._meta.db_table for m in apps.get_models()} - _UNWATCHED)
    keys = {m._meta.db_table: m._meta.pk.column for m in apps.get_models()}
    parts = [f'SELECT \'{t}\', COUNT(*), CAST(MAX("{keys[t]}") AS varchar(80)) FROM "{t}"' for t in tables]
    parts.append("SELECT 'versions', COALESCE(SUM(version), 0), NULL FROM cases_case")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {name: (count, last) for name, count, last in cursor.fetchall()}
