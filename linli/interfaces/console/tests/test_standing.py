"""Walk-in desks, what must be in a grid, leading groups: set up in the console, seen where people look."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.engines.cases.models import Case
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ConflictError
from linli.foundation.journal.models import Entry
from linli.foundation.people import selectors, services
from linli.foundation.people.models import Body, GridItem, GridItemState, Post, Unit, WalkInDesk
from linli.foundation.places import selectors as places
from linli.interfaces.desk.tests.help import enter, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at(world):
    with clock.frozen(world.now):  # a Tuesday, 10:00
        yield


def desk_form(world, **fields):
    return {
        "name": "城管社区工作室（陶家宅）",
        "area": world.areas["陶家宅"].pk,
        "place": "居委会一楼",
        "unit": world.units["enforcement"].pk,
        "post": "执法队员",
        "phone": "",
        "note": "法定节假日除外",
        "active": "yes",
        "weekday": ["2", "4"],
        "starts": ["09:00", ""],
        "ends": ["11:30", ""],
        **fields,
    }


@pytest.mark.mechanism("002-01")
def test_a_desk_has_duty_days_that_residents_see_and_takes_in_who_comes(world, django_assert_max_num_queries):
    xitong = enter(world, "xitong")
    assert "还没有社区工作室" in xitong.get("/console/desks/").content.decode()
    assert "还没有公布值守安排" in Client().get("/desks/").content.decode()
    wrong: list[dict[str, Any]] = [
        {"starts": ["", ""], "ends": ["", ""]},
        {"starts": ["11:30", ""], "ends": ["09:00", ""]},
        {"starts": ["09:00", ""], "ends": ["", ""]},
        {"weekday": ["2", "2"], "starts": ["09:00", "10:00"], "ends": ["11:00", "12:00"]},
        {"name": ""},
    ]
    for fields in wrong:
        refused = xitong.post("/console/desks/new/", desk_form(world, **fields))
        assert refused.status_code == 422, fields
        assert "居委会一楼" in refused.content.decode()
    assert not WalkInDesk.objects.exists()
    for who in ("chengguan", "paidan"):
        assert enter(world, who).post("/console/desks/new/", desk_form(world)).status_code == 404
    assert xitong.post("/console/desks/new/", desk_form(world)).status_code == 302
    desk = WalkInDesk.objects.get()
    assert [(h.weekday, str(h.starts)) for h in desk.hours.all()] == [(2, "09:00:00")]
    with django_assert_max_num_queries(8):
        page = Client().get("/desks/").content.decode()
    for words in ("城管社区工作室（陶家宅）", "星期二 09:00—11:30", "执法队员", "现在有人", "法定节假日除外"):
        assert words in page
    officer = enter(world, "chengguan")
    assert f"desk={desk.uuid}" in officer.get("/desk/walk-in/").content.decode()
    form = officer.get(f"/desk/new/?desk={desk.uuid}").content.decode()
    assert f'name="desk" value="{desk.uuid}"' in form
    sent = typed(source="walk_in", desk=str(desk.uuid), area=str(desk.area_id))
    assert officer.post("/desk/new/", sent).status_code == 302
    case = Case.objects.get()
    assert (case.source, case.area_id) == ("walk_in", desk.area_id)
    last: Any = case.events.order_by("-seq").first()
    assert last.data == {"desk": desk.name}
    assert officer.post("/desk/new/", sent).status_code == 302  # sent twice
    assert Case.objects.count() == 1
    assert case.events.filter(verb="note").count() == 1
    closed = desk_form(world, active="no")
    assert xitong.post(f"/console/desks/{desk.uuid}/", closed).status_code == 302
    assert "城管社区工作室" not in Client().get("/desks/").content.decode()
    assert Entry.objects.filter(verb="people.save_desk").count() == 2


def test_the_public_page_with_many_desks(world, django_assert_max_num_queries):
    rows = [
        WalkInDesk(name=f"工作室{i:04d}", area=world.areas["陶家宅"], unit=world.units["enforcement"], place="居委会")
        for i in range(2_000)
    ]
    WalkInDesk.objects.bulk_create(rows)
    with django_assert_max_num_queries(10):
        page = Client().get("/desks/?q=工作室0007").content.decode()
    assert "工作室0007" in page
    assert "工作室0008" not in page


@pytest.mark.mechanism("001-03")
def test_what_must_be_in_a_grid_is_listed_looked_at_and_missed(world):
    xitong, head = enter(world, "xitong"), enter(world, "wanggezhang")
    grid = next(
        a for a in places.areas(on=world.now.date(), kind="grid") if world.areas["陶家宅"].path.startswith(a.path)
    )
    assert "还没有列出事项" in xitong.get("/console/grid-items/").content.decode()
    assert head.post("/console/grid-items/", {"act": "examples"}).status_code == 403
    assert xitong.post("/console/grid-items/", {"act": "examples"}).status_code == 302
    assert [i.name for i in selectors.grid_items()] == ["组织在网格", "力量在网格", "服务在网格", "问题在网格"]
    item = GridItem.objects.get(name="组织在网格")
    assert xitong.post("/console/grid-items/", {"name": "组织在网格", "meaning": "", "order": "1"}).status_code == 422
    meaning = {"name": "组织在网格", "meaning": "网格党支部已建立"}
    assert xitong.post(f"/console/grid-items/{item.uuid}/", meaning).status_code == 302
    address = f"/console/grid/{grid.pk}/items/"
    refused = head.post(address, {"item": str(item.uuid), "present": "no", "note": ""})
    assert refused.status_code == 422
    assert "请写明缺什么" in refused.content.decode()
    assert not GridItemState.objects.exists()
    assert enter(world, "paidan").post(address, {"item": str(item.uuid), "present": "yes"}).status_code == 403
    assert enter(world, "chengguan").post(address, {"item": str(item.uuid), "present": "yes"}).status_code == 404
    assert head.post(address, {"item": str(item.uuid), "present": "no", "note": "四月建立"}).status_code == 302
    page = head.get(f"/console/grid/{grid.pk}/").content.decode()
    for words in ("网格党支部已建立", "四月建立", "未核对"):
        assert words in page
    assert "四月建立" in head.get("/console/grid-items/").content.decode()
    assert head.post(address, {"item": str(item.uuid), "present": "yes", "note": ""}).status_code == 302
    assert len(selectors.grid_missing([grid.pk])[grid.pk]) == 3
    said = Entry.objects.filter(verb="people.set_grid_item").order_by("id")
    assert [(e.after or {})["present"] for e in said] == [False, True]
    assert xitong.post(f"/console/grid-items/{item.uuid}/", {**meaning, "act": "stop"}).status_code == 302
    assert item.name not in [line.item.name for line in selectors.grid_list(grid.pk)]


def body_form(**fields):
    return {
        "name": "创评工作领导小组",
        "purpose": "统筹创评工作",
        "basis": "街道〔2026〕1号",
        "office_id": "",
        "starts_on": "2026-03-01",
        "ends_on": "2026-12-31",
        **fields,
    }


@pytest.mark.mechanism("004-02")
def test_a_leading_group_has_members_by_post_an_office_and_an_end(world, django_assert_max_num_queries):
    xitong, lead = enter(world, "xitong"), enter(world, "lingdao")
    assert "这里没有领导小组" in lead.get("/console/bodies/").content.decode()
    refused = xitong.post("/console/bodies/new/", body_form(ends_on=""))
    assert refused.status_code == 422
    assert "统筹创评工作" in refused.content.decode()
    assert lead.post("/console/bodies/new/", body_form()).status_code == 403
    assert not Body.objects.exists()
    office = world.units["centre"]
    assert xitong.post("/console/bodies/new/", body_form(office_id=office.pk)).status_code == 302
    body = Body.objects.get()
    assert (body.unit.kind, body.office, body.unit.ends_on) == ("task_force", office, date(2026, 12, 31))
    address = f"/console/bodies/{body.unit.uuid}/"
    chief = Post.objects.get(role="street_leader", appointments__user=world.users["lingdao"])
    member: Any = Post.objects.filter(unit=world.units["enforcement"]).first()
    assert xitong.post(address, {"function": "head", "post_id": ""}).status_code == 422
    assert xitong.post(address, {"function": "head", "post_id": chief.pk}).status_code == 302
    assert xitong.post(address, {"function": "head", "post_id": member.pk}).status_code == 409
    assert xitong.post(address, {"function": "member", "post_id": member.pk}).status_code == 302
    assert lead.post(address, {"function": "deputy", "post_id": member.pk}).status_code == 403
    with django_assert_max_num_queries(10):
        page = lead.get(address).content.decode()
    for words in ("组长", str(world.users["lingdao"].display_name), str(world.units["enforcement"]), str(office)):
        assert words in page
    row = selectors.body_members(body)[1]
    assert xitong.post(address, {"act": "remove", "member": row.pk}).status_code == 302
    assert len(selectors.body_members(body)) == 1
    assert xitong.post(address, {"act": "end", "reason": "任务完成"}).status_code == 302
    assert Unit.objects.get(pk=body.unit_id).ends_on == world.now.date()
    later = world.now + timedelta(days=1)
    with clock.frozen(later):
        assert "创评工作领导小组" in enter(world, "lingdao").get("/console/bodies/?tab=ended").content.decode()
        with pytest.raises(ConflictError):
            services.add_body_member(
                by=SYSTEM, now=later, body=selectors.body_for(body.unit.uuid), post_id=member.pk, function="member"
            )
