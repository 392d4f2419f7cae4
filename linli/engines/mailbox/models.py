"""Mailboxes, the messages that came, and each message as it came until its days are over."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.mailbox.types import MailState, Reason, Security
from linli.foundation.core import crypto
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal

PASSWORD_PURPOSE = "mailbox.password"  # noqa: S105  what the key is for
MAIL, RAW, KEY = "mailbox.mail", "mailbox.raw", "mailbox.key"
_WHO = "whoever decides on it, on request with a purpose, journalled"


class Mailbox(Base):
    """One mailbox: where it is, and how far it was read.

    ``uid_validity`` and ``last_uid`` say how far; ``failing_since`` since when it cannot be read, ``told_at`` when
    the administrators were told of that.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=40)
    address = models.CharField(max_length=254)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    security = models.CharField(max_length=8, choices=Security.choices, default=Security.TLS)
    user = models.CharField(max_length=254)
    password_sealed = models.BinaryField(default=b"")
    folder = models.CharField(max_length=200, default="INBOX")
    ca = models.TextField(default="", blank=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=40, default="", blank=True)
    active = models.BooleanField(default=True)
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    fine_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=300, default="", blank=True)
    told_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    # The account is the office's and no person's.
    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="mailbox_name_once"),
            models.UniqueConstraint(fields=["host", "user", "folder"], name="mailbox_account_once"),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="mailbox_port"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def password(self) -> str:
        """The password in clear."""
        return crypto.decrypt_text(self.password_sealed, PASSWORD_PURPOSE)


class Mail(Base):
    """One message and what became of it.

    ``key`` is the same for the same message in whichever mailbox, so that it is taken once; ``id_hash`` finds it by
    its ``Message-ID``. ``case_number`` of a message that waits for a person is the case that it seems to mean.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="mails")
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    key = models.CharField(max_length=64, unique=True)
    id_hash = models.CharField(max_length=64, default="", blank=True)
    size = models.PositiveIntegerField()
    came_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    reason = models.CharField(max_length=16, choices=Reason.choices, default="", blank=True)
    detail = models.CharField(max_length=300, default="", blank=True)
    sender_sealed = models.BinaryField(default=b"")
    sender_hash = models.CharField(max_length=64, default="", blank=True)
    sender_masked = models.CharField(max_length=120, default="", blank=True)
    subject = models.CharField(max_length=200, default="", blank=True)
    text = models.CharField(max_length=600, default="", blank=True)
    content_sealed = models.BinaryField(default=b"")
    attachments = models.PositiveSmallIntegerField(default=0)
    case_uuid = models.UUIDField(null=True)
    case_number = models.CharField(max_length=40, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_label = models.CharField(max_length=80, default="", blank=True)
    decided_reason = models.CharField(max_length=300, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "sender_sealed": Personal("answering who wrote", None, _WHO, "encrypted"),
        "sender_hash": Personal("counting how often an address writes", None, "nobody", "hashed"),
        "sender_masked": Personal("telling messages apart", None, "who reads the list", "masked"),
        "subject": Personal("telling messages apart", None, "who reads the list", "masked"),
        "text": Personal("deciding what becomes of it", None, "who reads the list", "masked"),
        "content_sealed": Personal("what was written, in full", None, _WHO, "encrypted"),
        "decided_label": Personal("knowing whom to ask", None, "colleagues"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="mailbox_mail_uid"),
            models.CheckConstraint(
                condition=~Q(state__in=["case", "answer"]) | Q(case_uuid__isnull=False), name="mailbox_mail_case"
            ),
            models.CheckConstraint(
                condition=~Q(state="discarded") | Q(decided_at__isnull=False) & ~Q(decided_reason=""),
                name="mailbox_mail_discarded",
            ),
        ]
        indexes = [
            models.Index(fields=["-came_at", "-id"], name="mailbox_mail_list"),
            models.Index(fields=["came_at", "id"], condition=Q(state="aside"), name="mailbox_mail_aside"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="mailbox_mail_waiting"),
            models.Index(fields=["state", "-came_at", "-id"], name="mailbox_mail_state"),
            models.Index(fields=["sender_hash", "came_at"], name="mailbox_mail_sender"),
            models.Index(fields=["id_hash"], condition=~Q(id_hash=""), name="mailbox_mail_id"),
        ]


class RawMail(Base):
    """A message as it came, packed and encrypted; gone when its days are over."""

    mail = models.OneToOneField(Mail, on_delete=models.CASCADE, related_name="raw")
    sealed = models.BinaryField()

    personal: ClassVar[dict[str, Personal]] = {
        "sealed": Personal("making a case of it, and looking what really came", None, _WHO, "encrypted"),
    }
