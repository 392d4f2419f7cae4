from collections.abc import Iterator
from typing import Any

import pytest

from linli.foundation.core import clock
from linli.interfaces.wall import figures


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    figures.forget()
    yield
    figures.forget()


@pytest.fixture
def at(world: Any) -> Any:
    with clock.frozen(world.now):
        yield world
