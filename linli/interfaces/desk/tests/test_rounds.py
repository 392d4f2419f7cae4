"""Rounds at the desk: planned with how many match, opened, followed, closed only with feedback and result."""

import hashlib
import re
from datetime import timedelta

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Round, RoundTally, Submission, Target, Visit
from linli.engines.fieldwork.rules.drawing import draw
from linli.engines.fieldwork.tests.scenes import enter_form, enter_shops, opened, plan, sent_in, visits_of
from linli.engines.fieldwork.tests.sent import scene
from linli.engines.fieldwork.types import Choice, How, TargetFilter
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.interfaces.portal.tests.steps import words
from tests.login import log_in

pytestmark = pytest.mark.django_db
HOME = "/desk/fieldwork/"


@pytest.fixture
def plain(world, client):
    """The desk without ledgers: the scene makes its own."""
    with clock.frozen(world.now):
        yield log_in(client, world.users["zhiban"])


@pytest.fixture
def desk(world, client):
    services.load_shipped(by=SYSTEM, now=world.now)
    enter_form(world.now)
    with clock.frozen(world.now):
        yield log_in(client, world.users["zhiban"])


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def typed(world, **more):
    day = world.now.date()
    given = {
        "title": "沿街商户消防检查", "form": "walk", "unit": world.units["centre"].pk, "how": "filter", "kind": "shop",
        "starts_on": day.isoformat(), "ends_on": (day + timedelta(days=20)).isoformat(), "rhythm": "once",
    }  # fmt: skip
    return given | more


def test_a_round_is_planned_looked_at_changed_and_opened(desk, world):
    enter_shops(world, 12)
    looked = desk.post(HOME + "rounds/new/", typed(world, act="look"))
    assert looked.status_code == 200
    assert "个对象符合" in text(looked)
    assert ">12<" in text(looked)
    assert not Round.objects.exists()
    refused = desk.post(HOME + "rounds/new/", typed(world, title=""))
    assert (refused.status_code == 422 and "这个字段是必填项" in text(refused)) or "必填" in text(refused)
    assert desk.post(HOME + "rounds/new/", typed(world)).status_code == 302
    made = Round.objects.get()
    page = desk.get(f"{HOME}rounds/{made.uuid}/")
    assert "准备开始" in text(page)
    edit = f"{HOME}rounds/{made.uuid}/edit/"
    assert "沿街商户消防检查" in text(desk.get(edit))
    assert desk.post(edit, typed(world, title="商户用电检查", version=made.version)).status_code == 302
    stale = desk.post(edit, typed(world, title="别的名字", version=made.version))
    assert stale.status_code == 409
    assert "别的名字" in text(stale)
    made.refresh_from_db()
    assert made.title == "商户用电检查"
    answer = desk.post(f"{HOME}rounds/{made.uuid}/step/", {"act": "open", "version": made.version})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.state, made.planned, Visit.objects.count()) == ("open", 12, 12)
    board = text(desk.get(f"{HOME}rounds/{made.uuid}/"))
    assert "按区域" in board
    assert "0/12" in board
    assert desk.get(edit).status_code == 409


@pytest.mark.mechanism("004-10")
@pytest.mark.mechanism("002-09")
def test_a_random_plan_has_its_seed_its_margin_and_a_draw_that_anybody_repeats(desk, world):
    enter_shops(world, 60)
    sent = typed(
        world, title="随机督查", how="draw", seed="2026-03-督查", margin="10", stratum="area", programme="supervision",
        unit=world.units["centre"].pk,
    )  # fmt: skip
    looked = text(desk.post(HOME + "rounds/new/", {**sent, "act": "look"}))
    assert '将走访 <b class="num">38</b> 个' in looked  # n₀ = 96.04, N = 60 → 37.2
    refused = desk.post(HOME + "rounds/new/", {**sent, "seed": ""})
    assert refused.status_code == 422
    assert "抽样要写明种子" in text(refused)
    assert desk.post(HOME + "rounds/new/", sent).status_code == 302
    made = Round.objects.get()
    assert desk.post(f"{HOME}rounds/{made.uuid}/step/", {"act": "open", "version": made.version}).status_code == 302
    page = desk.get(f"{HOME}rounds/{made.uuid}/draw/")
    shown = text(page)
    assert "名单未变，结果一样" in shown
    seed = f"2026-03-督查/{world.now.date().isoformat()}"
    assert seed in shown
    ids = [str(u) for u in Target.objects.values_list("uuid", flat=True)]
    again = sorted(ids, key=lambda u: hashlib.sha256(f"{seed}:{u}".encode()).hexdigest())[:38]
    assert {str(v.target.uuid) for v in visits_of(made)} == set(again)
    assert all(u in shown for u in again)


def test_a_recurring_plan_with_times_of_day_and_festivals(desk, world):
    enter_shops(world, 3)
    sent = typed(
        world, rhythm="weeks", every="1", weekdays=["5", "6"], from_1="18:00", to_1="21:00",
        ends_on=(world.now.date() + timedelta(days=40)).isoformat(),
    )  # fmt: skip
    assert desk.post(HOME + "rounds/new/", sent).status_code == 302
    made = Round.objects.latest("pk")
    assert made.rhythm == {"unit": "weeks", "every": 1, "windows": [[5, 1080, 1260], [6, 1080, 1260]]}
    assert "周五六 18:00–21:00" in text(desk.get(f"{HOME}rounds/{made.uuid}/"))
    assert "清明" in text(desk.get(HOME + "rounds/new/"))
    wrong = desk.post(HOME + "rounds/new/", {**sent, "to_1": "17:00"})
    assert wrong.status_code == 422
    assert "止晚于起" in text(wrong)
    day = desk.post(HOME + "rounds/new/", {**sent, "rhythm": "given", "days": "下周"})
    assert day.status_code == 422
    assert "不是日期" in text(day)
    given = {**sent, "rhythm": "given", "days": "2026-04-03", "before": "2", "weekdays": [], "from_1": "", "to_1": ""}
    assert desk.post(HOME + "rounds/new/", given).status_code == 302
    assert Round.objects.latest("pk").rhythm == {"unit": "given", "days": ["2026-04-03"], "before": 2}


def test_targets_are_named_one_by_one(desk, world):
    shops = enter_shops(world, 5)
    looked = desk.post(HOME + "rounds/new/", typed(world, how="list", act="look"))
    assert all(str(s.uuid) in text(looked) for s in shops)
    sent = typed(world, how="list", targets=[str(s.uuid) for s in shops[:2]])
    assert desk.post(HOME + "rounds/new/", sent).status_code == 302
    assert len(Round.objects.get().choice["targets"]) == 2


@pytest.mark.mechanism("004-11")
def test_no_inspection_is_closed_without_feedback_and_result(desk, world):
    enter_shops(world, 2)
    made = opened(world)
    made.refresh_from_db()
    step = f"{HOME}rounds/{made.uuid}/step/"
    for given in ({}, {"feedback": "已向各店反馈"}, {"result": "两家已整改"}, {"feedback": " ", "result": "。"}):
        refused = desk.post(step, {"act": "close", "version": made.version, **given})
        assert refused.status_code == 422
        assert "必填" in text(refused) or "请填写" in text(refused)
        for said in given.values():
            assert said.strip() in text(refused), "what was typed stays"
        made.refresh_from_db()
        assert made.state == "open"
    given = {"feedback": "已向各店反馈", "result": "两家已整改"}
    assert desk.post(step, {"act": "close", "version": made.version, **given}).status_code == 302
    shown = text(desk.get(f"{HOME}rounds/{made.uuid}/"))
    assert "已向各店反馈" in shown
    assert "两家已整改" in shown


def test_a_round_is_dropped_with_a_reason_and_not_by_a_stranger(desk, world, client):
    enter_shops(world, 2)
    made = plan(world)
    step = f"{HOME}rounds/{made.uuid}/step/"
    assert desk.post(step, {"act": "drop", "version": made.version}).status_code == 422
    log_in(client, world.users["shegong"])
    assert client.post(step, {"act": "drop", "version": made.version, "reason": "x"}).status_code in {403, 404}
    assert client.get(HOME + "rounds/new/").status_code == 403
    log_in(client, world.users["zhiban"])
    assert desk.post(step, {"act": "drop", "version": made.version, "reason": "与上级检查重复"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "dropped"


def test_the_list_has_two_hundred_rounds_in_few_statements_and_can_be_narrowed(
    desk, world, django_assert_max_num_queries
):
    enter_shops(world, 1)
    first = plan(world)
    row = Round.objects.get(pk=first.pk)
    for n in range(204):
        row.pk, row.title = None, f"第 {n} 轮"
        row.uuid = Round._meta.get_field("uuid").default()
        row.programme = "civility" if n % 2 else ""
        row._state.adding = True
        row.save()
    desk.get(HOME + "?box=draft")
    with django_assert_max_num_queries(8):
        page = desk.get(HOME + "?box=draft")
    assert "下一页" in text(page)
    assert "没有符合的轮次" in words(desk.get(HOME + "?box=draft&q=没有这个"))
    assert "这里还没有走访检查" in words(desk.get(HOME + "?box=over"))
    narrowed = desk.get(HOME + "?box=draft&programme=civility&q=第 1 轮&since=2026-03-01&until=2026-12-31")
    assert words(narrowed).count("第 1 轮") == 1


def test_what_is_kept_adds_up_to_what_is_counted_anew(desk, world):
    enter_shops(world, 4)
    made = opened(world, by="zhiban")
    first, second, third, last = visits_of(made)
    by = world.actor("zhiban")
    for visit in (first, second):
        services.assign(by=by, now=world.now, given=[_given(visit, world)])
        visit.refresh_from_db()
        sent_in(world.actor("shegong"), world.now, visit)
    services.drop_visit(by=by, now=world.now, uuid=last.uuid, reason="搬走了", expected=last.version)
    made.refresh_from_db()
    kept = RoundTally.objects.filter(round=made)
    assert (sum(t.planned for t in kept), sum(t.done for t in kept)) == (made.planned, made.done) == (3, 2)
    shown = text(desk.get(f"{HOME}rounds/{made.uuid}/"))
    assert "2/3" in shown
    assert "66%" in shown
    assert third.state == "due"


def test_a_point_of_a_draw_that_cannot_be_visited_is_replaced_on_its_page(desk, world):
    shops = {str(s.uuid): s for s in enter_shops(world, 3)}
    made = opened(world, by="zhiban", choice=Choice(How.DRAW, TargetFilter(("shop",)), seed="种子", wanted=2))
    order = draw(shops, made.draw[made.starts_on.isoformat()]["seed"], 3)
    visit = made.visits.get(target__uuid=order[0])
    page = desk
    address = f"{HOME}visits/{visit.uuid}/"
    assert "由抽样次序的下一个对象替补" in words(page.get(address))
    sent = {"act": "drop", "version": visit.version, "stand_in": "next"}
    refused = page.post(f"{address}step/", {**sent, "reason": ""})
    assert refused.status_code == 422
    assert made.visits.count() == 2
    answer = page.post(f"{address}step/", {**sent, "reason": "门前施工"}, follow=True)
    assert f"已取消，由“{shops[order[2]].name}”替补" in words(answer)
    shown = words(page.get(f"{HOME}rounds/{made.uuid}/draw/"))
    assert "由同一次序的下一个替补" in shown
    assert order[2] in shown
    last = made.visits.get(target__uuid=order[1])
    none_left = page.post(f"{address.replace(str(visit.uuid), str(last.uuid))}step/", {**sent, "version": last.version,
                          "reason": "门前施工"})  # fmt: skip
    assert none_left.status_code == 409
    assert "门前施工" in none_left.content.decode()  # what was typed stays
    plain_drop = {"act": "drop", "version": last.version, "stand_in": "", "reason": "门前施工"}
    assert "已取消这次走访" in words(page.post(f"{address.replace(str(visit.uuid), str(last.uuid))}step/", plain_drop,
                               follow=True))  # fmt: skip


def _given(visit, world):
    from linli.engines.fieldwork.types import Given

    return Given(visit.uuid, visit.version, world.users["shegong"].pk)


def test_the_board_opens_its_rows_prints_and_stays_within_its_statements(plain, world, django_assert_max_num_queries):
    desk, s = plain, scene(world)
    s.send(s.packet(0, answers={"wires": True, "smoke": True}))
    s.send(
        s.packet(
            1,
            answers={"order": {"goods": "bad", "goods_mended": True}},
            files={
                "order/goods_before": [s.photo()],
                "order/goods_after": [s.photo()],
            },
        )
    )
    url = f"{HOME}rounds/{s.round.uuid}/"
    desk.get(url)
    with django_assert_max_num_queries(24):
        board = text(desk.get(url))
    assert "飞线充电" in board
    assert "同一处前后对比" in board
    assert "满分率" in board
    assert f"/desk/fieldwork/findings/?round={s.round.uuid}" in board
    for page in ("print/", "print/?wall", "pairs/", "visits/?state=done", "visits/?state=nobody", "draw/"):
        assert desk.get(url + page).status_code == 200, page
    assert Submission.objects.count() == 2
    listed = text(desk.get(f"/desk/fieldwork/findings/?round={s.round.uuid}&box=all"))
    assert "飞线充电" in listed
    assert "油烟扰民" in listed
