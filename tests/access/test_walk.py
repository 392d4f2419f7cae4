"""Every route × role × scope; a refused POST leaves every table as it was."""

from functools import partial

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from linli.foundation.accounts.models import Session
from linli.foundation.core import clock
from linli.interfaces.web.access import CONFIRMED_KEY
from tests.access.cast import WALKERS, set_stage
from tests.access.outcomes import expected
from tests.access.table import ROWS
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


class Entrance:
    """Lets one walker in; the session is the same until an answer changes or ends it."""

    def __init__(self, stage, walker):
        self.stage, self.walker = stage, walker
        self._key = self._data = None

    def client(self):
        """Return a client that carries nothing but the walker's session."""
        client = Client()
        if self.walker == "anonymous":
            return client
        if self._key is None or self._read() != self._data:
            log_in(client, self.stage.users[self.walker])
            session = client.session
            session[CONFIRMED_KEY] = self.stage.world.now.isoformat()
            session.save()
            self._key = client.cookies[settings.SESSION_COOKIE_NAME].value
            self._data = self._read()
        client.cookies[settings.SESSION_COOKIE_NAME] = self._key
        return client

    def _read(self):
        return Session.objects.filter(pk=self._key).values_list("session_data", flat=True).first()


def due(number, route):
    """Whether the walker of that number goes to the route of that number on this database.

    Who may go where is not the database's to say: on PostgreSQL each walker goes to every third address, so that every
    address is asked for by a third of them, and on SQLite to all the others. Together everyone goes everywhere.
    """
    return ((number + route) % 3 == 0) == (connection.vendor == "postgresql")


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
    for number, walker in list(enumerate(WALKERS))[part::6]:
        entrance = Entrance(stage, walker)
        for place, route in enumerate(ROUTES):
            row = row_for(route)
            assert row is not None, HOW.format(names=route.name, verb="has")
            if due(number, place):
                wrong += visit(stage, ledger, entrance, route, row)
    assert not wrong, "\n".join(wrong)


def visit(stage, ledger, entrance, route, row):
    walker = entrance.walker
    url = reverse(route.name, kwargs=row.arguments(stage))
    wrong = []
    for method, rule in (("get", row.get), ("post", row.post)):
        client = entrance.client()
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
