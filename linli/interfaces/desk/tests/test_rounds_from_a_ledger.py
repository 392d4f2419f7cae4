"""A plan begun from a narrowed ledger: the same targets, said in words, counted before and visited after."""

from datetime import timedelta

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Round, Target, Visit
from linli.engines.fieldwork.tests.scenes import FORM, enter_form, enter_shops, home_of
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core.actors import SYSTEM
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.portal.tests.steps import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world):
    services.load_shipped(now=world.now)
    return world


def plan_of(town, led, **more):
    """Return what the planner sends when nothing but the form, the title and the unit are chosen."""
    form = led.context["form"]
    given = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in given.items() if value not in (None, "", [], False)}
    return sent | {"title": "餐饮店走访", "form": FORM, "unit": town.units["centre"].pk} | more


def test_what_a_ledger_was_narrowed_by_goes_with_the_plan_in_words_and_can_be_dropped(town):
    shops = enter_shops(town, 4)
    enter_form(town.now)
    Target.objects.filter(pk__in=[s.pk for s in shops[:3]]).update(facts={"trade": "food"})
    Target.objects.filter(pk__in=[s.pk for s in shops[3:]]).update(facts={"trade": "retail"})
    Target.objects.filter(pk=shops[0].pk).update(visited_at=town.now - timedelta(days=3))
    client = enter(town, "zhiban")
    url = "/desk/fieldwork/ledgers/of/shop/bulk/?f.trade=food&since=30"
    led = client.post(url, {"act": "round"}, follow=True)
    since = (town.now - timedelta(days=30)).date()
    said = words(led)
    assert "业态：餐饮" in said
    assert f"{since} 起没有走访过" in said
    assert led.context["form"]["more"].value() == ["fact:trade=food", f"since:{since}"]
    plan = plan_of(town, led)
    new = "/desk/fieldwork/rounds/new/"
    assert client.post(new, {**plan, "act": "look"}).context["look"]["found"].count == 2
    dropped = {**plan, "more": ["fact:trade=food"], "act": "look"}
    assert client.post(new, dropped).context["look"]["found"].count == 3
    kept = client.post(new, {**plan, "act": "save"}, follow=True)
    assert f"业态：餐饮，{since} 起没有走访过" in words(kept)
    round_ = Round.objects.get()
    assert round_.choice["facts"] == {"trade": "food"}
    # Changed later it stays narrowed; opened it visits these two and nobody else.
    page = client.get(f"/desk/fieldwork/rounds/{round_.uuid}/edit/")
    assert page.context["form"]["more"].value() == ["fact:trade=food", f"since:{since}"]
    services.open_round(by=town.actor("zhiban"), now=town.now, uuid=round_.uuid, expected=round_.version)
    assert {v.target_id for v in Visit.objects.filter(round=round_)} == {shops[1].pk, shops[2].pk}


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("fact:owner=张三", "没有所筛选的登记项"),  # personal, or no field at all
        ("fact:phone=13812345678", "没有所筛选的登记项"),
        ("parent:0190a2b4-0000-7000-8000-000000000001", "上级不存在"),
        ("since:yesterday", "选择一个有效的选项"),
        ("wild", "选择一个有效的选项"),
    ],
)
def test_a_plan_narrowed_by_what_is_not_there_or_not_theirs_to_know_is_refused(town, part, why):
    enter_shops(town, 2)
    enter_form(town.now)
    client = enter(town, "zhiban")
    led = client.post("/desk/fieldwork/ledgers/of/shop/bulk/", {"act": "round"}, follow=True)
    plan = plan_of(town, led, more=[part])
    answer = client.post("/desk/fieldwork/rounds/new/", {**plan, "act": "save"})
    assert answer.status_code == 422
    assert why in words(answer)
    assert "餐饮店走访" in answer.content.decode()
    assert not Round.objects.exists()
    if part.split(":")[0] in {"fact", "parent"}:
        seen = client.post("/desk/fieldwork/rounds/new/", {**plan, "act": "look"})
        assert "found" not in seen.context["look"]


def test_a_plan_can_be_kept_to_the_floors_of_one_house(town):
    def entered(kind, name, parent=None):
        data = TargetData(kind, name, area_id=home_of(town).pk, parent=parent)
        return services.add_target(by=SYSTEM, now=town.now, data=data)

    house, other = entered("building", "23 号楼"), entered("building", "25 号楼")
    for n in range(1, 4):
        entered("floor", f"{n} 层", (house if n < 3 else other).uuid)
    enter_form(town.now)
    client = enter(town, "zhiban")
    plan = {
        "title": "一栋楼", "form": FORM, "unit": town.units["centre"].pk, "kind": "floor", "how": "filter",
        "starts_on": town.now.date(), "ends_on": town.now.date(), "rhythm": "once", "more": f"parent:{house.uuid}",
    }  # fmt: skip
    page = client.post("/desk/fieldwork/rounds/new/", {**plan, "act": "look"})
    assert "上级：23 号楼" in words(page)
    assert page.context["look"]["found"].count == 2
