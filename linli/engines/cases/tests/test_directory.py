import pytest

from linli.engines.cases.selectors import directory
from linli.foundation.people import selectors as people
from linli.foundation.people.models import Unit
from linli.foundation.places.models import Area

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_directory_answers_as_the_people_room_does(world, django_assert_max_num_queries):
    paths = ["", "/", "/999999/", *Area.objects.values_list("path", flat=True)]
    kinds = list(Unit.objects.values_list("kind", flat=True).distinct())
    for kind in [*kinds, "nobody"]:
        wanted = [people.unit_for(kind, path) for path in paths]
        with django_assert_max_num_queries(1):
            assert [directory.unit_for(kind, path) for path in paths] == [u.pk if u else None for u in wanted]


def test_a_department_is_found_by_its_name(world):
    unit = Unit.objects.filter(kind="department")[0]
    assert directory.unit_for(f"department/{unit.short_name or unit.name}", "") == unit.pk
    assert directory.unit_for(f"department/{unit.name}", "/1/") == unit.pk
    assert directory.unit_for("department/没有", "") is None
