"""What people are told, how it went, and how they want to be told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.messages.types import ChannelCode, Outcome, State

PARAMS = "messages.params"
ADDRESS = "messages.address"
NOTE = "messages.note"
URL = "messages.url"
THREAD = "messages.thread"


class Message(Base):
    """One message to one recipient by one channel, with its delivery state.

    The words are made from the template when they are read or sent; the parameters are kept sealed.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    batch = models.UUIDField()
    key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  null: not unique
    template = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    channel = models.CharField(max_length=16, choices=[(c.value, c.value) for c in ChannelCode])
    user_id = models.BigIntegerField(null=True)
    address_sealed = models.BinaryField(default=b"")
    address_hash = models.CharField(max_length=64, default="")
    address_masked = models.CharField(max_length=120, default="")
    params_sealed = models.BinaryField(default=b"")
    url_sealed = models.BinaryField(default=b"")
    thread_sealed = models.BinaryField(default=b"")
    subject_kind = models.CharField(max_length=32, default="")
    subject_uuid = models.UUIDField(null=True)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State])
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField()
    last_error = models.CharField(max_length=500, default="")
    outcome_unknown = models.BooleanField(default=False)
    receipt = models.CharField(max_length=64, default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    digested_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {
        "user_id": Personal("telling a person", 365, "that person, administrators"),
        "address_sealed": Personal("telling a person", 365, "whoever calls or visits", "encrypted"),
        "address_hash": Personal("finding what a person was told", 365, "nobody", "hashed"),
        "address_masked": Personal("showing where it went", 365, "case staff", "masked"),
        "params_sealed": Personal("the words of the message", 365, "the recipient, case staff", "encrypted"),
        "url_sealed": Personal("links may carry a personal token", 365, "the recipient", "encrypted"),
        "thread_sealed": Personal("answering in the thread of a person's mail", 365, "the recipient", "encrypted"),
    }

    class Meta:
        verbose_name = _("消息")
        constraints = [
            models.CheckConstraint(
                condition=~Q(channel=ChannelCode.IN_APP.value) | Q(user_id__isnull=False),
                name="messages_in_app_has_user",
            ),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="messages_attempts_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["user_id", "created_at", "id"],
                name="messages_inbox",
                condition=Q(channel=ChannelCode.IN_APP.value),
            ),
            models.Index(
                fields=["user_id"],
                name="messages_unread",
                condition=Q(channel=ChannelCode.IN_APP.value, read_at__isnull=True),
            ),
            models.Index(
                fields=["channel", "not_before", "id"],
                name="messages_waiting",
                condition=Q(state__in=[State.QUEUED.value, State.SENDING.value]),
            ),
            models.Index(fields=["created_at", "id"], name="messages_failed", condition=Q(state=State.FAILED.value)),
            models.Index(fields=["subject_kind", "subject_uuid"], name="messages_about"),
            models.Index(fields=["batch"], name="messages_batch"),
            models.Index(fields=["address_hash"], name="messages_by_address", condition=~Q(address_hash="")),
        ]


class ContactRecord(Base):
    """One attempt of a person to reach somebody by telephone, at the door or by text message."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=16, choices=[(c.value, c.value) for c in ChannelCode])
    subject_kind = models.CharField(max_length=32, default="")
    subject_uuid = models.UUIDField(null=True)
    outcome = models.CharField(max_length=16, choices=[(o.value, o.value) for o in Outcome])
    note_sealed = models.BinaryField(default=b"")
    at = models.DateTimeField()
    by_uuid = models.UUIDField(null=True)
    by_label = models.CharField(max_length=100, default="")
    recorded_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "note_sealed": Personal("what the person said", 365, "case staff", "encrypted"),
        "by_label": Personal("who called", None, "case staff"),
    }

    class Meta:
        verbose_name = _("联系记录")
        constraints = [models.CheckConstraint(condition=Q(at__lte=F("recorded_at")), name="messages_contact_not_ahead")]
        indexes = [models.Index(fields=["subject_kind", "subject_uuid", "at"], name="messages_contacts_about")]


class Preference(Base):
    """How a user wants to be told by one channel. No row: everything comes, without digest."""

    user_id = models.BigIntegerField()
    channel = models.CharField(max_length=16, choices=[(c.value, c.value) for c in ChannelCode])
    enabled = models.BooleanField(default=True)
    digest = models.BooleanField(default=False)
    address_sealed = models.BinaryField(default=b"")
    language = models.CharField(max_length=10, default="zh-hans")
    digested_on = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {
        "user_id": Personal("telling a person", None, "that person"),
        "address_sealed": Personal("where the daily digest goes", None, "that person", "encrypted"),
    }

    class Meta:
        verbose_name = _("消息偏好")
        constraints = [
            models.UniqueConstraint(fields=["user_id", "channel"], name="messages_preference_once"),
            models.CheckConstraint(
                condition=Q(digest=False) | (Q(channel=ChannelCode.EMAIL.value) & ~Q(address_sealed=b"")),
                name="messages_digest_has_address",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="messages_digests", condition=Q(digest=True))]


class TemplateText(Base):
    """Words of an installation's own in place of those shipped."""

    code = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    part = models.CharField(max_length=8)
    text = models.TextField()
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        verbose_name = _("消息模板")
        constraints = [models.UniqueConstraint(fields=["code", "language", "part"], name="messages_text_once")]
