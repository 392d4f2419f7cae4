import ipaddress
import secrets

from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.accounts import rules


def test_waits_grow_and_are_bounded():
    limit = rules.Limit(free=4, first_wait=60, longest_wait=3600, forget_after=86_400)
    assert [rules.wait_after(n, limit) for n in range(12)] == [0] * 5 + [60, 120, 240, 480, 960, 1920, 3600]
    assert rules.wait_after(10**9, limit) == 3600


@given(st.integers(0, 10**6))
def test_waits_never_shrink(n):
    assert rules.wait_after(n, rules.ACCOUNT_LIMIT) <= rules.wait_after(n + 1, rules.ACCOUNT_LIMIT)


def test_phones():
    assert rules.normal_phone("138 0000-0000") == "+8613800000000"
    assert rules.normal_phone("１３８００００００００") == "+8613800000000"
    assert rules.normal_phone("+86 138 0000 0000") == "+8613800000000"
    assert rules.normal_phone("sunli") == ""


@given(st.text())
def test_odd_text_is_no_phone_and_no_crash(text):
    rules.normal_phone(text)
    assert rules.normal_username(rules.normal_username(text)) is not None


def test_ipv6_is_counted_by_its_network():
    assert rules.address_key("2001:db8::1") == rules.address_key("2001:db8::ffff") == "2001:db8::"
    assert rules.address_key("::ffff:10.0.0.1") == "10.0.0.1"
    assert rules.address_key("junk") == "unknown"
    assert ipaddress.ip_address(rules.address_key("10.1.2.3"))


def test_password_rules():
    def problems(password, minimum=10):
        return rules.password_problems(
            password, minimum=minimum, names=["sunli", "孙莉"], is_common=lambda p: p == "letmein"
        )

    assert problems("kmbt-4832-xwhn") == []
    assert problems("short1", 8) == ["short"]
    assert problems("woaini1314") == ["common"]
    assert problems("SunLi-2026!") == ["name"]
    assert problems("aaaaaaaaaaaa") == ["simple"]
    assert "long" in problems("x1y2" * 100)


def test_first_passwords_satisfy_the_rules():
    for _round in range(50):
        password = rules.readable_password(secrets.choice)
        assert len(password) == 14
        assert not set(password) & set("01oil")
        assert "short" not in rules.password_problems(password, minimum=10, names=[], is_common=lambda _p: False)
