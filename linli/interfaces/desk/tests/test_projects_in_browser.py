"""A bar of the Gantt is moved by mouse and by keyboard, previewed before it is kept; the wall chart on paper."""

import re
from datetime import timedelta

import pypdfium2
import pytest
from django.utils import timezone

from linli.engines.projects import selectors, services
from linli.engines.projects.models import Node
from linli.engines.projects.selectors import PlanChoice
from linli.engines.projects.types import NodeData, ProjectData
from linli.foundation.core import clock
from tests.login import log_in_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def project(world):
    now, lead = clock.now(), world.actor("lingdao")
    services.load_shipped_classes(now=now)
    data = ProjectData(
        name="陶家宅“美丽家园”综合整治",
        class_code="beautiful_home",
        unit_id=world.units["housing"].pk,
        deadline=timezone.localdate(now) + timedelta(days=120),
        public=True,
    )
    made = services.add_project(by=lead, now=now, data=data)
    first = services.add_node(by=lead, now=now, uuid=made.uuid, data=NodeData(title="方案设计", duration=10))
    after = NodeData(title="外墙施工", duration=20, waits=((first.pk, "FS", 0),))
    services.add_node(by=lead, now=now, uuid=made.uuid, data=after)
    choice = PlanChoice(late=False)
    shown = services.preview(selectors.project_for(lead, made.uuid), choice, now=now)
    services.save_plan(by=lead, now=now, uuid=made.uuid, choice=choice, token=shown.token)
    return made


def test_a_bar_is_moved_and_what_moves_is_shown_before_it_is_kept(world, project, live_server, browser_page):
    page = log_in_page(browser_page, world.users["lingdao"], live_server.url)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/desk/projects/{project.uuid}/plan/")
    box = page.locator('.ganttbox [data-movable="true"] rect').first.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1], steps=6)
    page.mouse.up()
    page.wait_for_url(re.compile("slip_start="))
    assert "外墙施工" in page.inner_text("#preview")
    before = Node.objects.get(title="外墙施工").planned_finish
    page.click("#preview button.btn-primary")
    page.wait_for_url(re.compile(r"/plan/(#\w+)?$"))
    later = Node.objects.get(title="外墙施工").planned_finish
    assert before is not None
    assert later is not None
    assert later > before
    bar = page.locator('.ganttbox [data-movable="true"]').first
    bar.focus()
    for _press in range(7):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("slip_start="))
    assert "推迟" in page.inner_text("#preview")
    assert Node.objects.get(title="外墙施工").planned_finish == later
    page.click("#preview button.btn-primary")
    page.wait_for_url(re.compile(r"/plan/(#\w+)?$"))
    last = Node.objects.get(title="外墙施工").planned_finish
    assert last is not None
    assert last > later


@pytest.mark.parametrize(("size", "wide"), [("", 420), ("a1", 841)])
def test_the_wall_chart_fills_one_sheet_of_paper(world, project, live_server, browser_page, tmp_path, size, wide):
    services.step(
        by=world.actor("lingdao"),
        now=clock.now(),
        uuid=project.uuid,
        verb="approve",
        expected=selectors.project_for(world.actor("lingdao"), project.uuid).version,
    )
    page = log_in_page(browser_page, world.users["lingdao"], live_server.url)
    page.goto(f"/desk/projects/chart/?size={size}")
    path = tmp_path / "chart.pdf"
    page.pdf(path=path, prefer_css_page_size=True, print_background=True)
    paper = pypdfium2.PdfDocument(path)
    assert len(paper) == 1
    assert round(paper[0].get_width() / 72 * 25.4) == wide
    assert "美丽家园" in paper[0].get_textpage().get_text_range()
