from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.engines.cases import services
from linli.engines.cases.models import Case, Order, Reporter
from linli.engines.cases.types import Decision
from linli.engines.cases.workflow import Level, Outcome
from linli.interfaces.desk.cases.acts import ACTS
from tests.login import log_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def act(client, case, verb, data=None, *, expected=None, **more):
    case.refresh_from_db()
    sent = {"expected": case.version if expected is None else expected, **(data or {})}
    return client.post(f"/desk/cases/{case.number}/act/{verb}/", sent, **more)


# verb: (state, who may, data, state after, somebody who reads the case but may not, a state it does not start from)
VERBS: dict[str, tuple[str, str, dict[str, Any], str, str, str]] = {
    "accept": ("reported", "paidan", {}, "to_dispatch", "shuji", "to_sign"),
    "refuse": ("reported", "paidan", {"reason": "不属于街道", "elsewhere": "区法院"}, "refused", "shuji", "to_sign"),
    "file": ("to_dispatch", "paidan", {}, "filed", "shuji", "to_sign"),
    "dispatch": ("to_dispatch", "paidan", {"unit": "enforcement"}, "to_sign", "shuji", "to_check"),
    "recall": ("to_sign", "paidan", {"reason": "派错"}, "to_dispatch", "shuji", "handling"),
    "transfer": ("to_sign", "paidan", {"unit": "housing", "reason": "属房管"}, "to_sign", "shuji", "to_check"),
    "sign": ("to_sign", "chengguan", {}, "handling", "shuji", "handling"),
    "assign": ("handling", "zhongdui", {"handler": "chengguan2"}, "handling", "shuji", "to_check"),
    "arrive": ("handling", "chengguan", {"text": "已到"}, "handling", "shuji", "to_sign"),
    "return_": ("to_sign", "chengguan", {"reason": "非我职责"}, "to_dispatch", "shuji", "to_check"),
    "ask": ("reported", "paidan", {"text": "请补充地点"}, "awaiting_info", "ducha", "to_check"),
    "correct": (
        "to_sign",
        "paidan",
        {"title": "垃圾堆放", "reason": "更正", "category": "garbage", "urgent": "yes"},
        "to_sign",
        "shuji",
        "closed",
    ),
    "note": ("to_sign", "shuji", {"text": "已知悉"}, "to_sign", "", ""),
    "contact": ("handling", "chengguan", {"way": "phone", "result": "reached"}, "handling", "ducha", "closed"),
    "request_extension": (
        "handling",
        "chengguan",
        {"reason": "等材料", "amount": 3, "time_unit": "work_days"},
        "handling",
        "shuji",
        "to_sign",
    ),
    "request_shelving": (
        "handling",
        "chengguan",
        {"reason": "等天气", "review_on": "2026-04-01"},
        "handling",
        "shuji",
        "to_sign",
    ),
    "request_raise": ("handling", "chengguan", {"reason": "需协调"}, "handling", "shuji", "to_check"),
    "raise_level": ("handling", "wanggezhang", {"reason": "需协调"}, "handling", "shuji", "to_check"),
    "hand_in": ("handling", "chengguan", {"text": "已解释", "outcome": "explained"}, "to_check", "shuji", "to_sign"),
    "check": ("to_check", "jiandu", {"passed": "yes"}, "to_reply", "ducha", "handling"),
    "reply": (
        "to_reply",
        "paidan",
        {"way": "phone", "text": "已办好", "result": "reached"},
        "to_reply",
        "ducha",
        "handling",
    ),
    "withdraw": ("handling", "paidan", {"reason": "来电撤单"}, "closed", "ducha", "closed"),
    "urge": ("handling", "paidan", {"text": "请快"}, "handling", "ducha", "closed"),
    "order": ("handling", "ducha", {"text": "三日内办结", "due_on": "2026-03-13"}, "handling", "shuji", "closed"),
    "void": ("reported", "zhiban", {"reason": "重复登记"}, "void", "paidan", "closed"),
    "share": ("handling", "paidan", {"units": ["property"]}, "handling", "ducha", "closed"),
    "reopen": ("closed", "paidan", {"reason": "又有了"}, "to_dispatch", "shuji", "handling"),
}


def resolve(world, data):
    found = dict(data)
    if "unit" in found:
        found["unit"] = world.units[found["unit"]].pk
    if "units" in found:
        found["units"] = [world.units[u].pk for u in found["units"]]
    if "handler" in found:
        found["handler"] = world.users[found["handler"]].pk
    return found


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_works_and_refuses(client, at, reported, verb):
    state, who, data, after, reader, other = VERBS[verb]
    case = reported(state)
    url = f"/desk/cases/{case.number}/act/{verb}/"
    log_in(client, at.users["minjing"])
    assert (client.get(url).status_code, act(client, case, verb).status_code) == (404, 404)
    if reader:
        log_in(client, at.users[reader])
        assert (client.get(url).status_code, act(client, case, verb, resolve(at, data)).status_code) == (403, 403)
    log_in(client, at.users[who])
    if other:
        elsewhere = reported(other)
        seen = client.get(f"/desk/cases/{elsewhere.number}/act/{verb}/").status_code
        assert seen == 409
        assert act(client, elsewhere, verb, resolve(at, data)).status_code == 409
    page = client.get(url)
    assert page.status_code == 200
    assert f'name="expected" value="{case.version}"' in page.content.decode()
    needed = {k for k in data if k not in {"text"}} or ({"text"} if verb in {"ask", "note", "order"} else set())
    if needed and verb not in {"correct", "dispatch"}:
        version = Case.objects.get(pk=case.pk).version
        refused = act(client, case, verb, {"reason": "", "amount": ""})
        assert refused.status_code == 422
        assert Case.objects.get(pk=case.pk).version == version
    assert client.put(url).status_code == 405
    answer = act(client, case, verb, resolve(at, data))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert Case.objects.get(pk=case.pk).state == after


def test_dispatch_of_a_reported_case_accepts_it_too(client, at, reported):
    case = reported()
    log_in(client, at.users["paidan"])
    assert "受理并派遣" in client.get(f"/desk/cases/{case.number}/").content.decode()
    form = client.get(f"/desk/cases/{case.number}/act/dispatch/").content.decode()
    assert "建议派往" in form
    assert act(client, case, "dispatch", {"unit": at.units["property"].pk}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.unit_id) == ("to_sign", at.units["property"].pk)


def test_verify_answer_and_returns(client, at, reported):
    case = reported()
    services.accept(by=at.actor("paidan"), now=at.now, case=case, verify=True)
    log_in(client, at.users["jiandu"])
    assert act(client, case, "verify", {"confirmed": "yes", "text": "属实"}).status_code == 302
    log_in(client, at.users["paidan"])
    assert act(client, case, "ask", {"text": "几号楼"}).status_code == 302
    assert act(client, case, "answer", {"text": "12 号楼"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "to_dispatch"
    Case.objects.filter(pk=case.pk).update(return_count=2)
    act(client, case, "dispatch", {"unit": at.units["enforcement"].pk})
    log_in(client, at.users["chengguan"])
    assert act(client, case, "return_", {"reason": "不是我们"}).status_code == 302
    log_in(client, at.users["paidan"])
    assert act(client, case, "decide_return", {"uphold": "no", "reason": "是你们"}).status_code == 403
    log_in(client, at.users["zhiban"])
    assert act(client, case, "decide_return", {"uphold": "no", "reason": "是你们"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.no_return) == ("to_sign", True)


@pytest.mark.parametrize("granted", ["yes", "no"])
def test_requests_are_decided(client, at, reported, granted):
    case = reported("handling")
    unit, centre = at.actor("chengguan"), log_in(client, at.users["paidan"])
    services.request_extension(by=unit, now=at.now, case=case, reason="等材料", amount=3)
    decision = {"granted": granted, "reason": "同意" if granted == "yes" else "无需"}
    assert act(centre, case, "decide_extension", decision).status_code == 403
    log_in(client, at.users["zhiban"])
    assert "审批延期" in centre.get(f"/desk/cases/{case.number}/").content.decode()
    assert act(centre, case, "decide_extension", decision).status_code == 302
    services.request_raise(by=unit, now=at.now, case=Case.objects.get(pk=case.pk), reason="难")
    verb = "raise_level" if granted == "yes" else "refuse_raise"
    assert act(centre, case, verb, {"reason": "按需"}).status_code == 302
    services.request_shelving(
        by=unit,
        now=at.now,
        case=Case.objects.get(pk=case.pk),
        reason="等",
        review_on=(at.now + timedelta(days=9)).date(),
    )
    assert act(centre, case, "decide_shelving", {"granted": granted, "reason": "可"}).status_code == 302
    case.refresh_from_db()
    assert case.level == ("comprehensive" if granted == "yes" else "general")
    assert {r.decision for r in case.requests.all()} == {Decision.GRANTED if granted == "yes" else Decision.REFUSED}
    if granted == "yes":
        assert case.state == "shelved"
        assert act(centre, case, "resume", {"reason": "天晴了"}).status_code == 302
        log_in(client, at.users["wanggezhang"])
        assert act(client, case, "lower_level", {"reason": "简单了"}).status_code == 302
        case.refresh_from_db()
        assert case.level == Level.GENERAL


def test_order_reply_and_result(client, at, reported):
    case = reported("handling")
    services.order(by=at.actor("ducha"), now=at.now, case=case, text="快办", due_on=at.now.date())
    order = Order.objects.get()
    log_in(client, at.users["ducha"])
    assert act(client, case, "order_result", {"order": order.pk, "text": "好"}).status_code == 409
    log_in(client, at.users["chengguan"])
    assert act(client, case, "order_reply", {"order": order.pk, "text": "正在办"}).status_code == 302
    assert act(client, case, "order_reply", {"order": 10**9, "text": "正在办"}).status_code == 422
    log_in(client, at.users["ducha"])
    assert act(client, case, "order_result", {"order": order.pk, "text": "好"}).status_code == 302
    case.refresh_from_db()
    assert case.open_orders == 0


def test_helper_gives_its_result(client, at, reported):
    case = reported("handling")
    services.share(by=at.actor("paidan"), now=at.now, case=case, unit_ids=[at.units["property"].pk])
    log_in(client, at.users["wuye"])
    assert act(client, case, "help_result", {"text": "已配合清运"}).status_code == 302
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert "已配合清运" in page


def test_close_rate_and_review(client, at, reported):
    case = reported("to_reply")
    log_in(client, at.users["paidan"])
    refused = act(client, case, "close")
    assert refused.status_code == 409
    assert "还有 1 位反映人" in refused.content.decode()
    act(client, case, "reply", {"way": "phone", "text": "已办好", "result": "reached"})
    assert act(client, case, "close").status_code == 302
    reporter = Reporter.objects.get()
    assert (
        act(client, case, "rate", {"reporter": reporter.pk, "rating": "unsatisfied", "way": "phone"}).status_code == 302
    )
    log_in(client, at.users["zhiban"])
    assert act(client, case, "review", {"reopen": "yes", "reason": "确未办好"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "handling"


def test_what_never_had_a_unit_and_is_reviewed_waits_to_be_dispatched(client, at, reported):
    case = reported("to_dispatch")
    log_in(client, at.users["paidan"])
    assert act(client, case, "withdraw", {"reason": "反映人说已自行解决"}).status_code == 302
    reporter = Reporter.objects.get()
    rated = {"reporter": reporter.pk, "rating": "unsatisfied", "way": "phone"}
    assert act(client, case, "rate", rated).status_code == 302
    log_in(client, at.users["zhiban"])
    assert act(client, case, "review", {"reopen": "yes", "reason": "问题又出现了"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "to_dispatch"


def test_check_by_the_handling_unit_is_refused_with_what_was_typed(client, at, reported):
    case = reported("to_check")
    Case.objects.filter(pk=case.pk).update(unit=at.units["centre"])
    log_in(client, at.users["jiandu"])
    answer = act(client, case, "check", {"passed": "yes", "text": "看过了"}, headers=HTMX)
    assert answer.status_code == 403
    assert "看过了" in answer.content.decode()
    assert "核查应由" in answer.content.decode()


def test_stale_form_keeps_what_was_typed_and_says_what_happened(client, at, reported):
    case = reported("to_dispatch")
    seen = case.version
    services.correct(by=at.actor("paidan2"), now=at.now, case=case, reason="更正", changes={"title": "另一个标题"})
    log_in(client, at.users["paidan"])
    answer = act(
        client, case, "dispatch", {"unit": at.units["housing"].pk, "reason": "我写的理由"}, expected=seen, headers=HTMX
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我写的理由" in page
    assert "刚刚被他人处理过" in page
    assert "派单员乙" in page
    assert f'name="expected" value="{seen + 1}"' in page
    case.refresh_from_db()
    assert case.state == "to_dispatch"
    services.dispatch(by=at.actor("paidan2"), now=at.now, case=case, unit_id=at.units["police"].pk)
    again = act(
        client,
        case,
        "dispatch",
        {"unit": at.units["housing"].pk, "reason": "我写的理由"},
        expected=seen + 1,
        headers=HTMX,
    )
    assert again.status_code == 409
    assert "我写的理由" in again.content.decode()
    assert "不能派遣" in again.content.decode()


def test_htmx_answer_swaps_detail_and_row_and_toasts(client, at, reported):
    case = reported()
    log_in(client, at.users["paidan"])
    form = client.get(f"/desk/cases/{case.number}/act/accept/", headers=HTMX).content.decode()
    assert form.lstrip().startswith("<form")
    answer = act(client, case, "accept", headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "#detail"
    assert '"acted"' in answer["HX-Trigger"]
    assert "data-row" in answer.content.decode()


def test_an_act_may_take_the_case_out_of_sight(client, at, reported):
    case = reported("to_sign")
    log_in(client, at.users["chengguan"])
    answer = act(client, case, "return_", {"reason": "不是我们"}, headers=HTMX)
    assert answer.status_code == 200
    assert "已不在您的查看范围内" in answer.content.decode()
    second = reported("to_sign")
    assert act(client, second, "return_", {"reason": "不是我们"})["Location"] == "/desk/"


def _photo(name="a.png"):
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def test_photos_are_attached_and_survive_a_refusal(client, at, reported):
    import re

    case = reported("handling")
    log_in(client, at.users["chengguan"])
    refused = act(client, case, "hand_in", {"text": "已清走", "outcome": "solved", "files_after": _photo()})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "处置前照片还差 1 张" in page
    assert "已清走" in page
    (token,) = re.findall(r'name="kept" value="([^"]+)"', page)
    done = act(
        client, case, "hand_in", {"text": "已清走", "outcome": "solved", "kept": token, "files_before": _photo("b.png")}
    )
    assert done.status_code == 302
    assert sorted(case.files.values_list("purpose", flat=True)) == ["after", "before"]
    shown = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert 'class="pair"' in shown
    pair = shown.split('class="pair"')[1].split('class="detail__section"')[0]
    assert pair.count("<img ") == 2, "the photo before and the photo after stand beside each other"


def test_kept_file_of_somebody_else_is_not_taken(client, at, reported):
    from django.core import signing

    case = reported("handling")
    log_in(client, at.users["chengguan"])
    forged = [signing.dumps([1, "after", "x", 10**6], salt="desk.acts.files"), "nonsense"]
    answer = act(client, case, "arrive", {"text": "到", "kept": forged})
    assert answer.status_code == 302
    assert case.files.count() == 0


def test_unknown_act_and_every_verb_has_a_form_or_a_page():
    from linli.engines.cases.workflow import VERBS as ALL
    from linli.engines.cases.workflow import Scope
    from linli.interfaces.desk.cases.acts.table import PAGES

    here = set(ACTS) | set(PAGES) | {"report", "call_back"}  # the sampled calls have a page of their own
    assert {v.code for v in ALL.values() if v.scope is not Scope.SYSTEM} <= here


def test_barred_acts_are_shown_with_the_reason(client, at, reported):
    case = reported("handling")
    log_in(client, at.users["shuji"])
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert 'aria-disabled="true"' in page
    assert "办理。</small>" in page


def test_point_and_address_are_corrected(client, at, reported):
    case = reported()
    log_in(client, at.users["paidan"])
    data = {
        "title": case.title,
        "category": "garbage",
        "address": "安西路 23 弄",
        "urgent": "no",
        "reason": "更正",
        "point_lat": "31.2215",
        "point_lon": "121.4195",
        "point_system": "wgs84",
    }
    assert act(client, case, "correct", data).status_code == 302
    case.refresh_from_db()
    assert (case.address, round(case.lat, 4)) == ("安西路 23 弄", 31.2215)
    assert Outcome.SOLVED


def numbers(cases):
    return [c.number for c in cases]


def test_bulk_preview_apply_and_undo(client, at, reported):
    cases = [reported(text=f"垃圾{n}") for n in range(3)]
    gone = reported("closed")
    log_in(client, at.users["paidan"])
    preview = client.post("/desk/bulk/", {"act": "dispatch", "chosen": [*numbers(cases), gone.number]}).content.decode()
    assert "可派遣 3 件，不能派遣 1 件" in preview
    assert at.units["property"].name in preview
    data = {"chosen": numbers(cases), f"unit-{cases[0].number}": "房管办", f"unit-{cases[1].number}": "没有的单位"}
    data |= {f"version-{c.number}": c.version for c in cases}
    answer = client.post("/desk/bulk/dispatch/", data)
    page = answer.content.decode()
    assert "已派遣 2 件" in page
    assert "没有名为“没有的单位”的单位" in page
    for case in cases:
        case.refresh_from_db()
    assert [c.unit_id for c in cases] == [at.units["housing"].pk, None, at.units["property"].pk]
    token = answer.context["undo"]
    services.sign(by=at.actor("fangguan"), now=at.now, case=cases[0])
    assert client.post("/desk/bulk/undo/", {"token": "x"}).status_code == 422
    log_in(other := type(client)(), at.users["paidan2"])
    assert other.post("/desk/bulk/undo/", {"token": token}).status_code == 422
    undone = client.post("/desk/bulk/undo/", {"token": token}).content.decode()
    assert "已撤回 1 件" in undone
    assert "1 件未办成" in undone
    cases[2].refresh_from_db()
    assert cases[2].state == "to_dispatch"


def test_bulk_accept_limit_and_rights(client, at, reported):
    cases = [reported(text=f"垃圾{n}") for n in range(2)]
    log_in(client, at.users["shuji"])
    refused = client.post("/desk/bulk/", {"act": "accept", "chosen": numbers(cases)}).content.decode()
    assert "2 件未办成" in refused
    log_in(client, at.users["paidan"])
    assert "已受理 2 件" in client.post("/desk/bulk/", {"act": "accept", "chosen": numbers(cases)}).content.decode()
    assert client.post("/desk/bulk/", {}).status_code == 422
    assert client.post("/desk/bulk/", {"chosen": [f"X{n}" for n in range(201)]}).status_code == 422
    assert client.get("/desk/bulk/").status_code == 302
