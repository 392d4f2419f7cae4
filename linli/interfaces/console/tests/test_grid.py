"""The grids' pages: merged lines, forces, duty, gaps, 街区."""

from datetime import timedelta

import pytest

from linli.engines.cases import services as cases
from linli.engines.cases.types import Report
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point
from linli.foundation.people.models import DutyShift, LineForce, LineGrid
from linli.foundation.places import selectors as places
from tests.login import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def grid(world):
    with clock.frozen(world.now):
        home = world.areas["陶家宅"]
        yield next(g for g in places.areas(on=world.now.date(), kind="grid") if home.path.startswith(g.path))


@pytest.fixture
def as_(client, world):
    def enter(name):
        log_in(client, world.users[name])
        return client

    return enter


@pytest.mark.mechanism("001-13")
def test_line_grids_are_merged_into_one_grid_from_a_day_on(world, grid, as_):
    client, url = as_("xitong"), f"/console/grid/{grid.pk}/lines/"
    for line, code, first, last in (
        ("police", "JW-07", "2026-01-01", ""),
        ("party", "DJ-3", "2026-03-01", "2026-05-31"),
        ("governance", "ZZ-1", "2026-06-01", ""),
    ):
        data = {"line": line, "code": code, "name": f"{code} 网格", "starts_on": first, "ends_on": last}
        assert client.post(url, data).status_code == 302
    page = client.get(f"/console/grid/{grid.pk}/").content.decode()
    assert "警务" in page
    assert "2026-03-01 — 2026-05-31" in page
    assert "2026-01-01 — 长期" in page
    assert "ZZ-1" not in page  # begins in June
    with clock.frozen(world.now + timedelta(days=100)):
        later = as_("xitong").get(f"/console/grid/{grid.pk}/").content.decode()
    assert "ZZ-1" in later
    assert "DJ-3" not in later
    wrong = client.post(
        url, {"line": "police", "code": "X", "name": "晚于", "starts_on": "2026-05-01", "ends_on": "2026-04-01"}
    )
    assert wrong.status_code == 422
    assert "晚于" in wrong.content.decode()
    assert LineGrid.objects.count() == 3


@pytest.mark.mechanism("001-04")
def test_line_staff_work_in_a_grid_and_stand_in_the_duty_calendar(world, grid, as_):
    police = world.units["police"].pk
    client = as_("xitong")
    data = {
        "line": "police",
        "title": "第一网格民警",
        "unit": police,
        "member": "minjing",
        "starts_on": "2026-03-01",
        "ends_on": "",
    }
    assert client.post(f"/console/grid/{grid.pk}/forces/", data).status_code == 302
    page = client.get(f"/console/grid/{grid.pk}/").content.decode()
    assert "第一网格民警" in page
    assert "社区民警甲" in page
    assert client.post(f"/console/grid/{grid.pk}/forces/", data | {"member": "nobody"}).status_code == 422
    leader = as_("zhiban")
    duty = {"unit": police, "member": "minjing", "starts_at": "2026-03-11T18:00", "ends_at": "2026-03-12T08:00"}
    assert leader.post(f"/console/grid/{grid.pk}/duty/", duty).status_code == 302
    assert "社区民警甲（派出所，18:00—08:00）" in leader.get(f"/console/grid/{grid.pk}/").content.decode()
    assert leader.post(f"/console/grid/{grid.pk}/duty/", duty).status_code == 409
    force = LineForce.objects.get()
    assert (
        as_("xitong").post(f"/console/grid/{grid.pk}/forces/{force.pk}/end/", {"on": "2026-03-10"}).status_code == 302
    )
    with clock.frozen(world.now + timedelta(days=2)):
        assert "第一网格民警" not in as_("xitong").get(f"/console/grid/{grid.pk}/").content.decode()


@pytest.mark.mechanism("000-19")
def test_the_organisation_shows_its_gaps(grid, as_):
    page = as_("lingdao").get("/console/grid/").content.decode()
    assert "缺少微网格长" in page
    assert "没有在岗人员" in page
    assert "缺少" in as_("lingdao").get(f"/console/grid/{grid.pk}/").content.decode()


@pytest.mark.mechanism("003-02", "000-09")
def test_a_block_crosses_grids_and_its_cases_are_counted(world, grid, as_, django_assert_max_num_queries):
    from linli.foundation.places.models import Area

    block = Area.objects.filter(layer__isnull=False, name="中山公园商圈街区").get()
    assert block.geometry is not None
    ring = block.geometry["coordinates"][0]
    if isinstance(ring[0][0], list):
        ring = ring[0]
    west, east = min(p[0] for p in ring), max(p[0] for p in ring)
    middle = sum(p[1] for p in ring) / len(ring)
    for step in range(1, 10):
        point = Point(round(middle, 5), round(west + (east - west) * step / 10, 5))
        cases.report(by=GUEST, now=world.now, report=Report(text="街区里的一件", category="shared_bikes", point=point))
    with django_assert_max_num_queries(13):
        page = as_("lingdao").get("/console/grid/").content.decode()
    row = next(r for r in page.split("<tr>") if "中山公园商圈街区" in r)
    numbers = [int(n) for n in __import__("re").findall(r'class="num">(\d+)<', row)]
    assert numbers[0] >= 5  # cases of the block
    assert numbers[-1] >= 2  # of more than one grid
    assert "中山公园商圈街区" in as_("lingdao").get(f"/console/grid/{grid.pk}/").content.decode()


def test_who_may_enter_and_who_only_reads(world, grid, as_, client):
    url = f"/console/grid/{grid.pk}/lines/"
    data = {"line": "police", "code": "JW", "name": "警务网格", "starts_on": "2026-01-01"}
    assert client.post(url, data)["Location"].startswith("/login/")
    assert as_("jumin").post(url, data).status_code == 404
    assert as_("chengguan").get("/console/grid/").status_code == 404
    assert as_("ducha").post(url, data).status_code == 403
    other = next(g for g in places.areas(on=world.now.date(), kind="grid") if g.pk != grid.pk)
    assert as_("wanggezhang").post(f"/console/grid/{other.pk}/lines/", data).status_code == 403
    assert as_("xitong").get(url).status_code == 405
    assert as_("xitong").get(f"/console/grid/{world.areas['陶家宅'].pk}/").status_code == 404
    assert as_("xitong").post(f"/console/grid/{grid.pk}/forces/999/end/", {"on": "2026-03-10"}).status_code == 404
    assert not LineGrid.objects.exists()
    before = DutyShift.objects.count()
    assert as_("xitong").post(f"/console/grid/{grid.pk}/duty/", {}).status_code == 403
    assert DutyShift.objects.count() == before
    assert as_("wanggezhang").post(url, data).status_code == 302
