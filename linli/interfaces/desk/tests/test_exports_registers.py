"""Registers, comparisons and tables of figures as files: what the page shows, of the one asked for, for who sees it."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from linli.engines.cases.models import Praise
from linli.engines.cases.tests.steps import raise_case, to_closed
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Kind
from linli.engines.fieldwork.types import TargetData
from linli.engines.indicators import services as indicators
from linli.foundation.core import clock
from linli.foundation.exports.models import Export
from linli.foundation.jobs import services as jobs
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.exports_help import column, lines, status, take
from linli.interfaces.desk.tests.help import enter, make_case
from linli.interfaces.desk.tests.test_exports import limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def shops(world):
    """A ledger of three shops, one of them entered twice; who keeps them and by which number is sealed."""
    fieldwork.load_shipped(now=world.now)
    for name, number, trade in (
        ("甲店", "1", "food"),
        ("乙店", "2", "retail"),
        ("丙店", "3", "food"),
        ("丙店", "4", "food"),
    ):
        facts = {"trade": trade, "manager": "李老板", "phone": "13812345678", "licence": f"=A{number}"}
        data = TargetData(
            "shop", name, address="长宁路488弄12号", number=number, area_id=world.areas["陶家宅"].pk, facts=facts
        )
        fieldwork.add_target(by=world.actor("zhiban"), now=world.now, data=data, double_ok=True)
    return world


def test_a_ledger_leaves_with_its_name_its_fields_and_nothing_that_is_sealed(shops):
    client = enter(shops, "zhiban")
    page = client.get("/desk/fieldwork/ledgers/of/shop/").content.decode()
    assert 'action="/exports/of/ledger/"' in page
    assert 'name="fixed" value="code=shop"' in page
    found = lines(take(client, "ledger", fixed="code=shop"))
    assert found[0][0].startswith("沿街商户：共 4 行")
    assert set(column(found, "名称")) == {"甲店", "乙店", "丙店"}
    assert sorted(column(found, "业态")) == ["零售", "餐饮", "餐饮", "餐饮"]
    assert set(column(found, "统一社会信用代码")) == {"'=A1", "'=A2", "'=A3", "'=A4"}
    assert not {"负责人", "联系电话"} & set(found[1])
    assert "李老板" not in str(found)
    assert "138" not in str(found)


def test_a_ledger_leaves_as_it_is_narrowed_and_with_the_columns_that_were_chosen(shops):
    client = enter(shops, "zhiban")
    found = lines(take(client, "ledger", fixed="code=shop", query="f.trade=retail&c=staff&q=店&cursor=nonsense"))
    assert column(found, "名称") == ["乙店"]
    assert "从业人数" in found[1]
    assert "业态" not in found[1]
    for words in ("业态 “零售”", "搜索 “店”", "共 1 行"):
        assert words in found[0][0]
    entry: Any = Entry.objects.get(verb="exports.send", label="ledger")
    assert (entry.after["title"], entry.after["rows"]) == ("沿街商户", 1)


def test_ledgers_and_doubles_are_for_who_may_list_them(shops):
    for who, fixed, said in (
        ("zhiban", "code=nothing", 404), ("zhiban", "", 404), ("zhiban", "code=household", 404),
        ("jumin", "code=shop", 403), ("xitong", "code=shop", 403),
    ):  # fmt: skip
        for code in ("ledger", "doubles"):
            assert status(enter(shops, who), code, fixed=fixed) == said, (who, code, fixed)
    assert not Entry.objects.filter(verb__startswith="exports.").exists()
    other = enter(shops, "fangguan")
    assert not other.get("/desk/fieldwork/ledgers/of/shop/").context["rows"]
    assert column(lines(take(other, "ledger", fixed="code=shop")), "名称") == []


def test_a_long_ledger_is_written_by_the_worker_under_its_own_name(shops):
    with limit(shops, "rows_at_once", 2):
        client = enter(shops, "zhiban")
        answer = take(client, "ledger", "xlsx", fixed="code=shop")
        assert answer.status_code == 302
        jobs.drain(now=clock.now())
        row = Export.objects.get()
        assert (row.state, row.title, row.done) == ("ready", "沿街商户", 4)
        assert "沿街商户" in client.get("/exports/").content.decode()
        fetched: Any = client.get(f"/exports/{row.uuid}/file")
        content = b"".join(fetched.streaming_content)
        sheet: Any = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        assert sheet.title == "沿街商户"
        assert sheet.max_row == 6
        Kind.objects.filter(code="shop").update(guarded=True)
        assert client.get(f"/exports/{row.uuid}/file").status_code == 404


def test_doubles_leave_group_by_group_as_the_page_has_them(shops):
    client = enter(shops, "zhiban")
    page = client.get("/desk/fieldwork/ledgers/of/shop/twins/")
    assert 'action="/exports/of/doubles/"' in page.content.decode()
    group = page.context["groups"][0]
    found = lines(take(client, "doubles", fixed="code=shop"))
    assert found[0][0].startswith("沿街商户：可能重复的")
    shown = [group["first"].number, *(o["target"].number for o in group["others"])]
    assert column(found, "台账编号") == shown
    assert column(found, "与哪一条相同") == ["（本组第一条）", "丙店"]


def test_cases_that_may_be_one_matter_leave_as_the_merging_page_lists_them(world, django_assert_max_num_queries):
    one, other = make_case(world), make_case(world, text="垃圾堆了三天没人清理")
    client = enter(world, "paidan")
    page = client.get(f"/desk/cases/{one.number}/merge/")
    assert f'value="number={one.number}"' in page.content.decode()
    fixed = f"number={one.number}"
    found = lines(take(client, "alike", fixed=fixed))
    assert column(found, "编号") == [c["case"].number for c in page.context["candidates"]] == [other.number]
    assert column(found, "相似（%）") == [str(page.context["candidates"][0]["percent"])]
    assert one.number in found[0][0]
    assert column(lines(take(client, "alike", fixed=fixed, query="q=没有这样的事")), "编号") == []
    with django_assert_max_num_queries(24):
        status(client, "alike", fixed=fixed)
    for who, said in (("wuye", 404), ("jumin", 403)):
        assert status(enter(world, who), "alike", fixed=fixed) == said
    assert status(client, "alike", fixed="number=HY20990101-0001") == 404


def test_thanks_leave_without_the_giver_and_only_those_of_ones_unit(world):
    head = enter(world, "zhongdui")
    for n, kind in enumerate(("banner", "letter")):
        sent = {
            "kind": kind, "given_on": "2026-03-09", "unit": world.units["enforcement"].pk, "words": f"为民解忧{n}",
            "giver": "李阿姨",
        }  # fmt: skip
        assert head.post("/desk/praise/new/", sent).status_code == 302
    assert Praise.objects.count() == 2
    found = lines(take(head, "praise", query="kind=letter"))
    assert column(found, "内容") == ["为民解忧1"]
    assert "形式 “" in found[0][0]
    assert "李阿姨" not in str(lines(take(head, "praise")))
    assert column(lines(take(enter(world, "paidan"), "praise")), "内容") == ["为民解忧1", "为民解忧0"]
    assert column(lines(take(enter(world, "minjing"), "praise")), "内容") == []


@pytest.fixture
def folded(world):
    for _n in range(2):
        to_closed(world, raise_case(world))
    indicators.fold_all(now=world.now)
    with clock.frozen(world.now + timedelta(hours=1)):
        yield world


def test_tables_of_figures_say_the_days_and_hold_what_the_pages_show(folded, django_assert_max_num_queries):
    client = enter(folded, "lingdao")
    shown = client.get("/desk/figures/?show=intake&show=on_time").context["groups"]
    found = lines(take(client, "figures", query="show=intake&show=on_time"))
    assert column(found, "指标") == [str(f["name"]) for _label, rows in shown for f in rows]
    assert column(found, "分母（件数）") == ["2", "2"]
    assert " 至 2026-03-10" in found[0][0]
    page = client.get("/desk/figures/hotline/")
    found = lines(take(client, "hotline"))
    assert len(found) - 2 == sum(len(rows) for _label, rows in page.context["groups"])
    with django_assert_max_num_queries(20):
        status(client, "figures")
    with django_assert_max_num_queries(20):
        status(client, "figure", fixed="code=on_time", query="by=unit")


@pytest.mark.parametrize("code", ["figures", "figure", "burden", "hotline"])
def test_tables_of_figures_are_for_who_reads_figures(folded, code):
    for who, said in (("wuye", 403), ("jumin", 403), ("xitong", 403), ("zhongdui", 200)):
        assert status(enter(folded, who), code, fixed="code=on_time") == said
    part = lines(take(enter(folded, "zhongdui"), code, fixed="code=on_time"))
    assert "只计本人能查看的案件" in part[0][0]
    assert status(enter(folded, "lingdao"), "figure", fixed="code=nothing") == 404
