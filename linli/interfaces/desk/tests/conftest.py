"""The clock of the desk's tests stands at the world's morning; the folder of collected files exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.foundation.core import clock
from tests.world import MORNING


@pytest.fixture(autouse=True)
def _morning(request):
    if "browser_page" in request.fixturenames:  # the server answers in a thread of its own, by the true time
        yield
        return
    with clock.frozen(MORNING):
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_root():
    from django.conf import settings

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
