"""The companies' page: figures that open to their cases, a period, a table file; who may see whose line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from linli.engines.cases.models import Case
from linli.engines.cases.tests.test_removals import clear, told
from linli.foundation.core import clock
from linli.foundation.journal.models import Entry
from tests.login import log_in

URL = "/desk/companies/"
TAKEN = "/exports/of/companies/"


@pytest.fixture
def cleared(world: Any) -> Iterator[list[Case]]:
    """Five cases decided (three in time), one waiting; the clock stands three hours on."""
    cases = [told(world, n) for n in range(5)]
    for n, case in enumerate(cases):
        clear(world, case, world.now + timedelta(minutes=40 + 40 * n))
    with clock.frozen(world.now + timedelta(hours=3)):
        yield [*cases, told(world, 9, now=world.now + timedelta(hours=3))]


def links(page: str) -> list[tuple[str, int]]:
    """Return (address, number) of every figure that opens to its cases."""
    found = re.findall(r'href="(/desk/\?figure=[^"]+)"[^>]*>([^<]+)<', page)
    return [(a.replace("&amp;", "&"), int(n) if n.strip().isdigit() else -1) for a, n in found]


def test_figures_are_shown_and_each_opens_to_its_cases(client, world, cleared):
    log_in(client, world.users["paidan"])
    answer = client.get(URL)
    page = answer.content.decode()
    row = answer.context["rows"][0]
    assert (row["rank"], row["share"], row["removed"]["words"]) == (1, "60.0%", "2 小时 0 分")
    assert "第31条" in page
    assert "Linli 设计值" in page
    opened = links(page)
    assert len(opened) == 5  # notified, within, late, waiting and the median of what was cleared
    for address, number in opened:
        listed = client.get(address)
        assert listed.status_code == 200
        shown = listed.context["rows"]
        assert len(shown) == (number if number >= 0 else 5), address
    assert "按时清走" in client.get(opened[1][0]).content.decode()


def test_a_few_cases_are_listed_without_a_rank_and_it_says_why(client, world, at):
    clear(world, told(world), world.now)
    log_in(client, world.users["zhiban"])
    page = client.get(URL).content.decode()
    assert "不排名" in page
    assert "还差 4 件" in page


def test_an_empty_period_says_so_and_a_wrong_one_is_put_right(client, world, cleared):
    log_in(client, world.users["lingdao"])
    assert "没有通知过单车企业" in client.get(URL + "?since=2025-01-01&until=2025-01-31").content.decode()
    assert "日期没有读懂" in client.get(URL + "?since=x&until=2026-13-01").content.decode()
    assert "一次最多看两年" in client.get(URL + "?since=2001-01-01&until=2026-03-10").content.decode()
    turned = client.get(URL + "?since=2026-03-31&until=2026-03-01")
    assert turned.context["rows"][0]["notified"]["words"] == "6"


def test_the_same_figures_as_a_table_file_and_it_is_journalled(client, world, cleared):
    log_in(client, world.users["ducha"] if "ducha" in world.users else world.users["lingdao"])
    assert 'action="/exports/of/companies/"' in client.get(URL).content.decode()
    answer: Any = client.post(TAKEN, {"form": "xlsx", "query": "since=2026-03-01&until=2026-03-31"})
    book: Any = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1][:4] == ("名次", "企业", "接到通知", "按时清走")
    assert rows[2][:9] == (1, "街面秩序管理服务公司", 6, 3, 2, 1, "60.0%", 120, 0)
    assert "2026-03-01 至 2026-03-31" in rows[0][0]
    assert Entry.objects.filter(verb="exports.send", label="companies").count() == 1


def test_the_company_sees_its_own_line_and_is_led_there_from_its_case(client, world, cleared):
    log_in(client, world.users["danche"])
    page = client.get(URL).content.decode()
    assert "本企业处置情况" in page
    for address, number in links(page):
        assert len(client.get(address).context["rows"]) == (number if number >= 0 else 5)
    taken: Any = client.post(TAKEN, {"form": "csv"})
    assert len(b"".join(taken.streaming_content).decode().strip().splitlines()) == 3  # head, columns, their own line
    assert f'href="{URL}"' in client.get(f"/desk/cases/{cleared[0].number}/").content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("chengguan", 403), ("shuji", 403), ("wuye", 403), ("jiandu", 403), ("jumin", 403), ("shenji", 403)],
)
def test_others_are_refused(client, world, at, who, status):
    log_in(client, world.users[who])
    assert client.get(URL).status_code == status
    assert client.post(URL).status_code in {403, 405}
    assert client.post(TAKEN, {"form": "csv"}).status_code == status


def test_anonymous_goes_to_login(client, world):
    assert client.get(URL).status_code == 302


def test_the_page_costs_few_statements_whatever_the_number(client, world, cleared, django_assert_max_num_queries):
    log_in(client, world.users["paidan"])
    client.get(URL)
    with django_assert_max_num_queries(7):
        client.get(URL)
