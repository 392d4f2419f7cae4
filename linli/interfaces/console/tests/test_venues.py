"""Venues from the console: entered, found, kept up to date, refused to others; kinds, standards, charging."""

import re

import pytest

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.files.models import StoredFile
from linli.foundation.journal.models import Entry
from linli.foundation.venues import services
from linli.foundation.venues.models import ChargingProject, Venue, VenueKind
from linli.foundation.venues.types import VenueData
from linli.interfaces.portal.tests.steps import photo
from tests.login import log_in

pytestmark = pytest.mark.django_db
WEEK = {f"day{n}": "08:30-11:30, 13:30-17:00" if n < 5 else "" for n in range(7)}


@pytest.fixture
def town(world):
    with clock.frozen(world.now):
        services.load_shipped(by=SYSTEM, now=world.now)
        yield world


@pytest.fixture
def as_(client, town):
    def enter(name):
        log_in(client, town.users[name])
        return client

    return enter


def typed(**fields):
    return {
        "name": "华阳联勤联动站",
        "state": "open",
        "address": "长宁路 488 弄 1 号",
        "phone": "021-62123456",
        "exceptions": "2026-04-06 休息 清明",
        **WEEK,
        "point_lat": "31.2215",
        "point_lon": "121.4195",
        **fields,
    }


def made(town, kind="joint_station", name="华阳联勤联动站", home="陶家宅", **fields):
    data = VenueData(kind=kind, name=name, area_id=town.areas[home].pk, **fields)
    return services.add_venue(by=SYSTEM, now=town.now, data=data)


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.mark.mechanism("001-12")
def test_a_station_is_entered_and_found_by_the_word_as_the_text_writes_it(town, as_):
    client = as_("xitong")
    answer = client.post("/console/venues/new/?kind=joint_station", typed(level="grid", facility=["water", "rest"]))
    assert answer.status_code == 302, words(answer)[:3000]
    venue = Venue.objects.get()
    assert venue.area_path.startswith("/")
    assert venue.level == "grid"
    page = words(client.get(answer["Location"]))
    assert "开放中，至 11:30" in page
    assert "登记" in page
    for text in ("联动联动站", "联勤联动", "长宁路488", "华阳"):
        assert "华阳联勤联动站" in words(client.get("/console/venues/", {"q": text})), text
    assert "没有符合的场所" in words(client.get("/console/venues/", {"q": "食堂"}))
    assert "没有符合的场所" in words(client.get("/console/venues/", {"level": "block"}))
    assert Entry.objects.filter(verb="venues.add", object_uuid=venue.uuid).exists()


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(town, as_):
    client = as_("xitong")
    wrong = typed(name="", day0="九点", exceptions="明天 休息", phone="12", point_lat="39.9", point_lon="116.4")
    answer = client.post("/console/venues/new/?kind=canteen", wrong | {"q_elder_discount": "70 岁以上 9 折"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("周一：时间没有看懂", "第 1 行：日期没有看懂", "这个字段是必填项"):
        assert said in page, said
    for kept in ("九点", "明天 休息", "70 岁以上 9 折", "长宁路 488 弄 1 号"):
        assert kept in page, kept
    answer = client.post("/console/venues/new/?kind=canteen", typed(phone="12", point_lat="39.9", point_lon="116.4"))
    assert answer.status_code == 422
    assert "不在本街道范围内" in words(answer)
    assert "3 至 15 位" in words(answer)
    assert not Venue.objects.exists()


def test_two_at_once_the_second_is_told_and_loses_nothing(town, as_):
    venue, client = made(town), as_("xitong")
    url = f"/console/venues/{venue.uuid}/"
    assert client.post(url, typed(expected=1, intro="第一个人写的")).status_code == 302
    late = client.post(url, typed(expected=1, intro="第二个人写的"))
    assert late.status_code == 409
    assert "别人刚刚改过" in words(late)
    assert "第二个人写的" in late.content.decode()
    venue.refresh_from_db()
    assert venue.intro == "第一个人写的"
    log = words(client.get(url))
    assert "修改资料" in log
    assert "公开介绍" in log


@pytest.mark.mechanism("002-30")
def test_the_standard_is_filled_in_on_site_and_each_station_tells_what_it_lacks(town, as_):
    venue, client = made(town), as_("xitong")
    url, kind = f"/console/venues/{venue.uuid}/", VenueKind.objects.get(code="joint_station")
    form = {
        "name": kind.name, "order": "30", "public": "on", "active": "on", "icon": kind.icon, "colour": kind.colour,
        "aliases": "联动联动站", "group_name": ["一个牌子", "一间屋", "两张桌", "五支队伍", ""],
        "group_count": ["1", "1", "2", "5", ""], "group_items": ["站牌", "", "", "公安、城管", ""],
    }  # fmt: skip
    assert client.post("/console/venue-kinds/joint_station/", form).status_code == 302
    venue.refresh_from_db()
    assert venue.lacking == 9
    page = words(client.get(url))
    assert "共 9 项，还缺 9 项" in page
    assert "第 3 项（名称未定）" in page
    slots = re.findall(r'name="slot" value="([^"]+)"', client.get(url).content.decode())
    assert len(slots) == 9
    sent = {"slot": slots, "present": slots[:5], "note-0": "挂在门口"}
    assert client.post(f"{url}slots/", sent).status_code == 302
    assert "共 9 项，还缺 4 项" in words(client.get(url))
    assert "挂在门口" in client.get(url).content.decode()
    assert "缺 4 项" in words(client.get("/console/venues/", {"lacking": "1"}))
    assert client.post(f"{url}slots/", {"slot": ["别的/什么"]}).status_code == 409
    wrong = client.post("/console/venue-kinds/joint_station/", form | {"group_count": ["0", "1", "2", "5", ""]})
    assert wrong.status_code == 422
    assert "每组数量应为 1 至 50" in words(wrong)
    assert "公安、城管" in wrong.content.decode()


@pytest.mark.mechanism("001-14", "002-29")
def test_a_station_has_rooms_equipment_partner_units_duty_and_a_state(town, as_):
    venue = made(town, keeper_id=town.units["enforcement"].pk, state="preparing", level="neighbourhood")
    url, client = f"/console/venues/{venue.uuid}/", as_("xitong")
    for kind, name, unit in (
        ("room", "调解室", ""), ("equipment", "执法记录仪", ""), ("partner", "派出所窗口", town.units["police"].pk),
    ):  # fmt: skip
        sent = {"kind": kind, "name": name, "count": 2, "unit": unit, "note": "二楼"}
        assert client.post(f"{url}item/", sent).status_code == 302
    page = words(client.get(url))
    for said in ("调解室", "执法记录仪", "派出所窗口", town.units["police"].name, "筹备中", "今明值班"):
        assert said in page, said
    assert client.post(f"{url}item/", {"kind": "room", "name": "", "count": 1}).status_code == 422
    item = venue.items.first()
    assert client.post(f"{url}drop-item/", {"id": item.pk}).status_code == 302
    assert client.post(f"{url}drop-item/", {"id": item.pk}).status_code == 404
    assert venue.items.count() == 2
    assert client.post(f"{url}state/", {"state": "paused", "reason": "x", "expected": 99}).status_code == 409
    venue.refresh_from_db()
    assert client.post(f"{url}state/", {"state": "paused", "expected": venue.version}).status_code == 422
    sent = {"state": "paused", "reason": "装修", "expected": venue.version}
    assert client.post(f"{url}state/", sent).status_code == 302
    assert "改变状态：状态（装修）" in words(client.get(url))


@pytest.mark.mechanism("002-01")
def test_a_workroom_names_its_duty_days_and_its_post_never_a_person(town, as_):
    unit = town.units["enforcement"]
    venue, client = made(town, kind="city_workroom", name="陶家宅城管社区工作室", keeper_id=unit.pk), as_("xitong")
    url = f"/console/venues/{venue.uuid}/"
    post = re.search(r'name="keeper_post".*?<option value="(\d+)"', client.get(url).content.decode(), re.S)
    assert post is not None
    sent = typed(name=venue.name, expected=1, keeper=unit.pk, keeper_post=post.group(1), q_duty_days="每周二、周四下午")
    answer = client.post(url, sent)
    assert answer.status_code == 302, words(answer)[:2000]
    public = client.get(f"/place/{venue.uuid}/").content.decode()
    assert "每周二、周四下午" in public
    venue.refresh_from_db()
    assert venue.keeper_post.title not in public
    for user in town.users.values():
        assert user.display_name not in public
    stranger = client.post(url, sent | {"expected": venue.version, "keeper": town.units["police"].pk})
    assert stranger.status_code == 422
    assert "不属于管理单位" in words(stranger)


@pytest.mark.mechanism("001-22")
def test_friendly_merchants_have_a_plaque_once_and_a_yearly_review(town, as_):
    shop, client = made(town, kind="friendly_shop", name="面馆", plaque="QS-001"), as_("xitong")
    url = f"/console/venues/{shop.uuid}/"
    answer = client.post(
        "/console/venues/new/?kind=friendly_shop", typed(name="茶店", plaque="QS-001", q_gives=["water", "charging"])
    )
    assert answer.status_code == 422
    assert "铭牌编号已经用过" in words(answer)
    assert "1 家商户 30 天内到复核日" in words(client.get("/console/venues/"))
    assert client.post(f"{url}review/", {"passed": "1", "note": "", "expected": shop.version}).status_code == 302
    shop.refresh_from_db()
    assert shop.review_on.isoformat() == "2027-03-10"
    assert "到复核日" not in words(client.get("/console/venues/"))
    failed = {"passed": "0", "note": "", "expected": shop.version}
    assert client.post(f"{url}review/", failed).status_code == 422
    assert client.post(f"{url}review/", failed | {"note": "已转让"}).status_code == 302
    assert client.get(f"/place/{shop.uuid}/").status_code == 404


@pytest.mark.mechanism("001-63")
def test_a_canteen_has_hours_a_weeks_menu_an_elders_discount_and_a_telephone(town, as_):
    place, client = made(town, kind="canteen", name="华阳社区食堂", phone="021-62520001"), as_("xitong")
    url = f"/console/venues/{place.uuid}/"
    sent = typed(name=place.name, expected=1, q_elder_discount="70 岁以上 9 折", q_lunch="11:00—12:30")
    assert client.post(url, sent).status_code == 302
    menu = {"menu-2026-03-10-lunch": "红烧肉、青菜", "menu-2026-03-11-dinner": "清蒸鱼"}
    assert client.post(f"{url}menu/", menu).status_code == 302
    public = words(client.get(f"/place/{place.uuid}/"))
    for said in ("70 岁以上 9 折", "11:00—12:30", "红烧肉、青菜", "清蒸鱼", "021-62123456", "今天"):
        assert said in public, said
    assert client.post(f"{url}menu/", {"menu-2026-03-10-lunch": ""}).status_code == 302
    assert "红烧肉" not in words(client.get(f"/place/{place.uuid}/"))
    long = client.post(f"{url}menu/", {"menu-2026-03-10-lunch": "菜" * 501})
    assert long.status_code == 422
    assert "菜" * 501 in long.content.decode()
    other = made(town, kind="toilet", name="公厕")
    assert client.post(f"/console/venues/{other.uuid}/menu/", menu).status_code == 409


@pytest.mark.mechanism("004-08")
def test_practice_stations_stand_in_a_ledger_with_their_activities(town, as_):
    place, client = made(town, kind="practice_station", name="陶家宅新时代文明实践站"), as_("xitong")
    url = f"/console/venues/{place.uuid}/"
    sent = {"title": "免费理发", "starts_at": "2026-03-14T09:00", "ends_at": "2026-03-14T11:00", "note": "二楼"}
    assert client.post(f"{url}activity/", sent).status_code == 302
    assert client.post(f"{url}activity/", sent).status_code == 422
    backwards = client.post(f"{url}activity/", sent | {"title": "讲座", "ends_at": "2026-03-14T08:00"})
    assert backwards.status_code == 422
    assert "讲座" in backwards.content.decode()
    assert "免费理发 2026-03-14 09:00" in words(client.get(f"/place/{place.uuid}/"))
    activity = place.activities.get()
    assert client.post(f"{url}cancel-activity/", {"id": activity.pk}).status_code == 302
    assert "已取消" in words(client.get(f"/place/{place.uuid}/"))
    assert "陶家宅新时代文明实践站" in words(client.get("/console/venues/?kind=practice_station"))


def test_photos_come_without_their_position_and_go_for_good(town, as_):
    place, client = made(town, kind="canteen", name="食堂"), as_("xitong")
    url = f"/console/venues/{place.uuid}/"
    assert client.post(f"{url}photo/", {"photo": photo(), "alt": "大门"}).status_code == 302
    shown = place.photos.select_related("file").get()
    assert client.get(f"/place/photo/{shown.file.uuid}/320/").status_code == 200
    assert "大门" in words(client.get(f"/place/{place.uuid}/"))
    assert client.post(f"{url}photo/", {"alt": "没有照片"}).status_code == 422
    assert client.post(f"{url}drop-photo/", {"id": shown.pk}).status_code == 302
    assert client.get(f"/place/photo/{shown.file.uuid}/320/").status_code == 404
    assert StoredFile.objects.get().deleted_at is not None


def test_who_keeps_a_venue_and_who_does_not(town, as_):
    inside, outside = made(town), made(town, name="华一站", home="华一")
    sent = typed(expected=1)
    assert as_("shuji").post(f"/console/venues/{inside.uuid}/", sent).status_code == 302
    assert as_("shuji").post(f"/console/venues/{outside.uuid}/", sent).status_code == 403
    assert as_("lingdao").post(f"/console/venues/{inside.uuid}/", sent).status_code == 403
    assert as_("shuji").post("/console/venues/new/?kind=canteen", typed()).status_code == 404
    assert as_("chengguan").get("/console/venues/").status_code == 404
    read = words(as_("lingdao").get(f"/console/venues/{outside.uuid}/"))
    assert "保存资料" not in read
    assert Venue.objects.get(pk=outside.pk).version == 1


def test_kinds_and_maps_are_data(town, as_):
    client = as_("xitong")
    form = {
        "code": "repair", "name": "修车摊", "aliases": "补胎，打气", "order": "5", "public": "on", "active": "on",
        "icon": "tool", "colour": "brown", "ask_code": ["", ""], "ask_label": ["补胎价格", "会修什么"],
        "ask_type": ["text", "choices"], "ask_choices": ["", "自行车、电动车"], "ask_hint": ["", ""],
    }  # fmt: skip
    assert client.post("/console/venue-kinds/new/", form).status_code == 302
    page = client.get("/console/venues/new/?kind=repair").content.decode()
    assert "补胎价格" in page
    assert 'value="自行车"' in page
    answer = client.post(
        "/console/venues/new/?kind=repair", typed(name="小张修车", q_q1="15 元", q_q2=["自行车", "电动车"])
    )
    assert answer.status_code == 302, words(answer)[:2000]
    assert "自行车、电动车" in words(client.get(f"/place/{Venue.objects.get().uuid}/"))
    assert "小张修车" in words(client.get("/console/venues/?q=打气"))
    bad = client.post("/console/venue-kinds/new/", form | {"code": "Bad Code"})
    assert bad.status_code == 422
    assert "补胎价格" in bad.content.decode()
    assert client.post("/console/maps/new/", {"code": "bikes", "title": "骑行地图", "order": 5, "active": "on",
                                              "kind": ["repair"]}).status_code == 302  # fmt: skip
    assert "小张修车" in words(client.get("/map/bikes/"))
    assert client.post("/console/venue-kinds/facility/", {"name": "打气筒"}).status_code == 302
    assert client.post("/console/venue-kinds/facility/", {"name": "打气筒"}).status_code == 422
    before = VenueKind.objects.count()
    assert client.post("/console/venue-kinds/ship/").status_code == 302
    assert VenueKind.objects.count() == before


@pytest.mark.mechanism("000-05")
def test_sockets_stand_against_counted_bikes_and_building_has_stages(town, as_):
    client, home = as_("xitong"), town.areas["陶家宅"]
    made(town, kind="charging", name="一号棚", answers={"sockets": 20, "cabinets": 4})
    url = "/console/charging/"
    count = {"subject": f"area:{home.pk}", "bikes": 100, "counted_on": "2026-03-01", "source": "物业登记"}
    assert client.post(f"{url}count/", count).status_code == 302
    page = words(client.get(url))
    assert re.search(r"陶家宅居民区 20 4 100 76 2026-03-01 物业登记", page)
    for wrong in ({"source": ""}, {"counted_on": "2027-01-01"}, {"subject": ""}, {"bikes": "-1"}):
        answer = client.post(f"{url}count/", count | wrong)
        assert answer.status_code == 422, wrong
        assert "物业登记" in answer.content.decode() or wrong.get("source") == ""
    project = {"name": "陶家宅新棚", "area": home.pk, "sockets": 30, "stage": "planned", "stage_on": "2026-01-05",
               "planned_end": "2026-02-28"}  # fmt: skip
    assert client.post(f"{url}project/", project).status_code == 302
    row = ChargingProject.objects.get()
    forward = project | {"uuid": row.uuid, "stage": "building", "stage_on": "2026-02-01"}
    assert client.post(f"{url}project/", forward).status_code == 302
    page = words(client.get(url))
    assert "2026-01-05 选址 2026-02-01 施工中" in page
    assert "已过计划完成日" in page
    back = client.post(f"{url}project/", forward | {"stage": "running", "stage_on": "2026-01-01"})
    assert back.status_code == 422
    assert "早于上一阶段" in words(back)
    assert as_("shuji02").post(f"{url}count/", count).status_code == 403
    assert as_("shuji").post(f"{url}count/", count | {"bikes": 90}).status_code == 302


def test_the_list_works_with_none_and_with_two_thousand(town, as_, django_assert_max_num_queries):
    client = as_("xitong")
    assert "还没有登记场所" in words(client.get("/console/venues/"))
    kind = VenueKind.objects.get(code="toilet")
    rows = [Venue(kind=kind, name=f"公厕{n:04}", sort_key=f"k{n:04}", changed_at=town.now) for n in range(2000)]
    Venue.objects.bulk_create(rows)
    with django_assert_max_num_queries(16):
        page = client.get("/console/venues/").content.decode()
    assert "公厕0049" in page
    assert "公厕0050" not in page
    cursor = re.search(r"cursor=([\w-]+)", page)
    assert cursor is not None
    assert "公厕0050" in client.get("/console/venues/", {"cursor": cursor.group(1)}).content.decode()
    with django_assert_max_num_queries(6):
        assert len(client.get("/console/venues/pins.json").json()) == 0
