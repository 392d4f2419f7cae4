"""What comes from phones besides records: deeds that were queued there, and the phones themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class Deed(Base):
    """One thing done on a phone and sent later: its ``uuid`` was given there, so that sending twice does it once.

    ``digest`` is the SHA-256 of what was sent; ``answer`` what the phone was told, and is told again.
    """

    uuid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.JSONField(default=dict)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal("answering the phone that sent it, and no other person's", None, "nobody"),
    }

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="fieldwork_deed_mine")]


class Phone(Base):
    """One person's app on one phone, as it last came for its key.

    ``install`` was made by the phone. ``handle`` names the session with which it last came: when that session is ended
    from elsewhere, the phone is signed out (``ended_at``) and told so when it next comes.
    """

    install = models.UUIDField()
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    handle = models.CharField(max_length=20, default="", blank=True)
    first_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {
        "install": Personal("signing a lost phone out", 90, "nobody"),
        "handle": Personal("signing a lost phone out", 90, "nobody"),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["install", "user"], name="fieldwork_phone_once")]
