import pytest

from linli.engines.mailbox.tests import scenes
from linli.engines.mailbox.tests.server import Server
from linli.foundation.jobs import services as jobs
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.models import RuleEntry


@pytest.fixture
def server(settings):
    settings.MAILBOX_PRIVATE = True
    found = Server()
    yield found
    found.stop()


@pytest.fixture
def box(world, server):
    return scenes.mailbox(world, server)


@pytest.fixture
def drained(world):
    """Do all that waits: what is told goes out."""
    return lambda now=None: jobs.drain(now=now or world.now)


@pytest.fixture
def rule(world):
    """Give a number of the rulebook another value."""

    def put(code, value):
        RuleEntry.objects.filter(code=code).update(value=value)
        rulebook.forget()

    yield put
    rulebook.forget()
