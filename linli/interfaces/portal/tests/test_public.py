import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.cases.models import Case
from linli.interfaces.portal.public import nearby
from linli.interfaces.portal.tests.steps import receipt, state, words
from tests.login import log_in

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/report/",
    "/track/",
    "/nearby/",
    "/nearby/?view=map",
    "/contacts/",
    "/feedback/",
    "/privacy/",
    "/accessibility/",
    "/register/",
]


@pytest.mark.parametrize("url", PAGES)
def test_every_page_is_open_says_whom_to_call_and_links_complaints(client, frozen, url):
    page = client.get(url)
    assert page.status_code == 200
    text = page.content.decode()
    assert 'href="tel:' in text.split("<footer")[1]
    assert 'href="/feedback/"' in text
    assert "Set-Cookie" not in str(page.cookies).replace("csrftoken", "") or "sessionid" not in page.cookies


def test_english(client, frozen):
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in client.get("/").content.decode()


def test_notice_says_what_the_law_asks(client, frozen):
    page = words(client.get("/privacy/"))
    for part in ("谁在处理", "为什么", "保存多久", "您的权利", "第十七条", "查阅、复制、更正", "华阳路街道"):
        assert part in page


def test_own_committee_is_remembered_and_called_from_every_page(client, frozen):
    area, unit = frozen.areas["陶家宅"], frozen.units["@陶家宅"]
    answer = client.post("/contacts/", {"area": area.code})
    assert answer.status_code == 302
    foot = client.get("/privacy/").content.decode().split("<footer")[1]
    assert f"tel:{unit.phone}" in foot
    assert "打电话给居委" in foot
    wrong = client.post("/contacts/", {"address": "没有这个地方"})
    assert (wrong.status_code, "没有找到这个地址" in words(wrong)) == (422, True)
    here = client.post("/contacts/", {"point_lat": "31.2215", "point_lon": "121.4195"})
    assert here.status_code == 302
    assert client.post("/contacts/", {"area": "x'--"}).status_code == 422


def test_list_is_delayed_and_of_public_space_only(client, frozen, reported):
    for _ in range(5):
        reported(days_ago=3)
    reported(category="group_renting", days_ago=3)
    reported(category="noise", days_ago=3)
    fresh, _receipt = reported(category="posters")
    page = words(client.get("/nearby/"))
    assert page.count("我也关注") == 5
    assert "长宁路488弄" in page
    shown = page.split("查看")[1]
    assert "群租" not in shown
    assert fresh.number not in client.get("/nearby/").content.decode()
    assert client.get("/nearby/?state=ended").status_code == 200
    assert "没有符合的问题" in words(client.get("/nearby/?state=ended"))
    assert client.get("/nearby/?kind=%27--&cursor=zzz").status_code in {200, 400, 422}


def test_below_the_minimum_cell_no_place_is_told(client, frozen, reported):
    for _ in range(4):
        reported(days_ago=3)
    page = words(client.get("/nearby/"))
    assert page.count("我也关注") == 4
    assert "长宁路" not in page
    assert json.loads(client.get("/nearby/pins.json").content) == []


def test_list_pages_and_costs_few_statements(client, frozen, reported, django_assert_max_num_queries):
    for _ in range(23):
        reported(days_ago=3)
    client.get("/")
    with django_assert_max_num_queries(8):
        page = client.get("/nearby/")
    assert page.content.decode().count('name="number"') == 20
    rest = client.get("/nearby/?cursor=" + page.context["page"].next)
    assert rest.content.decode().count('name="number"') == 3


def test_join_from_the_list(client, frozen, reported):
    case, _receipt = reported(days_ago=3)
    private, _other = reported(category="noise", days_ago=3)
    hidden = state(client.get("/nearby/"))
    for _ in range(2):
        assert client.post("/nearby/join/", {"state": hidden, "number": case.number})["Location"] == "/report/done/"
    case.refresh_from_db()
    assert case.reporter_count == 2
    assert receipt(client)["number"] == case.number
    assert client.post("/nearby/join/", {"state": hidden, "number": private.number}).status_code == 404


NAMES = ["王阿姨", "李建国", "张三"]
texts = st.text(alphabet="王李张三建国阿姨号楼室弄0123456789 ,.;<>'\"abc", max_size=40)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    door=st.integers(1, 99), room=st.integers(101, 3999), name=st.sampled_from(NAMES), noise=texts, spaces=st.booleans()
)
def test_nothing_of_the_reporter_is_ever_shown(client, frozen, reported, door, room, name, noise, spaces):
    """Whatever was written: no name, number, door, room or word of the report stands in list or pins."""
    gap = " " if spaces else ""
    address = f"长宁路{gap}488{gap}弄{gap}{door}{gap}号{gap}{room}{gap}室"
    text = f"{name}说{noise}电话13812345678，{room}室"
    case, _receipt = reported(text=text, address=address, days_ago=3)
    row = nearby.shown(case, {"/": "陶家宅居民区"}, {"/"})
    said = f"{row.kind} {row.place} {row.state}"
    for secret in (name, "13812345678", f"{door}号", str(room), "室"):
        assert secret not in said
    page = client.get("/nearby/").content.decode() + client.get("/nearby/pins.json").content.decode()
    for secret in (name, "13812345678", f"{room}室", f"{door}号"):
        assert secret not in page
    assert case.text[:12] not in page
    Case.objects.all().update(guarded=True)


def test_the_way_to_an_account_stands_where_a_visitor_looks_for_it(client, frozen):
    home = client.get("/").content.decode()
    assert 'href="/register/"' in home
    assert 'href="/register/"' in client.get("/login/").content.decode()
    assert client.get("/register/").status_code == 200
    log_in(client, frozen.users["jumin"])
    assert 'href="/register/"' not in client.get("/").content.decode()


def test_the_privacy_notice_names_no_days_that_no_law_names(client, frozen):
    page = client.get("/privacy/").content.decode()
    assert "十五个工作日" not in page
    assert "及时受理" in page
