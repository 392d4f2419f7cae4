"""A form that a script sends (``data-send``): what is said after it was taken is read on the page that follows."""

import re

import pytest

from linli.engines.projects import services
from linli.engines.projects.models import Project
from linli.foundation.core import clock
from linli.foundation.places.models import Place
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.test_projects import desk, entered  # noqa: F401  a fixture
from tests.login import log_in_page


@pytest.mark.django_db
def test_the_script_is_named_where_to_go_and_the_message_waits_there(desk, world):  # noqa: F811
    answer = desk.post("/desk/projects/new/", entered(world), headers={"X-Linli-Send": "1"})
    assert answer.status_code == 204
    assert "Location" not in answer
    page = desk.get(answer["X-Linli-Next"]).content.decode()
    assert "已立项，编号" in page
    refused = desk.post("/desk/projects/new/", entered(world, name=""), headers={"X-Linli-Send": "1"})
    assert refused.status_code == 422, "what is no redirect stays as it is"
    assert "X-Linli-Next" not in refused
    plain = desk.post("/desk/projects/new/", entered(world))
    assert plain.status_code == 302, "without scripts it is a redirect as ever"


@pytest.mark.django_db
def test_who_is_no_longer_logged_in_is_led_to_the_login(world, client):
    answer = client.post("/desk/projects/new/", {}, headers={"X-Linli-Send": "1"})
    assert answer.status_code == 204
    assert "/login/" in answer["X-Linli-Next"]
    assert enter(world, "lingdao").get("/desk/projects/", headers={"X-Linli-Send": "1"}).status_code == 200


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_in_the_browser_the_message_is_read_and_place_and_person_are_chosen(world, live_server, browser_page):
    services.load_shipped_classes(now=clock.now())
    place = Place.objects.filter(lat__isnull=False, area__isnull=False).order_by("pk").first()
    page = log_in_page(browser_page, world.users["lingdao"], live_server.url)
    page.goto("/desk/projects/new/")
    page.fill("#project-name", "楼道整治")
    page.select_option("#project-class_code", "beautiful_home")
    page.select_option("#project-unit", str(world.units["housing"].pk))
    person = str(world.users["fangguan"].pk)
    page.wait_for_selector(f"#project-user option[value='{person}']", state="attached")
    page.select_option("#project-user", person)
    page.fill("#project-deadline", f"{clock.now().year + 1}-06-30")
    page.fill("#project-address", "")
    page.type("#project-address", place.name)
    page.click(f"#spots label:has-text('{place.name}') >> nth=0")
    page.click("button:has-text('保存')")
    page.wait_for_url(re.compile(r"/desk/projects/[0-9a-f-]+/$"))
    assert "已立项，编号" in page.inner_text("main")
    assert world.users["fangguan"].display_name in page.inner_text("main")
    project = Project.objects.get()
    assert (project.user_id, project.place_id) == (int(person), place.pk)
    page.click("a:has-text('修改')")
    page.fill("#project-goal", "焕然一新")
    page.click("button:has-text('保存')")
    page.wait_for_selector("[role=status]:has-text('已保存。')")
    project.refresh_from_db()
    assert project.place_id == place.pk, "what was chosen stays chosen"
