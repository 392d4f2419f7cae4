import pytest

from linli.foundation.rulebook import selectors


@pytest.fixture(autouse=True)
def _fresh_book():
    selectors.forget()
    yield
    selectors.forget()
