"""Who can log in, their sessions, and what is counted against guessing."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.foundation.core import crypto
from linli.foundation.core.db import prepared
from linli.foundation.core.db.prepared import Prepared
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal

PHONE_PURPOSE = "accounts.phone"
TOTP_PURPOSE = "accounts.totp"
SCREEN_PURPOSE = "accounts.screen"
APP_PURPOSE = "accounts.app"
ANSWER_PURPOSE = "accounts.answer"
API_DOOR = "api"


class UserKind(models.TextChoices):
    """Which password rules and idle times hold."""

    STAFF = "staff", _("工作人员")
    RESIDENT = "resident", _("居民")
    PROGRAM = "program", _("对接程序")


class ElderMode(models.IntegerChoices):
    """How large everything is shown."""

    STANDARD = 0, _("标准版")
    LARGE = 1, _("长辈版（大字）")
    LARGER = 2, _("长辈版（特大字）")
    LARGEST = 3, _("长辈版（超大字）")


class UserManager(BaseUserManager["User"]):
    """Finds users by the name they log in with."""


class User(AbstractBaseUser, Base):
    """A person who can log in: a name, a password or one-time codes, and nothing about their life."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=UserKind.choices, default=UserKind.STAFF)
    phone_sealed = models.BinaryField(default=bytes, blank=True)
    phone_hash = models.CharField(max_length=64, default="", blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    first_password_at = models.DateTimeField(null=True, blank=True)
    totp_sealed = models.BinaryField(default=bytes, blank=True)
    totp_enrolled_at = models.DateTimeField(null=True, blank=True)
    totp_last_step = models.BigIntegerField(default=0)
    language = models.CharField(max_length=16, default="", blank=True)
    elder_mode = models.PositiveSmallIntegerField(choices=ElderMode.choices, default=ElderMode.STANDARD)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"

    personal: ClassVar[dict[str, Personal]] = {
        "username": Personal("logging in", 30, "the user, administrators"),
        "display_name": Personal("naming who acts", None, "colleagues"),
        "phone_sealed": Personal("one-time codes and messages", 30, "the user, administrators", "encrypted"),
        "phone_hash": Personal("finding the account by telephone", 30, "nobody", "hashed"),
        "password": Personal("logging in", 30, "nobody", "hashed"),
        "totp_sealed": Personal("second factor", 30, "nobody", "encrypted"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_hash"], condition=~Q(phone_hash=""), name="accounts_user_phone_once"
            ),
            models.CheckConstraint(condition=Q(elder_mode__lte=3), name="accounts_user_elder_mode"),
        ]

    def __str__(self) -> str:
        """Return the name shown to colleagues."""
        return self.display_name

    @property
    def phone(self) -> str:
        """The telephone number in clear."""
        return crypto.decrypt_text(self.phone_sealed, PHONE_PURPOSE)

    def set_phone(self, phone: str) -> None:
        """Keep ``phone`` (E.164 or empty), encrypted, with its keyed hash for exact search."""
        self.phone_sealed = crypto.encrypt_text(phone, PHONE_PURPOSE)
        self.phone_hash = crypto.keyed_hash(phone, PHONE_PURPOSE) if phone else ""

    @property
    def has_second_factor(self) -> bool:
        """Whether a code of the authenticator is asked for."""
        return self.totp_enrolled_at is not None


class RecoveryCode(Base):
    """A code that replaces the second factor once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "code_hash": Personal("second factor", 30, "nobody", "hashed"),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="accounts_recovery_once")]


class OneTimeCode(Base):
    """A six-digit code sent to a telephone; the row is made whether or not anyone has that number."""

    phone_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "phone_hash": Personal("logging in by telephone", 1, "nobody", "hashed"),
    }

    class Meta:
        indexes = [models.Index(fields=["phone_hash", "-created_at"], name="accounts_code_phone")]


class Throttle(Base):
    """Failures counted against one account or one address; keys are hashes."""

    key = models.CharField(max_length=80, unique=True)
    failures = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "key": Personal("keeping guessers out", 30, "nobody", "hashed"),
    }


class SessionManager(BaseSessionManager["Session"]):
    """Finds open sessions."""

    def load(self, key: str, now: datetime) -> Session | None:
        """Return the open session with its user, in one statement, or None."""
        return _OPEN_SESSION.first(key, now)


class Session(AbstractBaseSession):
    """An open session: of a user, or of a guest who has something to remember."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="sessions")
    address = models.CharField(max_length=45, default="", blank=True)
    user_agent = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    objects: ClassVar[SessionManager] = SessionManager()

    personal: ClassVar[dict[str, Personal]] = {
        "address": Personal("letting users see who is logged in as them", 0, "the user, administrators"),
        "user_agent": Personal("letting users see who is logged in as them", 0, "the user, administrators"),
        "session_data": Personal("keeping somebody logged in", 0, "nobody"),
    }

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the store that reads and writes these rows."""
        from linli.foundation.accounts.sessions import SessionStore  # noqa: PLC0415  Django's own shape: they need each other

        return SessionStore


# Every request of somebody who is logged in begins with it.
_OPEN_SESSION = Prepared(
    lambda key, now: Session.objects.select_related("user").filter(session_key=key, expire_date__gt=now)[:1],
    [prepared.TEXT, prepared.MOMENT],
)


class Screen(Base):
    """A read-only link for a screen: a name, a hash of its token, an end. It opens one page and nothing else."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_label = models.CharField(max_length=200, default="", blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "created_label": Personal("who let the screen in", None, "system administrators"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="accounts_screen_ends"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def is_open(self, now: datetime) -> bool:
        """Return whether the link opens the page at ``now``."""
        return self.revoked_at is None and now < self.expires_at


class AppPassword(Base):
    """A password that one program uses in somebody's name, for one door alone; its own is never typed there.

    It was made by chance, is shown once and kept as a keyed hash. ``scope`` is the door that it opens. A token is the
    password of the door ``api``: it also names what may be done behind it, how often, and who made it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="app_passwords")
    scope = models.CharField(max_length=16)
    name = models.CharField(max_length=40)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    prefix = models.CharField(max_length=16, default="", blank=True)
    token_scopes = models.CharField(max_length=400, default="", blank=True)
    per_minute = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=200, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "name": Personal("telling one's devices apart", 30, "the user"),
        "made_by": Personal("who let the program in", 30, "the user, system administrators"),
        "secret_hash": Personal("letting one's program in", 30, "nobody", "hashed"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="accounts_app_ends"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def is_open(self, now: datetime) -> bool:
        """Return whether it opens its door at ``now``."""
        return self.revoked_at is None and now < self.expires_at

    @property
    def scopes(self) -> frozenset[str]:
        """What a token may be used for: codes of :class:`~linli.foundation.accounts.types.TokenScope`."""
        return frozenset(self.token_scopes.split())


class KeptAnswer(Base):
    """What a program was answered to a request that bore a key of its own: sent again, it is answered the same.

    ``status`` is 0 while the first sending is still being worked on.
    """

    token = models.ForeignKey(AppPassword, on_delete=models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer_sealed = models.BinaryField(default=bytes, blank=True)
    asked_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "answer_sealed": Personal("answering a request that is sent again", 1, "the program that sent it", "encrypted"),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key_hash"], name="accounts_answer_once")]
