"""Looking with another person's grants: every write of every address is refused, and nothing is changed."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from linli.foundation.core import clock
from linli.interfaces.web import seeing
from tests.access.cast import set_stage
from tests.access.table import ROWS
from tests.access.walking import Ledger, outcome, routes, row_for
from tests.login import confirm, log_in

pytestmark = pytest.mark.django_db
# The ways out.
OUT = {"console:see_as_end", "web:logout"}


@pytest.fixture
def stage(world):
    with clock.frozen(world.now):
        yield set_stage(world)


def looking(stage, walker):
    """Return a browser in which the security administrator looks with the grants of ``walker``."""
    client = confirm(log_in(Client(), stage.users["security_admin"]), stage.world.now)
    url = reverse("console:see_as", kwargs={"uuid": stage.users[walker].uuid})
    assert client.post(url, {"reason": "检查权限"}).status_code == 302
    return client


@pytest.mark.slow
@pytest.mark.parametrize("walker", ["dispatcher", "unit_handler"])
def test_every_write_is_refused_while_somebody_looks(stage, walker):
    client, ledger, wrong = looking(stage, walker), Ledger(), []
    for number, route in enumerate(routes()):
        row = row_for(route)
        if route.name in OUT:
            continue
        url = reverse(route.name, kwargs=row.arguments(stage))
        # What no page sends is refused before any address is looked up: each address is asked one way of them.
        for method in ("post", ("put", "patch", "delete")[number % 3]):
            got, changed = ledger.watched(partial(getattr(client, method), url, row.data(stage)))
            if got != "403" or changed:
                wrong.append(f"{method} {url}: {got}{', tables changed' if changed else ''}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_reading_writes_nothing_either(stage):
    client, ledger, wrong = looking(stage, "dispatcher"), Ledger(), []
    for route in routes():
        row = row_for(route)
        url = reverse(route.name, kwargs=row.arguments(stage))
        got, changed = ledger.watched(partial(client.get, url))
        if changed or got == "fault":
            wrong.append(f"{url}: {got}, tables changed: {changed}")
    assert not wrong, "\n".join(wrong)


def test_the_pages_are_those_of_the_other_person(stage):
    client = looking(stage, "unit_handler")
    number = stage.cases["handling"].number
    page = client.get(f"/desk/cases/{number}/").content.decode()
    assert number in page
    assert "只读查看" in page
    assert "13812345678" not in page
    assert client.get("/console/people/").status_code == 404
    assert outcome(client.get("/account/")) == "403"
    for row in ("field:reach",):
        address = reverse(row, kwargs=ROWS[row].arguments(stage))
        assert client.post(address, {"purpose": "feedback"}).status_code == 403
    assert seeing.KEY in client.session
