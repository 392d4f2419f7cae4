"""People, posts, stand-ins: found, made, appointed, handed over; each by the administrator whose task it is."""

from datetime import date, timedelta

import pytest
from django.test import Client

from linli.foundation.accounts import services as accounts
from linli.foundation.accounts.models import User
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.core.ids import uuid7
from linli.foundation.people import selectors, services
from linli.foundation.people.models import Absence, Appointment, Post, Unit
from linli.interfaces.web.access import CONFIRMED_KEY
from tests.login import confirm, log_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


@pytest.fixture
def at(world):
    with clock.frozen(world.now):
        yield world


def enter(world, username, *, confirmed=True):
    client = log_in(Client(), world.users[username])
    return confirm(client, world.now) if confirmed else client


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def url(user, act=""):
    return f"/console/people/{user.uuid}/{act}"


def newcomer(world, username="xinren"):
    return accounts.create_user(username=username, display_name="新人甲", by=SYSTEM, now=world.now)


@pytest.mark.parametrize(
    ("query", "found", "not_found"),
    [
        ("?q=城管队员甲", "城管队员甲", "派单员甲"),
        ("?q=chengguan2", "城管队员乙", "派单员甲"),
        ("?q=城市运行管理中心", "paidan", "chengguan2"),
        ("?role=dispatcher", "paidan", "chengguan2"),
        ("?state=without", "xinren", "chengguan2"),
        ("?state=closed", "没有符合条件的人员", "chengguan2"),
        ("?state=never", "xinren", "没有符合条件"),
        ("?q=13912345678", "没有符合条件的人员", "chengguan2"),
    ],
)
def test_people_are_found_by_name_unit_post_role_and_state(at, query, found, not_found):
    newcomer(at)
    body = page(enter(at, "xitong"), f"/console/people/{query}").split("<main", 1)[1]
    assert found in body
    assert not_found not in body.split("</form>", 1)[1]


def test_two_thousand_people_are_read_page_by_page_in_few_statements(at, django_assert_max_num_queries):
    User.objects.bulk_create(
        [User(username=f"u{n:04}", display_name=f"人员{n:04}", created_at=at.now, uuid=uuid7()) for n in range(2000)]
    )
    by = at.actor("xitong")
    seen, cursor = [], ""
    while True:
        with django_assert_max_num_queries(2):
            found = selectors.staff_page(by=by, now=at.now, cursor=cursor)
            selectors.posts_now([u.pk for u in found.rows], TODAY)
        seen += [u.pk for u in found.rows]
        cursor = found.next
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == User.objects.filter(kind="staff").count() > 2000
    client = enter(at, "xitong")
    client.get("/console/people/")
    with django_assert_max_num_queries(9):
        client.get("/console/people/")


def test_without_people_the_list_says_what_to_do(at):
    form = page(enter(at, "xitong"), "/console/people/?q=nobody-has-this-name")
    assert "没有符合条件的人员" in form


def test_the_system_administrator_makes_an_account_whose_password_is_shown_once(at):
    client = enter(at, "xitong")
    sent = {"display_name": "新人甲", "username": "xinren", "phone": "13900001111"}
    slip = client.post("/console/people/new/", sent).content.decode()
    password = slip.split('id="first-password">')[1].split("<")[0]
    user = User.objects.get(username="xinren")
    assert user.must_change_password
    assert accounts.authenticate(username="xinren", password=password, address="127.0.0.1", now=at.now) == user
    assert password not in page(client, url(user))
    again = client.post("/console/people/new/", sent | {"phone": ""})
    assert again.status_code == 409
    assert "已经有人使用" in again.content.decode()
    assert 'value="新人甲"' in again.content.decode()
    assert User.objects.filter(username="xinren").count() == 1


def test_a_telephone_taken_leaves_no_half_made_account(at):
    client = enter(at, "xitong")
    sent = {"display_name": "甲", "username": "xinren", "phone": "13900001111"}
    client.post("/console/people/new/", sent)
    answer = client.post("/console/people/new/", sent | {"username": "xinren2"})
    assert answer.status_code == 409
    assert not User.objects.filter(username="xinren2").exists()


def test_each_administrator_has_a_task_and_not_the_others(at):
    user, post = newcomer(at), Post.objects.filter(role="dispatcher")[0]
    with pytest.raises(ForbiddenError):
        services.appoint(by=at.actor("xitong"), now=at.now, user_id=user.pk, post=post, starts_on=TODAY)
    with pytest.raises(ForbiddenError):
        accounts.create_user(username="x2", display_name="x", by=at.actor("anquan"), now=at.now)
    for by in ("shenji", "lingdao", "paidan"):
        with pytest.raises(ForbiddenError):
            services.appoint(by=at.actor(by), now=at.now, user_id=user.pk, post=post, starts_on=TODAY)
        with pytest.raises(ForbiddenError):
            selectors.staff_page(by=at.actor(by), now=at.now)
    assert "任命到岗位" not in page(enter(at, "xitong"), url(user))
    assert "账号、密码与登录" not in page(enter(at, "anquan"), url(user))
    page(enter(at, "anquan"), "/console/people/new/", 404)
    page(enter(at, "shenji"), "/console/people/", 404)


def test_somebody_is_appointed_and_the_term_ended(at):
    user, client = newcomer(at), enter(at, "anquan", confirmed=False)
    post = Post.objects.select_related("unit").filter(role="dispatcher")[0]
    assert post.title in page(client, url(user, f"?unit={post.unit_id}"))
    sent = {"unit": post.unit_id, "post": post.pk, "starts_on": "2026-03-10"}
    assert client.post(url(user, "appoint/"), sent).status_code == 302
    assert selectors.actor_for(user, at.now).has_role("dispatcher")
    twice = client.post(url(user, "appoint/"), sent)
    assert twice.status_code == 409
    assert "已经担任这个岗位" in twice.content.decode()
    term = Appointment.objects.get(user=user)
    early = client.post(url(user, f"terms/{term.pk}/end/"), {"on": "", "reason": ""})
    assert early.status_code == 422
    assert client.post(url(user, f"terms/{term.pk}/end/"), {"on": "2026-03-10", "reason": "调离"}).status_code == 302
    tomorrow = at.now + timedelta(days=1)
    assert not selectors.actor_for(user, tomorrow).has_role("dispatcher")


def test_an_administrators_post_asks_for_the_password_and_goes_on_with_what_was_typed(at):
    user, client = newcomer(at), enter(at, "anquan", confirmed=False)
    post = Post.objects.get(role="audit_admin")
    sent = {"unit": post.unit_id, "post": post.pk, "starts_on": "2026-03-10"}
    answer = client.post(url(user, "appoint/"), sent)
    assert answer["Location"].startswith("/account/confirm/")
    assert not Appointment.objects.filter(user=user).exists()
    wrong = client.post(answer["Location"], {"password": "falsch", "then": "1"})
    assert wrong.status_code == 401
    asked = client.post(answer["Location"], {"password": at.password, "then": "1"})
    assert "继续刚才的操作" in asked.content.decode()
    assert f'action="{url(user, "appoint/")}"' in asked.content.decode()
    assert f'name="post" value="{post.pk}"' in asked.content.decode()
    assert client.post(url(user, "appoint/"), sent).status_code == 302
    assert selectors.actor_for(user, at.now).has_role("audit_admin")


def test_nobody_becomes_two_of_the_three_administrators_by_the_page(at):
    post = Post.objects.get(role="audit_admin")
    sent = {"unit": post.unit_id, "post": post.pk, "starts_on": "2026-03-10"}
    answer = enter(at, "anquan").post(url(at.users["xitong"], "appoint/"), sent)
    assert answer.status_code == 409
    assert "不能这样安排" in answer.content.decode()
    assert not Appointment.objects.filter(user=at.users["xitong"], post=post).exists()


def test_days_away_and_back(at):
    client = enter(at, "anquan")
    sent = {"member": "paidan", "stand_in": "paidan2", "starts_on": "2026-03-10", "ends_on": "2026-03-12"}
    assert client.post("/console/absences/add/", sent).status_code == 302
    assert at.actor("paidan2").has_role("dispatcher")
    assert "paidan2" not in page(client, "/console/absences/")
    wrong = client.post("/console/absences/add/", sent | {"stand_in": "niemand"})
    assert wrong.status_code == 422
    assert "没有“niemand”这个账号" in wrong.content.decode()
    assert 'value="niemand"' in wrong.content.decode()
    own = client.post("/console/absences/add/", sent | {"stand_in": "paidan"})
    assert "不能由本人代理自己" in own.content.decode()
    row = Absence.objects.get()
    assert client.post(f"/console/absences/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    assert row.ends_on == TODAY


def test_whoever_leaves_hands_over(at):
    user, successor = at.users["chengguan"], newcomer(at)
    client = enter(at, "anquan")
    sent = {"to_user": successor.username, "on": "2026-03-10", "reason": "调离"}
    no_reason = client.post(url(user, "hand-over/"), sent | {"reason": ""})
    assert no_reason.status_code == 422
    assert client.post(url(user, "hand-over/"), sent).status_code == 302
    assert selectors.actor_for(successor, at.now).has_role("unit_handler")


def test_units_with_posts_people_and_gaps(at, django_assert_max_num_queries):
    client = enter(at, "xitong")
    body = page(client, "/console/units/?q=综合行政执法")
    assert "城管队员甲" in body
    assert "没有在岗人员" in page(client, "/console/units/?state=empty")
    assert "没有这样的单位" in page(client, "/console/units/?q=nirgends")
    Unit.objects.bulk_create([Unit(name=f"单位{n:04}", kind="other", uuid=uuid7()) for n in range(2000)])
    with django_assert_max_num_queries(12):
        first = page(client, "/console/units/")
    assert 'rel="next"' in first


@pytest.mark.parametrize("act", ["appoint/", "absence/", "hand-over/", "see-as/", "terms/1/end/"])
@pytest.mark.parametrize("username", ["xitong", "shenji", "lingdao", "zhiban", "jumin"])
def test_only_the_security_administrator_writes_about_posts(at, username, act):
    assert enter(at, username).post(url(at.users["chengguan"], act), {}).status_code == 404


def test_a_confirmation_is_good_for_ten_minutes(at):
    client, user = enter(at, "anquan"), at.users["chengguan"]
    assert CONFIRMED_KEY in client.session
    with clock.frozen(at.now + timedelta(minutes=11)):
        answer = client.post(url(user, "hand-over/"), {"to_user": "", "on": "2026-03-10", "reason": "x"})
    assert answer["Location"].startswith("/account/confirm/")


def test_a_unit_and_its_posts_are_set_up(at):
    client = enter(at, "xitong")
    sent = {"name": "第一专班", "short_name": "", "kind": "task_force", "area": "", "phone": "", "ends_on": ""}
    refused = client.post("/console/units/new/", sent)
    assert refused.status_code == 422
    assert "临时机构必须有结束日期" in refused.content.decode()
    assert 'value="第一专班"' in refused.content.decode()
    assert not Unit.objects.filter(name="第一专班").exists()
    answer = client.post("/console/units/new/", sent | {"ends_on": "2026-12-31"})
    unit = Unit.objects.get(name="第一专班")
    assert answer["Location"] == f"/console/units/{unit.uuid}/"
    taken = client.post("/console/units/new/", sent | {"ends_on": "2026-12-31"})
    assert taken.status_code == 409
    place = f"/console/units/{unit.uuid}/"
    no_area = client.post(f"{place}posts/", {"role": "grid_head", "title": "", "area": ""})
    assert "必须对应一个区域" in no_area.content.decode()
    area = at.areas["陶家宅"].pk
    assert client.post(f"{place}posts/", {"role": "inspector", "title": "巡查员", "area": area}).status_code == 302
    assert "巡查员" in page(client, place)
    assert client.post(f"{place}end/", {"on": "2026-03-10", "reason": ""}).status_code == 422
    assert client.post(f"{place}end/", {"on": "2026-03-10", "reason": "任务完成"}).status_code == 302
    unit.refresh_from_db()
    assert unit.ends_on == TODAY


@pytest.mark.parametrize("username", ["anquan", "shenji", "lingdao", "jumin"])
def test_only_the_system_administrator_sets_up_units(at, username):
    unit = at.units["enforcement"]
    client = enter(at, username)
    for act in ("units/new/", f"units/{unit.uuid}/posts/", f"units/{unit.uuid}/end/"):
        assert client.post(f"/console/{act}", {}).status_code == 404
    shown = client.get(f"/console/units/{unit.uuid}/").status_code
    assert shown == (200 if username == "anquan" else 404)
