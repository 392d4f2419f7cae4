"""The rulebook through its pages: found, understood, changed with a preview, taken back, never in the past."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from linli.engines.cases import services as cases
from linli.engines.cases.models import Case
from linli.engines.cases.types import Report
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST, SYSTEM
from linli.foundation.deadlines.models import Clock
from linli.foundation.journal.models import Entry
from linli.foundation.rulebook import selectors, services
from linli.foundation.rulebook.models import RuleEntry
from linli.interfaces.web.access import CONFIRMED_KEY
from tests.login import log_in

pytestmark = pytest.mark.django_db
URL = "/console/rules/"
HANDLE = "cases.clock.handle.general"


@pytest.fixture
def admin(client, world):
    with clock.frozen(world.now):
        yield log_in(client, world.users["xitong"])


def read(answer):
    return answer.content.decode()


def typed(**more):
    form = {"amount": "3", "unit": "work_days", "valid_from": "2026-04-01", "mark": "D"}
    return form | {"source": "街道办公会纪要〔2026〕2 号", "why": "压缩办理时间"} | more


def previewed(client, code=HANDLE, **more):
    answer = client.post(f"{URL}{code}/change/", typed(**more))
    assert answer.status_code == 200, read(answer)
    return read(answer)


def entered(client, code=HANDLE, **more):
    seen = re.findall(r'name="seen" value="(\w+)"', previewed(client, code, **more))[0]
    return client.post(f"{URL}{code}/change/", typed(seen=seen, **more))


def test_every_rule_is_listed_by_group_and_found_by_words(admin):
    text = read(admin.get(URL))
    assert "5 个工作日" in text
    assert "未经核实的默认值" in text
    assert "12345 热线" in text
    found = read(admin.get(f"{URL}?q=cases.clock.accept"))
    assert "受理时限" in found
    assert "结案" not in found.split("<main")[1].split("受理时限")[0]
    assert "没有符合的规则" in read(admin.get(f"{URL}?q=没有这条"))
    assert "没有符合的规则" in read(admin.get(f"{URL}?only=own"))


def test_a_new_value_is_previewed_then_entered_from_its_day_on(admin):
    text = previewed(admin)
    assert "5 个工作日 → 3 个工作日" in text
    assert "2026-04-01 起" in text
    assert selectors.value(HANDLE, on=date(2026, 5, 1))["amount"] == 5  # nothing yet
    assert entered(admin).status_code == 302
    assert selectors.value(HANDLE, on=date(2026, 3, 31))["amount"] == 5
    assert selectors.value(HANDLE, on=date(2026, 4, 1)) == {"amount": 3, "unit": "work_days"}
    page = read(admin.get(f"{URL}{HANDLE}/"))
    assert "尚未开始" in page
    assert "系统管理员" in page
    assert "压缩办理时间" in page
    listed = read(admin.get(f"{URL}?q={HANDLE}"))
    assert "2026-04-01 起改为 3 个工作日" in listed
    entry = Entry.objects.filter(verb="rulebook.set_rule").latest("id")
    assert entry.reason == "压缩办理时间"


def test_values_changed_after_the_preview_are_previewed_again(admin):
    seen = re.findall(r'name="seen" value="(\w+)"', previewed(admin))[0]
    answer = admin.post(f"{URL}{HANDLE}/change/", typed(seen=seen, amount="9"))
    assert answer.status_code == 200
    assert "9 个工作日" in read(answer)
    assert not RuleEntry.objects.filter(code=HANDLE, shipped=False).exists()


def test_the_preview_counts_open_and_closed_clocks_and_says_that_running_ones_stay(admin, world):
    made = Report(text="路灯不亮", category="street_lamp", area_id=world.areas["陶家宅"].pk)
    ids = [cases.report(by=GUEST, now=world.now, report=made, dispatch=True).case_id for _ in range(3)]
    clocks = Clock.objects.filter(stage="overall", subject_id__in=ids)
    done = clocks.get(subject_id=ids[-1])
    code = done.rule_code
    Clock.objects.filter(pk=done.pk).update(ended_at=done.due_at - timedelta(hours=1))
    with clock.frozen(done.due_at):
        log_in(admin, world.users["xitong"])
        text = previewed(admin, code, amount="1", unit="natural_days", valid_from="2027-01-01")
    assert "正在走的时钟 2 个：保持原来的时限" in text
    assert "2 个会更早到期，0 个会更晚，2 个此刻已经超期" in text
    assert "走完的时钟 1 个：按原来的时限超期 0 个，按新的时限会超期 1 个" in text


def test_a_running_clock_keeps_its_limit_and_a_new_one_takes_the_new(admin, world):
    made = Report(text="路灯不亮", category="street_lamp", area_id=world.areas["陶家宅"].pk)
    before = cases.report(by=GUEST, now=world.now, report=made, dispatch=True).case_id
    clocks = Clock.objects.filter(stage="overall")
    old = clocks.get(subject_id=before)
    assert (old.rule_code, old.amount) == ("cases.clock.overall.general", 10)
    entered(admin, old.rule_code, amount="4", valid_from=world.now.date().isoformat())
    after = cases.report(by=GUEST, now=world.now, report=made, dispatch=True).case_id
    assert clocks.get(subject_id=after).amount == 4
    assert clocks.get(subject_id=before).due_at == old.due_at
    assert Case.objects.get(pk=before).dues["overall"] > Case.objects.get(pk=after).dues["overall"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"amount": "0"}, "1"),
        ({"valid_from": "2026-01-01"}, "生效日期不能早于今天"),
        ({"source": ""}, "出处"),
        ({"why": ""}, "修改原因"),
        ({"unit": "weeks"}, "weeks"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(admin, more, says):
    answer = admin.post(f"{URL}{HANDLE}/change/", typed(**more))
    text = read(answer)
    assert answer.status_code == 422
    assert says in text
    assert "field__error" in text
    assert "work_days" in text
    assert not RuleEntry.objects.filter(code=HANDLE, shipped=False).exists()


def test_two_values_of_one_day_are_refused(admin):
    entered(admin)
    seen = re.findall(r'name="seen" value="(\w+)"', previewed(admin))[0]
    answer = admin.post(f"{URL}{HANDLE}/change/", typed(seen=seen))
    assert answer.status_code == 409
    assert "已有 2026-04-01 或之后开始生效的值" in read(answer)


def test_a_value_that_has_not_begun_is_withdrawn_and_the_former_goes_on(admin, world):
    entered(admin)
    url = f"{URL}{HANDLE}/withdraw/"
    assert admin.post(url, {"valid_from": "2026-04-01", "why": ""}).status_code == 422
    assert admin.post(url, {"valid_from": "2026-04-01", "why": "会议未通过"}).status_code == 302
    assert selectors.value(HANDLE, on=date(2026, 5, 1))["amount"] == 5
    assert RuleEntry.objects.get(code=HANDLE).valid_to is None
    entered(admin, valid_from=world.now.date().isoformat())
    begun = admin.post(url, {"valid_from": world.now.date().isoformat(), "why": "想改过去"})
    assert begun.status_code == 409
    assert "只能撤回还没有开始" in read(begun)
    assert admin.post(url, {"valid_from": "2030-01-01", "why": "没有"}).status_code == 404


def legal_code():
    return next(code for code in selectors.codes() if selectors.history(code)[0].mark == "L")


def test_a_legal_limit_asks_for_the_password_and_says_where_it_differs(client, world):
    code = legal_code()
    with clock.frozen(world.now):
        log_in(client, world.users["xitong"])
        asked = client.get(f"{URL}{code}/change/")
        assert asked.status_code == 302
        assert "/confirm/" in asked["Location"]
        session = client.session
        session[CONFIRMED_KEY] = clock.now().isoformat()
        session.save()
        held = selectors.value(code, on=world.now.date())
        more = {"amount": held["amount"] + 1, "unit": held["unit"]} if isinstance(held, dict) else {"value": held + 1}
        text = previewed(client, code, **more)
        assert "与法定值不同" in text
        assert entered(client, code, **more, valid_from="2026-03-10").status_code == 302
        assert "与法定值不同" in read(client.get(f"{URL}?only=own"))
        assert "法定值为" in read(client.get(f"{URL}{code}/"))


def test_a_categorys_own_limit_is_previewed_on_the_clocks_of_its_cases(admin, world):
    for category in ("lift", "lift", "street_lamp"):
        made = Report(text="坏了", category=category, area_id=world.areas["陶家宅"].pk)
        cases.report(by=GUEST, now=world.now, report=made, dispatch=True)
    text = previewed(admin, "cases.clock.overall.category.lift", amount="1", unit="natural_hours")
    assert "正在走的时钟 2 个" in text
    assert "2 个会更早到期" in text
    assert "近 90 天没有按这条规则走完的时钟。" in text


def test_a_category_gets_a_limit_of_its_own(admin):
    answer = admin.get(f"{URL}cases.clock.handle.general/for-category/?category=lift")
    code = "cases.clock.handle.category.lift"
    assert answer["Location"] == f"{URL}{code}/change/"
    assert "这个分类还没有自己的时限" in read(admin.get(answer["Location"]))
    assert entered(admin, code, amount="1", valid_from="2026-03-10").status_code == 302
    assert selectors.value(code, on=date(2026, 3, 10))["amount"] == 1
    assert "本街道自定" in read(admin.get(f"{URL}?q={code}"))
    assert admin.get(f"{URL}cases.clock.handle.category.gone/change/").status_code == 404


@pytest.mark.parametrize("room", ["calendar", "deadlines", "files", "messages", "cases.rating"])
def test_every_sort_of_value_has_its_form(admin, room):
    code = next(c for c in selectors.codes() if c.startswith(room))
    assert "预览影响" in read(admin.get(f"{URL}{code}/change/"))


def test_every_rule_can_be_opened_and_typed_again_as_it_stands(admin, world):
    from linli.interfaces.console.rulebook.forms import ValueForm

    on = world.now.date()
    for code in selectors.codes():
        rule = selectors.history(code)[0]
        shown = ValueForm(rule=rule, today=on)
        data = {n: shown[n].value() for n in shown.fields} | {"source": "x", "why": "x", "valid_from": "2026-04-01"}
        form = ValueForm(data, rule=rule, today=on)
        assert form.is_valid(), (code, form.errors)
        assert form.value() == rule.value, code


def test_working_hours_that_overlap_are_refused(admin):
    code = "calendar.working_hours"
    more = {"value": "09:00-12:00\n11:00-17:00"}
    seen = re.findall(r'name="seen" value="(\w+)"', previewed(admin, code, **more))[0]
    answer = admin.post(f"{URL}{code}/change/", typed(seen=seen, **more))
    assert answer.status_code == 422
    assert "互不重叠" in read(answer)


@pytest.mark.parametrize("user", ["zhiban", "lingdao", "ducha"])
def test_leaders_read_and_change_nothing(client, world, user):
    log_in(client, world.users[user])
    assert "录入新的值" not in read(client.get(f"{URL}{HANDLE}/"))
    assert client.post(f"{URL}{HANDLE}/change/", typed()).status_code == 404


@pytest.mark.slow
def test_two_thousand_rules_are_listed_by_hundreds(admin, world, django_assert_max_num_queries):
    RuleEntry.objects.bulk_create(
        RuleEntry(
            code=f"cases.extra.n{n:04d}",
            value=n,
            title=f"附加 {n}",
            source="测试",
            mark="G",
            valid_from=date(2020, 1, 1),
            entered_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for n in range(2_000)
    )
    services.set_rule(
        by=SYSTEM,
        now=world.now,
        code="cases.extra.n0001",
        value=7,
        unit="",
        source="x",
        mark="G",
        valid_from=date(2026, 1, 1),
        why="x",
    )
    admin.get(URL)
    with django_assert_max_num_queries(12):
        text = read(admin.get(URL))
    assert text.count("celllink") == 200
    following = re.findall(r'rel="next" href="([^"]+)"', text)[0].replace("&amp;", "&")
    assert read(admin.get(URL + following)).count("celllink") == 200
