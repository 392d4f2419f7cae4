"""Whatever is sent, by whomever: no fault, no answer that the document does not name, no row of another's scope."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linli.foundation.core import clock
from linli.interfaces.api.tests.conftest import Site
from linli.interfaces.api.tests.fuzzing import WALKERS, Fuzzer
from tests.access.cast import set_stage
from tests.world import lay_world

_HEAD = """# The API, fuzzed

schemathesis (OpenAPI 3.1, every operation of `openapi.json`). Made by
`python -m pytest -m soak linli/interfaces/api/tests/test_contract.py` (`LINLI_CONTRACT_REPORT` names the file,
`LINLI_CONTRACT_EXAMPLES` says how many requests each operation gets); a short run of the same is in the suite.

"""


@pytest.fixture
def served(transactional_db, live_server):
    world = lay_world()
    with clock.frozen(world.now):
        yield Site(set_stage(world), datetime.now(UTC)), live_server.url


@pytest.mark.slow
def test_every_operation_keeps_to_the_document(served):
    site, url = served
    found = Fuzzer(site, url, examples=4, acts=1).run()
    assert found.asked > 90
    assert found.rows > 0


@pytest.mark.soak
def test_every_operation_keeps_to_the_document_for_long(served):
    site, url = served
    examples = int(os.environ.get("LINLI_CONTRACT_EXAMPLES", "200"))
    found = Fuzzer(site, url, examples=examples, acts=examples).run()
    assert set(found.walkers) == set(WALKERS)
    assert found.rows > examples
    where = os.environ.get("LINLI_CONTRACT_REPORT")
    if where:
        Path(where).write_text(_HEAD + found.words(datetime.now(UTC).date().isoformat()), encoding="utf8")
