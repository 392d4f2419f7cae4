import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.db import connection

from linli.foundation.accounts import selectors, services
from linli.foundation.accounts.exceptions import (
    FirstPasswordExpiredError,
    LockedError,
    LoginFailedError,
    SecondFactorNeededError,
)
from linli.foundation.accounts.models import OneTimeCode, RecoveryCode, Session, Throttle, User
from linli.foundation.accounts.services import throttle
from linli.foundation.core.actors import SYSTEM, Actor, ActorKind
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.jobs.services import delete_what_is_over
from linli.foundation.journal import services as journal
from linli.foundation.rulebook import services as rulebook

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "kmbt-4832-xwhn"


def make(username="sunli", **kwargs):
    kwargs.setdefault("password", PASSWORD)
    return services.create_user(username=username, display_name="孙莉", by=SYSTEM, now=NOW, **kwargs)


def enter(username="sunli", password=PASSWORD, now=NOW, address="10.0.0.1", code=""):
    return services.authenticate(username=username, password=password, address=address, now=now, code=code)


def actor(user):
    return Actor(kind=ActorKind.USER, uuid=user.uuid, user_id=user.pk)


@pytest.fixture
def entries(monkeypatch):
    found = []
    monkeypatch.setattr(journal, "record", lambda **entry: found.append(entry))
    return found


@pytest.mark.django_db
def test_name_or_phone_with_password(entries):
    user = make(phone="13800000000")
    assert enter() == user
    assert enter("ＳｕｎＬｉ ") == user
    assert enter("138 0000 0000") == user
    assert user.phone == "+8613800000000"
    assert b"138" not in bytes(User.objects.get().phone_sealed)
    assert [e["verb"] for e in entries] == ["accounts.create", *["accounts.login"] * 3]


@pytest.mark.django_db
def test_failures_look_the_same(entries):
    make()
    make("demo", is_demo=True)
    make("nologin", password=None)
    closed = make("closed")
    services.set_active(by=SYSTEM, now=NOW, user=closed, active=False, reason="离岗")
    entries.clear()
    said = set()
    for name, password in [("nobody", "x"), ("sunli", "x"), ("demo", PASSWORD), ("closed", PASSWORD), ("nologin", "")]:
        with pytest.raises(LoginFailedError) as error:
            enter(name, password)
        said.add(str(error.value))
    assert len(said) == 1
    assert [e["verb"] for e in entries] == ["accounts.login_failed"] * 5
    assert not any("nobody" in str(e) for e in entries)


@pytest.mark.django_db
def test_a_missing_account_costs_the_same_hashing(monkeypatch):
    make()
    checked = []
    monkeypatch.setattr("linli.foundation.accounts.services.login.check_password", lambda p, h: checked.append(h[:9]))
    for name in ("sunli", "nobody"):
        with pytest.raises(LoginFailedError):
            enter(name, "x")
    assert checked == ["argon2$ar"] * 2


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sunli", "nobody"])
def test_lockout_grows_and_hides_whether_the_account_exists(name):
    make()
    for _try in range(5):
        with pytest.raises(LoginFailedError):
            enter(name, "wrong")
    with pytest.raises(LockedError) as error:
        enter(name, PASSWORD)
    assert error.value.params["wait"] == 60
    later = NOW + timedelta(seconds=61)
    with pytest.raises(LoginFailedError):
        enter(name, "wrong", now=later)
    with pytest.raises(LockedError) as error:
        enter(name, PASSWORD, now=later)
    assert error.value.params["wait"] == 120
    if name == "sunli":
        assert enter(now=later + timedelta(seconds=121)).username == "sunli"
        with pytest.raises(LoginFailedError):  # the count began anew
            enter(password="wrong", now=later + timedelta(seconds=122))


@pytest.mark.django_db
def test_an_address_that_tries_many_names_is_locked(monkeypatch):
    monkeypatch.setattr("linli.foundation.accounts.services.login.check_password", lambda p, h: False)
    for n in range(40):
        with pytest.raises(LoginFailedError):
            enter(f"name{n}", "x", address="10.9.9.9")
    with pytest.raises(LockedError):
        enter("another", "x", address="10.9.9.9")
    with pytest.raises(LoginFailedError):
        enter("another", "x", address="10.9.9.8")


@pytest.mark.django_db
def test_an_office_behind_one_address_is_not_locked_by_success():
    make()
    for _time in range(3):
        enter()
    row = Throttle.objects.get(key=throttle.source_key("10.0.0.1"))
    assert row.failures == 0


@pytest.mark.django_db
def test_second_factor_and_recovery_codes():
    user = make()
    offer = services.begin_enrolment(user=user, issuer="邻里")
    totp = pyotp.TOTP(offer.secret)
    with pytest.raises(InvalidError):
        services.enrol(by=actor(user), now=NOW, user=user, secret=offer.secret, code="000000x")
    codes = services.enrol(by=actor(user), now=NOW, user=user, secret=offer.secret, code=totp.at(NOW))
    assert offer.secret.encode() not in bytes(User.objects.get().totp_sealed)
    with pytest.raises(SecondFactorNeededError) as needed:
        enter()
    assert needed.value.params["user"] == user
    with pytest.raises(LoginFailedError):  # the code that enrolled is used up
        enter(code=totp.at(NOW))
    later = NOW + timedelta(seconds=60)
    assert enter(code=totp.at(later), now=later) == user
    with pytest.raises(LoginFailedError):
        enter(code=totp.at(later), now=later)
    assert services.second_step(user_id=user.pk, code=codes[0].lower(), address="10.0.0.1", now=later) == user
    with pytest.raises(LoginFailedError):
        enter(code=codes[0], now=later)
    assert RecoveryCode.objects.filter(used_at__isnull=True).count() == 9
    services.remove_second_factor(by=SYSTEM, now=NOW, user=user, reason="手机遗失")
    assert enter(now=later) == user


@pytest.mark.django_db
def test_one_time_code(settings):
    user = make(phone="13800000000")
    sent = []
    services.deliver_code_by(lambda who, phone, code, now: sent.append((who, phone, code)))
    assert services.send_code(phone="13800000000", address="10.0.0.1", now=NOW) == ""
    assert sent[0][:2] == (user, "+8613800000000")
    with pytest.raises(LockedError):
        services.send_code(phone="13800000000", address="10.0.0.1", now=NOW)
    code = sent[0][2]
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    go: Any = {"phone": "13800000000", "address": "10.0.0.1", "now": NOW + timedelta(minutes=1)}
    with pytest.raises(LoginFailedError):
        services.authenticate_by_code(code=wrong, **go)
    assert services.authenticate_by_code(code=code, **go) == user
    with pytest.raises(LoginFailedError):
        services.authenticate_by_code(code=code, **go)
    settings.DEMO = True
    assert len(services.send_code(phone="13911111111", address="10.0.0.1", now=NOW)) == 6
    assert len(sent) == 1


@pytest.mark.django_db
def test_one_time_code_expires_and_bears_five_tries():
    make(phone="13800000000")
    sent = []
    services.deliver_code_by(lambda who, phone, code, now: sent.append(code))
    services.send_code(phone="13800000000", address="10.0.0.1", now=NOW)
    go = {"phone": "13800000000", "address": "10.0.0.1"}
    with pytest.raises(LoginFailedError):
        services.authenticate_by_code(code=sent[0], now=NOW + timedelta(seconds=301), **go)
    now = NOW + timedelta(hours=3)
    services.send_code(phone="13800000000", address="10.0.0.1", now=now)
    for n in range(5):
        Throttle.objects.all().delete()
        with pytest.raises(LoginFailedError):
            services.authenticate_by_code(code=f"wrong{n}", now=now, **go)
    Throttle.objects.all().delete()
    with pytest.raises(LoginFailedError):
        services.authenticate_by_code(code=sent[1], now=now, **go)


@pytest.mark.django_db
def test_first_password_and_change():
    user = make(password=None)
    slip = services.issue_password(by=SYSTEM, now=NOW, user=user)
    assert enter(password=slip.password).must_change_password
    mine = {"by": actor(user), "now": NOW, "user": user, "address": "10.0.0.1"}
    with pytest.raises(InvalidError) as error:
        services.change_password(old="wrong", new="another-Pass-77", **mine)
    assert set(error.value.fields) == {"old"}
    for bad in ("short", "password123", slip.password):
        with pytest.raises(InvalidError) as error:
            services.change_password(old=slip.password, new=bad, **mine)
        assert set(error.value.fields) == {"new"}
    services.change_password(old=slip.password, new="another-Pass-77", **mine)
    assert not enter(password="another-Pass-77").must_change_password


@pytest.mark.django_db
def test_accounts_are_minded_by_administrators_only():
    user = make()
    other = actor(make("other"))
    with pytest.raises(ForbiddenError):
        services.issue_password(by=other, now=NOW, user=user)
    with pytest.raises(ForbiddenError):
        services.end_sessions(by=other, now=NOW, user=user)
    with pytest.raises(ForbiddenError):
        selectors.sessions_of(by=other, user_id=user.pk, now=NOW)
    with pytest.raises(ForbiddenError):
        services.create_user(username="third", display_name="丙", by=other, now=NOW)
    with pytest.raises(ForbiddenError):
        services.set_preferences(by=other, now=NOW, user=user, language="en", elder_mode=1)


@pytest.mark.django_db
def test_names_and_phones_are_taken_once():
    make(phone="13800000000")
    with pytest.raises(ConflictError):
        make("SUNLI")
    with pytest.raises(ConflictError):
        make("other", phone="+86 138 0000 0000")
    for name in ("", "a", "13800000000", "<script>"):
        with pytest.raises(InvalidError):
            make(name)
    with pytest.raises(InvalidError):
        make("kurz", password="short-pw1")
    make("resident", password="short-pw1", kind="resident")


@pytest.mark.django_db
def test_demo_accounts_present():
    make()
    assert not selectors.demo_accounts_present()
    make("demo", is_demo=True)
    assert selectors.demo_accounts_present()


@pytest.mark.django_db
def test_a_failing_journal_undoes_the_change(monkeypatch):
    def broken(**entry):
        raise RuntimeError

    monkeypatch.setattr(journal, "record", broken)
    with pytest.raises(RuntimeError):
        make()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="threads that write at once")
def test_parallel_guesses_are_all_counted(monkeypatch):
    make()
    judged = []

    def judge(password, encoded):
        judged.append(password)
        return False

    monkeypatch.setattr("linli.foundation.accounts.services.login.check_password", judge)
    start = threading.Barrier(12)
    outcomes = []

    def guess(n):
        try:
            start.wait()
            enter(password=str(n), address=f"10.0.1.{n}")
        except (LoginFailedError, LockedError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(judged) == 5
    assert sorted(outcomes) == ["LockedError"] * 7 + ["LoginFailedError"] * 5
    assert Throttle.objects.get(key__startswith="account:").failures == 5


@pytest.mark.django_db
def test_uses_of_two_keys_are_counted_together_each_with_its_own_window():
    uses = [throttle.Use("of an hour", 2, timedelta(hours=1)), throttle.Use("of a day", 3, timedelta(days=1))]
    for _ in range(2):
        throttle.tally_all(uses, now=NOW)
    with pytest.raises(LockedError):
        throttle.tally_all(uses, now=NOW)
    later = NOW + timedelta(hours=2)
    with pytest.raises(LockedError):  # the hour is over, the day is not
        throttle.tally_all(uses, now=later)
    throttle.tally("of an hour", most=2, window=timedelta(hours=1), now=later)
    with pytest.raises(LockedError):
        throttle.tally("of an hour", most=2, window=timedelta(hours=1), now=later)
    throttle.tally_all(uses, now=NOW + timedelta(days=1))


@pytest.mark.django_db
def test_a_closed_account_loses_its_way_in_after_thirty_days():
    user, other = make(phone="13800000000"), make("other")
    RecoveryCode.objects.create(user=user, code_hash="x")
    services.set_active(by=SYSTEM, now=NOW, user=user, active=False, reason="离岗")
    delete_what_is_over(now=NOW + timedelta(days=29))
    user.refresh_from_db()
    assert user.phone == "+8613800000000"
    done = delete_what_is_over(now=NOW + timedelta(days=31))
    assert (done["accounts.closed"], done["accounts.recovery_code"]) == (1, 1)
    user.refresh_from_db()
    assert (user.username, user.phone, user.phone_hash) == (f"closed-{user.pk}", "", "")
    assert (user.has_usable_password(), user.display_name) == (False, "孙莉")
    assert enter("other", now=NOW + timedelta(days=31)) == other
    make(phone="13800000000")  # name and number are free again
    assert "accounts.closed" not in delete_what_is_over(now=NOW + timedelta(days=32))


@pytest.mark.django_db
def test_an_account_that_was_opened_again_stays():
    user = make()
    services.set_active(by=SYSTEM, now=NOW, user=user, active=False, reason="借调")
    services.set_active(by=SYSTEM, now=NOW, user=user, active=True, reason="回岗")
    delete_what_is_over(now=NOW + timedelta(days=400))
    assert enter(now=NOW + timedelta(days=400)) == user


@pytest.mark.django_db
def test_sessions_and_codes_go_when_they_are_over():
    def session(key, until):
        Session.objects.create(session_key=key, expire_date=until, created_at=NOW, last_seen_at=NOW)

    session("open", NOW + timedelta(hours=1))
    session("over", NOW - timedelta(seconds=1))
    for hours, code in ((-25, "over"), (-23, "fresh")):
        OneTimeCode.objects.create(
            phone_hash=code, code_hash="x", created_at=NOW, expires_at=NOW + timedelta(hours=hours)
        )
    delete_what_is_over(now=NOW)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert list(OneTimeCode.objects.values_list("phone_hash", flat=True)) == ["fresh"]


@pytest.mark.django_db
def test_a_first_password_is_good_for_seven_days(entries):
    user = make(password=None)
    slip = services.issue_password(by=SYSTEM, now=NOW, user=user)
    last = NOW + timedelta(days=7) - timedelta(seconds=1)
    assert enter(password=slip.password, now=last) == user
    late = NOW + timedelta(days=7)
    with pytest.raises(FirstPasswordExpiredError) as error:
        enter(password=slip.password, now=late)
    assert "初始密码已过期" in str(error.value)
    assert "系统管理员" in error.value.hint
    assert entries[-1]["reason"] == "first password expired"
    with pytest.raises(LoginFailedError) as other:
        enter(password="wrong", now=late)
    assert not isinstance(other.value, FirstPasswordExpiredError)  # only who has it learns that it is over
    fresh = services.issue_password(by=SYSTEM, now=late, user=user)
    assert enter(password=fresh.password, now=late) == user


@pytest.mark.django_db
def test_the_rulebook_says_how_long_a_first_password_is_good():
    rulebook.set_rule(
        by=SYSTEM, now=NOW, code="accounts.first_password_days", value=1, unit="天", source="本街道", mark="G",
        valid_from=NOW.date(), why="收紧",
    )  # fmt: skip
    slip = services.issue_password(by=SYSTEM, now=NOW, user=make(password=None))
    with pytest.raises(FirstPasswordExpiredError):
        enter(password=slip.password, now=NOW + timedelta(days=1))


@pytest.mark.django_db
def test_a_password_of_ones_own_does_not_expire():
    user = make(password=None)
    slip = services.issue_password(by=SYSTEM, now=NOW, user=user)
    services.change_password(
        by=actor(user), now=NOW, user=user, old=slip.password, new="another-Pass-77", address="10.0.0.1"
    )
    assert enter(password="another-Pass-77", now=NOW + timedelta(days=400)) == user


@pytest.mark.django_db
def test_a_locked_out_administrator_is_let_in_again(entries):
    user = make()
    for _n in range(6):
        with pytest.raises((LoginFailedError, LockedError)):
            enter(password="wrong")
    with pytest.raises(LockedError):
        enter()
    slip = services.let_in_again(by=SYSTEM, now=NOW, user=user, reason="忘记密码")
    assert enter(password=slip.password).must_change_password
    entry = next(e for e in entries if e["verb"] == "accounts.issue_password")
    assert (entry["by"], entry["reason"]) == (SYSTEM, "忘记密码")
    assert slip.password not in str(entries)
    with pytest.raises(ForbiddenError):
        services.let_in_again(by=actor(make("other")), now=NOW, user=user, reason="x")
