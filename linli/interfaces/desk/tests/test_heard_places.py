"""A call's place from its words, the caller's earlier cases, and a call put to a case that is known already."""

from __future__ import annotations

import html
import json
import re
from uuid import uuid4

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.foundation.journal.models import Entry
from linli.foundation.places.models import Place
from linli.interfaces.desk.tests.help import enter, fresh, handled, make_case, typed

pytestmark = pytest.mark.django_db
LOOK, NEW = "/desk/new/look/", "/desk/new/"
WORDS = "安西路789弄12号302室楼上漏水"


def choices(page):
    """Return what is offered, as value → (chosen, words)."""
    found = re.findall(r'name="heard" value="([^"]*)"( checked)?[^>]*><span>(.*?)</span>', page, re.DOTALL)
    return {html.unescape(v): (bool(c), re.sub("<[^>]+>", "|", w)) for v, c, w in found}


def call(**fields):
    return {**typed(address="", phone=""), **fields}


def test_the_place_in_the_words_is_offered_with_the_phrase_and_put_in_only_when_chosen(world):
    client = enter(world, "paidan")
    page = client.post(LOOK, call(text=WORDS)).content.decode()
    offered = choices(page)
    assert [w for _c, w in offered.values()] == ["安西路789弄12号（陶家宅居民区）|出自“安西路789弄12号”・弄号相符|"]
    assert "描述里说到的地点" in page
    assert not any(c for c, _w in offered.values()), "nothing is chosen by itself"
    assert client.post(NEW, call(text=WORDS)).status_code == 302
    case = Case.objects.get()
    assert (case.address, case.area_id) == ("", None)
    assert client.post(NEW, call(text=WORDS, heard=next(iter(offered)))).status_code == 302
    case = Case.objects.select_related("area").latest("id")
    assert case.address == "安西路789弄12号", "the room is no part of the place"
    assert case.lat is not None
    assert case.area_path.startswith(world.areas["陶家宅"].path)


def test_two_that_come_into_question_are_asked_and_one_is_chosen(world):
    client = enter(world, "paidan")
    words = "陶家宅小区和飞乐公寓都停水了"
    page = client.post(LOOK, call(text=words)).content.decode()
    offered = choices(page)
    assert "描述里的地点是哪一处？请问对方" in page
    labels = [w.split("|")[0] for _c, w in offered.values()]
    assert labels == ["安西路789弄（陶家宅居民区）", "华阳路307弄（飞乐居民区）"]
    second = list(offered)[1]
    page = client.post(LOOK, call(text=words, heard=second)).content.decode()
    assert choices(page)[second][0], "stays chosen"
    assert choices(page)[""] == (False, "不采用")
    client.post(NEW, call(text=words, heard=second))
    assert Case.objects.get().area_path.startswith(world.areas["飞乐"].path)


def test_what_a_person_chose_or_wrote_is_never_overwritten(world):
    client = enter(world, "paidan")
    heard = next(iter(choices(client.post(LOOK, call(text=WORDS)).content.decode())))
    client.post(NEW, call(text=WORDS, heard=heard, address="安西路菜场后门"))
    assert Case.objects.latest("id").address == "安西路菜场后门"
    other = Place.objects.get(name="飞乐公寓")
    place = json.dumps({"id": other.pk, "address": other.address, "lat": other.lat, "lon": other.lon})
    client.post(NEW, call(text=WORDS, heard=heard, place=place))
    case = Case.objects.latest("id")
    assert (case.address, case.lat) == (other.address, other.lat)
    assert case.area_path.startswith(world.areas["飞乐"].path)


def test_nonsense_in_the_choice_is_no_place_and_no_fault(world):
    client = enter(world, "paidan")
    for heard in ("{", "[]", '"x"', '{"lat": "x"}', "null"):
        assert client.post(LOOK, call(text=WORDS, heard=heard)).status_code == 200
        assert client.post(NEW, call(text=WORDS, heard=heard)).status_code == 302
    assert not Case.objects.exclude(address="").exists()


def test_an_address_with_a_door_is_found_while_it_is_typed(world):
    page = enter(world, "paidan").post("/desk/new/places/", {"address": "安西路789弄12号"}).content.decode()
    assert "陶家宅小区" in page
    assert "安西路789弄12号 · 陶家宅居民区" in page
    assert "没有找到" in enter(world, "paidan").post("/desk/new/places/", {"address": "胶州路1号"}).content.decode()


def estate_case(world, **fields):
    place = Place.objects.get(name="陶家宅小区")
    return make_case(
        world, **{"address": place.address, "area_id": place.area_id, "text": "垃圾房满了没人清", **fields}
    )


def spoken(**fields):
    return call(**{"text": "陶家宅小区垃圾房又满了，没人清", "category": "garbage", **fields})


def test_the_callers_earlier_case_of_the_same_place_and_matter_is_shown_while_typing(world):
    case = estate_case(world, phone="13912345678")
    client = enter(world, "paidan")
    page = client.post(LOOK, spoken(phone="139 1234 5678")).content.decode()
    assert "此人反映过" in page
    assert case.number in page
    assert "记入此件" in page
    assert "此人反映过" not in client.post(LOOK, spoken(phone="13900000000")).content.decode()
    assert "此人反映过" not in client.post(LOOK, spoken(phone="139")).content.decode()
    lamp = client.post(LOOK, spoken(text="陶家宅小区路灯不亮", category="street_lamp", phone="13912345678"))
    assert "此人反映过" not in lamp.content.decode(), "another matter"


def plain(answer):
    return re.sub(r"csrf\S+", "", answer.content.decode())


@pytest.mark.parametrize("who", ["minjing", "wuye", "chengguan"])
def test_who_may_not_see_the_earlier_case_sees_not_even_that_there_is_one(world, who):
    client = enter(world, who)
    before = plain(client.post(LOOK, spoken(phone="13912345678")))
    case = estate_case(world, phone="13912345678", confidential=True)
    after = plain(client.post(LOOK, spoken(phone="13912345678")))
    assert after == before
    assert case.number not in after


def test_who_reads_the_case_but_not_the_number_learns_nothing_of_the_caller(world):
    estate_case(world, phone="13912345678", confidential=True)
    for who in ("ducha", "lingdao"):
        client = enter(world, who)
        same = plain(client.post(LOOK, spoken(phone="13912345678")))
        assert "此人反映过" not in same
        assert same == plain(client.post(LOOK, spoken(phone="13900000000")))


def joined(case, **fields):
    return spoken(act=f"join:{case.number}", **fields)


def test_a_call_is_put_to_the_earlier_case_as_another_voice(world):
    case = estate_case(world)
    client = enter(world, "paidan")
    page = client.post(LOOK, spoken(phone="13700001111")).content.decode()
    assert f'value="join:{case.number}"' in page
    assert 'data-hotkey="F2"' in page
    data = joined(case, phone="13700001111", name="李叔叔")
    for _click in range(2):
        answer = client.post(NEW, data)
        assert answer["Location"] == f"/desk/new/done/{case.number}/?joined=1"
    assert Case.objects.count() == 1
    assert fresh(case.number).reporter_count == 2
    reporter = Reporter.objects.filter(case=case).latest("id")
    assert (reporter.channel, reporter.way) == ("phone", "phone")
    done = client.get(answer["Location"]).content.decode()
    assert "已并入这一件" in done
    assert "共 2 人反映" in done
    assert 'id="code"' in done, "the caller has a code of their own"
    assert Entry.objects.filter(verb="cases.join").count() == 1


def test_somebody_who_raised_it_before_is_noted_and_not_counted_twice(world):
    case = estate_case(world, phone="13912345678")
    client = enter(world, "paidan")
    data = joined(case, phone="13912345678")
    for _click in range(2):
        answer = client.post(NEW, data)
        assert answer.status_code == 302
    assert fresh(case.number).reporter_count == 1
    notes = CaseEvent.objects.filter(case=case, verb="note")
    assert [n.text for n in notes] == ["反映人再次来电：陶家宅小区垃圾房又满了，没人清"]
    assert not notes[0].public
    done = client.get(answer["Location"]).content.decode()
    assert "原来的查询码继续有效" in done
    assert 'id="code"' not in done


def test_what_was_typed_stays_where_the_case_was_closed_meanwhile(world):
    case = estate_case(world)
    services.void(by=world.actor("zhiban"), now=world.now, case=case, reason="误报")
    answer = enter(world, "paidan").post(NEW, joined(case, phone="13700001111", name="李叔叔"))
    page = answer.content.decode()
    assert answer.status_code == 409
    for kept in ("陶家宅小区垃圾房又满了，没人清", "李叔叔", "13700001111", "已经办结"):
        assert kept in page
    assert Reporter.objects.filter(case=case).count() == 1


def test_strangers_and_what_is_private_join_nothing(world):
    case, hidden = estate_case(world), make_case(world, category="group_renting", phone="13911112222")
    assert enter(world, "minjing").post(NEW, joined(hidden)).status_code == 404
    assert enter(world, "paidan").post(NEW, joined(hidden)).status_code == 403, "nobody joins what is private"
    assert enter(world, "paidan").post(NEW, {**joined(case), "act": "join:HY20990101-0001"}).status_code == 404
    assert Reporter.objects.count() == 2
    signed = handled(world, case)
    assert enter(world, "paidan").post(NEW, joined(signed, uuid=str(uuid4()), phone="13700001111")).status_code == 302


def test_looking_while_typing_costs_few_statements(world, django_assert_max_num_queries):
    estate_case(world, phone="13912345678")
    client = enter(world, "paidan")
    client.post(LOOK, spoken(phone="13912345678"))
    with django_assert_max_num_queries(12):
        client.post(LOOK, spoken(phone="13912345678"))
