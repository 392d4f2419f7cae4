"""The public map of services and posters, as a visitor without a login and without scripts meets them."""

import re

import pytest

from linli.engines.cases.models import Case
from linli.foundation.core.actors import SYSTEM
from linli.foundation.venues import services
from linli.foundation.venues.models import Channel, Poster, PosterDay, Venue, VenueKind
from linli.foundation.venues.rules import hours
from linli.foundation.venues.types import VenueData
from linli.interfaces.portal.tests.steps import receipt, send, state, words
from tests.login import log_in

pytestmark = pytest.mark.django_db
DAY = hours.to_json(hours.Hours((hours.parse_spans("08:30-11:30,13:30-17:00"),) * 7))
NIGHT = hours.to_json(hours.Hours((hours.parse_spans("20:00-02:00"),) * 7))


@pytest.fixture
def town(frozen):
    services.load_shipped(by=SYSTEM, now=frozen.now)
    return frozen


@pytest.fixture
def made(town):
    def enter(kind="rider_station", name="定西路暖新巢驿站", home="陶家宅", **fields):
        fields = {"area_id": town.areas[home].pk, "hours": DAY, "schematic": True, **fields}
        data = VenueData(kind=kind, name=name, **fields)
        return services.add_venue(by=SYSTEM, now=town.now, data=data)

    return enter


@pytest.fixture
def poster(town, client):
    """A function that makes a poster as somebody and returns it."""

    def make(who="shuji", **fields):
        log_in(client, town.users[who])
        sent = {"purpose": "report", "area": town.areas["陶家宅"].pk, "do": "make", **fields}
        answer = client.post("/console/posters/new/", sent)
        assert answer.status_code == 302, words(answer)[:2000]
        client.cookies.clear()
        return Poster.objects.latest("id")

    return make


@pytest.mark.mechanism("000-04", "001-27", "001-23")
def test_the_map_lists_by_kind_in_the_order_of_addresses_and_says_what_is_open(town, client, made):
    made(name="乙站", address="愚园路 900 号", facilities=("water", "rest"), district="中山公园商圈")
    made(name="甲站", address="安西路 1 号", hours=NIGHT, lat=31.2215, lon=121.4195, phone="021-62000000")
    made(kind="charity_station", name="慈善驿站一号", partner="慈善基金会代表处")
    made(kind="store_room", name="防汛物资点")
    made(name="还没开的", state="preparing")
    page = words(client.get("/map/places/"))
    assert page.index("甲站") < page.index("乙站") < page.index("慈善驿站一号")
    assert "开放中，至 11:30" in page
    assert "未开放，20:00 开" in page
    for hidden in ("防汛物资点", "还没开的"):
        assert hidden not in page
    open_now = words(client.get("/map/places/?open=1"))
    assert "乙站" in open_now
    assert "甲站" not in open_now
    assert "甲站" not in words(client.get("/map/places/?facility=water"))
    assert "乙站" in words(client.get("/map/places/?q=中山公园"))
    only = words(client.get("/map/places/?kind=charity_station"))
    assert "慈善驿站一号" in only
    assert "乙站" not in only
    pins = client.get("/map/places/pins.json").json()
    assert [(p["title"], p["layer"]) for p in pins] == [("甲站", "rider_station")]
    detail = words(client.get(f"/place/{Venue.objects.get(name='慈善驿站一号').uuid}/"))
    assert "慈善基金会代表处" in detail
    assert "合作机构" in detail
    assert client.get(f"/place/{Venue.objects.get(name='防汛物资点').uuid}/").status_code == 404


@pytest.mark.mechanism("001-24")
def test_the_riders_map_is_data_and_prints_with_numbers(town, client, made):
    made(name="甲站", lat=31.2215, lon=121.4195)
    made(name="同一处的站", address="安西路", lat=31.2215, lon=121.4195)
    made(kind="joint_station", name="联勤联动站甲")
    page = words(client.get("/map/riders/"))
    assert "方美好暖‘新’地图" in page
    assert "甲站" in page
    assert "联勤联动站甲" not in page
    paper = client.get("/map/riders/print/?size=a3").content.decode()
    assert "sheet--a3" in paper
    found = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', paper)
    assert len(found) == 2
    assert abs(float(found[0][0]) - float(found[1][0])) + abs(float(found[0][1]) - float(found[1][1])) > 20
    assert re.search(r'<b class="num">2</b>', paper)
    assert client.get("/map/nothing/").status_code == 404
    assert client.get("/map/")["Location"] == "/map/places/"


def test_the_map_works_with_none_and_with_two_thousand(town, client, django_assert_max_num_queries):
    assert "还没有登记的地方" in words(client.get("/map/places/"))
    kind = VenueKind.objects.get(code="toilet")
    Venue.objects.bulk_create(
        [Venue(kind=kind, name=f"公厕{n:04}", sort_key=f"k{n:04}", hours=DAY, lat=31.2215, lon=121.4195,
               changed_at=town.now) for n in range(2000)]
    )  # fmt: skip
    with django_assert_max_num_queries(14):
        page = client.get("/map/places/?open=1").content.decode()
    assert "公厕0099" in page
    assert "公厕0100" not in page
    cursor = re.search(r"cursor=([\w-]+)", page)
    assert cursor is not None
    assert "公厕0100" in client.get("/map/places/", {"cursor": cursor.group(1)}).content.decode()
    assert len(client.get("/map/places/pins.json").json()) == 2000
    assert client.get("/map/places/?cursor=x").status_code == 422


@pytest.mark.mechanism("004-39")
def test_a_poster_fills_the_place_in_and_is_counted_without_a_trace(town, client, poster):
    made = poster(spot="3 号楼电梯间", title="这里有问题？")
    opened = client.get(f"/q/{made.code}/")
    assert opened.status_code == 302
    form = client.get(opened["Location"])
    page = form.content.decode()
    assert "3 号楼电梯间" in page
    assert re.search(rf'value="{town.areas["陶家宅"].code}" selected', page)
    data = {"do": "check", "text": "电梯三天没修", "address": "3 号楼电梯间", "area": town.areas["陶家宅"].code}
    review = client.post("/report/", {"state": state(form), **data})
    assert review.status_code == 200, words(review)
    assert send(client, review, way="none").status_code == 302
    assert receipt(client)["number"] == Case.objects.get().number
    assert Case.objects.get().area_path.startswith(town.areas["陶家宅"].path)
    client.get(f"/q/{made.code}/")
    assert [(d.opens, d.poster_id) for d in PosterDay.objects.all()] == [(2, made.pk)]
    log_in(client, town.users["shuji"])
    assert re.search(r"反映这里的问题 2 ", words(client.get("/console/posters/")))
    assert client.get("/q/2222222222/").status_code == 404


def test_a_posters_page_is_one_a4_sheet_with_code_address_and_telephone(town, client, poster):
    made = poster(spot="东门", text="拍一张照片就行")
    log_in(client, town.users["shuji"])
    sheet = client.get(f"/console/posters/{made.uuid}/").content.decode()
    assert "<svg" in sheet
    for said in ("陶家宅居民区", "东门", "拍一张照片就行", f"testserver/q/{made.code}", town.units["@陶家宅"].phone):
        assert said in sheet, said
    log_in(client, town.users["shuji02"])
    assert client.get(f"/console/posters/{made.uuid}/").status_code == 403
    assert made.code not in client.get("/console/posters/").content.decode()


def test_a_withdrawn_poster_says_so_kindly_and_offers_the_form(town, client, poster):
    made = poster()
    log_in(client, town.users["shuji"])
    url = f"/console/posters/{made.uuid}/withdraw/"
    client.post(url, {"reason": ""})
    made.refresh_from_db()
    assert made.withdrawn_at is None
    assert client.post(url, {"reason": "楼道粉刷"}).status_code == 302
    client.cookies.clear()
    page = client.get(f"/q/{made.code}/")
    assert page.status_code == 200
    assert "已经撤下" in words(page)
    assert "我要反映" in words(page)
    assert not PosterDay.objects.exists()
    assert "3 号楼" not in client.get(f"/report/?q={made.code}").content.decode()


def test_posters_lead_to_a_service_to_the_map_of_the_place_and_to_channels(town, client, made, poster):
    venue = made(name="食堂", kind="canteen", address="安西路 1 号")
    at_venue = poster("paidan", purpose="venues", target=f"venue:{venue.pk}", area="")
    assert client.get(f"/q/{at_venue.code}/")["Location"].endswith(f"?area={town.areas['陶家宅'].code}")
    assert "食堂" in words(client.get(client.get(f"/q/{at_venue.code}/")["Location"]))
    log_in(client, town.users["paidan"])
    refused = client.post(
        "/console/posters/new/", {"purpose": "channel", "area": town.areas["陶家宅"].pk, "do": "make"}
    )
    assert refused.status_code == 422
    assert "请选择一个已登记的渠道" in words(refused)
    log_in(client, town.users["xitong"])
    for bad in ("http://a.cn", "javascript:alert(1)", "https://", "https://u:p@a.cn"):
        assert (
            client.post("/console/posters/channel/", {"name": "公众号", "url": bad, "active": "on"}).status_code == 422
        )
    sent = {"name": "街道公众号", "url": "https://example.org/follow", "active": "on"}
    assert client.post("/console/posters/channel/", sent).status_code == 302
    channel = Channel.objects.get()
    followed = poster("paidan", purpose="channel", channel=channel.pk)
    page = words(client.get(f"/q/{followed.code}/"))
    assert "本站以外的网址" in page
    assert "https://example.org/follow" in page


def test_who_hangs_posters_where(town, client, made):
    log_in(client, town.users["shuji"])
    elsewhere = {"purpose": "report", "area": town.areas["华一"].pk, "do": "make"}
    assert client.post("/console/posters/new/", elsewhere).status_code == 403
    assert client.post("/console/posters/new/", elsewhere | {"area": "", "target": "place:99999"}).status_code == 422
    venue = made(home="华一", name="华一站")
    found = client.post("/console/posters/new/", {"do": "find", "words": "华一站", "purpose": "report"})
    assert "不在您的区域里" in words(found)
    found = client.post("/console/posters/new/", {"do": "find", "words": "陶家宅", "purpose": "report"})
    assert "place:" in found.content.decode()
    log_in(client, town.users["lingdao"])
    assert client.get("/console/posters/").status_code == 200
    assert client.post("/console/posters/new/", elsewhere).status_code == 404
    assert venue.area_path
    assert not Poster.objects.exists()


def test_a_services_page_opens_the_form_with_its_place(town, client, made):
    venue = made(name="甲站", address="安西路 23 弄", lat=31.2215, lon=121.4195)
    page = client.get(f"/report/?at={venue.uuid}").content.decode()
    assert "甲站 安西路 23 弄" in page
    assert 'value="31.2215"' in page
    for bad in ("x", "00000000-0000-7000-8000-000000000000"):
        assert client.get(f"/report/?at={bad}").status_code == 200


def test_the_list_of_posters_is_read_on_page_by_page_with_its_search(town, client, django_assert_max_num_queries):
    home = town.areas["陶家宅"]
    Poster.objects.bulk_create(
        [
            Poster(code=f"p{n:09}", purpose="report", title="反映", spot=f"{n} 号楼", area=home, area_path=home.path,
                   made_at=town.now)
            for n in range(2000)
        ]
    )  # fmt: skip
    log_in(client, town.users["shuji"])
    with django_assert_max_num_queries(12):
        page = client.get("/console/posters/", {"q": "号楼", "state": "up"}).content.decode()
    assert "1999 号楼" in page
    assert "1949 号楼" not in page
    following = re.search(r'href="(\?[^"]*cursor=[^"]*)"', page)
    assert following is not None
    assert "q=%E5%8F%B7%E6%A5%BC" in following.group(1)
    assert "1949 号楼" in client.get("/console/posters/" + following.group(1).replace("&amp;", "&")).content.decode()
    assert "没有符合的海报" in words(client.get("/console/posters/?state=down"))
    log_in(client, town.users["shuji02"])
    assert "还没有海报" in words(client.get("/console/posters/"))
