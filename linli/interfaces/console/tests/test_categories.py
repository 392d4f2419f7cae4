"""The catalogue of problems in the console: drafts, publishing, versions, and what old cases keep."""

import re

import pytest
from django.test import Client

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.models import Case, Category, CategoryDraft, CategoryVersion
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.rules import describing
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.types import Report
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST, SYSTEM
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from linli.foundation.journal.models import Entry
from linli.interfaces.console.categories.forms import CategoryForm
from linli.interfaces.portal import committee
from linli.interfaces.portal.tests import steps
from tests.login import log_in

pytestmark = pytest.mark.django_db
ROOT = "/console/categories/"
FACTS = {
    "name": "湿垃圾",
    "resident_name": "湿垃圾没收",
    "words": "湿垃圾、泔水",
    "icon": "trash",
    "flags": ["public_space"],
    "level": "general",
    "evidence_before": "0",
    "evidence_after": "1",
    "why_after": "证明湿垃圾已收走",
    "evidence_paper": "0",
    "danger": "",
    "danger_en": "",
    "law": "",
    "relapse_days": "0",
}


@pytest.fixture
def admin(client, world):
    with clock.frozen(world.now):
        yield log_in(client, world.users["xitong"])


def node(code):
    found = catalogue.category(code)
    assert found is not None
    return found


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def page(client, path, status=200):
    answer = client.get(f"{ROOT}{path}")
    assert answer.status_code == status, text_of(answer)[-800:]
    return text_of(answer)


def post(client, path, data, status=302):
    answer = client.post(f"{ROOT}{path}", data)
    assert answer.status_code == status, text_of(answer)[-800:]
    return answer


def edition(code):
    draft = CategoryDraft.objects.filter(code=code).first()
    return draft.edition if draft else 0


def ask(client, code, **fields):
    data = {"label": "有异味吗？", "type": "yes_no", "when": "", "edition": edition(code), **fields}
    return post(client, f"{code}/questions/new/", data)


def publish(client, code, reason="试行"):
    return post(client, f"{code}/publish/", {"reason": reason, "edition": edition(code)})


def begin(client, code="wet", **facts):
    data = {"parent": "appearance", "name": "湿垃圾", "resident_name": "湿垃圾没收", "code": code}
    post(client, "new/", data)
    post(client, f"{code}/edit/", {**FACTS, **facts, "edition": edition(code)})


def report(world, code, answers=None, **more):
    made = Report(
        text="弄堂口湿垃圾没人收", category=code, area_id=world.areas["陶家宅"].pk, address="长宁路 488 弄",
        answers=answers or {}, **more,
    )  # fmt: skip
    return services.report(by=GUEST, now=world.now, report=made)


# -- the way of a category from draft to version ------------------------------------------------------------------


def test_a_new_category_is_drafted_previewed_and_published(world, admin):
    begin(admin)
    ask(admin, "wet", required="on")
    assert not Category.objects.filter(code="wet").exists()
    assert catalogue.category("wet") is None
    assert "这是一份新分类的草稿" in page(admin, "wet/")
    frame = admin.get("/report/preview/wet/")
    assert frame.status_code == 200
    assert "预览，不会提交" in text_of(frame)
    assert "有异味吗？" in text_of(frame)
    publish(admin, "wet", "试点小区要分开收")
    version = CategoryVersion.objects.get(category__code="wet")
    assert (version.number, version.reason, version.created_by) == (1, "试点小区要分开收", world.actor("xitong").label)
    assert node("wet").spec.public_space
    assert node("wet").parent == "appearance"
    assert not CategoryDraft.objects.exists()
    entry = Entry.objects.get(verb="cases.save_category", reason="试点小区要分开收")
    assert (entry.after or {})["evidence"] == {"before": 0, "after": 1, "paper": 0, "why": "证明湿垃圾已收走"}


def test_old_cases_keep_their_questions_and_a_corrected_category_brings_the_new_one(world, admin):
    begin(admin)
    ask(admin, "wet", required="on")
    publish(admin, "wet")
    old = report(world, "wet", {"q1": "yes"})
    post(admin, "wet/questions/q1/arrange/", {"do": "remove", "edition": edition("wet")})
    ask(admin, "wet", label="几桶？", type="integer", required="on", least="1", most="9")
    publish(admin, "wet", "改问数量")
    case = Case.objects.get(number=old.number)
    assert case.category_version.number == 1
    assert [q["code"] for q in case.category_version.spec["questions"]["questions"]] == ["q1"]
    log_in(admin, world.users["paidan"])
    shown = text_of(admin.get(f"/desk/cases/{old.number}/"))
    assert "有异味吗？" in shown
    assert "几桶？" not in shown
    with pytest.raises(InvalidError) as refused:
        report(world, "wet", {"q1": "yes"})
    assert list(refused.value.fields) == ["answers.q2"]
    new = report(world, "wet", {"q2": "3"})
    assert Case.objects.get(number=new.number).answers == {"q2": 3}
    other = report(world, "garbage")
    services.correct(
        by=world.actor("paidan"), now=world.now, case=get_case_for(world.actor("paidan"), other.number),
        reason="是湿垃圾", changes={"category": "wet"},
    )  # fmt: skip
    assert Case.objects.get(number=other.number).category_version.number == 2


def test_history_reads_well_and_an_old_version_comes_back_as_a_new_one(world, admin):
    begin(admin)
    publish(admin, "wet", "第一次")
    post(admin, "wet/edit/", {**FACTS, "name": "厨余垃圾", "edition": 0})
    assert "湿垃圾" in page(admin, "wet/publish/")
    publish(admin, "wet", "改用新国标叫法")
    shown = page(admin, "wet/versions/")
    assert "第 2 版" in shown
    assert "改用新国标叫法" in shown
    assert "工作人员用的名称 湿垃圾 厨余垃圾" in shown
    post(admin, "wet/versions/1/restore/", {})
    publish(admin, "wet", "还用旧叫法")
    row = Category.objects.get(code="wet")
    assert (row.name, row.version and row.version.number) == ("湿垃圾", 3)
    assert CategoryVersion.objects.filter(category=row).count() == 3


def test_an_old_case_is_still_looked_at_by_its_old_questions(world, admin):
    begin(admin)
    ask(admin, "wet", label="几桶？", type="integer", least="1", most="9")
    publish(admin, "wet")
    made = report(world, "wet", {"q1": "3"})
    post(admin, "wet/questions/q1/arrange/", {"do": "remove", "edition": 0})
    ask(admin, "wet", label="有异味吗？", required="on")
    publish(admin, "wet", "换个问法")
    log_in(admin, world.users["paidan"])
    act = f"/desk/cases/{made.number}/act/amend/"
    form = admin.get(act).content.decode()
    assert "几桶？" in form
    assert "有异味吗？" not in form
    sent = {"reason": "来电更正", "expected": Case.objects.get(number=made.number).version}
    refused = admin.post(act, {**sent, "answers.q1": "12"})
    assert refused.status_code == 422
    assert "这个回答不符合要求" in text_of(refused)
    assert Case.objects.get(number=made.number).answers == {"q1": 3}
    assert admin.post(act, {**sent, "answers.q1": "5"}).status_code in {200, 302}
    case = Case.objects.get(number=made.number)
    assert (case.answers, case.category_version.number) == ({"q1": 5}, 1)
    assert "更正了对提问的回答" in text_of(admin.get(f"/desk/cases/{made.number}/"))


def test_answers_to_another_category_leave_the_case_and_stay_in_its_history(world, admin):
    begin(admin)
    ask(admin, "wet", label="几桶？", type="integer")
    publish(admin, "wet")
    begin(admin, "dry")
    ask(admin, "dry", label="哪一天？", type="text")
    publish(admin, "dry")
    made = report(world, "wet", {"q1": "3"})
    by = world.actor("paidan")
    services.correct(
        by=by, now=world.now, case=get_case_for(by, made.number), reason="是干垃圾", changes={"category": "dry"}
    )
    assert Case.objects.get(number=made.number).answers == {}
    log_in(admin, world.users["paidan"])
    shown = text_of(admin.get(f"/desk/cases/{made.number}/"))
    assert "原回答：几桶？ 3" in shown
    assert "哪一天？" not in shown


# -- what is refused --------------------------------------------------------------------------------------------


def test_a_guarded_category_is_never_public_and_what_was_typed_stays(admin):
    begin(admin)
    answer = admin.post(
        f"{ROOT}wet/edit/", {**FACTS, "name": "家里事", "flags": ["public_space", "guarded"], "edition": edition("wet")}
    )
    assert answer.status_code == 422
    assert "受保护的分类" in text_of(answer)
    assert 'value="家里事"' in answer.content.decode()
    assert CategoryDraft.objects.get().spec["name"] == "湿垃圾"


def test_no_door_lets_a_guarded_category_be_public(world):
    spec = {"code": "homes", "name": "家中", "guarded": True, "public_space": True}
    with pytest.raises(InvalidError):
        services.save_category(by=SYSTEM, now=world.now, spec=spec, parent="housing")
    assert not Category.objects.filter(code="homes").exists()


def test_a_photo_without_a_reason_and_advice_without_a_number_are_refused(admin):
    begin(admin)
    answer = admin.post(f"{ROOT}wet/edit/", {**FACTS, "why_after": "", "danger": "小心", "edition": edition("wet")})
    assert answer.status_code == 422
    said = text_of(answer)
    assert "要求拍照必须写明理由" in said
    assert "请写明拨打什么电话" in said
    assert "有中文提示就要有英文提示" in said


def test_of_two_who_edit_at_once_the_second_is_told(admin):
    begin(admin)
    seen = edition("wet")
    post(admin, "wet/edit/", {**FACTS, "name": "甲", "edition": seen})
    answer = admin.post(f"{ROOT}wet/edit/", {**FACTS, "name": "乙", "edition": seen})
    assert answer.status_code == 409
    assert "已被他人修改" in text_of(answer)
    assert CategoryDraft.objects.get().spec["name"] == "甲"
    stale = admin.post(f"{ROOT}wet/publish/", {"reason": "发布", "edition": seen})
    assert stale.status_code == 409
    assert not Category.objects.filter(code="wet").exists()


def test_nothing_is_published_without_a_reason_or_without_a_difference(admin):
    begin(admin)
    answer = admin.post(f"{ROOT}wet/publish/", {"reason": " ", "edition": edition("wet")})
    assert answer.status_code == 422
    publish(admin, "wet")
    post(admin, "wet/edit/", {**FACTS, "edition": 0})
    answer = admin.post(f"{ROOT}wet/publish/", {"reason": "没改", "edition": edition("wet")})
    assert answer.status_code == 409
    assert "没有差别" in text_of(answer)


def test_an_untouched_form_changes_nothing_of_what_is_shipped(admin):
    for code in ("garbage", "group_renting", "abandoned_vehicle", "lift"):
        form = CategoryForm(initial=CategoryForm.start(cases.category_shown(code).spec))
        data = {k: v for k, v in form.initial.items() if v not in (None, "")}
        data |= {"edition": 0, "why_after": data.get("why_after", "证明已办")}
        post(admin, f"{code}/edit/", data)
        found = cases.category_shown(code)
        changed = [d.field for d in describing.differences(found.standing, found.spec)]
        assert changed in ([], ["evidence.why"]), code


def test_a_code_twice_and_a_third_level_are_refused(world, admin):
    data = {"parent": "appearance", "name": "又一个", "resident_name": "又一个", "code": "garbage"}
    answer = admin.post(f"{ROOT}new/", data)
    assert answer.status_code == 409
    assert "已有这个代码的分类" in text_of(answer)
    with pytest.raises(InvalidError):
        services.move_category(by=SYSTEM, now=world.now, code="lift", parent="garbage")
    with pytest.raises(InvalidError):
        services.move_category(by=SYSTEM, now=world.now, code="appearance", parent="housing")


@pytest.mark.parametrize("name", ["anquan", "shenji", "paidan", "chengguan", "jumin"])
def test_others_find_no_such_page_and_services_refuse_them(world, client, name):
    log_in(client, world.users[name])
    for path in ("", "garbage/", "garbage/edit/", "garbage/preview/", "garbage/questions/", "garbage/versions/"):
        assert client.get(f"{ROOT}{path}").status_code == 404
    assert client.get("/report/preview/garbage/").status_code == 404
    actor, now = world.actor(name), world.now
    for act in (
        lambda: services.save_draft(by=actor, now=now, code="garbage", changes={"name": "x"}),
        lambda: services.publish_category(by=actor, now=now, code="garbage", reason="x", expected=1),
        lambda: services.discard_draft(by=actor, now=now, code="garbage"),
        lambda: services.restore_version(by=actor, now=now, code="garbage", number=1),
        lambda: services.switch_category(by=actor, now=now, code="garbage", active=False, reason="x", confirmed=True),
        lambda: services.move_category(by=actor, now=now, code="garbage", parent="housing"),
        lambda: services.reorder_category(by=actor, now=now, code="garbage", step=1),
    ):
        with pytest.raises(ForbiddenError):
            act()


def test_leaders_read_and_cannot_write(world, client):
    log_in(client, world.users["lingdao"])
    shown = page(client, "garbage/")
    assert "暴露垃圾" in shown
    assert "修改内容" not in shown
    assert client.get(f"{ROOT}garbage/edit/").status_code == 404
    assert client.post(f"{ROOT}garbage/switch/", {"reason": "x"}).status_code == 404


# -- in use, out of use, order ----------------------------------------------------------------------------------


def test_switching_off_shows_what_hangs_on_it_and_old_cases_go_on(world, admin):
    made = report(world, "garbage")
    shown = page(admin, "garbage/switch/")
    assert made.number in shown
    answer = admin.post(f"{ROOT}garbage/switch/", {"reason": "合并到别类"})
    assert answer.status_code == 409
    assert Category.objects.get(code="garbage").active
    post(admin, "garbage/switch/", {"reason": "合并到别类", "confirmed": "on"})
    assert catalogue.category("garbage") is None
    assert "暴露垃圾" not in text_of(admin.get("/report/"))
    entry = Entry.objects.get(verb="cases.switch_category")
    assert (entry.before, entry.after, entry.reason) == ({"active": True}, {"active": False}, "合并到别类")
    desk = world.actor("paidan")
    case = get_case_for(desk, made.number)
    services.accept(by=desk, now=world.now, case=case)
    services.dispatch(by=desk, now=world.now, case=case, unit_id=world.units["property"].pk)
    services.sign(by=world.actor("wuye"), now=world.now, case=case)
    log_in(admin, world.users["paidan"])
    assert "暴露垃圾" in text_of(admin.get(f"/desk/cases/{made.number}/"))
    log_in(admin, world.users["xitong"])
    post(admin, "garbage/switch/", {"reason": "还要用"})
    assert catalogue.category("garbage") is not None


def test_a_group_with_categories_and_the_programs_own_stay_on(world, admin):
    answer = admin.post(f"{ROOT}appearance/switch/", {"reason": "x", "confirmed": "on"})
    assert answer.status_code == 409
    assert "请先停用或移走" in text_of(answer)
    with pytest.raises(ConflictError):
        services.switch_category(by=SYSTEM, now=world.now, code="other", active=False, reason="x", confirmed=True)


def test_a_group_whose_categories_are_all_off_is_no_kind_to_choose(world):
    for row in Category.objects.filter(parent__code="appearance"):
        services.switch_category(by=SYSTEM, now=world.now, code=row.code, active=False, reason="x", confirmed=True)
    assert not node("appearance").leaf


def test_categories_are_moved_and_put_in_order(world, admin):
    post(admin, "garbage/move/", {"step": "down", "from": "list"})
    codes = [c.code for c in Category.objects.filter(parent__code="appearance").order_by("order", "code")]
    assert codes[:2] == ["corridor_clutter", "garbage"]
    post(admin, "garbage/move/", {"parent": "housing"})
    row = Category.objects.get(code="garbage")
    assert row.parent is not None
    assert row.parent.code == "housing"
    assert node("garbage").parent == "housing"
    assert Entry.objects.filter(verb="cases.move_category").count() == 2


# -- the designer of questions ------------------------------------------------------------------------------------


def test_questions_are_designed_without_json(admin):
    begin(admin)
    ask(admin, "wet", label_en="Does it smell?")
    ask(
        admin, "wet", label="哪些东西？", type="choices", choices="骨头｜Bones\n菜叶\n泔水",
        when="${q1} = 'yes'", required="on",
    )  # fmt: skip
    ask(admin, "wet", label="您的车牌", type="text", personal="on", most="8", message="最多 8 位")
    asked = CategoryDraft.objects.get().spec["questions"]["questions"]
    assert [q["code"] for q in asked] == ["q1", "q2", "q3"]
    assert asked[0]["label"] == {"zh-hans": "有异味吗？", "en": "Does it smell?"}
    assert asked[1]["choices"][0] == {"code": "c1", "label": {"zh-hans": "骨头", "en": "Bones"}}
    assert asked[1]["relevant"] == "${q1} = 'yes'"
    assert asked[1]["relevant_tree"] == ["=", ["name", "q1"], ["text", "yes"]]
    assert (asked[2]["constraint"], asked[2]["personal"]) == ("string-length(.) <= 8", True)
    shown = page(admin, "wet/questions/")
    assert "“有异味吗？”答“是”时" in shown
    kept = admin.get(f"{ROOT}wet/questions/q2/").content.decode()
    assert "骨头｜Bones" in kept
    assert "selected>“有异味吗？”答“是”时" in kept
    data = {
        "label": "哪些东西？",
        "type": "choices",
        "choices": "骨头\n菜根\n泔水",
        "when": "",
        "edition": edition("wet"),
    }
    post(admin, "wet/questions/q2/", data)
    asked = CategoryDraft.objects.get().spec["questions"]["questions"]
    assert [c["code"] for c in asked[1]["choices"]] == ["c1", "c2", "c3"]


def test_a_question_cannot_stand_before_the_one_it_depends_on(admin):
    begin(admin)
    ask(admin, "wet")
    ask(admin, "wet", label="多久了？", type="text", when="${q1} = 'yes'")
    answer = admin.post(f"{ROOT}wet/questions/q2/arrange/", {"do": "up", "edition": edition("wet")}, follow=True)
    assert "必须排在它前面" in text_of(answer)
    answer = admin.post(f"{ROOT}wet/questions/q1/arrange/", {"do": "remove", "edition": edition("wet")}, follow=True)
    assert "不能删除" in text_of(answer)
    assert len(CategoryDraft.objects.get().spec["questions"]["questions"]) == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"type": "choice", "choices": "只有一个"}, "请至少写两个选项"),
        ({"type": "choice", "choices": "一样\n一样"}, "写得一样"),
        ({"type": "integer", "least": "5", "most": "2"}, "最大不能小于最小"),
        ({"when": "own", "relevant": ""}, "请写明条件"),
        ({"when": "own", "relevant": "${q1} = = 2"}, "读不懂这个条件"),
        ({"when": "own", "relevant": "${nobody} = 2"}, "那个问题必须排在它前面"),
        ({"label": ""}, "这个字段是必填项"),
    ],
)
def test_a_refused_question_says_why_and_keeps_what_was_typed(admin, fields, said):
    begin(admin)
    data = {"label": "几层？", "type": "text", "when": "", "hint": "从一楼数起", "edition": edition("wet"), **fields}
    answer = admin.post(f"{ROOT}wet/questions/new/", data)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "从一楼数起" in answer.content.decode()
    assert "questions" not in CategoryDraft.objects.get().spec


def test_codes_of_questions_are_never_used_again(admin):
    begin(admin)
    ask(admin, "wet")
    publish(admin, "wet")
    post(admin, "wet/questions/q1/arrange/", {"do": "remove", "edition": 0})
    ask(admin, "wet", label="新问题")
    assert CategoryDraft.objects.get().spec["questions"]["questions"][0]["code"] == "q2"


def test_residents_answer_with_photos_and_places(world, admin, client):
    begin(admin)
    ask(admin, "wet", label="拍一张桶", type="photo", required="on")
    ask(admin, "wet", label="桶放在哪里？", type="place")
    publish(admin, "wet")
    committee.forget()
    phone = Client()
    fields = {"category": "wet", "q_q2": "北门左手边"}
    missing = steps.problem(phone, **fields)
    assert missing.status_code == 422
    assert "请回答这个问题" in text_of(missing)
    review = steps.problem(phone, **fields, q_q1=steps.photo())
    assert review.status_code == 200, text_of(review)[-500:]
    assert "拍一张桶 1 张" in text_of(review)
    assert steps.send(phone, review).status_code == 302
    case = Case.objects.get()
    kept = case.files.get().file
    assert case.answers == {"q1": [str(kept.uuid)], "q2": {"text": "北门左手边"}}
    log_in(admin, world.users["paidan"])
    shown = text_of(admin.get(f"/desk/cases/{case.number}/"))
    assert "拍一张桶 1 张" in shown
    assert "桶放在哪里？ 北门左手边" in shown


def test_personal_answers_are_covered_for_those_who_may_not_contact(world, admin):
    begin(admin)
    ask(admin, "wet", label="您的车牌", type="text", personal="on")
    publish(admin, "wet")
    made = report(world, "wet", {"q1": "沪A00001"})
    case = get_case_for(world.actor("paidan"), made.number)
    assert cases.answers_of(case, personal=True) == [("您的车牌", "沪A00001")]
    assert cases.answers_of(case, personal=False) == [("您的车牌", "＊＊＊＊")]
    log_in(admin, world.users["lingdao"])
    assert "沪A00001" not in text_of(admin.get(f"/desk/cases/{made.number}/"))


# -- the preview ------------------------------------------------------------------------------------------------


def test_the_preview_is_the_real_form_in_three_faces_and_keeps_nothing(admin):
    begin(admin, danger="冒烟请拨打 119", danger_en="If it smokes, call 119")
    ask(admin, "wet", label_en="Does it smell?", required="on")
    chinese = admin.get("/report/preview/wet/?language=zh-hans")
    assert "冒烟请拨打 119" in text_of(chinese)
    assert chinese["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in chinese["Content-Security-Policy"]
    english = text_of(admin.get("/report/preview/wet/?language=en"))
    assert "If it smokes, call 119" in english
    assert "Does it smell?" in english
    assert 'data-mode="elder"' in admin.get("/report/preview/wet/?mode=elder").content.decode()
    assert "data-keep" not in chinese.content.decode().replace("data-keep-", "")
    tried = admin.post("/report/preview/wet/", {"do": "check", "text": "臭"})
    assert tried.status_code == 422
    assert "请回答这个问题" in text_of(tried)
    good = admin.post("/report/preview/wet/", {"do": "check", "text": "臭", "q_q1": "yes"})
    assert "核对并提交" in text_of(good)
    end = admin.post("/report/preview/wet/", {"do": "send"})
    assert "预览没有保存任何内容" in text_of(end)
    assert not Case.objects.exists()
    assert 'src="/report/preview/wet/?language=en&amp;mode="' in admin.get(f"{ROOT}wet/preview/?as=en").content.decode()
    assert admin.get("/report/")["X-Frame-Options"] == "DENY"


# -- many and none ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_thousand_categories_and_none(world, admin, django_assert_max_num_queries):
    group = Category.objects.get(code="appearance")
    rows = Category.objects.bulk_create(
        Category(code=f"c{n:04}", name=f"第 {n} 类", resident_name=f"第 {n} 类", parent=group, order=n)
        for n in range(2000)
    )
    versions = CategoryVersion.objects.bulk_create(
        CategoryVersion(
            category=r, number=1, spec={"code": r.code, "name": r.name}, created_at=world.now, created_by="系统"
        )
        for r in rows
    )
    for row, version in zip(rows, versions, strict=True):
        row.version = version
    Category.objects.bulk_update(rows, ["version"], batch_size=500)
    catalogue.forget()
    with django_assert_max_num_queries(14):
        first = admin.get(ROOT)
    assert first.content.decode().count("is-below") <= 100
    seen, cursor, guard = 0, "", 0
    while guard < 40:
        found = cases.category_tree(cursor=cursor)
        seen, cursor, guard = seen + len(found.rows), found.next, guard + 1
        if not cursor:
            break
    assert seen == Category.objects.count()
    with django_assert_max_num_queries(14):
        assert "第 1999 类" in page(admin, "?q=1999")
    with django_assert_max_num_queries(25):
        page(admin, "c1999/")


def test_search_by_residents_words_state_and_none(world, admin):
    assert "暴露垃圾" in page(admin, "?q=偷倒")
    assert "没有找到这样的分类" in page(admin, "?q=没有这种")
    assert "没有找到这样的分类" in page(admin, "?state=off")
    begin(admin)
    assert "还没发布的新分类" in page(admin, "")
    Case.objects.all().delete()
    CategoryDraft.objects.all().delete()
    Category.objects.update(version=None)
    CategoryVersion.objects.all().delete()
    Category.objects.filter(parent__isnull=False).delete()
    Category.objects.all().delete()
    catalogue.forget()
    assert "还没有分类" in page(admin, "")
    with pytest.raises(StaleError):
        services.save_draft(by=SYSTEM, now=world.now, code="x", changes={"name": "x"}, expected=3)
