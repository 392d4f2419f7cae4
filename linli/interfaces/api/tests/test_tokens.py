"""Tokens: made after the password, shown once, good for what was ticked, revoked; and the programs that hold them."""

import re
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from linli.foundation.accounts import selectors, services
from linli.foundation.accounts.exceptions import LockedError, LoginFailedError, RateError
from linli.foundation.accounts.models import AppPassword, User
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.journal.models import Entry
from linli.foundation.people import services as people
from linli.interfaces.web import tokens as door
from tests.login import confirm, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(world):
    with clock.frozen(world.now):
        yield world


def made(at, username="paidan", scopes=("cases:read",), days=30, **more):
    user = at.users[username]
    return services.create_token(
        by=at.actor(username), now=at.now, user=user, name="脚本", scopes=scopes, days=days, **more
    )


def authenticate(secret, now):
    return services.authenticate_token(secret=secret, address="192.0.2.7", now=now)


def test_ones_own_token_is_made_shown_once_and_revoked(at):
    client = log_in(Client(), at.users["paidan"])
    assert client.get("/account/tokens/")["Location"].startswith("/account/confirm/")
    confirm(client, at.now)
    assert "还没有令牌" in client.get("/account/tokens/").content.decode()
    sent = {"name": "区平台", "scopes": ["cases:read", "intake:write"], "days": "30"}
    page = client.post("/account/tokens/", sent).content.decode()
    (secret,) = re.findall(r'id="secret">([^<]+)<', page)
    again = client.get("/account/tokens/").content.decode()
    row = AppPassword.objects.get()
    assert (secret in again, row.prefix in again, "查看案件" in again) == (False, True, True)
    assert (secret in row.secret_hash, row.scopes) == (False, {"cases:read", "intake:write"})
    assert authenticate(secret, at.now).user == at.users["paidan"]
    client.post(f"/account/tokens/{row.uuid}/revoke/")
    with pytest.raises(LoginFailedError):
        authenticate(secret, at.now)
    verbs = set(Entry.objects.filter(verb__startswith="accounts.").values_list("verb", flat=True))
    assert {"accounts.create_token", "accounts.revoke_token"} <= verbs
    # It opens no door of ODK Collect, and is not listed among the devices.
    assert row.prefix not in client.get("/account/devices/").content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": " ", "scopes": ["cases:read"], "days": "3"}, "name"),
        ({"name": "x", "days": "3"}, "scopes"),
        ({"name": "x", "scopes": ["cases:all"], "days": "3"}, "scopes"),
        ({"name": "x", "scopes": ["cases:read"], "days": "999"}, "days"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(at, sent, field):
    client = confirm(log_in(Client(), at.users["paidan"]), at.now)
    answer = client.post("/account/tokens/", sent)
    assert answer.status_code == 422
    assert f'id="f-{field}-note"' in answer.content.decode()
    assert f'value="{sent["days"]}"' in answer.content.decode()
    assert not AppPassword.objects.exists()


def test_another_persons_token_is_neither_made_nor_revoked(at):
    row, _secret = made(at)
    with pytest.raises(ForbiddenError):
        services.create_token(
            by=at.actor("xitong"), now=at.now, user=at.users["paidan"], name="x", scopes=["cases:read"], days=3
        )
    client = log_in(Client(), at.users["zhiban"])
    assert client.post(f"/account/tokens/{row.uuid}/revoke/").status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


def test_who_keeps_accounts_sees_and_revokes_every_token(at, django_assert_max_num_queries):
    for n, name in enumerate(["paidan", "zhiban", "lingdao"]):
        made(at, name, days=n + 1)
    client = confirm(log_in(Client(), at.users["xitong"]), at.now)
    client.get("/console/tokens/")
    with django_assert_max_num_queries(8):
        page = client.get("/console/tokens/").content.decode()
    assert page.count('class="celllink"') == 3
    found = client.get("/console/tokens/", {"q": "zhiban"}).content.decode()
    assert found.count('class="celllink"') == 1
    row = AppPassword.objects.get(user=at.users["zhiban"])
    client.post(f"/console/tokens/{row.uuid}/revoke/", {"reason": "离岗"})
    row.refresh_from_db()
    assert row.revoked_at == at.now
    assert "离岗" in Entry.objects.get(verb="accounts.revoke_token").reason
    assert client.get("/console/tokens/", {"state": "ended"}).content.decode().count('class="celllink"') == 1


def test_a_program_connects_with_the_post_it_was_given(at):
    client = confirm(log_in(Client(), at.users["xitong"]), at.now)
    gone = client.post("/console/programs/new/", {"name": "区城运平台"})
    program = User.objects.get(kind="program")
    assert gone["Location"] == f"/console/programs/{program.uuid}/"
    assert "还没有岗位" in client.get(gone["Location"]).content.decode()
    again = client.post("/console/programs/new/", {"name": "区城运平台"})
    assert (again.status_code, "已有同名" in again.content.decode()) == (422, True)
    security = log_in(Client(), at.users["anquan"])
    assert "区城运平台" in security.get("/console/people/", {"state": "program"}).content.decode()
    assert "区城运平台" not in security.get("/console/people/").content.decode()
    unit = at.units["@陶家宅"]
    post = people.create_post(
        by=at.actor("xitong"), now=at.now, unit=unit, role="community_worker", area_id=at.areas["陶家宅"].pk
    )
    sent = {"unit": unit.pk, "post": post.pk, "starts_on": at.now.date().isoformat()}
    assert security.post(f"/console/people/{program.uuid}/appoint/", sent).status_code == 302
    sent = {"name": "取数", "scopes": ["cases:read"], "days": "90", "per_minute": "60"}
    page = client.post(f"/console/programs/{program.uuid}/tokens/", sent).content.decode()
    (secret,) = re.findall(r'id="secret">([^<]+)<', page)
    request = RequestFactory().get("/", HTTP_AUTHORIZATION=f"Bearer {secret}")
    caller = door.let_in(request, door.bearer(request), at.now)
    assert {(g.role, g.area_path) for g in caller.by.grants} == {("community_worker", at.areas["陶家宅"].path)}
    caller.check("cases:read")
    with pytest.raises(ForbiddenError) as refused:
        caller.check("cases:write")
    assert (refused.value.code, "办理案件" in refused.value.message) == ("accounts.scope", True)


def test_a_program_never_logs_in_and_is_no_administrator(at):
    program = services.create_program(by=at.actor("xitong"), now=at.now, name="报表")
    with pytest.raises(ConflictError):
        services.issue_password(by=at.actor("xitong"), now=at.now, user=program)
    unit = at.units["street"]
    post = people.create_post(by=at.actor("xitong"), now=at.now, unit=unit, role="audit_admin")
    with pytest.raises(ForbiddenError, match="管理员岗位"):
        people.appoint(by=at.actor("anquan"), now=at.now, user_id=program.pk, post=post, starts_on=at.now.date())


def test_a_token_ends_with_its_day_and_with_its_account(at):
    _row, secret = made(at, days=2)
    assert authenticate(secret, at.now + timedelta(days=1)).remaining == 299
    with pytest.raises(LoginFailedError):
        authenticate(secret, at.now + timedelta(days=2))
    services.set_active(by=at.actor("xitong"), now=at.now, user=at.users["paidan"], active=False, reason="离职")
    with pytest.raises(LoginFailedError):
        authenticate(secret, at.now + timedelta(days=1))
    assert selectors.tokens_of(by=at.actor("xitong"), user_id=at.users["paidan"].pk)


def test_more_than_its_rate_waits_for_the_next_minute(at):
    _row, secret = made(at, per_minute=2)
    assert [authenticate(secret, at.now + timedelta(seconds=n)).remaining for n in range(2)] == [1, 0]
    with pytest.raises(RateError) as over:
        authenticate(secret, at.now + timedelta(seconds=20))
    assert (over.value.status, over.value.params["wait"]) == (429, 40)
    assert authenticate(secret, at.now + timedelta(seconds=60)).remaining == 1
    with pytest.raises(InvalidError):
        made(at, "zhiban", per_minute=0)


def test_wrong_tokens_are_counted_by_address_and_a_right_one_still_opens(at, django_assert_max_num_queries):
    row, secret = made(at)
    for _n in range(39):
        with pytest.raises(LoginFailedError):
            authenticate(f"{row.prefix}_wrong", at.now)
    with pytest.raises(LoginFailedError):
        authenticate("", at.now)
    with pytest.raises(LockedError):
        authenticate(f"{row.prefix}_wrong", at.now)
    authenticate(secret, at.now)
    with django_assert_max_num_queries(2):
        assert authenticate(secret, at.now).user == at.users["paidan"]
