"""Homes and streets as files: the rows of their pages for who sees all and who sees a part; refused as the pages."""

from datetime import timedelta

import pytest

from linli.engines.fieldwork.models import Finding, Watch
from linli.foundation.core import clock
from linli.foundation.exports.types import LISTINGS
from linli.foundation.forms.types import QuestionType, Settings, WholeForm
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.housing import safety
from linli.interfaces.desk.tests import visits_help
from linli.interfaces.desk.tests.exports_help import (
    button,
    column,
    first,
    heads,
    lines,
    listed,
    statements,
    status,
    take,
)
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.housing_help import enter_building, take_up
from linli.interfaces.desk.tests.test_housing import brought

pytestmark = pytest.mark.django_db


def cell_of(row):
    return row["place"]


@pytest.fixture
def flats(at):
    return enter_building(at)


@pytest.fixture
def three(at, flats):
    """Three flats taken up: one brought to its watch, one late, one to be verified."""
    rows = [take_up(at, flat) for flat in flats[:3]]
    brought(at, rows[0], to="watched")
    rows[1].visit_by = at.now - timedelta(days=1)
    rows[1].save()
    return rows


@pytest.mark.parametrize("who", ["zhiban", "chengguan", "shuji", "shuji02"])
def test_flats_leave_as_their_list_has_them_and_no_further_than_it_goes(at, three, who):
    client = enter(at, who)
    one = f"q={three[1].target.address}"
    found = {}
    for query in ("", "state=watched", "late=1", one, "q=长宁路", "state=nonsense"):
        found[query] = first(client, "housing", query)
        assert found[query] == listed(client, "/desk/housing/", cell_of, query), query
    assert len(found[one]) == (0 if who == "shuji02" else 1)
    assert len(first(client, "housing")) == (0 if who == "shuji02" else 3)


def test_the_file_of_flats_says_state_and_late_in_words_and_names_no_person(at, three):
    client = enter(at, "shuji")
    above, columns = heads(client, "housing", "late=1&q=长宁路")
    assert above.startswith("群租整治：共 1 行")
    assert "超期未到场 “是”" in above
    assert "地址 “长宁路”" in above
    assert columns == ["房屋", "编号", "来源", "区域", "到场期限", "到场", "超期", "状态"]
    found = lines(take(client, "housing"))
    assert sorted(column(found, "状态")) == ["待核实", "待核实", "监控中"]
    assert sorted(column(found, "超期")) == ["", "", "是"]
    # Of a flat that was visited the page says the day and no limit.
    watched = next(row for row in found[2:] if row[-1] == "监控中")
    assert watched[4] == ""
    assert watched[5] == "2026-03-10"
    entry = Entry.objects.filter(verb="exports.send", label="housing").order_by("id").first()
    assert entry.after == {"rows": 1, "form": "csv", "fields": ["late", "q"]}


def test_lists_of_homes_are_refused_to_whom_their_pages_are(at, three):
    pages = {
        "housing": "/desk/housing/", "sweeps": "/desk/housing/sweeps/", "watches": "/desk/housing/watches/",
        "house_safety": "/desk/housing/safety/", "house_hazards": "/desk/housing/safety/",
    }  # fmt: skip
    for code, url in pages.items():
        for who in ("jumin", "xitong", "wuye", "shegong", "minjing", "danche"):
            client = enter(at, who)
            assert status(client, code) == client.get(url).status_code, (code, who)
        assert not LISTINGS[code].located
    assert status(enter(at, "wuye"), "housing") == 403
    assert button(enter(at, "wuye"), "/desk/housing/watches/", "watches")


def test_watched_flats_leave_with_what_is_owed_for_who_watches_them(at, three):
    with clock.frozen(at.now + timedelta(days=70)):
        firm = enter(at, "wuye")
        assert first(firm, "watches") == listed(firm, "/desk/housing/watches/", cell_of)
        assert len(first(firm, "watches")) == 1
        found = lines(take(firm, "watches"))
        assert column(found, "状态") == ["零报告缺报"]
        assert column(found, "缺报月份") == ["2026-04、2026-05"]
        assert column(found, "监控至") == [f"{Watch.objects.get().until}"]
        assert first(enter(at, "danche"), "watches") == []
        assert first(enter(at, "shuji"), "watches") == first(firm, "watches")


@pytest.fixture
def swept(at, flats):
    """Two sweeps: a building flat by flat, and a sample with its seed."""
    data = {
        "title": "=12 号楼逐户排查", "form": "housing.check", "building": str(flats[0].parent.parent.uuid),
        "unit_id": at.units["@陶家宅"].pk, "starts_on": "2026-03-10", "ends_on": "2026-03-20", "area_id": "",
        "wanted": "", "seed": "",
    }  # fmt: skip
    sample = {**data, "building": "", "wanted": "2", "seed": "2026-03 第一次", "title": "抽查",
              "area_id": at.areas["陶家宅"].pk}  # fmt: skip
    for sent in (data, sample):
        assert enter(at, "shuji").post("/desk/housing/sweeps/new/", sent).status_code == 302
    return at


def test_sweeps_leave_with_their_seed_and_how_far_they_are(swept):
    client = enter(swept, "shuji")
    assert first(client, "sweeps") == listed(client, "/desk/housing/sweeps/", lambda r: r["r"].title)
    found = lines(take(client, "sweeps"))
    assert column(found, "排查") == ["抽查", "'=12 号楼逐户排查"]
    assert column(found, "抽样种子") == ["2026-03 第一次", ""]
    assert column(found, "计划") == ["2", "4"]
    assert column(found, "进度（%）") == ["0", "0"]
    assert status(enter(swept, "wuye"), "sweeps") == 403


CRACKS = WholeForm(
    Settings("外墙检查", "wall.check"),
    tuple(visits_help.q(f"wall{n}", QuestionType.YES_NO, f"第 {n} 面外墙开裂", finds=".") for n in range(4)),
)


@pytest.fixture
def checked(at, flats):
    """Five buildings with grades, and a check of one of them that found four hazards, one of them dropped."""
    top = flats[0].parent.parent
    for n, grade in enumerate("abcd"):
        visits_help.enter_target(
            at, "building", f"{n} 号楼", address=f"华院路 {n} 号", facts={"risk": grade, "built": 1980 + n}
        )
    visits_help.enter_visit_form(at.now, CRACKS, "building_safety")
    round_ = visits_help.open_round(at, [top], "wall.check")
    visits_help.send(at, round_, top, {f"wall{n}": True for n in range(4)})
    Finding.objects.filter(text__contains="第 2 面").update(state="dropped")
    return at


def test_buildings_leave_with_grade_and_hazards_with_their_standing(checked):
    client, url = enter(checked, "zhiban"), "/desk/housing/safety/"
    for query in ("", "grade=c", "q=华院路", "grade=x", "grade=d&q=nothing"):
        assert first(client, "house_safety", query) == listed(client, url, lambda r: r["t"].name, query), query
    found = lines(take(client, "house_safety", query="grade=c"))
    assert found[0][0].startswith("房屋安全：楼栋：共 1 行")
    assert "房屋安全等级 “C 级”" in found[0][0]
    assert found[2][:5] == ["2 号楼", "华院路 2 号", "陶家宅居民区", "C", "1982"]
    text = [h["f"].text for h in client.get(url).context["found"]]
    assert len(text) == 3
    assert first(client, "house_hazards", "grade=c&q=3") == text == first(client, "house_hazards")
    assert column(lines(take(client, "house_hazards")), "楼栋") == ["12 号楼"] * 3
    other = enter(checked, "shuji02")
    assert first(other, "house_hazards") == [h["f"].text for h in other.get(url).context["found"]] == []


def test_hazards_beyond_a_page_are_reached_from_the_page(checked, monkeypatch):
    of = safety.hazards_of
    monkeypatch.setattr(safety, "hazards_of", lambda request, cursor, _size: of(request, cursor, 2))
    client = enter(checked, "zhiban")
    page = client.get("/desk/housing/safety/?q=楼")
    following = page.context["hazards"].next
    assert f'href="?q=%E6%A5%BC&amp;after={following}"' in page.content.decode()
    rest = client.get(f"/desk/housing/safety/?q=楼&after={following}")
    both = [h["f"].text for shown in (page, rest) for h in shown.context["found"]]
    assert both == first(client, "house_hazards")
    assert "回到首页" in rest.content.decode()


def test_files_of_homes_ask_the_same_whatever_their_length(at, flats, checked):
    client, had = enter(at, "zhiban"), {}
    take_up(at, flats[0])
    codes = ("housing", "house_safety", "house_hazards")
    had = {code: statements(client, code) for code in codes}
    for flat in flats[1:]:
        take_up(at, flat)
    for n in range(8):
        visits_help.enter_target(at, "building", f"新 {n} 号楼", facts={"risk": "a"})
    assert {code: statements(client, code) for code in codes} == had
    assert max(had.values()) < 24
