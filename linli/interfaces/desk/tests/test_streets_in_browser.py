"""A patrol finds something at a shop: warned, ordered, handed over; and a lane gets its plan."""

import pytest

from linli.engines.cases.models import Case
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Finding, Target, Visit
from linli.engines.fieldwork.types import Packet
from linli.foundation.core import clock
from linli.foundation.core.ids import uuid7
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.cli.demo.streets import load_streets
from linli.programmes.streets.models import LanePlan, Matter
from tests.login import log_in_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PAGES = (
    "", "matters/", "duties/", "spots/", "lanes/", "alliance/", "boards/", "friends/", "shifts/", "quality/",
    "contacts/",
)  # fmt: skip


@pytest.fixture
def town(world):
    world.now = clock.now()
    load_streets(world.users, world.units, world.areas, world.now)
    return world


def found(town):
    """Let a patrol's record find something at a shop that was warned already."""
    shop = Target.objects.get(kind__code="shop", name="长宁路生煎铺")
    visit = Visit.objects.filter(target=shop).order_by("occasion")[0]
    packet = Packet(uuid7(), "street.patrol", 1, {"goods": True}, town.now, visit=visit.uuid)
    fieldwork.submit(by=town.actor("chengguan"), now=town.now, packet=packet)
    return Finding.objects.create(
        submission=visit.submissions.order_by("pk")[0], target=shop, item="goods",
        text="门口油污又没清，油桶摆在人行道", found_at=town.now, area_path=shop.area_path,
    )  # fmt: skip


def as_(page, town, live_server, who, path):
    log_in_page(page, town.users[who], live_server.url)
    page.goto(path)


@pytest.mark.mechanism("000-37", "004-16")
def test_a_patrol_leads_to_a_case_and_a_lane_gets_its_plan(town, live_server, browser_page, tmp_path):
    finding, page = found(town), browser_page
    page.set_viewport_size({"width": 1440, "height": 900})
    as_(page, town, live_server, "shegong", "/desk/streets/")
    page.locator("li", has_text=finding.text).get_by_role("link", name="开提醒").click()
    page.select_option("[name=fault]", "frontage")
    assert page.input_value("[name=text]") == finding.text
    photo = tmp_path / "shot.jpg"
    photo.write_bytes(draw_picture(7, "report"))
    page.set_input_files("[name=photo]", str(photo))
    page.get_by_role("button", name="保存").click()
    page.wait_for_selector("text=应责令改正")
    row = Matter.objects.get(finding_uuid=finding.uuid)
    path = f"/desk/streets/matters/{row.uuid}/"
    as_(page, town, live_server, "chengguan", path)
    page.locator("#act-order > summary").click()
    assert page.input_value("#act-order [name=basis]") == "《上海市市容环境卫生管理条例》"
    page.fill("#act-order [name=basis]", "《上海市市容环境卫生管理条例》第二十一条")
    page.select_option("#act-order [name=served]", "manager")
    page.locator("#act-order [name=second_id]").select_option(label="执法队员 城管队员乙")
    page.locator("#act-order button.btn").click()
    page.wait_for_selector("text=责改〔")
    page.locator("#act-hand_over > summary").click()
    page.fill("#act-hand_over [name=reason]", "油桶占道有安全隐患，屡次不改")
    page.locator("#act-hand_over button.btn").click()
    page.wait_for_selector(".st-check")
    row.refresh_from_db()
    assert Case.objects.get(uuid=str(row.case_uuid)).unit == town.units["enforcement"]
    as_(page, town, live_server, "shuji", "/desk/streets/lanes/?state=none")
    page.get_by_role("link", name="长宁路 476 弄").click()
    page.fill("[name=plan]", "清理后弄，装灯")
    page.get_by_role("button", name="保存").click()
    page.wait_for_selector("text=方案拟定中")
    assert LanePlan.objects.get(target__name="长宁路 476 弄").facts == "门牌 9 个，210 户"
    page.set_viewport_size({"width": 390, "height": 844})
    for part in PAGES:
        page.goto(f"/desk/streets/{part}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), part
