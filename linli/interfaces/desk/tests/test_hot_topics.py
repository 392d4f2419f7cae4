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


def taken(client, code, form="xlsx", **more):
    return client.post(f"/exports/of/{code}/", {"form": form, **more})


def rows_of(answer):
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_the_list_and_the_cases_of_a_topic_are_taken_out_as_the_pages_show_them(world, topics):
    client = enter(world, "paidan")
    shown = client.get("/desk/hot-topics/").context["rows"]
    rows = rows_of(taken(client, "hot_topics"))
    assert [r[1] for r in rows[2:]] == [r["topic"].title for r in shown]
    assert [r[4] for r in rows[2:]] == [r["cases"] for r in shown]
    assert type(rows[2][6]).__name__ == "datetime"
    assert " 至 2026-03-10" in rows[0][0]
    page = client.get(f"/desk/hot-topics/{topics[0]}/")
    fixed = f"first={topics[0]}"
    assert f'value="{fixed}"' in page.content.decode()
    rows = rows_of(taken(client, "hot_topic", fixed=fixed))
    assert rows[0][0].startswith(page.context["row"]["topic"].title)
    assert [r[0] for r in rows[2:]] == [c.number for c in page.context["cases"]]


def test_a_file_of_topics_holds_what_its_viewer_reads_and_costs_few_statements(
    world, topics, django_assert_max_num_queries
):
    other = enter(world, "wuye")
    assert len(b"".join(taken(other, "hot_topics", "csv").streaming_content).decode().splitlines()) == 2
    assert taken(other, "hot_topic", "csv", fixed=f"first={topics[0]}").status_code == 404
    assert taken(enter(world, "jumin"), "hot_topics", "csv").status_code == 403
    client = enter(world, "paidan")
    taken(client, "hot_topics").getvalue()
    with django_assert_max_num_queries(16):
        taken(client, "hot_topics").getvalue()
    with django_assert_max_num_queries(16):
        taken(client, "hot_topic", fixed=f"first={topics[0]}").getvalue()


def test_the_list_costs_few_statements(world, topics, django_assert_max_num_queries):
    client = enter(world, "paidan")
    client.get("/desk/hot-topics/")
    with django_assert_max_num_queries(8):
        client.get("/desk/hot-topics/")
