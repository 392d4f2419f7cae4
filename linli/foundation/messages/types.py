"""Plain values that cross the door of the room `messages`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID


class ChannelCode(StrEnum):
    """The ways in which people are told; each is a folder below ``channels/``."""

    IN_APP = "in_app"
    EMAIL = "email"
    SMS = "sms"
    WECHAT = "wechat"
    PHONE = "phone"
    VISIT = "visit"
    PUBLIC_REPLY = "public_reply"


class State(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class Outcome(StrEnum):
    """What came of an attempt to reach somebody in person."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Thread:
    """The mail that an e-mail answers, so that both stand together at the reader's.

    Attributes:
        message_id: the ``Message-ID`` of that mail with its angle brackets, of one line; empty where it had none.
        reply_to: the address that an answer should go to; empty: the sender's own.
        mark: stands in square brackets behind the subject, by which an answer is known again.
    """

    message_id: str = ""
    reply_to: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: a user, a telephone number, an e-mail address, or nobody in particular (a public reply).

    ``wechat``: the name that the operator's WeChat or WeCom account knows a person by (openid, userid).
    ``thread``: the mail that an e-mail to them answers.
    """

    user_id: int | None = None
    phone: str = ""
    email: str = ""
    language: str = "zh-hans"
    wechat: str = ""
    thread: Thread | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one recipient.

    Attributes:
        params: values of the template's named parameters.
        subject_kind: what it is about (``case``), with ``subject_uuid``.
        url: where the reader can look, a path within Linli or a whole address.
        key: with a key, the same message to the same recipient by the same channel is sent once only.
        urgent: passes quiet hours; a template may say so too.
    """

    template: str
    params: Mapping[str, object]
    recipient: Recipient
    channel: ChannelCode
    subject_kind: str = ""
    subject_uuid: UUID | None = None
    url: str = ""
    key: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words: subject of one line, body, and a short form of one line."""

    subject: str
    body: str
    short: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a channel is handed to send."""

    uuid: UUID
    address: str
    rendered: Rendered
    url: str
    language: str
    thread: Thread = field(default_factory=Thread)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one letter.

    ``again`` says whether another attempt makes sense after a failure; ``error`` is empty on success.

    Attributes:
        after: how long to wait at least before the next attempt, where the other side named it. With the state
            ``QUEUED`` nothing was tried, and it counts as no attempt.
        unknown: it may have gone all the same (no answer, or one that nobody can read).
        receipt: the name that the other side gave the message.
    """

    state: State
    error: str = ""
    again: bool = False
    after: timedelta = timedelta()
    unknown: bool = False
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One message in a person's inbox."""

    id: int
    uuid: UUID
    template: str
    subject: str
    body: str
    url: str
    subject_kind: str
    subject_uuid: UUID | None
    urgent: bool
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of this room. The rulebook says what is in force (``messages.<field>``); these are as shipped."""

    quiet_from: time = time(21, 0)
    quiet_until: time = time(8, 0)
    digest_at: time = time(8, 0)
    attempts: int = 8
    first_wait: timedelta = field(default=timedelta(minutes=1))
    longest_wait: timedelta = field(default=timedelta(hours=6))
    gateway_hour: int = 300
