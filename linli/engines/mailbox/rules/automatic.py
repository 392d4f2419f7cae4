"""Which mails nobody wrote (RFC 3834, RFC 2076, and what Chinese mailers do), and which look like spam."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from linli.engines.mailbox.types import Incoming, Reason

_MOST_HOPS = 40
_DAEMONS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon"})
_AUTO_SUBJECT = re.compile(
    r"^\s*(?:自动回复|自動回覆|自动答复|外出自动|不在办公室|休假自动|automatic reply|out of (?:the )?office|"
    r"auto(?:matic)?[- ]?(?:reply|response)|vacation (?:reply|response))\s*(?:[:：!！(（\[]|$|\b)",
    re.I,
)
_BOUNCE_SUBJECT = re.compile(
    r"^\s*(?:undeliver(?:ed|able)|mail delivery (?:failed|failure|subsystem)|delivery status notification|"
    r"returned mail|failure notice|系统退信|退信|邮件被退回|来自.{0,40}的退信)",
    re.I,
)
_FAILED_ALIGNMENT = re.compile(r"\bdmarc\s*=\s*fail\b", re.I)


def _is_bounce(mail: Incoming) -> bool:
    headers = mail.headers
    return (
        headers.get("return-path", "x").strip() == "<>"
        or headers.get("content-type", "").lower().startswith("multipart/report")
        or mail.sender.partition("@")[0] in _DAEMONS
        or bool(_BOUNCE_SUBJECT.match(mail.subject))
    )


def _is_auto_reply(headers: Mapping[str, str], subject: str) -> bool:
    submitted = headers.get("auto-submitted", "no").partition(";")[0].strip().lower()
    precedence = headers.get("precedence", "").strip().lower()
    return (
        submitted not in {"no", ""}
        or precedence in {"auto_reply", "auto-reply"}
        or any(name in headers for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponse"))
        or bool(_AUTO_SUBJECT.match(subject))
    )


def _is_bulk(headers: Mapping[str, str]) -> bool:
    precedence = headers.get("precedence", "").strip().lower()
    lists = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "feedback-id")
    return precedence in {"bulk", "list", "junk"} or any(name in headers for name in lists)


def automatic(mail: Incoming, own: Collection[str]) -> Reason:
    """Return why nobody wrote ``mail``; :attr:`Reason.NONE` where somebody did.

    Args:
        own: the addresses that are ours, in small letters: mailboxes and what we send from.
    """
    if mail.sender in own:
        return Reason.OWN
    if mail.hops > _MOST_HOPS:
        return Reason.LOOP
    if _is_bounce(mail):
        return Reason.BOUNCE
    if _is_auto_reply(mail.headers, mail.subject):
        return Reason.AUTO_REPLY
    return Reason.BULK if _is_bulk(mail.headers) else Reason.NONE


def suspicious(mail: Incoming) -> bool:
    """Return whether the server that took the mail in calls it spam, or says that its sender is not who it claims."""
    headers = mail.headers
    flagged = headers.get("x-spam-flag", "").strip().lower() == "yes"
    scored = headers.get("x-spam-status", "").strip().lower().startswith("yes")
    named = mail.subject.lstrip().upper().startswith(("[SPAM]", "***SPAM***", "【垃圾邮件】", "[垃圾邮件]"))
    return flagged or scored or named or bool(_FAILED_ALIGNMENT.search(headers.get("authentication-results", "")))


def no_receipt(mail: Incoming) -> bool:
    """Return whether the sender asks for no automatic answer."""
    asked = mail.headers.get("x-auto-response-suppress", "").lower()
    return any(word in asked for word in ("all", "oof", "autoreply")) or mail.sender.startswith(
        ("noreply@", "no-reply@")
    )
