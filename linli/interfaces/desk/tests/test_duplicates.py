"""The page of merging: what may be the same matter, with score and reasons, and saying that it is not."""

from datetime import timedelta

import pytest

from linli.engines.cases.tests.steps import get, raise_case
from linli.engines.judgement.models import DuplicateDismissal
from linli.foundation.core.coordinates import Point
from linli.interfaces.desk.tests.help import enter

pytestmark = pytest.mark.django_db
HERE = Point(31.2215, 121.4195)


def garbage(world, metres, **fields):
    point = Point(HERE.lat + metres / 111_195, HERE.lon)
    ago = world.now - timedelta(days=1)
    return get(raise_case(world, "garbage", now=ago, text="垃圾房满了没人清", point=point, area_id=None, **fields))


def test_score_and_reasons_are_shown_and_a_dismissal_is_taken(world):
    one, two = garbage(world, 0), garbage(world, 5)
    client = enter(world, "paidan")
    address = f"/desk/cases/{one.number}/merge/"
    page = client.get(address).content.decode()
    assert f'value="{two.number}"' in page
    assert "很可能是同一件" in page
    assert "同一地址" in page
    answer = client.post(f"/desk/cases/{one.number}/not-same/", {"other": two.number}, follow=True)
    assert f"已记下：{two.number} 不是同一件。" in answer.content.decode()
    assert f'value="{two.number}"' not in client.get(address).content.decode()


def test_who_may_not_merge_dismisses_nothing(world):
    one, two = garbage(world, 0), garbage(world, 5)
    address = f"/desk/cases/{one.number}/not-same/"
    assert enter(world, "wuye").post(address, {"other": two.number}).status_code in {403, 404}
    assert enter(world, "paidan").post(address, {"other": "HY20990101-0001"}).status_code == 404
    assert enter(world, "paidan").get(address).status_code == 405
    assert not DuplicateDismissal.objects.exists()
