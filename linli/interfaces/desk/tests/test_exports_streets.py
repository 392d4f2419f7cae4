"""The lists of the streets as files: the rows and the cells of their pages, for who sees all and who sees a part."""

from datetime import timedelta

import pytest

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.tests.scenes import enter_shops
from linli.interfaces.desk.tests.exports_help import button, column, first, heads, lines, statements, status, take
from linli.interfaces.desk.tests.help import enter
from linli.programmes.streets.models import (
    BlindSpot,
    BoardCheck,
    Contact,
    Duty,
    Friendly,
    LanePlan,
    Matter,
    PeerCheck,
    Quality,
    ShopMember,
    WorkLog,
)

pytestmark = pytest.mark.django_db
PAGES = {
    "matters": ("/desk/streets/matters/", ("state=open", "fault=cross_door", "q=店1", "due=1", "state=ordered")),
    "duties": ("/desk/streets/duties/", ("state=served", "state=none", "q=店1")),
    "spots": ("/desk/streets/spots/", ("state=late", "state=live", "kind=corner", "q=角落", "kind=x")),
    "lanes": ("/desk/streets/lanes/", ("state=none", "state=agreed", "q=店1")),
    "shop_members": ("/desk/streets/alliance/", ("state=open", "state=left", "q=店1")),
    "sign_boards": ("/desk/streets/boards/", ("state=due", "state=bad", "q=店1")),
    "friendly_shops": ("/desk/streets/friends/", ("state=due", "state=ended", "q=店1")),
    "work_logs": ("/desk/streets/shifts/", ("work=bikes", "month=2026-02", "q=店1")),
    "qualities": ("/desk/streets/quality/", ("month=2026-02", "q=店1")),
    "contacts": ("/desk/streets/contacts/", ("state=gaps", "month=2026-02", "q=陶家宅")),
}


def name_of(row):
    return row[0][1].text


def fill(town, area, n):
    """Enter ``n`` rows of each list in an area, half of them done with."""
    today, path, members = town.now.date(), area.path, []
    begun = today - timedelta(days=9)
    shops = enter_shops(town, n, area=area)
    lanes, boards = (enter_shops(town, n, kind=kind, area=area) for kind in ("lane", "sign_board"))
    routes = enter_shops(
        town, n, kind="contractor_route", area=area, unit_id=town.units["bikes"].pk, facts={"work": "bikes"}
    )
    for i in range(n):
        here, half, day = {"area_path": path}, i % 2 == 0, today - timedelta(days=i)
        Matter.objects.create(
            target=shops[i], fault="cross_door", text="货架", found_on=begun, correct_by=day, times=i + 1,
            state="warned" if half else "ordered", basis="第二十一条",
            order_year=None if half else 2026, order_number=None if half else shops[i].pk, **here,
        )  # fmt: skip
        if half:
            Duty.objects.create(target=shops[i], left=3, right=2, out=4, served_on=today, **here)
            LanePlan.objects.create(
                target=lanes[i], unit=town.units["management"], due_on=day - timedelta(days=1), state="agreed",
                drafted_on=today, plan="修路面", **here,
            )  # fmt: skip
        BlindSpot.objects.create(
            kind="corner", place=f"=角落{i}", text="脏", area=area, found_on=begun, due_on=day, immediate=half,
            unit=town.units["management"], **here,
        )  # fmt: skip
        members.append(ShopMember.objects.create(target=shops[i], joined_on=day, pledge="扫", **here))
        BoardCheck.objects.create(target=boards[i], on=today, fine=half, rectify_by=day)
        Friendly.objects.create(
            target=shops[i], offers=["water"], plaque=f"HY-{shops[i].pk}", since=today, review_on=day, **here
        )
        WorkLog.objects.create(
            target=routes[i], unit=town.units["bikes"], on=today, shift="early", planned=300, done=280 + 20 * half,
            unit_word="辆", told=4, removed=1, **here,
        )  # fmt: skip
        Quality.objects.create(
            target=routes[i], unit=town.units["bikes"], on=today, off="2.5", text="盲道上停着",
            annulled_on=None if half else today, **here,
        )  # fmt: skip
    for i, member in enumerate(members):
        PeerCheck.objects.create(checker=members[i - 1], checked=member, on=today, fine=i % 2 == 0, text="纸箱")


def befriend(town, home, who):
    Contact.objects.create(
        user=town.users[who], unit=town.units["enforcement"], area=town.areas[home], area_path=town.areas[home].path,
        per_month=2, starts_on=town.now.date().replace(day=1),
    )  # fmt: skip


@pytest.fixture
def town(at):
    fieldwork.load_shipped(now=at.now)
    for home in ("陶家宅", "华一"):
        fill(at, at.areas[home], 3)
        befriend(at, home, "chengguan")
    return at


@pytest.mark.parametrize("code", sorted(PAGES))
def test_a_list_of_the_streets_leaves_as_its_page_has_it(town, code):
    url, queries = PAGES[code]
    found = {}
    for who in ("zhiban", "shegong", "shuji02"):
        client = enter(town, who)
        for query in ("", *queries, "state=nonsense"):
            shown = [name_of(row) for row in client.get(f"{url}?{query}").context["rows"]]
            found[who, query] = first(client, code, query)
            # A mark stands before what could be a formula, which the helper takes off.
            assert found[who, query] == shown, (who, query)
    assert len(found["zhiban", ""]) == 2 * len(found["shegong", ""]) > 0
    assert len(found["shegong", ""]) in {1, 3}


@pytest.mark.parametrize("code", sorted(PAGES))
def test_lists_of_the_streets_are_refused_as_their_pages_are(town, code):
    url = PAGES[code][0]
    for who in ("jumin", "xitong", "danche", "minjing", "wuye"):
        client = enter(town, who)
        assert status(client, code) == client.get(url).status_code, who
    assert status(enter(town, "jumin"), code) == 403
    assert button(enter(town, "shegong"), url, code)


@pytest.mark.parametrize("code", sorted(PAGES))
def test_files_of_the_streets_ask_the_same_whatever_their_length(town, code):
    client = enter(town, "zhiban")
    had = statements(client, code)
    fill(town, town.areas["华一"], 4)
    befriend(town, "华院", "chengguan2")
    assert statements(client, code) == had
    assert had < 22


def test_cells_that_the_page_shows_in_one_stand_in_columns_of_their_own(town):
    client = enter(town, "shegong")
    found = lines(take(client, "matters", query="state=ordered"))
    assert found[1] == [
        "商户", "地址", "问题", "近期第几次", "发现", "改正期限", "已过期限", "状态", "应办",
    ]  # fmt: skip
    assert found[2] == ["店2", "长宁路2号", "跨门经营", "2", "2026-03-01", "2026-03-09", "是", "责令改正", "应移送城管"]
    found = lines(take(client, "work_logs"))
    assert column(found, "完成") == ["300", "280", "300"]
    assert column(found, "单位") == ["辆"] * 3
    assert column(found, "清运（辆）") == ["1"] * 3
    found = lines(take(client, "qualities"))
    assert column(found, "扣分") == ["2.5", "", "2.5"]
    assert column(found, "已撤销") == ["", "是", ""]
    found = lines(take(client, "spots"))
    assert column(found, "地点") == ["'=角落2", "'=角落1", "'=角落0"]
    assert column(found, "区域") == ["陶家宅居民区"] * 3
    assert column(found, "立即整改") == ["是", "", "是"]
    assert column(found, "已超期") == ["是", "是", ""]
    found = lines(take(client, "lanes"))
    assert column(found, "方案") == ["实施中", "没有方案", "实施中"]
    assert column(found, "责任单位")[1] == ""


def test_the_head_tells_the_filters_of_the_streets_in_words(town):
    client = enter(town, "shegong")
    above, _columns = heads(client, "matters", "state=open&fault=cross_door&due=1&q=店")
    for words in ("状态 “未办结”", "问题 “跨门经营”", "期限已到 “是”", "商户或情况 “店”"):
        assert words in above
    assert "2026-03" in heads(client, "work_logs")[0]
    assert "2026-02" in heads(client, "contacts", "month=2026-02")[0]
    assert "作业内容 “非机动车整理”" in heads(client, "work_logs", "work=bikes")[0]
    assert "状态 “已告知”" in heads(client, "duties", "state=served")[0]


def test_the_shop_to_which_matters_are_narrowed_is_named_to_whom_it_is_shown(town):
    near, far = (m.target for m in (Matter.objects.first(), Matter.objects.last()))
    client = enter(town, "shegong")
    assert f"商户 “{near.name}”" in heads(client, "matters", f"shop={near.uuid}")[0]
    assert first(client, "matters", f"shop={near.uuid}") == ["店1"]
    assert "商户 “" not in heads(client, "matters", f"shop={far.uuid}")[0]
    assert first(client, "matters", f"shop={far.uuid}") == []
    assert first(client, "matters", "shop=nonsense") == ["店3", "店2", "店1"]


def test_one_shops_matters_leave_from_its_own_page(town):
    matter = Matter.objects.order_by("id")[0]
    Matter.objects.create(
        target=matter.target, fault="cross_door", text="又摆出来", found_on=town.now.date(), area_path=matter.area_path,
        correct_by=town.now.date(), times=2,
    )  # fmt: skip
    client, url = enter(town, "shegong"), f"/desk/streets/shops/{matter.target.uuid}/"
    page = client.get(url)
    fixed = f"shop={matter.target.uuid}"
    assert f'name="fixed" value="{fixed}"' in page.content.decode()
    found = lines(take(client, "matters", fixed=fixed))
    assert column(found, "发现") == [row[1][1].text for row in page.context["rows"]] == ["2026-03-10", "2026-03-01"]
    assert set(column(found, "商户")) == {matter.target.name}


def test_every_cell_of_a_page_is_in_its_file(town):
    client = enter(town, "zhiban")
    for code, (url, _queries) in PAGES.items():
        cells = {c.removeprefix("'") for c in lines(take(client, code))[2]}
        for _head, cell in client.get(url).context["rows"][0]:
            text = str(cell.text)
            # What the page writes as one, 300/280 辆, has columns of its own.
            parts = text.split(" ")[0].split("/") if "辆" in text else [text]
            assert set(parts) - {""} <= cells, (code, text, cells)
