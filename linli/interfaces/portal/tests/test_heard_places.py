"""The place of a resident's report, offered from their own words; what they gave themselves stays."""

from __future__ import annotations

import pytest

from linli.engines.cases.models import Case
from linli.interfaces.portal.tests.steps import problem, send, words

pytestmark = pytest.mark.django_db
WORDS = "安西路789弄12号302室楼道堆满纸箱"


def offered(answer):
    page = answer.content.decode()
    return [part.split('"')[0] for part in page.split('name="heard" value="')[1:]]


def test_the_place_in_the_words_is_offered_and_taken_when_chosen(client, world, frozen):
    fragment = client.post("/report/suggest/", {"text": WORDS})
    assert "您说的是这里吗？" in words(fragment)
    assert "安西路789弄12号（陶家宅居民区）" in words(fragment)
    assert "出自“安西路789弄12号”" in words(fragment)
    (ref,) = offered(fragment)
    unchosen = problem(client, text=WORDS, address="")
    assert unchosen.status_code == 422
    assert "请告诉我们在哪里" in words(unchosen)
    assert offered(unchosen) == [ref], "still offered"
    review = problem(client, text=WORDS, address="", heard=ref)
    assert review.status_code == 200
    assert "安西路789弄12号" in words(review)
    send(client, review)
    case = Case.objects.get()
    assert case.address == "安西路789弄12号", "the room is no part of the place"
    assert case.area_path.startswith(world.areas["陶家宅"].path)


def test_two_places_are_asked_for_without_scripts_too(client, world, frozen):
    page = problem(client, do="suggest", text="陶家宅小区和飞乐公寓都停水了", address="")
    assert "您说的是哪一处？" in words(page)
    refs = offered(page)
    assert len(refs) == 2
    send(client, problem(client, text="陶家宅小区和飞乐公寓都停水了", address="", heard=refs[1]))
    assert Case.objects.get().area_path.startswith(world.areas["飞乐"].path)


def test_what_was_written_or_chosen_stays(client, world, frozen):
    (ref,) = offered(client.post("/report/suggest/", {"text": WORDS}))
    area = world.areas["飞乐"].code
    send(client, problem(client, text=WORDS, address="长宁路口的菜场", heard=ref))
    assert Case.objects.latest("id").address == "长宁路口的菜场"
    send(client, problem(client, text="陶家宅那边没人扫地", address="", area=area, heard="area:1"))
    assert Case.objects.latest("id").area_path.startswith(world.areas["飞乐"].path)


def test_an_area_alone_is_enough(client, world, frozen):
    (ref,) = offered(client.post("/report/suggest/", {"text": "陶家宅那边没人扫地"}))
    send(client, problem(client, text="陶家宅那边没人扫地", address="", heard=ref))
    assert Case.objects.get().area_path.startswith(world.areas["陶家宅"].path)


@pytest.mark.parametrize("ref", ["", "place:0", "place:x", "road:安西路", "crossing:|", "x" * 300, "target:1"])
def test_nonsense_is_no_place_and_no_fault(client, world, frozen, ref):
    answer = problem(client, text="楼上漏水", address="", heard=ref)
    assert answer.status_code == 422
    assert not offered(answer)


def test_an_address_with_a_door_gives_the_area(client, world, frozen):
    send(client, problem(client, text="楼道堆物", address="安西路789弄12号302室"))
    case = Case.objects.get()
    assert case.area_path.startswith(world.areas["陶家宅"].path)
