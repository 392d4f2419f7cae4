"""Areas from the console: a file's report, its map, a date; one area's dated changes; what hangs on it."""

import json
import re
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.engines.cases.models import Case
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.places import selectors
from linli.foundation.places.models import Area, AreaUpload, FormerBorder
from linli.foundation.places.services import add_areas
from linli.foundation.places.types import AreaData
from linli.interfaces.portal.tests.steps import problem, send
from tests.login import log_in

pytestmark = pytest.mark.django_db
FEBRUARY, MARCH = datetime(2026, 2, 10, 2, tzinfo=UTC), datetime(2026, 3, 3, 2, tzinfo=UTC)


@pytest.fixture
def as_(client, world):
    with clock.frozen(world.now):

        def enter(name="xitong"):
            log_in(client, world.users[name])
            return client

        yield enter


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def file(*features, name="边界.geojson", raw=None):
    text = json.dumps({"type": "FeatureCollection", "features": features}) if raw is None else raw
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text, "application/geo+json")


def feature(area, geometry, **properties):
    own = {"code": area.code, "name": area.name, "parent": area.parent.code if area.parent else ""}
    return {"type": "Feature", "geometry": geometry, "properties": {**own, **properties}}


def borders(*names):
    found = {a.name.removesuffix("居民区"): a for a in Area.objects.filter(name__in=[f"{n}居民区" for n in names])}
    return [found[n] for n in names]


def upload(client, *features, since="2026-03-10", kind="neighbourhood", **more):
    data = {"kind": kind, "since": since, "file": file(*features), "reason": "会议纪要 3 号", **more}
    return client.post("/console/areas/upload/", data)


def swapped():
    """Return 华一 and 华二 with each other's ground, which leaves neither gaps nor overlaps."""
    one, two = borders("华一", "华二")
    return one, two, [feature(one, two.geometry), feature(two, one.geometry)]


def report_at(client, point, now):
    with clock.frozen(now):
        client.cookies.clear()
        review = problem(client, address="路口", point_lat=str(point[0]), point_lon=str(point[1]))
        assert send(client, review, way="none").status_code == 302
    return Case.objects.latest("id")


def test_a_border_moved_on_the_first_of_march_leaves_februarys_cases_where_they_were(as_, client):
    one, two, features = swapped()
    ring = one.geometry["coordinates"][0]
    middle = (sum(p[1] for p in ring) / len(ring), sum(p[0] for p in ring) / len(ring))
    before = report_at(client, middle, FEBRUARY)
    with clock.frozen(FEBRUARY):
        client = as_()
        answer = upload(client, *features, since="2026-03-01")
        assert answer.status_code == 302, words(answer)[:2000]
        page = words(client.get(answer["Location"]))
        assert "可以生效" in page
        assert "将有" in page  # the 微网格 below would stick out
        assert client.post(f"{answer['Location']}apply/").status_code == 302
        assert "将生效" in words(client.get("/console/areas/?kind=neighbourhood"))
    early, late = report_at(client, middle, FEBRUARY), report_at(client, middle, MARCH)
    before.refresh_from_db()
    assert before.area_path.startswith(one.path)
    assert early.area_path.startswith(one.path)
    assert late.area_path.startswith(two.path)
    assert FormerBorder.objects.count() == 2
    with clock.frozen(MARCH):
        page = words(as_().get(f"/console/areas/{one.pk}/"))
    assert "旧边界 2020-01-01 — 2026-03-01" in page
    assert "改边界" in page


def test_the_report_lists_and_draws_what_is_wrong_before_anything_is_written(as_):
    client = as_()
    one, two = borders("华一", "华二")
    wide = {**one.geometry, "coordinates": [[[x + 0.0008, y] for x, y in one.geometry["coordinates"][0]]]}
    answer = upload(client, feature(one, wide, households=120), feature(two, None, code="新编码"))
    url = answer["Location"]
    page = words(client.get(url))
    for said in ("重叠", "没有下级区域覆盖", "120 户，不在 1000 至 3000 户之间", "城市居民委员会组织法",
                 "已有同名区域，编码是", "不在文件里，保持不变", "现在不能直接生效"):  # fmt: skip
        assert said in page, said
    drawn = client.get(f"{url}map.json").json()["features"]
    kinds = [f["properties"]["kind"] for f in drawn]
    assert {"area", "fresh", "overlap", "gap"} <= set(kinds)
    refused = client.post(f"{url}apply/")
    assert refused.status_code == 409
    assert "没有写入任何区域" in words(refused)
    assert not FormerBorder.objects.exists()
    assert client.post(f"{url}apply/", {"accept": "1"}).status_code == 302
    assert FormerBorder.objects.count() == 1
    assert client.post(f"{url}drop/").status_code == 409


def test_a_file_may_be_dropped_and_one_written_is_written_once(as_):
    client = as_()
    _one, _two, features = swapped()
    first = upload(client, *features)["Location"]
    assert "待生效的文件" in words(client.get("/console/areas/"))
    assert client.post(f"{first}drop/").status_code == 302
    assert client.get(first).status_code == 404
    assert not AreaUpload.objects.exists()
    second = upload(client, *features)["Location"]
    assert client.post(f"{second}apply/").status_code == 302
    assert client.post(f"{second}apply/").status_code == 409
    assert client.post(f"{second}drop/").status_code == 409
    assert FormerBorder.objects.count() == 2


@pytest.mark.parametrize(
    ("raw", "said"),
    [("这不是 JSON", "不是 GeoJSON"), ("{}", "FeatureCollection"), (b"\xff\xfe\x00", "不是 GeoJSON"),
     ('{"type": "FeatureCollection", "features": []}', "要素"), ("[" * 100_000, "不是 GeoJSON"),
     ('{"type": "FeatureCollection", "features": {"a": 1}}', "FeatureCollection")],
)  # fmt: skip
def test_files_that_are_no_map_are_refused_in_words(as_, raw, said):
    client = as_()
    data = {"kind": "neighbourhood", "since": "2026-03-10", "reason": "纪要", "file": file(raw=raw)}
    answer = client.post("/console/areas/upload/", data)
    assert answer.status_code == 422
    assert said in words(answer)
    assert "纪要" in answer.content.decode()
    assert not AreaUpload.objects.exists()


def test_hostile_features_make_a_report_not_a_fault(as_):
    bad = [
        {"type": "Feature", "properties": {"code": "<script>alert(1)</script>", "name": "{{ 7|add:7 }}"},
         "geometry": 5},
        {"type": "Feature", "properties": None, "geometry": None},
        {"type": "Feature", "properties": {"code": "a", "name": "b", "households": "1e9"},
         "geometry": {"type": "Polygon", "coordinates": [[["x"]]]}},
        "nothing",
    ]  # fmt: skip
    client = as_()
    answer = upload(client, *bad)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "要素没有属性" in page
    assert client.post(f"{answer['Location']}apply/", {"accept": "1"}).status_code == 409
    assert client.get(f"{answer['Location']}map.json").status_code == 200


def test_one_areas_border_name_and_households(as_):
    client, (one,) = as_(), borders("华一")
    url = f"/console/areas/{one.pk}/"
    assert client.post(f"{url}name/", {"name": "华一新居民区"}).status_code == 302
    assert client.post(f"{url}name/", {"name": ""}).status_code == 422
    assert client.post(f"{url}households/", {"households": "1500"}).status_code == 302
    assert client.post(f"{url}households/", {"households": "-1"}).status_code == 422
    inner = [[x, y - 0.0001] for x, y in one.geometry["coordinates"][0]]
    sent = {"since": "2026-04-01", "file": file(raw=json.dumps({"type": "Polygon", "coordinates": [inner]}))}
    answer = client.post(f"{url}border/", sent)
    assert answer.status_code == 302
    assert "/uploads/" in answer["Location"]
    assert "华一新居民区" in words(client.get(answer["Location"]))
    two = {"since": "2026-04-01", "file": file(feature(one, None), feature(one, None))}
    assert client.post(f"{url}border/", two).status_code == 422
    page = words(client.get(url))
    for said in ("改名", "登记户数：2130 → 1500", "华一新居民区"):
        assert said in page, said


def test_ending_merging_and_moving_are_refused_with_the_list_of_what_hangs(as_):
    client, (one, two) = as_(), borders("华一", "华二")
    url = f"/console/areas/{one.pk}/"
    ended = client.post(f"{url}end/", {"day": "2026-04-01", "reason": "调整"})
    assert ended.status_code == 409
    assert "下级区域仍在使用" in words(ended)
    moved = client.post(f"{url}parent/", {"parent": Area.objects.get(name="第一综合网格").pk})
    assert moved.status_code == 409
    assert re.search(r"“华一居民区”还有：单位 \d+", words(moved))
    assert client.post(f"{url}merge/", {"into": one.pk, "day": "2026-04-01"}).status_code == 422
    assert client.post(f"{url}merge/", {"into": two.pk, "day": "2026-04-01"}).status_code == 409
    assert not FormerBorder.objects.exists()
    assert Area.objects.get(pk=one.pk).path == one.path


def test_areas_by_name_alone_can_be_set_up_moved_merged_and_ended(as_):
    client = as_()
    first, other = Area.objects.get(name="第一综合网格"), Area.objects.get(name="第二综合网格")
    sent = {"kind": "neighbourhood", "parent": first.pk, "name": "新一居民区", "code": "N-1", "since": "2026-03-01"}
    assert client.post("/console/areas/new/", sent).status_code == 302
    again = client.post("/console/areas/new/", sent)
    assert again.status_code == 409
    assert "编码重复" in words(again)
    assert "新一居民区" in again.content.decode()
    wrong = client.post("/console/areas/new/", sent | {"code": "N-9", "parent": Area.objects.filter(level=3)[0].pk})
    assert wrong.status_code == 422
    made = Area.objects.get(code="N-1")
    url = f"/console/areas/{made.pk}/"
    assert client.post(f"{url}parent/", {"parent": other.pk, "reason": "画错"}).status_code == 302
    made.refresh_from_db()
    assert made.path == f"{other.path}{made.pk}/"
    assert client.post("/console/areas/new/", sent | {"code": "N-2", "name": "新二居民区"}).status_code == 302
    into = Area.objects.get(code="N-2")
    assert client.post(f"{url}merge/", {"into": into.pk, "day": "2026-04-01", "reason": "合并"}).status_code == 302
    made.refresh_from_db()
    assert made.valid_to == date(2026, 4, 1)
    assert "N-1" not in words(client.get("/console/areas/?on=2026-04-01&q=N-1"))
    assert "N-1" in words(client.get("/console/areas/?ended=1&q=N-1"))
    assert client.post(f"/console/areas/{into.pk}/end/", {"day": "2026-05-01"}).status_code == 302
    assert client.post(f"/console/areas/{into.pk}/end/", {"day": "2026-05-01"}).status_code == 409


def test_who_may_change_areas(as_):
    (one,) = borders("华一")
    assert as_("lingdao").get(f"/console/areas/{one.pk}/").status_code == 200
    assert "传一个只有一个面" not in words(as_("lingdao").get(f"/console/areas/{one.pk}/"))
    for who in ("lingdao", "shuji", "zhiban"):
        assert as_(who).post(f"/console/areas/{one.pk}/name/", {"name": "x"}).status_code == 404
        assert as_(who).post("/console/areas/upload/", {}).status_code == 404
    assert as_("chengguan").get("/console/areas/").status_code == 404
    assert Area.objects.get(pk=one.pk).name == "华一居民区"


def test_the_tree_works_with_two_thousand(as_, world, django_assert_max_num_queries):
    client, home = as_(), Area.objects.get(name="华一居民区")
    rows = [AreaData(f"M{n:04}", f"微网格{n:04}", "microgrid", home.code) for n in range(2000)]
    add_areas(by=SYSTEM, now=world.now, areas=rows)
    selectors.forget_index()
    with django_assert_max_num_queries(14):
        page = client.get("/console/areas/?kind=microgrid").content.decode()
    cursor = re.search(r"cursor=([\w-]+)", page)
    assert cursor is not None
    assert client.get("/console/areas/", {"kind": "microgrid", "cursor": cursor.group(1)}).status_code == 200
    assert "没有符合的区域" in words(client.get("/console/areas/?q=没有这个"))
