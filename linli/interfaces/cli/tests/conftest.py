"""A data folder of its own for each test of the program."""

import pytest


@pytest.fixture
def english(monkeypatch):
    monkeypatch.setenv("LINLI_LANGUAGE", "en")
