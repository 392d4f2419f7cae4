import pytest

from linli.foundation.deadlines import events
from linli.foundation.rulebook import selectors


@pytest.fixture(autouse=True)
def _fresh_book(monkeypatch):
    monkeypatch.setattr(events, "_handlers", {})
    selectors.forget()
    yield
    selectors.forget()
