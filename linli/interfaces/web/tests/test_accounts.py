import re
from datetime import timedelta

import pyotp
import pytest
from django.test import Client

from linli.foundation.accounts import services
from linli.foundation.accounts.models import Session, User
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.people import selectors
from linli.foundation.people import services as people
from linli.foundation.people.tests.factories import NOW, TODAY, appoint, make_post, make_unit, make_user
from linli.foundation.people.types import Role

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.interfaces.web.tests.urls_identity")]
PASSWORD = "kmbt-4832-xwhn"

# What differs from answer to answer whoever asks: form values and the token.
FRESH = re.compile(r'value="[^"]*"|"X-CSRFToken": "[^"]*"')


@pytest.fixture(autouse=True)
def _frozen():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def user():
    return make_user("sunli", "孙莉", password=PASSWORD, phone="13800000000")


def login(client, password=PASSWORD, username="sunli", **extra):
    return client.post("/login/", {"username": username, "password": password, **extra})


def test_every_page_asks_for_a_login_unless_public(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/open/").content.decode() == "居民"
        answer = client.get("/closed/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/closed/%3Fa%3D1")
    answer = client.get("/closed/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "请重新登录" in answer.content.decode()
    assert client.post("/closed/")["Location"] == "/login/?next=/"
    for path in ("/account/", "/account/password/", "/account/second-factor/", "/account/confirm/"):
        assert client.get(path).status_code == 302


def test_login_opens_a_new_session_and_goes_on(client, user, django_assert_num_queries):
    with clock.frozen(NOW):
        client.post("/login/phone/", {"phone": "13900000000"})
    before = client.session.session_key
    answer = login(client, next="/closed/")
    assert (answer.status_code, answer["Location"]) == (302, "/closed/")
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    row = Session.objects.get(user=user)
    assert (row.address, row.created_at) == ("127.0.0.1", NOW)
    with django_assert_num_queries(2):
        assert client.get("/closed/").content.decode() == "resident/"
    with clock.frozen(NOW + timedelta(minutes=6)), django_assert_num_queries(3):
        client.get("/closed/")
    client.post("/logout/")
    assert client.get("/closed/").status_code == 302
    assert not Session.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "///evil", "evil"]
)
def test_next_never_leads_away(client, user, wanted):
    assert login(client, next=wanted)["Location"] == "/"


def test_wrong_password_and_lockout(client, user):
    shown = set()
    for _try in range(5):
        answer = login(client, "wrong")
        assert answer.status_code == 401
        shown.add(FRESH.sub("", answer.content.decode()))
    unknown = login(client, "wrong", "nobody")
    assert shown == {FRESH.sub("", unknown.content.decode())}
    answer = login(client)
    assert answer.status_code == 429
    assert "1 分钟后" in answer.content.decode()
    with clock.frozen(NOW + timedelta(seconds=61)):
        assert login(client).status_code == 302


def test_csrf_is_asked_for(user):
    assert login(Client(enforce_csrf_checks=True)).status_code == 403


def test_first_password_must_be_changed(client, user):
    slip = services.issue_password(by=SYSTEM, now=NOW, user=user)
    assert login(client, slip.password, next="/closed/")["Location"] == "/account/password/"
    assert client.get("/closed/")["Location"] == "/account/password/"
    assert client.get("/account/password/").status_code == 200
    data = {"old": slip.password, "new": "another-Pass-77", "again": "another-Pass-78"}
    answer = client.post("/account/password/", data)
    assert answer.status_code == 422
    assert "不一致" in answer.content.decode()
    answer = client.post("/account/password/", {**data, "new": "password12", "again": "password12"})
    assert answer.status_code == 422
    assert client.post("/account/password/", {**data, "again": "another-Pass-77"})["Location"] == "/account/"
    assert client.get("/closed/").status_code == 200


def test_second_factor_from_enrolment_to_login(client, user):
    login(client)
    page = client.get("/account/second-factor/").content.decode()
    secret = re.findall(r"<code>([A-Z2-7]{32})</code>", page)[0]
    assert "data:image/svg+xml" in page
    assert client.post("/account/second-factor/", {"code": "123"}).status_code == 422
    page = client.post("/account/second-factor/", {"code": pyotp.TOTP(secret).at(NOW)}).content.decode()
    codes = re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2})</code>", page)
    assert len(codes) == 10
    other = Client()
    answer = login(other, next="/closed/")
    assert answer.status_code == 200
    assert 'value="/closed/"' in answer.content.decode()
    assert other.get("/closed/").status_code == 302
    assert other.post("/login/step/", {"code": "000"}).status_code == 401
    later = NOW + timedelta(seconds=90)
    with clock.frozen(later):
        answer = other.post("/login/step/", {"code": pyotp.TOTP(secret).at(later), "next": "/closed/"})
    assert answer["Location"] == "/closed/"
    third = Client()
    login(third)
    assert third.post("/login/step/", {"code": codes[0]}).status_code == 302
    fourth = Client()
    login(fourth)
    with clock.frozen(NOW + timedelta(minutes=6)):
        assert fourth.post("/login/step/", {"code": codes[1]})["Location"] == "/login/"


def test_login_by_code_to_the_telephone(client, user, settings):
    sent = []
    services.deliver_code_by(lambda who, phone, code, now: sent.append(code))
    known = client.post("/login/phone/", {"phone": "138 0000 0000"})
    unknown = Client().post("/login/phone/", {"phone": "13911112222"})
    assert FRESH.sub("", known.content.decode()) == FRESH.sub("", unknown.content.decode())
    assert client.post("/login/code/", {"code": "x"}).status_code == 401
    assert client.post("/login/code/", {"code": sent[0]}).status_code == 302
    assert client.get("/closed/").status_code == 200
    settings.DEMO = True
    with clock.frozen(NOW + timedelta(minutes=5)):
        page = Client().post("/login/phone/", {"phone": "13800000000"}).content.decode()
    assert sent[1] in page


def test_sessions_are_listed_and_ended(client, user):
    login(client)
    other = Client(headers={"User-Agent": "旧手机 <b>"})
    login(other)
    page = client.get("/account/").content.decode()
    assert "旧手机" in page or "&lt;b&gt;" in page
    keys = [s.session_key for s in Session.objects.filter(user=user)]
    assert len(keys) == 2
    assert not any(key in page for key in keys)
    client.post("/account/sessions/end/", {"handle": "others"})
    assert other.get("/closed/").status_code == 302
    assert client.get("/closed/").status_code == 200
    client.post("/account/sessions/end/", {"handle": "nonsense"})
    assert client.get("/closed/").status_code == 200


def test_demo_account_is_refused_outside_the_demo(client, settings):
    make_user("demo", password="demo", is_demo=True)
    assert login(client, "demo", "demo").status_code == 401
    settings.DEMO = True
    assert login(client, "demo", "demo").status_code == 302
    assert client.get("/closed/").status_code == 200
    settings.DEMO = False
    assert client.get("/closed/").status_code == 302


def test_idle_staff_are_logged_out(client, user):
    login(client)
    with clock.frozen(NOW + timedelta(hours=9)):
        assert client.get("/closed/").status_code == 302


def test_closed_account_is_out_at_once(client, user):
    login(client)
    User.objects.update(is_active=False)
    assert client.get("/closed/").status_code == 302


def test_dangerous_acts_ask_again(client, user):
    login(client)
    assert client.get("/dangerous/").content == b"done"
    with clock.frozen(NOW + timedelta(minutes=11)):
        assert client.get("/dangerous/?x=1")["Location"] == "/account/confirm/?next=/dangerous/%3Fx%3D1"
        assert client.get("/dangerous/", headers={"HX-Request": "true"}).status_code == 401
        assert client.post("/account/confirm/", {"password": "wrong"}).status_code == 401
        answer = client.post("/account/confirm/", {"password": PASSWORD, "next": "/dangerous/?x=1"})
        assert answer["Location"] == "/dangerous/?x=1"
        assert client.get("/dangerous/").content == b"done"


def test_whoever_has_an_authenticator_gives_its_code_again(client, user):
    login(client)
    secret = services.begin_enrolment(user=user, issuer="x").secret
    actor = selectors.actor_for(user, NOW)
    services.enrol(by=actor, now=NOW, user=user, secret=secret, code=pyotp.TOTP(secret).at(NOW))
    later = NOW + timedelta(minutes=11)
    with clock.frozen(later):
        asked = client.get("/account/confirm/").content.decode()
        assert 'name="code"' in asked
        assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 422
        assert client.post("/account/confirm/", {"password": PASSWORD, "code": "000000"}).status_code == 401
        assert client.get("/dangerous/").status_code == 302
        answer = client.post(
            "/account/confirm/", {"password": PASSWORD, "code": pyotp.TOTP(secret).at(later), "next": "/dangerous/"}
        )
        assert answer["Location"] == "/dangerous/"
        assert client.get("/dangerous/").content == b"done"


def test_stand_in_comes_and_goes(client, user, django_assert_max_num_queries):
    other = make_user("other", "钱")
    appoint(other, make_post(make_unit(), Role.DISPATCHER))
    people.record_absence(by=SYSTEM, now=NOW, user_id=other.pk, stand_in_id=user.pk, starts_on=TODAY, ends_on=TODAY)
    login(client)
    with django_assert_max_num_queries(4):
        assert client.get("/closed/").content.decode() == "dispatcher/钱"
    with clock.frozen(NOW + timedelta(days=1)):
        login(client)
        assert client.get("/closed/").content.decode() == "resident/"


def test_preferences(client, user):
    login(client)
    answer = client.post("/account/preferences/", {"language": "en", "elder_mode": "2"})
    assert answer.cookies["django_language"].value == "en"
    assert client.post("/account/preferences/", {"language": "xx", "elder_mode": "9"}).status_code == 422
    user.refresh_from_db()
    assert (user.language, user.elder_mode) == ("en", 2)


def test_administrator_pages(client, user):
    boss = make_user("boss", "王", password=PASSWORD)
    page = f"/account/users/{user.uuid}/"
    login(client, username="boss")
    assert client.get(page).status_code == 404
    assert client.post(f"{page}password/", {"reason": "x"}).status_code == 404
    appoint(boss, make_post(make_unit(), Role.SYSTEM_ADMIN))
    theirs = Client()
    login(theirs)
    assert "孙莉" in client.get(page).content.decode()
    assert client.get(f"/account/users/{'0' * 8}-0000-4000-8000-{'0' * 12}/").status_code == 404
    assert client.post(f"{page}password/", {"reason": ""}).status_code == 422
    assert theirs.get("/closed/").status_code == 200
    slip = client.post(f"{page}password/", {"reason": "忘记密码"}).content.decode()
    password = re.findall(r"<code>([a-z]{4}-\d{4}-[a-z]{4})</code>", slip)[0]
    assert theirs.get("/closed/").status_code == 302
    assert login(theirs, password)["Location"] == "/account/password/"
    client.post(f"{page}sessions/end/")
    assert theirs.get("/closed/").status_code == 302
    client.post(f"{page}active/", {"reason": "离岗", "active": "0"})
    assert login(theirs, password).status_code == 401
    own = f"/account/users/{boss.uuid}/active/"
    client.post(own, {"reason": "x", "active": "0"})
    assert client.get("/closed/").status_code == 200
