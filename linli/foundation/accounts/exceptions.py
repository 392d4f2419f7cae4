"""What can go wrong when somebody logs in or minds their account."""

from __future__ import annotations

from linli.foundation.core.errors import DomainError


class LoginFailedError(DomainError):
    """Name, password or code do not fit; never says which."""

    status = 401
    code = "accounts.login_failed"


class LockedError(DomainError):
    """Too many tries; ``params["wait"]`` says how many seconds to wait."""

    status = 429
    code = "accounts.locked"


class SecondFactorNeededError(DomainError):
    """The first factor fits; a code of the second one must follow. ``params["user"]`` holds the user."""

    status = 401
    code = "accounts.second_factor"


class FirstPasswordExpiredError(LoginFailedError):
    """The first password is right, and older than it may be: a new one must be issued."""

    code = "accounts.first_password_expired"


class RateError(DomainError):
    """A program asks more often than its token allows; ``params["wait"]`` says how many seconds to wait."""

    status = 429
    code = "accounts.rate"
