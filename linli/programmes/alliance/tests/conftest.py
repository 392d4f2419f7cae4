import pytest

from linli.programmes.alliance.tests.year import lay_year


@pytest.fixture
def year(world):
    return lay_year(world)
