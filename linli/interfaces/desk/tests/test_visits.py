"""四百走访 over HTTP: what a visit gave, the register of needs, noted details, coverage; and who is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest

from linli.engines.cases.models import Case
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Fact, Submission, Target
from linli.engines.fieldwork.selectors.submissions import sealed_answers
from linli.engines.projects.models import Task
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs import retention
from linli.foundation.jobs import services as jobs
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.visits_help import enter_target, enter_visit_form, open_round, send
from linli.interfaces.portal.tests.steps import words
from linli.programmes.visits import services
from linli.programmes.visits.models import Demand, Detail, Gift

pytestmark = pytest.mark.django_db
NEED = "楼道灯坏了两个月，老人晚上下楼看不见"
GAVE = {"gift": {"leaflet": ["fire", "fraud"], "copies": 2, "service": "量血压", "resource": "防滑垫", "pieces": "1.5"}}
PERSON = {"person": {"health": "腿脚不便", "phone2": "13812345678", "agrees": True}}


@pytest.fixture
def town(at):
    fieldwork.load_shipped(now=at.now)
    enter_visit_form(at.now)
    return at


@pytest.fixture
def home(town):
    return enter_target(town, "household", "12 号 301 室")


@pytest.fixture
def shop(town):
    return enter_target(town, "shop", "街角面馆", address="长宁路 488 号")


def post(world, who, url, /, **data):
    return enter(world, who).post(url, data)


def act(world, who, demand, code, **data):
    return post(world, who, f"/desk/visits/demands/{demand.uuid}/", act=code, version=Demand.objects.get(
        pk=demand.pk).version, **data)  # fmt: skip


def page(world, who, url):
    answer = enter(world, who).get(url)
    assert answer.status_code == 200, (who, url, answer.status_code)
    return answer.content.decode()


@pytest.mark.mechanism("001-07")
@pytest.mark.mechanism("000-18")
def test_a_visit_gives_and_what_it_gave_is_counted_by_item(town, home):
    round_ = open_round(town, [home])
    send(town, round_, home, GAVE)
    assert {(g.kind, g.name, str(g.quantity)) for g in Gift.objects.all()} == {
        ("publicity", "消防宣传单", "2.00"), ("publicity", "反诈宣传单", "2.00"), ("service", "量血压", "1.00"),
        ("resource", "防滑垫", "1.50"),
    }  # fmt: skip
    shown = page(town, "shegong", "/desk/visits/")
    assert all(w in shown for w in ("四百走访", "进百家门", "防滑垫", "1.5", "春季走访", "1 / 1", "100.0%"))
    rows = page(town, "shegong", "/desk/visits/given/?kind=resource&name=防滑垫")
    assert "居民家庭" in rows
    assert "301" not in words(enter(town, "shegong").get("/desk/visits/given/?kind=resource&name=防滑垫"))


def test_a_corrected_record_counts_once(town, home):
    round_ = open_round(town, [home])
    first = send(town, round_, home, {**GAVE, "need": NEED})
    second = send(town, round_, home, {"gift": {"service": "理发"}, "need": NEED + "。"}, former=first.uuid)
    assert [(g.name, g.submission) for g in Gift.objects.all()] == [("理发", second)]
    demand = Demand.objects.get()
    assert demand.submission == second


@pytest.mark.mechanism("000-18")
def test_a_need_goes_from_the_door_to_an_answer_that_is_told(town, home):
    send(town, open_round(town, [home]), home, {"need": NEED, "wires": True})
    assert Case.objects.filter(category__code="flying_wires").count() == 1
    demand = Demand.objects.get()
    assert demand.guarded
    assert not demand.text
    listed = page(town, "shuji", "/desk/visits/demands/")
    assert NEED in listed
    assert demand.number in listed
    unit, due = town.units["service"].pk, "2026-03-20"
    assert act(town, "shuji", demand, "assign", unit_id=unit, due_on="2025-01-01").status_code == 422
    assert act(town, "shuji", demand, "assign", unit_id=unit, due_on=due).status_code == 302
    task = Task.objects.get(source_kind="demand")
    assert (task.unit_id, str(task.due_on)) == (unit, due)
    assert NEED not in task.title
    assert demand.number in page(town, "fuwuban", f"/desk/tasks/{task.uuid}/")
    assert act(town, "fuwuban", demand, "reply", reply="").status_code == 422
    with clock.frozen(town.now + timedelta(days=3)):
        assert act(town, "fuwuban", demand, "reply", reply="已报修，周五前换好").status_code == 302
    task.refresh_from_db()
    assert task.state == "done"
    assert act(town, "shegong", demand, "tell", way="door", text="老人说好").status_code == 302
    shown = page(town, "shuji", f"/desk/visits/demands/{demand.uuid}/")
    assert "用时 3 天" in shown
    assert "上门" in shown
    assert "已告知" in shown
    verbs = list(Entry.objects.filter(kind="visits_demand").order_by("id").values_list("verb", flat=True))
    assert verbs == ["visits.register", "visits.assign", "visits.reply", "visits.tell"]
    assert not [e for e in Entry.objects.filter(kind="visits_demand") if NEED in str(e.__dict__)]


def test_the_result_of_the_task_is_the_answer(town, shop):
    send(town, open_round(town, [shop]), shop, {"need_owner": "门口非机动车太多"})
    demand = Demand.objects.get()
    assert (demand.state, demand.unit, demand.who) == ("assigned", town.units["enforcement"], "街角面馆")
    task = Task.objects.get(source_kind="demand")
    done = post(town, "chengguan", f"/desk/tasks/{task.uuid}/", act="done", result="已划线，每天巡查")
    assert done.status_code == 302
    jobs.drain(now=town.now)
    demand.refresh_from_db()
    assert (demand.state, demand.reply) == ("replied", "已划线，每天巡查")


def test_the_dossier_shows_needs_with_their_answers_and_what_was_given(town, home, shop):
    send(town, open_round(town, [shop]), shop, {"need_owner": "门口非机动车太多"})
    asked = Demand.objects.get()
    assert act(town, "chengguan", asked, "reply", reply="已划线，每天巡查").status_code == 302
    shown = page(town, "ducha", f"/desk/fieldwork/ledgers/at/{shop.uuid}/")
    assert "门口非机动车太多" in shown
    assert "已划线，每天巡查" in shown
    assert "待告知" in shown
    send(town, open_round(town, [home]), home, {**GAVE, "need": NEED})
    guarded = Demand.objects.get(guarded=True)
    shown = page(town, "shegong", f"/desk/fieldwork/ledgers/at/{home.uuid}/")
    assert f"{guarded.number}（家中所说，打开查看）" in shown
    assert NEED not in shown  # sealed here; opened on its own page alone
    assert "防滑垫" in shown
    assert enter(town, "shuji02").get(f"/desk/fieldwork/ledgers/at/{home.uuid}/").status_code == 404


def test_what_was_said_at_home_is_for_its_own_grid_and_the_owner_alone(town, home, shop):
    send(town, open_round(town, [home]), home, {"need": NEED})
    send(town, open_round(town, [shop]), shop, {"need": "想办夜市"})
    guarded = Demand.objects.get(guarded=True)
    url = f"/desk/visits/demands/{guarded.uuid}/"
    for who in ("shuji02", "chengguan", "paidan", "ducha", "lingdao", "wanggezhang"):
        assert enter(town, who).get(url).status_code == 404, who
        assert NEED not in enter(town, who).get("/desk/visits/demands/").content.decode()
    assert "想办夜市" in page(town, "ducha", "/desk/visits/demands/")
    assert act(town, "ducha", guarded, "drop", reason="x").status_code == 404
    services.assign(by=town.actor("shuji"), now=town.now, uuid=guarded.uuid, unit_id=town.units["service"].pk)
    assert NEED in page(town, "fuwuban", url)
    refused = act(town, "fuwuban", guarded, "drop", reason="不办")
    assert refused.status_code == 403
    plain = Demand.objects.get(guarded=False)
    assert act(town, "ducha", plain, "assign", unit_id=town.units["service"].pk, due_on="2026-03-20").status_code == 403
    assert act(town, "shuji", plain, "tell", way="door").status_code == 409
    for who in ("jumin", "xitong"):
        assert enter(town, who).get("/desk/visits/").status_code in {403, 404}


@pytest.mark.parametrize("agrees", [True, False])
def test_a_noted_detail_has_purpose_consent_and_end_and_then_is_forgotten(town, home, agrees):
    person = {"person": {**PERSON["person"], "agrees": agrees}}
    row = send(town, open_round(town, [home]), home, person)
    shown = page(town, "shuji", "/desk/visits/details/")
    assert "安排上门照护" in shown
    assert "腿脚不便" not in shown
    assert "安排上门照护" not in page(town, "shuji02", "/desk/visits/details/")
    if not agrees:
        assert not Submission.objects.get(pk=row.pk).sealed
        assert not Target.objects.get(pk=home.pk).sealed
        assert "未同意" in shown
        return
    assert sealed_answers(SYSTEM, row)["person/health"] == "腿脚不便"
    assert {str(d.until) for d in Detail.objects.all()} == {"2026-04-09", "2027-03-10"}
    with clock.frozen(town.now + timedelta(days=31)):
        assert services.forget_over(now=clock.now()) == 1
    left = sealed_answers(SYSTEM, Submission.objects.get(pk=row.pk))
    assert set(left) == {"person/phone2"}
    assert Fact.objects.filter(field="phone", sealed__gt=b"").exists()
    detail = Detail.objects.get(path="person/phone2")
    url = f"/desk/visits/details/{detail.uuid}/withdraw/"
    assert post(town, "shuji02", url).status_code == 404
    assert post(town, "shegong", url).status_code == 302
    assert post(town, "shegong", url).status_code == 409
    assert not Submission.objects.get(pk=row.pk).sealed
    assert not Target.objects.get(pk=home.pk).sealed
    assert not Fact.objects.filter(field="phone", sealed__gt=b"").exists()


@pytest.mark.mechanism("001-06")
def test_coverage_is_counted_by_grid_tag_and_month_and_opens_who_is_missing(town, shop):
    other = enter_target(town, "shop", "转角花店", address="长宁路 490 号", tags=("老字号",))
    third = enter_target(town, "shop", "别处米店", area=town.areas["华一"], address="华阳路 1 号")
    round_ = open_round(town, [shop, other])
    send(town, round_, shop, {"gift": {"service": "问计"}})
    url = "/desk/visits/coverage/?kind=shop"
    shown = page(town, "ducha", url)
    assert all(w in shown for w in ("33.3%", "50.0%", "转角花店", "别处米店"))
    assert "街角面馆" not in shown
    own = page(town, "shegong", url)
    assert "50.0%" in own
    assert "转角花店" in own
    assert "别处米店" not in own
    assert "老字号" in page(town, "ducha", url + "&split=tag")
    assert "2026-03" in page(town, "ducha", url + "&split=period")
    assert third.kind.code == "shop"


@pytest.mark.mechanism("000-18")
def test_a_round_is_planned_in_a_few_words(town, home, shop):
    day = town.now.date()
    data = {
        "title": "三月商户走访", "kind": "shop", "form": "visit.home", "unit_id": town.units["@陶家宅"].pk,
        "area_id": town.areas["陶家宅"].pk, "starts_on": day, "ends_on": day + timedelta(days=20), "every": "",
        "tag": "", "pair": "",
    }  # fmt: skip
    assert post(town, "shuji", "/desk/visits/plan/", **{**data, "title": ""}).status_code == 422
    assert post(town, "shuji02", "/desk/visits/plan/", **data).status_code == 403
    answer = post(town, "shuji", "/desk/visits/plan/", **data)
    assert answer.status_code == 302, answer.content.decode()
    assert "三月商户走访" in page(town, "shegong", "/desk/visits/")


def test_a_need_is_entered_by_hand_and_nothing_typed_is_lost(town):
    kept = post(town, "shegong", "/desk/visits/demands/new/", text="", who="街角面馆", origin="desk")
    assert kept.status_code == 422
    assert "街角面馆" in kept.content.decode()
    made = post(town, "shegong", "/desk/visits/demands/new/", text="想开夜市", who="街角面馆", origin="station")
    assert made.status_code == 302
    assert "想开夜市" in page(town, "shegong", "/desk/visits/demands/?q=夜市")
    assert "没有符合的需求" in page(town, "shegong", "/desk/visits/demands/?q=没有这个")


def test_a_stale_page_is_told_and_keeps_what_was_typed(town, shop):
    send(town, open_round(town, [shop]), shop, {"need_owner": "门口乱"})
    demand = Demand.objects.get()
    answer = post(town, "chengguan", f"/desk/visits/demands/{demand.uuid}/", act="reply", version=1, reply="已整改到位")
    assert answer.status_code == 409
    assert "已整改到位" in answer.content.decode()


def test_the_register_asks_few_statements(town, shop, django_assert_max_num_queries):
    send(town, open_round(town, [shop]), shop, {"need": "x"})
    first = Demand.objects.get()
    Demand.objects.bulk_create(
        Demand(origin="visit", text=f"需求 {n}", area_path=first.area_path, created_at=town.now, by_label="x",
               uuid=uuid4(), target=shop)
        for n in range(250)
    )  # fmt: skip
    client = enter(town, "shegong")
    client.get("/desk/visits/demands/")
    with django_assert_max_num_queries(8 + 4):  # session, user, grants and unread messages are the shell's
        answer = client.get("/desk/visits/demands/")
    assert answer.content.decode().count("celllink") == 50
    assert "cursor=" in answer.content.decode()


def test_what_is_over_goes_after_its_days(town, home):
    send(town, open_round(town, [home]), home, {"need": NEED})
    demand = Demand.objects.get()
    services.drop(by=town.actor("shuji"), now=town.now, uuid=demand.uuid, reason="已由物业办理")
    later = town.now + timedelta(days=731)
    assert retention.delete_what_is_over(now=later).get("visits.demand") == 1
    assert not bytes(Demand.objects.get().sealed)
