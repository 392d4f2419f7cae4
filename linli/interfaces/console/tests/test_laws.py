"""The library of legal texts, what categories cite, and the law explained on a case (普法)."""

from datetime import date

import pytest

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.models import CaseEvent, LegalText
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ConflictError, ForbiddenError
from linli.foundation.journal.models import Entry
from linli.interfaces.console.tests.test_categories import text_of
from linli.interfaces.desk.tests.help import enter, handled, make_case
from tests.login import log_in

pytestmark = pytest.mark.django_db
ROOT = "/console/laws/"
FIELDS = {
    "title": "上海市住宅物业管理规定",
    "article": "第五十六条",
    "text": "业主、使用人不得占用、堵塞疏散通道。",
    "source": "https://law.example/56",
    "valid_from": "2020-01-01",
    "valid_to": "",
    "edition": 0,
}


@pytest.fixture
def admin(client, world):
    with clock.frozen(world.now):
        yield log_in(client, world.users["xitong"])


@pytest.fixture
def law(world, admin):
    return services.save_law(
        by=SYSTEM, now=world.now, title="上海市住宅物业管理规定", article="第五十六条", text="不得堵塞疏散通道。",
        valid_from=date(2020, 1, 1),
    )  # fmt: skip


def cite(world, law, code="corridor_clutter"):
    services.save_draft(by=SYSTEM, now=world.now, code=code, changes={"laws": [str(law.uuid)]})
    services.publish_category(by=SYSTEM, now=world.now, code=code, reason="引用条文", expected=1)


def test_a_text_is_entered_found_changed_and_taken_out_of_use(world, admin):
    assert "条文库是空的" in text_of(admin.get(ROOT))
    assert admin.post(f"{ROOT}new/", FIELDS).status_code == 302
    row = LegalText.objects.get()
    assert "《上海市住宅物业管理规定》第五十六条" in text_of(admin.get(f"{ROOT}?q=堵塞"))
    changed = {**FIELDS, "text": "不得堵塞。", "edition": row.edition}
    assert admin.post(f"{ROOT}{row.uuid}/", changed).status_code == 422
    assert admin.post(f"{ROOT}{row.uuid}/", {**changed, "reason": "按新文本"}).status_code == 302
    assert admin.post(f"{ROOT}{row.uuid}/", {**changed, "reason": "又改"}).status_code == 409
    entry = Entry.objects.filter(verb="cases.save_law").latest("id")
    assert (entry.reason, (entry.before or {})["text"]) == ("按新文本", FIELDS["text"])
    assert "按新文本" in text_of(admin.get(f"{ROOT}{row.uuid}/"))
    assert admin.post(f"{ROOT}{row.uuid}/switch/", {"reason": "废止"}).status_code == 302
    assert "已停用" in text_of(admin.get(ROOT))
    assert "没有找到这样的条文" in text_of(admin.get(f"{ROOT}?state=on"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "这个字段是必填项"),
        ({"valid_to": "2019-01-01"}, "失效日期不能早于生效日期"),
        ({"valid_from": "某天"}, "日期"),
        ({"text": "字" * 3001}, "3000"),
    ],
)
def test_what_is_wrong_is_refused_and_stays_typed(admin, changes, said):
    answer = admin.post(f"{ROOT}new/", {**FIELDS, **changes})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert FIELDS["source"] in answer.content.decode()
    assert not LegalText.objects.exists()


def test_a_cited_text_is_shown_and_cannot_be_taken_away(world, admin, law):
    cite(world, law)
    case = handled(world, make_case(world, category="corridor_clutter"))
    shown = text_of(enter(world, "wuye").get(f"/desk/cases/{case.number}/"))
    assert "《上海市住宅物业管理规定》第五十六条：不得堵塞疏散通道。" in shown
    assert "楼道堆物" in text_of(admin.get(f"{ROOT}{law.uuid}/"))
    answer = admin.post(f"{ROOT}{law.uuid}/switch/", {"reason": "不用了"})
    assert answer.status_code == 409
    assert "还有分类引用" in text_of(answer)


def test_the_law_is_explained_on_a_case_with_what_to_whom_when_and_by_whom(world, admin, law):
    cite(world, law)
    case = handled(world, make_case(world, category="corridor_clutter"))
    mine = enter(world, "wuye")
    page = mine.get(f"/desk/cases/{case.number}/act/educate/").content.decode()
    assert "不得堵塞疏散通道。" in page
    data = {"law": str(law.uuid), "text": "上门当面宣讲", "expected": case.version}
    assert mine.post(f"/desk/cases/{case.number}/act/educate/", data).status_code == 422
    done = mine.post(f"/desk/cases/{case.number}/act/educate/", {**data, "audience": "三楼住户 13812345678"})
    assert done.status_code in {200, 302}
    event = CaseEvent.objects.get(case=case, verb="note")
    assert event.data["law"] == "《上海市住宅物业管理规定》第五十六条：不得堵塞疏散通道。"
    assert event.data["law_uuid"] == str(law.uuid)
    assert event.data["audience"] == "三楼住户 ＊＊＊＊"
    assert event.by_label == world.actor("wuye").label
    services.save_law(
        by=SYSTEM, now=world.now, uuid=law.uuid, expected=1, title=law.title, text="新的条文。",
        valid_from=law.valid_from, reason="修订",
    )  # fmt: skip
    shown = text_of(mine.get(f"/desk/cases/{case.number}/"))
    assert "宣讲条文：《上海市住宅物业管理规定》第五十六条：不得堵塞疏散通道。" in shown
    assert "宣讲对象：三楼住户" in shown


def test_field_staff_explain_it_too(world, admin, law):
    case = handled(world, make_case(world))
    mine = enter(world, "wuye")
    assert "不得堵塞疏散通道" in mine.get(f"/field/cases/{case.number}/note/").content.decode()
    data = {"kind": "legal_education", "law": str(law.uuid), "audience": "店主", "text": "当面宣讲"}
    assert mine.post(f"/field/cases/{case.number}/note/", data).status_code == 302
    assert CaseEvent.objects.get(case=case, verb="note").data["audience"] == "店主"
    assert mine.post(f"/field/cases/{case.number}/note/", {**data, "kind": "", "text": "随手记"}).status_code == 302
    remark = CaseEvent.objects.filter(case=case, verb="note").latest("seq")
    assert "law" not in remark.data


def test_a_text_out_of_force_is_not_explained(world, admin, law):
    case = handled(world, make_case(world))
    services.save_law(
        by=SYSTEM, now=world.now, uuid=law.uuid, expected=1, title=law.title, text=law.text,
        valid_from=law.valid_from, valid_to=date(2025, 12, 31), reason="废止",
    )  # fmt: skip
    assert cases.laws_to_explain(cases.spec_of(case.category_version), world.now.date()) == []
    from linli.engines.cases.types import NoteKind

    with pytest.raises(ConflictError):
        services.note(
            by=world.actor("wuye"), now=world.now, case=case, text="宣讲", kind=NoteKind.LEGAL_EDUCATION,
            law=str(law.uuid), audience="店主",
        )  # fmt: skip


@pytest.mark.parametrize("name", ["anquan", "paidan", "chengguan", "jumin"])
def test_others_may_not_write_the_library(world, client, law, name):
    log_in(client, world.users[name])
    assert client.get(ROOT).status_code == 404
    assert client.post(f"{ROOT}new/", FIELDS).status_code == 404
    actor = world.actor(name)
    with pytest.raises(ForbiddenError):
        services.save_law(by=actor, now=world.now, title="x", text="x", valid_from=date(2020, 1, 1))
    with pytest.raises(ForbiddenError):
        services.switch_law(by=actor, now=world.now, uuid=law.uuid, active=False, reason="x")


def test_leaders_read_it(world, client, law):
    log_in(client, world.users["lingdao"])
    assert "不得堵塞疏散通道。" in text_of(client.get(f"{ROOT}{law.uuid}/"))
    assert client.get(f"{ROOT}new/").status_code == 404
    assert client.post(f"{ROOT}{law.uuid}/", FIELDS).status_code == 404


def test_two_thousand_texts(world, admin, django_assert_max_num_queries):
    LegalText.objects.bulk_create(
        LegalText(title=f"规定{n:04}", text="条文", valid_from=date(2020, 1, 1), changed_at=world.now)
        for n in range(2000)
    )
    with django_assert_max_num_queries(10):
        shown = text_of(admin.get(ROOT))
    assert "下一页" in shown
    with django_assert_max_num_queries(10):
        assert "规定1999" in text_of(admin.get(f"{ROOT}?q=1999"))
