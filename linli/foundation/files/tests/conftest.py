import pytest

from linli.foundation.files import storage


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    """A data folder of its own for every test; the keys stay where they are."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def content_files(data):
    def found():
        return sorted(p for p in storage.root().rglob("*") if p.is_file()) if storage.root().exists() else []

    return found
