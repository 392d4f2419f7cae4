"""E-mail over SMTP: plain text, no remote content, a Message-ID that stays the same at every attempt."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import BadHeaderError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from linli.foundation.core.errors import InvalidError
from linli.foundation.messages.rules import one_line
from linli.foundation.messages.types import Letter, Recipient, Sent, State

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_log = logging.getLogger(__name__)


def _mail(letter: Letter, connection: Any) -> EmailMessage:
    parts = [letter.rendered.body]
    if letter.url and letter.url not in letter.rendered.body:
        parts.append(letter.url)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    headers = {"Message-ID": f"<{letter.uuid}@{host}>", "Auto-Submitted": "auto-generated"}
    thread, subject = letter.thread, letter.rendered.subject
    if answered := one_line(thread.message_id):
        headers |= {"In-Reply-To": answered, "References": answered}
    return EmailMessage(
        subject=one_line(f"{subject} [{thread.mark}]" if thread.mark else subject),
        reply_to=[one_line(thread.reply_to)] if thread.reply_to else None,
        body="\n\n".join(parts) + "\n",
        to=[letter.address],
        headers=headers,
        connection=connection,
    )


def _code_of(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((int(code) for code, _text in error.recipients.values()), default=0)
    return int(getattr(error, "smtp_code", 0) or 0)


def _failure(error: Exception) -> Sent:
    """Return what an exception means: the server's 5xx is final, all else is worth another attempt."""
    code = _code_of(error)
    # The text of a server's answer may repeat the address: only its number is kept.
    words = f"{type(error).__name__} {code}".strip() if code else type(error).__name__
    return Sent(State.FAILED, words, again=not 500 <= code < 600 and not isinstance(error, BadHeaderError))


class _Sender:
    """Sends letters over one connection; once the server is out of reach the rest waits without trying."""

    def __init__(self) -> None:
        self.connection = get_connection()
        self.down: Sent | None = None

    def __call__(self, letter: Letter) -> Sent:
        if self.down is not None:
            return self.down
        try:
            self.connection.open()
        except (smtplib.SMTPException, OSError) as error:
            _log.warning("the mail server cannot be reached: %s", type(error).__name__)
            self.down = Sent(State.FAILED, f"{type(error).__name__}", again=True)
            return self.down
        try:
            _mail(letter, self.connection).send()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            return _failure(error)
        return Sent(State.SENT)

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        with suppress(smtplib.SMTPException, OSError):
            self.connection.close()


def _not_set_up(letter: Letter) -> Sent:
    return Sent(State.FAILED, "LINLI_SMTP_HOST is not set", again=False)


@dataclass(frozen=True, slots=True)
class Email:
    """Mail to an address, by the server that the settings name."""

    first_state: State = State.QUEUED
    by_hand: bool = False
    quiet: bool = True
    optional: bool = True
    sends: bool = True

    def address(self, recipient: Recipient) -> str:
        """Return the address, if it is one: a line break in it never reaches a header."""
        try:
            validate_email(recipient.email)
        except ValidationError as error:
            message = _("电子邮件地址不正确。")
            raise InvalidError(message, code="messages.email", fields={"email": [message]}) from error
        return recipient.email

    @contextmanager
    def opened(self) -> Iterator[Callable[[Letter], Sent]]:
        """Give a function that sends letters over one connection."""
        if settings.EMAIL_BACKEND == _SMTP and not settings.EMAIL_HOST:
            yield _not_set_up
            return
        sender = _Sender()
        try:
            yield sender
        finally:
            sender.close()


channel = Email()
