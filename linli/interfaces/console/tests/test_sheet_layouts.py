"""A ledger of another system's columns: said once, read by itself from then on, changed and forgotten on a page."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Target
from linli.foundation.core import clock
from linli.foundation.sheets import services
from linli.foundation.sheets.models import Batch, Layout
from linli.foundation.sheets.tests.books import book
from tests.login import log_in

pytestmark = pytest.mark.django_db
# As a market supervision system writes it: no column says which ledger, the shop's kind is in words of its own.
HEAD = ["主体代码", "字号", "经营场所"]
SHOPS = [["S-1", "长宁路便利店", "长宁路488弄1号"], ["S-2", "弄口书店", "长宁路488弄3号"]]
LAYOUTS = "/console/sheets/layouts/"


@pytest.fixture(autouse=True)
def _now(world):
    fieldwork.load_shipped(now=world.now)
    with clock.frozen(world.now):
        yield


@pytest.fixture
def admin(client, world):
    return log_in(client, world.users["xitong"])


def send(client, rows, name="商户名录.xlsx", code="targets"):
    file = SimpleUploadedFile(name, book(rows))
    return client.post(reverse("console:sheet_upload", args=[code]), {"file": file}, follow=True)


def check(client, **data):
    batch = Batch.objects.latest("id")
    return client.post(reverse("console:sheet_check", args=[batch.uuid]), data, follow=True)


def text(answer):
    return answer.content.decode()


def said(answer):
    """Return what the form of a page holds: name → value."""
    form = answer.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def known(rows=SHOPS, **more):
    """Return the columns as somebody says them."""
    return {"col_kind": "=shop", "col_number": "0", "col_name": "1", "col_address": "2", "keep": "yes"} | more


def test_a_foreign_ledger_is_said_once_and_then_reads_itself(admin):
    head = ["编号", *HEAD[1:]]  # one header is known here, and means something else
    page = send(admin, [head, *SHOPS])
    assert "各列是什么" in text(page)
    assert '<optgroup label="整份表格都是">' in text(page)
    refused = check(admin, col_name="1", keep="yes")
    assert (refused.status_code, "请选择对应的列" in text(refused), Layout.objects.count()) == (422, True, 0)
    page = text(check(admin, **known()))
    assert "导入这 2 行" in page
    assert "各列和各值按记住的对应关系“商户名录.xlsx”填好" in page
    admin.post(reverse("console:sheet_apply", args=[Batch.objects.latest("id").uuid]))
    assert set(Target.objects.values_list("kind__code", "number", "name")) == {
        ("shop", "S-1", "长宁路便利店"), ("shop", "S-2", "弄口书店"),
    }  # fmt: skip
    again = text(send(admin, [head, ["S-3", "街角咖啡", "长宁路488弄5号"]], "九月.xlsx"))
    assert "导入这 1 行" in again
    assert "“商户名录.xlsx”" in again


def test_a_ledger_none_of_whose_columns_is_known_is_said_column_by_column(admin):
    rows = [["某市场监管系统 导出"], HEAD, *SHOPS]
    page = send(admin, rows)
    assert "各列是什么" in text(page)
    assert all(f">{head}<" in text(page) for head in HEAD)
    assert Batch.objects.latest("id").total == 2
    page = text(check(admin, **known()))
    assert "导入这 2 行" in page
    assert "导入这 2 行" in text(send(admin, rows, "九月.xlsx")), "it reads itself from then on"


def test_values_of_anothers_words_are_said_once_and_what_a_sheet_has_not_stays_said(admin):
    head = ["台账", "名称", "地址"]
    rows = [["小店铺", "甲店", "一号"], ["小店铺", "乙店", "二号"], ["写字楼企业", "丙公司", "三号"]]
    page = send(admin, [head, *rows])
    (shop, company) = re.findall(r'name="(val_kind_\w+)"', text(page))
    assert "没有“小店铺”这个选项" in text(page)
    columns = {"col_kind": "0", "col_name": "1", "col_address": "2", "keep": "yes"}
    page = text(check(admin, **columns, **{shop: "shop", company: "company"}))
    assert "导入这 3 行" in page
    # The next sheet has one of the words: kept again, the other is not lost.
    page = send(admin, [head, ["小店铺", "丁店", "四号"]])
    assert said(page)[shop] == "shop"
    check(admin, **columns, **{shop: "shop"})
    assert Layout.objects.get().values == {"kind": {"小店铺": "shop", "写字楼企业": "company"}}
    assert "导入这 1 行" in text(send(admin, [head, ["写字楼企业", "戊公司", "五号"]]))


def test_what_was_kept_is_put_aside_for_one_sheet_and_taken_again(admin):
    head = ["名称", "台账", "所在地"]
    rows = [["甲店", "沿街商户", "一号"]]
    send(admin, [head, *rows])
    check(admin, col_kind="1", col_name="0", col_address="2", keep="yes")
    send(admin, [head, *rows])
    page = text(check(admin, act="guess"))
    assert "现在没有采用" in page
    assert Batch.objects.latest("id").mapping == {"name": 0, "kind": 1}
    page = text(check(admin, act="known"))
    assert "各列和各值按记住的对应关系" in page
    assert Batch.objects.latest("id").mapping == {"name": 0, "kind": 1, "address": 2}
    assert Layout.objects.get().version == 1


def keep(world, n=0, by="xitong"):
    return services.remember(
        by=world.actor(by), now=world.now, kind="targets", headers=[*HEAD, f"说明{n}"],
        mapping={"number": 0, "name": 1}, values={"kind": {"": "shop"}}, title=f"名录{n}.xlsx",
    )  # fmt: skip


def test_what_is_kept_is_listed_searched_paged_changed_and_forgotten(admin, world, django_assert_max_num_queries):
    assert "还没有记住过表头" in text(admin.get(LAYOUTS))
    for n in range(45):
        row = keep(world, n)
    with django_assert_max_num_queries(8):
        page = text(admin.get(LAYOUTS))
    assert ("名录44.xlsx" in page, "名录24.xlsx" in page, 'rel="next"' in page) == (True, False, True)
    page = text(admin.get(f"{LAYOUTS}?q=名录7.x&kind=targets"))
    assert ("名录7.xlsx" in page, "名录8.xlsx" in page) == (True, False)
    assert "没有符合的表头" in text(admin.get(f"{LAYOUTS}?q=无"))
    address = f"{LAYOUTS}{row.uuid}/"
    sent = said(admin.get(address))
    assert (sent["col_kind"], sent["col_name"], sent["col_address"]) == ("=shop", "1", "")
    page = admin.post(address, {**sent, "title": "市场所名录", "col_address": "2"}, follow=True)
    assert "已保存，下次同样表头的表格照此办理" in text(page)
    row.refresh_from_db()
    assert (row.title, row.mapping, row.version) == ("市场所名录", {"number": 0, "name": 1, "address": 2}, 2)
    stale = admin.post(address, {**sent, "title": "我改的"})
    assert (stale.status_code, "刚被他人修改" in text(stale), 'value="我改的"' in text(stale)) == (409, True, True)
    assert admin.post(address, {**sent, "col_name": ""}).status_code == 422
    assert "已删除" in text(admin.post(f"{address}forget/", follow=True))
    assert admin.get(address).status_code == 404
    assert Layout.objects.count() == 44


def test_to_who_may_not_bring_such_a_sheet_a_layout_does_not_exist(world):
    row = keep(world)
    address = f"{LAYOUTS}{row.uuid}/"
    for who in ("paidan", "lingdao", "shegong", "shenji", "jumin"):
        other = log_in(Client(), world.users[who])
        assert other.get(address).status_code == 404
        assert other.post(address, {"version": "1"}).status_code == 404
        assert other.post(f"{address}forget/").status_code == 404
        assert "名录0.xlsx" not in text(other.get(LAYOUTS))
    assert Client().get(address)["Location"].startswith("/login/")
    assert log_in(Client(), world.users["zhiban"]).get(address).status_code == 200
    assert Layout.objects.get().version == 1


def test_areas_and_units_of_anothers_names_are_said_once(admin, world):
    head = ["台账", "名称", "所属区域", "责任单位"]
    home, unit = world.areas["陶家宅"], world.units["enforcement"]
    rows = [
        ["沿街商户", "甲店", "华阳街道陶家宅居委", "街道城管"], ["沿街商户", "乙店", "华阳街道陶家宅居委", unit.name],
        ["沿街商户", "丙店", home.name, ""], ["沿街商户", "丁店", "13812345678", ""],
    ]  # fmt: skip
    page = send(admin, [head, *rows])
    assert "没有“华阳街道陶家宅居委”这个区域" in text(page)
    form = page.context["form"]
    asked = {u.raw: (name, u.count) for name, u in form.unknown.items()}
    assert set(asked) == {"华阳街道陶家宅居委", "街道城管"}, (
        "what is known is not asked, nor what may be somebody's number"
    )
    assert asked["华阳街道陶家宅居委"][1] == 2
    offered = dict(form.fields[asked["华阳街道陶家宅居委"][0]].choices)
    (put,) = [code for code, words in offered.items() if words.strip("　") == home.name]
    assert not any("楼组" in str(words) for words in offered.values())
    columns = {"col_kind": "0", "col_name": "1", "col_area": "2", "col_unit": "3", "keep": "yes"}
    said_so = {asked["华阳街道陶家宅居委"][0]: put, asked["街道城管"][0]: unit.name}
    page = text(check(admin, **columns, **said_so))
    assert "导入 3 行" in page or "导入这 3 行" in page
    assert "没有“华阳街道陶家宅居委”这个区域" not in page
    refused = check(admin, **columns, **{asked["街道城管"][0]: "没有的单位"})
    assert refused.status_code == 422
    check(admin, **columns, **said_so)
    admin.post(reverse("console:sheet_apply", args=[Batch.objects.latest("id").uuid]))
    found = {t.name: (t.area_id, t.unit_id) for t in Target.objects.all()}
    assert found == {"甲店": (home.pk, unit.pk), "乙店": (home.pk, unit.pk), "丙店": (home.pk, None)}
    again = text(send(admin, [head, ["沿街商户", "戊店", "华阳街道陶家宅居委", "街道城管"]], "九月.xlsx"))
    assert "导入这 1 行" in again
