"""Hot topics on the desk: the list of a period, one topic with its cases, paper and table file."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from linli.engines.cases.models import Case
from linli.engines.cases.tests.steps import raise_case
from linli.engines.judgement.tests.test_rules_topics import CRACKS, KILN, OTHERS
from linli.interfaces.desk.tests.help import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics(world):
    """Return the numbers of the cases of one matter, oldest first."""
    made = []
    for i, (_title, text) in enumerate([*KILN, *CRACKS, *OTHERS]):
        ago = world.now - timedelta(days=20, hours=-7 * i)
        made.append(raise_case(world, "noise", now=ago, text=text, address="").number)
    return made


def test_the_list_of_a_period_opens_to_the_cases_and_they_to_a_root_cause(world, topics):
    client = enter(world, "paidan")
    page = client.get("/desk/hot-topics/").content.decode()
    assert f"/desk/hot-topics/{topics[0]}/" in page
    one = client.get(f"/desk/hot-topics/{topics[0]}/").content.decode()
    for number in topics[:4]:
        assert number in one
    assert topics[5] not in one
    assert "归为根因" in one
    chosen = "&".join(f"chosen={n}" for n in topics[:4])
    assert topics[3] in client.get(f"/desk/roots/new/?{chosen}").content.decode()


def test_a_period_without_cases_says_so_and_a_topic_of_another_period_is_not_there(world, topics):
    client = enter(world, "paidan")
    page = client.get("/desk/hot-topics/?since=2020-01-01&until=2020-01-31").content.decode()
    assert "这段时间没有热点" in page
    assert client.get(f"/desk/hot-topics/{topics[0]}/?since=2020-01-01&until=2020-01-31").status_code == 404
    assert client.get("/desk/hot-topics/?since=nonsense&until=&area=x").status_code == 200


def test_only_what_the_viewer_may_read_makes_topics(world, topics):
    assert "这段时间没有热点" in enter(world, "wuye").get("/desk/hot-topics/").content.decode()
    assert enter(world, "jumin").get("/desk/hot-topics/").status_code == 403
    assert Case.objects.count() == len(topics)


def test_the_table_file_has_topics_and_cases(world, topics):
    answer = enter(world, "paidan").get("/desk/hot-topics/export.xlsx")
    book = load_workbook(io.BytesIO(answer.getvalue()))
    assert book.sheetnames == ["热点", "案件"]
    assert topics[0] in [row[1] for row in book["案件"].iter_rows(values_only=True)]


def test_the_list_costs_few_statements(world, topics, django_assert_max_num_queries):
    client = enter(world, "paidan")
    client.get("/desk/hot-topics/")
    with django_assert_max_num_queries(8):
        client.get("/desk/hot-topics/")
