"""Mailboxes and mails for tests."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime

from linli.engines.mailbox import services
from linli.engines.mailbox.types import MailboxData

ADDRESS = "fanying@example.org"


def data(server, **more):
    base = {
        "name": "群众来信", "address": ADDRESS, "host": "127.0.0.1", "port": server.port, "security": "none",
        "user": ADDRESS, "password": "shouquan",
    }  # fmt: skip
    return MailboxData(**(base | more))


def mailbox(world, server, **more):
    return services.add_mailbox(by=world.actor("xitong"), now=world.now, data=data(server, **more))


def letter(world, *, text="3 号楼楼道堆了两个星期的旧沙发。", subject="楼道堆物没人清", sender="wang@example.net",
           name="王建国", message_id="<a1@example.net>", **headers):  # fmt: skip
    """Return a plain message as bytes."""
    mail = EmailMessage()
    mail["From"] = f"{name} <{sender}>" if name else sender
    mail["To"], mail["Subject"], mail["Date"] = ADDRESS, subject, format_datetime(world.now)
    if message_id:
        mail["Message-ID"] = message_id
    for key, value in headers.items():
        mail[key.replace("_", "-")] = value
    mail.set_content(text, charset="utf-8")
    return mail


def raw(*known, **more):
    return letter(*known, **more).as_bytes()


def look(world, box, now=None):
    return services.look(now=now or world.now, mailbox_id=box.pk)
