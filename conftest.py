"""What every test has. The environment is prepared before Django starts, in ``tests/environment.py``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from linli.foundation.core import namespaces

if TYPE_CHECKING:
    from tests.world import World

namespaces.set_process_default("main")


@pytest.fixture(autouse=True)
def _namespace() -> Iterator[None]:
    """Every test works on the namespace ``main``."""
    namespaces.set_process_default("main")
    # The index of areas is kept by process; a test's rows are rolled back, not changed.
    from linli.foundation.places import selectors as places  # noqa: PLC0415  Django must be set up

    places.forget_index()
    yield
    namespaces.set_process_default("main")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The demonstration subdistrict without cases."""
    from tests.world import forget, lay_world  # noqa: PLC0415

    yield lay_world()
    forget()
