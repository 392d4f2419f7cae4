"""A sheet in a real browser: template, filled in, a fault, mended, applied, undone; then without JavaScript."""

import io
import re
from typing import Any

import openpyxl
import pytest

from linli.foundation.people.models import Unit
from tests.login import log_in_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db, world):
    return world


def saved(made):
    out = io.BytesIO()
    made.save(out)
    return {"name": "单位.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": out.getvalue()}


def download(page, name):
    with page.expect_download() as found:
        page.get_by_role("link", name=re.compile(name)).click()
    return openpyxl.load_workbook(io.BytesIO(found.value.path().read_bytes()))


def fill(made, *rows):
    """Write rows below the example, each under its header."""
    table = made.worksheets[0]
    heads = [c.value for c in table[1]]
    for at, row in enumerate(rows, start=3):
        for head, value in row.items():
            table.cell(at, heads.index(head) + 1).value = value
    return made


def send(page, file):
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("heading", name="检查结果（还没有写入）").wait_for()


@pytest.mark.smoke
def test_a_template_is_filled_mended_applied_and_undone(browser_page, town, live_server):
    page = log_in_page(browser_page, town.users["xitong"], live_server.url)
    page.goto("/console/sheets/")
    made = download(page, "模板.*：单位$")
    fill(
        made,
        {"单位名称": "新一中队", "单位类型": "城管", "负责区域": "陶家宅居民区", "成立日期": "2026年3月1日"},
        {"单位名称": "新二中队", "单位类型": "城管", "负责区域": "没有的居民区"},
    )
    page.get_by_role("link", name=re.compile("导入.*：单位$")).click()
    send(page, saved(made))
    page.get_by_text("没有“没有的居民区”这个区域。").wait_for()
    page.get_by_text("第 2 行是示例，没有读入。").wait_for()
    assert not Unit.objects.filter(name="新一中队").exists()
    mended = download(page, "下载待修改的表格")
    table = mended.worksheets[0]
    assert (table.cell(2, 2).value, table.max_row) == ("新二中队", 2)
    table.cell(2, 6).value = "陶家宅居民区"
    page.get_by_role("button", name="导入这 1 行").click()
    page.get_by_role("heading", name="导入完成").wait_for()
    assert str(Unit.objects.get(name="新一中队").area) == "陶家宅居民区"
    page.goto("/console/sheets/units/import/")
    send(page, saved(mended))
    page.get_by_role("button", name="导入这 1 行").click()
    page.get_by_role("heading", name="导入完成").wait_for()
    assert Unit.objects.filter(name="新二中队").exists()
    page.locator("summary", has_text="撤销这次导入").click()
    page.get_by_label("撤销原因").fill("试用")
    page.get_by_role("button", name="撤销", exact=True).click()
    page.get_by_role("heading", name="已撤销").wait_for()
    assert not Unit.objects.filter(name="新二中队").exists()
    page.goto("/console/sheets/?q=单位")
    assert page.locator("tbody tr").count() == 2


def test_it_works_without_javascript(browser, town, live_server):
    context = browser.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    page = log_in_page(context.new_page(), town.users["xitong"], live_server.url)
    page.goto("/console/sheets/units/import/")
    made = openpyxl.Workbook()
    table: Any = made.active
    for row in (["单位名称", "单位类型"], *([f"新{n}中队", "城管"] for n in range(30))):
        table.append(row)
    send(page, saved(made))
    page.get_by_role("button", name="导入这 30 行").click()
    while page.get_by_role("button", name="继续").count():
        page.get_by_role("button", name="继续").click()
    page.get_by_role("heading", name="导入完成").wait_for()
    context.close()
    assert Unit.objects.filter(name__startswith="新").count() == 30
