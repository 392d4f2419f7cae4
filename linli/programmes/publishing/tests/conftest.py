from collections.abc import Iterator

import pytest

from linli.foundation.core import clock
from tests.world import MORNING


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.frozen(MORNING):
        yield
