"""Pure rules of accounts: names, telephone numbers, passwords, growing waits."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import phonenumbers

# No 0/o, 1/l/i and no vowels: read from a printed slip and typed.
_LETTERS = "bcdfghjkmnpqrtvwxyz"
_DIGITS = "23456789"
_HOME = "CN"
# Passwords common here that the international list lacks.
LOCAL_COMMON = frozenset(
    {
        "woaini1314", "woaini520", "woaini521", "5201314520", "1314520", "a123456789", "aa123456", "aa12345678",
        "abc123456", "qq123456", "qwer1234", "1qaz2wsx", "zxcvbnm123", "admin123", "admin12345", "password123",
        "123456789a", "12345678910", "huayang123", "shanghai123", "linli12345", "1234567890", "88888888", "66666666",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures are free, and how the wait grows behind them.

    Attributes:
        free: failures that cost no wait.
        first_wait: seconds after the first failure that is not free; doubled by each further one.
        longest_wait: the wait never grows beyond this.
        forget_after: seconds without a failure after which the count starts anew.
    """

    free: int
    first_wait: int
    longest_wait: int
    forget_after: int


ACCOUNT_LIMIT = Limit(free=4, first_wait=60, longest_wait=3600, forget_after=86_400)
# A whole office may stand behind one address.
ADDRESS_LIMIT = Limit(free=39, first_wait=60, longest_wait=3600, forget_after=3600)
CODE_PHONE_LIMIT = Limit(free=0, first_wait=60, longest_wait=3600, forget_after=7200)
CODE_ADDRESS_LIMIT = Limit(free=19, first_wait=60, longest_wait=3600, forget_after=3600)

CODE_SECONDS = 300
CODE_TRIES = 5
# Where no rulebook says otherwise.
FIRST_PASSWORD_DAYS = 7
CONFIRMED_SECONDS = 600
SCREEN_DAYS = 366
APP_PASSWORD_DAYS = 366
MOST_APP_PASSWORDS = 10
TOKEN_DAYS = 366
MOST_TOKENS = 20
TOKEN_PER_MINUTE = 300
MOST_TOKEN_PER_MINUTE = 6_000
STAFF_IDLE_SECONDS = 8 * 3600
PASSWORD_LENGTH = {"staff": 10, "resident": 8}


def wait_after(failures: int, limit: Limit) -> int:
    """Return the seconds to wait after that many failures in a row."""
    beyond = failures - limit.free
    if beyond <= 0:
        return 0
    return min(limit.longest_wait, limit.first_wait << min(beyond - 1, 20))


def normal_username(text: str) -> str:
    """Return a login name as it is kept and compared: NFKC, lower case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def normal_phone(text: str) -> str:
    """Return a telephone number in E.164 (``+8613800000000``), or "" where it is none."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text).strip()[:32], _HOME)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def address_key(address: str) -> str:
    """Return what stands for a network address when failures are counted: IPv6 by its /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network(f"{found}/64", strict=False).network_address)


def password_problems(
    password: str, *, minimum: int, names: Collection[str], is_common: Callable[[str], bool]
) -> list[str]:
    """Return the codes of what speaks against ``password``: ``short``, ``long``, ``common``, ``name``, ``simple``."""
    found: list[str] = []
    if len(password) < minimum:
        found.append("short")
    if len(password) > 256:
        found.append("long")
    if password.lower() in LOCAL_COMMON or is_common(password):
        found.append("common")
    if any(len(name) >= 4 and name.casefold() in password.casefold() for name in names):
        found.append("name")
    if password and len(set(password)) < 4:
        found.append("simple")
    return found


def readable_password(choose: Callable[[Sequence[str]], str]) -> str:
    """Return a first password of about 45 bits that can be read from a slip: ``kmbt-4832-xwhn``."""
    parts = [_LETTERS, _DIGITS, _LETTERS]
    return "-".join("".join(choose(alphabet) for _ in range(4)) for alphabet in parts)


def app_password(choose: Callable[[Sequence[str]], str]) -> str:
    """Return a password for a program, of about 95 bits, that can be typed on a phone: ``kmbtx-wrn4h-…``."""
    return "-".join("".join(choose(_LETTERS + _DIGITS) for _ in range(5)) for _ in range(4))


def normal_app_password(text: str) -> str:
    """Return what was typed as it is compared: NFKC, lower case, no hyphens and no spaces."""
    return normal_username(text[:200]).replace("-", "")
