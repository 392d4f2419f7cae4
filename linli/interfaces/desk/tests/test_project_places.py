"""Where a project lies and who answers for it: chosen in its form, shown on its page, in the list and on the map."""

import json

import pytest

from linli.engines.projects import services
from linli.engines.projects.models import Project, ProjectEvent
from linli.engines.projects.types import ProjectData
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import InvalidError
from linli.foundation.places import selectors as places
from linli.foundation.places.models import Place
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.test_projects import desk, entered, opened  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


def estate():
    return Place.objects.filter(lat__isnull=False, area__isnull=False).order_by("pk").first()


def chosen(desk, place):  # noqa: F811
    """Return the value of a place as the search in the form offers it."""
    page = desk.post("/desk/new/places/", {"address": place.name}).content.decode()
    assert place.name in page
    return json.dumps({"id": place.pk, "address": place.address or place.name})


def edited(desk, world, project, **fields):  # noqa: F811
    project.refresh_from_db()
    return desk.post(f"/desk/projects/{project.uuid}/edit/", {**entered(world), "version": project.version, **fields})


def test_a_building_and_a_person_are_chosen_and_shown(desk, world):  # noqa: F811
    place, person = estate(), world.users["fangguan"]
    form = desk.get("/desk/projects/new/").content.decode()
    assert "负责人" in form
    assert "data-picker" in form
    assert person.display_name not in form, "whose unit is not chosen is not offered"
    offered = desk.post("/desk/projects/people/", {"unit": world.units["housing"].pk}).content.decode()
    assert person.display_name in offered
    project = opened(desk, world, user=person.pk, place=chosen(desk, place), area="")
    assert (project.user_id, project.place_id, project.area_id) == (person.pk, place.pk, place.area_id)
    page, listed = (
        desk.get(a).content.decode() for a in (f"/desk/projects/{project.uuid}/", "/desk/projects/?box=draft")
    )
    for words in (person.display_name, place.name):
        assert words in page
        assert words in listed
    form = desk.get(f"/desk/projects/{project.uuid}/edit/").content.decode()
    assert place.name in form
    assert f'value="{person.pk}" selected' in form
    assert "1" in desk.get("/desk/projects/map/").content.decode()
    wrong = edited(desk, world, project, user=person.pk, place=chosen(desk, place), name="")
    assert wrong.status_code == 422
    assert (place.address or place.name) in wrong.content.decode(), "the place chosen stays"
    assert edited(desk, world, project, user=person.pk, place="{}").status_code == 302
    project.refresh_from_db()
    assert project.place_id is None
    keeper = enter(world, "fangguan")
    assert edited(keeper, world, project, user=person.pk, name="改名").status_code == 302, "who answers for it keeps it"


def test_a_point_picked_lies_on_the_map_and_in_its_area(desk, world):  # noqa: F811
    place = estate()
    project = opened(desk, world, area="", point_lat=place.lat, point_lon=place.lon, point_system="wgs84")
    assert project.spot == pytest.approx((place.lat, place.lon))
    found = places.locate(project_point(place), world.now.date()).area_id
    assert project.area_id == found
    form = desk.get(f"/desk/projects/{project.uuid}/edit/").content.decode()
    assert f'value="{place.lat}"' in form
    assert edited(desk, world, project, point_lat="", point_lon="").status_code == 302
    project.refresh_from_db()
    assert project.spot is None


def project_point(place):
    from linli.foundation.core.coordinates import Point

    return Point(place.lat, place.lon)


def test_only_a_person_of_the_unit_answers_for_it(desk, world):  # noqa: F811
    refused = desk.post("/desk/projects/new/", entered(world, user=world.users["minjing"].pk))
    assert refused.status_code == 422
    assert Project.objects.count() == 0
    data = ProjectData(
        name="x", class_code="beautiful_home", unit_id=world.units["housing"].pk, user_id=world.users["minjing"].pk,
        deadline=world.now.date(),
    )  # fmt: skip
    with pytest.raises(InvalidError) as wrong:
        services.add_project(by=world.actor("lingdao"), now=world.now, data=data)
    assert "责任单位的人员" in wrong.value.fields["user"][0]


def test_who_leaves_answers_for_no_project(desk, world):  # noqa: F811
    project = opened(desk, world, user=world.users["fangguan"].pk)
    given = {"from_user": world.users["fangguan"].pk, "by": SYSTEM, "now": world.now}
    assert services.hand_over_projects(**given, to_user=world.users["minjing"].pk) == 1
    project.refresh_from_db()
    assert project.user_id is None, "nobody of another unit takes it over unasked"
    assert ProjectEvent.objects.filter(project=project, text="人员变动，工作移交").exists()
