import pytest

from linli.engines.cases.models.catalogue import Category, CategoryVersion
from linli.engines.cases.selectors import catalogue
from linli.foundation.core import clock
from linli.interfaces.open311.tests.calls import QUESTIONS, settle


@pytest.fixture
def town(world):
    with clock.frozen(world.now):
        yield settle(world)


@pytest.fixture
def asking(town):
    """The town, where the kind ``garbage`` asks questions, one of which must be answered."""
    row = Category.objects.get(code="garbage")
    version = CategoryVersion.objects.get(pk=row.version_id or 0)
    CategoryVersion.objects.filter(pk=version.pk).update(spec={**version.spec, "questions": QUESTIONS})
    catalogue.forget()
    return town
