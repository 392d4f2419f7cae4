"""The lists of the console that few rows are expected in: with none, with 2,000, searched, page by page."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from linli.engines.cases.models import Station
from linli.foundation.accounts.models import Screen
from linli.foundation.core.ids import uuid7
from linli.foundation.people.models import Absence, Body, GridItem, Unit
from linli.foundation.venues.models import Channel, Poster
from tests.login import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MANY = 2_000


def stations(world):
    area = world.areas["陶家宅"]
    Station.objects.bulk_create(
        Station(name=f"联勤站{n:04}", area=area, area_path=area.path, uuid=uuid7()) for n in range(MANY)
    )


def bodies(world):
    units = Unit.objects.bulk_create(
        Unit(name=f"领导小组{n:04}", kind="task_force", ends_on=date(2030, 1, 1), uuid=uuid7()) for n in range(MANY)
    )
    Body.objects.bulk_create(Body(unit=u, purpose="推进") for u in units)


@pytest.mark.parametrize(
    ("path", "fill", "name", "none"),
    [
        ("/console/stations/", stations, "联勤站", "还没有联勤联动站"),
        ("/console/bodies/", bodies, "领导小组", "这里没有领导小组"),
    ],
)
def test_a_list_with_none_with_two_thousand_searched_and_to_its_end(
    world, path, fill, name, none, django_assert_max_num_queries
):
    client = log_in(Client(), world.users["xitong"])
    assert none in client.get(path).content.decode()
    fill(world)
    client.get(path)  # what a process keeps for seconds is there
    with django_assert_max_num_queries(8):
        page = client.get(path).content.decode()
    assert len(page) < 200_000
    found = client.get(path, {"q": f"{name}0777"}).content.decode()
    assert f"{name}0777" in found
    assert f"{name}0778" not in found
    assert "没有符合的" in client.get(path, {"q": "没有这个名字"}).content.decode()
    seen, address = set(), path
    for _page in range(MANY // 50 + 2):
        text = client.get(address).content.decode()
        seen |= set(re.findall(rf"{name}\d{{4}}", text))
        following = re.search(r'rel="next" href="([^"]+)"', text)
        if following is None:
            break
        address = path + following.group(1).replace("&amp;", "&")
    assert len(seen) == MANY


def test_the_list_of_what_must_be_in_a_grid_has_an_end(world):
    client = log_in(Client(), world.users["xitong"])
    GridItem.objects.bulk_create(GridItem(name=f"事项{n:04}", uuid=uuid7()) for n in range(60))
    page = client.get("/console/grid-items/").content.decode()
    assert "事项0059" in page
    refused = client.post("/console/grid-items/", {"name": "再一项", "meaning": "写过的说明", "order": "10"})
    assert refused.status_code == 422
    assert "清单最多 60 项" in refused.content.decode()
    assert "写过的说明" in refused.content.decode()
    assert GridItem.objects.count() == 60


def absences(world):
    users = [world.users["chengguan"], world.users["minjing"]]
    Absence.objects.bulk_create(
        Absence(user=users[n % 2], starts_on=date(2026, 3, 9), ends_on=date(2026, 3, 11), uuid=uuid7())
        for n in range(MANY)
    )


def screens(world):
    Screen.objects.bulk_create(
        Screen(
            name=f"大屏{n:04}",
            token_hash=f"{n:064}",
            created_at=world.now,
            expires_at=world.now + timedelta(days=9),
            uuid=uuid7(),
        )
        for n in range(MANY)
    )


def posters(world):
    channel = Channel.objects.create(name="公众号", url="https://example.cn/")
    area = world.areas["陶家宅"]
    Poster.objects.bulk_create(
        Poster(code=f"c{n:09}", purpose="channel", area=area, channel=channel, title=f"海报{n:04}", made_at=world.now,
               area_path=area.path, uuid=uuid7())
        for n in range(MANY)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "path", "fill"),
    [
        ("anquan", "/console/absences/", absences),
        ("xitong", "/console/screens/", screens),
        ("xitong", "/console/posters/", posters),
    ],
)
def test_a_page_stays_bounded(world, who, path, fill, django_assert_max_num_queries):
    client = log_in(Client(), world.users[who])
    assert client.get(path).status_code == 200
    fill(world)
    client.get(path)
    with django_assert_max_num_queries(14):
        answer = client.get(path)
    assert answer.status_code == 200
    assert len(answer.content) < 1_500_000
