"""The import pages: for the operations centre alone, nothing written before it is asked for."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.engines.cases.models import Case
from linli.foundation.core import clock
from linli.foundation.sheets.models import Layout
from tests.login import log_in

HEADER = ["留言编号", "留言主题", "留言时间", "留言详情"]
ROWS = [["1", "路灯不亮", "2019/2/28 11:25:05", "弄堂里路灯坏了三天"], ["2", "坏时间", "昨天", "门口有垃圾"]]
URL = "/desk/import/"


@pytest.fixture(autouse=True)
def _here(world, settings, tmp_path):
    settings.DATA = tmp_path
    with clock.frozen(world.now):
        yield


def content(rows=ROWS):
    return content_of((HEADER, *rows))


def content_of(rows):
    book = openpyxl.Workbook()
    table: Any = book.active
    for row in rows:
        table.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(sheet):
    table: Any = openpyxl.load_workbook(io.BytesIO(sheet)).active
    return list(table.iter_rows(values_only=True))


def send(client, data=None, kind="messages"):
    return client.post(URL, {"kind": kind, "file": SimpleUploadedFile("m.xlsx", data or content())})


@pytest.fixture
def desk(client, world):
    return log_in(client, world.users["paidan"])


def test_upload_dry_run_import_result_and_sheet_to_mend(desk):
    address = send(desk).url
    answer = desk.get(address)
    assert "弄堂里路灯坏了三天" in answer.content.decode()
    columns = {f"col_{name}": str(at) for name, at in answer.context["parcel"].mapping.items()}
    assert columns["col_text"] == "3"
    desk.post(address, {**columns, "act": "dry"})
    page = desk.get(address).content.decode()
    assert "可用 1 行，已有 0 行，需修改 1 行" in page
    assert Case.objects.count() == 0
    desk.post(address, {**columns, "act": "import"})
    assert "导入完成" in desk.get(address).content.decode()
    assert [c.title for c in Case.objects.all()] == ["路灯不亮"]
    assert rows_of(desk.get(address + "errors.xlsx").content)[1][4].startswith("第 3 行")


def test_the_same_fault_is_named_once_with_its_rows(desk):
    rows = [[str(n), "坏时间", "昨天", "门口有垃圾"] for n in range(20)]
    address = send(desk, content(rows)).url
    columns = {f"col_{name}": str(at) for name, at in desk.get(address).context["parcel"].mapping.items()}
    desk.post(address, {**columns, "act": "dry"})
    answer = desk.get(address)
    assert "需修改 20 行" in answer.content.decode()
    (fault,) = answer.context["shown"]
    assert (fault["count"], fault["lines"][:2], fault["more"]) == (20, [2, 3], True)


def test_a_column_that_is_needed_and_not_chosen_keeps_the_rest(desk):
    address = send(desk).url
    answer = desk.post(address, {"col_text": "", "col_key": "0", "act": "import"})
    assert answer.status_code == 422
    assert "请选择对应的列。" in answer.content.decode()
    assert Case.objects.count() == 0


def test_what_is_no_sheet_is_refused_on_the_page(desk):
    answer = send(desk, b"\x00\x01no")
    assert answer.status_code == 422
    assert "这不是表格文件" in answer.content.decode()
    assert desk.post(URL, {"kind": "messages"}).status_code == 422


@pytest.mark.parametrize(("who", "status"), [("chengguan", 403), ("shuji", 403), ("jumin", 404), ("shenji", 404)])
def test_others_may_not(client, world, who, status):
    log_in(client, world.users[who])
    assert client.get(URL).status_code == status
    assert send(client).status_code == status


def test_anonymous_goes_to_login_and_another_dispatcher_finds_nothing(client, desk, world):
    address = send(desk).url
    log_in(client, world.users["zhiban"])
    assert client.get(address).status_code == 404
    assert client.post(address + "go-on/").status_code == 404
    client.cookies.clear()
    assert client.get(URL).status_code == 302


def test_wrong_methods(desk):
    address = send(desk).url
    assert desk.get(address + "go-on/").status_code == 405
    assert desk.post(address + "errors.xlsx").status_code == 405


ORDERS = ["工单编号", "诉求内容", "地址", "诉求类型", "是否保密", "满意度"]


def orders(*rows):
    book = openpyxl.Workbook()
    table: Any = book.active
    for row in (ORDERS, *rows):
        table.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def chosen(answer):
    """Return the form as the page shows it."""
    form = answer.context["form"]
    return {name: form[name].value() or "" for name in form.fields if name != "to_other"}


def test_a_value_that_is_not_known_is_explained_once_and_kept(desk):
    address = send(desk, orders(["W1", "楼下施工", "", "噪声类", "", ""]), "hotline").url
    answer = desk.get(address)
    assert "不认识的值是什么意思" in answer.content.decode()
    assert "噪声类" in answer.content.decode()
    data = chosen(answer)
    (name,) = [n for n in data if n.startswith("val_category_")]
    desk.post(address, {**data, name: "noise", "act": "import"})
    assert Case.objects.get(external_number="W1").category.code == "noise"
    again = desk.get(send(desk, orders(["W2", "楼上施工", "", "噪声类", "", ""]), "hotline").url)
    assert "已按上次同样表头的表格填好" in again.content.decode()
    assert chosen(again)[name] == "noise"


def test_changes_of_orders_are_ticked_side_by_side(desk):
    address = send(desk, orders(["W1", "楼下施工", "长宁路1号", "", "", ""]), "hotline").url
    desk.post(address, {**chosen(desk.get(address)), "act": "import"})
    address = send(desk, orders(["W1", "楼下施工", "愚园路2号", "", "", ""]), "hotline").url
    desk.post(address, {**chosen(desk.get(address)), "act": "dry"})
    page = desk.get(address).content.decode()
    for words in ("案件里现在是", "长宁路1号", "愚园路2号"):
        assert words in page
    assert desk.get(address + "take/").status_code == 405
    desk.post(address + "take/", {"change": ["0", "x", "77"]})
    assert Case.objects.get(external_number="W1").address == "愚园路2号"
    assert "已采用" in desk.get(address).content.decode()


def test_orders_are_handed_back_as_a_sheet(desk, client, world):
    address = send(desk, orders(["W1", "楼下施工", "", "", "是", ""]), "hotline").url
    desk.post(address, {**chosen(desk.get(address)), "act": "import"})
    assert "12345 工单回填" in desk.get(URL).content.decode()
    answer = desk.get(URL + "12345.xlsx", {"first": "2026-03-01", "last": "2026-03-31"})
    assert answer["Content-Disposition"] == 'attachment; filename="12345-20260301-20260331.xlsx"'
    head, line = rows_of(answer.content)
    assert dict(zip(head, line, strict=True))["要求保密"] == "是"
    wrong = desk.get(URL + "12345.xlsx", {"first": "2026-03-31", "last": "2026-03-01"})
    assert (wrong.status_code, "相隔不超过" in wrong.content.decode()) == (422, True)
    assert desk.get(URL + "12345.xlsx", {"first": "x"}).status_code == 422
    for who, status in (("chengguan", 403), ("jumin", 404)):
        log_in(client, world.users[who])
        assert client.get(URL + "12345.xlsx", {"first": "2026-03-01", "last": "2026-03-31"}).status_code == status


def test_what_is_said_of_the_citys_sheet_outlasts_a_sheet_without_those_values_and_can_be_forgotten(desk, world):
    head = ["工单编号", "诉求内容", "诉求类型"]

    def bring(*rows):
        return send(desk, content_of([head, *rows]), kind="hotline").url

    address = bring(["W1", "楼下夜里施工", "噪声类"], ["W2", "路灯不亮", "照明类"])
    form = desk.get(address).context["form"]
    columns = {f"col_{name}": str(at) for name, at in form.parcel.mapping.items()}
    meant = {u.name: {"噪声类": "noise", "照明类": "street_lamp"}[u.raw] for u in form.unknown}
    desk.post(address, {**columns, **meant, "act": "dry"})
    address = bring(["W3", "路灯又不亮", "照明类"])
    (lamp,) = desk.get(address).context["form"].unknown
    desk.post(address, {**columns, lamp.name: "street_lamp", "act": "dry"})
    kept = Layout.objects.get()
    assert kept.values == {"category": {"噪声类": "noise", "照明类": "street_lamp"}}
    page = desk.get(URL).content.decode()
    assert ("记住的表头" in page, kept.title in page) == (True, True)
    forget = f"{URL}layouts/{kept.uuid}/forget/"
    assert log_in(Client(), world.users["chengguan"]).post(forget).status_code in {403, 404}
    assert Layout.objects.exists()
    assert "已删除" in desk.post(forget, follow=True).content.decode()
    assert not Layout.objects.exists()
    assert desk.post(forget).status_code == 404
    assert "记住的表头" not in desk.get(URL).content.decode()
