"""Every route × role × scope; a refused POST leaves every table as it was."""

from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from linli.foundation.core import clock
from linli.interfaces.web.access import CONFIRMED_KEY
from tests.access.cast import WALKERS, set_stage
from tests.access.table import ROWS, expected
from tests.access.walking import Ledger, routes, row_for
from tests.login import log_in

pytestmark = pytest.mark.django_db
ROUTES = list(routes())
HOW = (
    "{names} {verb} no row in tests/access/table.py. Add to ROWS: the address's name, what GET and POST give to whom "
    "(see the head of the file), and how its arguments are made from the stage."
)


@pytest.fixture
def stage(world):
    with clock.frozen(world.now):
        stage = set_stage(world)
        if connection.vendor == "postgresql":
            # Nobody else counts rows that are not committed: without, the planner may take the tables for empty.
            # Our tables alone: those that all databases share would be locked until this test ends, and others wait.
            tables = ", ".join(map(connection.ops.quote_name, connection.introspection.django_table_names()))
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {tables}")
        yield stage


def enter(stage, walker):
    client = Client()
    if walker != "anonymous":
        log_in(client, stage.users[walker])
        session = client.session
        session[CONFIRMED_KEY] = stage.world.now.isoformat()
        session.save()
    return client


def test_every_route_stands_in_the_table():
    missing = [f"{r.name} ({r.pattern})" for r in ROUTES if row_for(r) is None]
    assert not missing, HOW.format(names=", ".join(missing), verb="have" if len(missing) > 1 else "has")


def test_the_table_names_no_route_that_is_gone():
    gone = set(ROWS) - {r.name for r in ROUTES}
    assert not gone, f"Remove from tests/access/table.py: {sorted(gone)}"


@pytest.mark.slow
@pytest.mark.parametrize("part", [pytest.param(n, marks=pytest.mark.xdist_group(f"walk-{n}")) for n in range(6)])
def test_everyone_gets_where_they_may_and_no_farther(stage, part):
    wrong = []
    ledger = Ledger()
    for walker in WALKERS[part::6]:
        for route in ROUTES:
            row = row_for(route)
            assert row is not None, HOW.format(names=route.name, verb="has")
            wrong += visit(stage, ledger, walker, route, row)
    assert not wrong, "\n".join(wrong)


def visit(stage, ledger, walker, route, row):
    url = reverse(route.name, kwargs=row.arguments(stage))
    wrong = []
    for method, rule in (("get", row.get), ("post", row.post)):
        # A new session each time: some addresses log out, or end it.
        client = enter(stage, walker)
        allowed = {"405", "login", "404", "403"} if rule is None else expected(rule, walker)
        ask = partial(getattr(client, method), url, row.data(stage) if method == "post" else {})
        got, changed = ledger.watched(ask)
        if got not in allowed:
            wrong.append(
                f"{walker} {method.upper()} {url} ({route.name}): {got}, expected {' or '.join(sorted(allowed))}"
            )
        if (got in {"404", "403", "405"} or (walker == "anonymous" and got == "login")) and changed:
            wrong.append(f"{walker} {method.upper()} {url} ({route.name}): {got}, yet tables changed")
    return wrong
