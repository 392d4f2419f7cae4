"""Mailboxes: entered and changed; the password is never shown again."""

from __future__ import annotations

import re
import ssl
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.mailbox.events import MAILBOX
from linli.engines.mailbox.models import PASSWORD_PURPOSE, Mailbox
from linli.engines.mailbox.permissions import check_keep
from linli.engines.mailbox.types import MailboxData, Security
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import encrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.core.faults import Faults, check_version, one
from linli.foundation.journal import services as journal

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?")
_SHOWN = ("name", "address", "host", "port", "security", "user", "folder", "area_id", "category", "active")


class _Faults(Faults):
    room = "mailbox"
    masks = False


def _check_address(faults: Faults, address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        faults.add("address", _("请填写完整的邮箱地址，例如 fanying@example.org。"))


def _check_ca(faults: Faults, ca: str) -> str:
    ca = ca.strip()
    if ca:
        try:
            ssl.create_default_context(cadata=ca)
        except (ssl.SSLError, ValueError):
            faults.add("ca", _("这不是 PEM 格式的证书：以 -----BEGIN CERTIFICATE----- 开头。"))
    return ca


def _values(data: MailboxData, row: Mailbox | None) -> dict[str, Any]:
    """Return the columns of what was entered, or raise with all that is wrong at once."""
    faults = _Faults()
    found: dict[str, Any] = {
        "name": faults.words("name", data.name, 40, needed=True),
        "address": faults.words("address", data.address, 254, needed=True),
        "host": faults.words("host", data.host, 253, needed=True).lower(),
        "user": faults.words("user", data.user, 254, needed=True),
        "folder": faults.words("folder", data.folder, 200, needed=True),
        "security": faults.choice("security", data.security, Security.values),
        "ca": _check_ca(faults, data.ca),
        "port": data.port,
        "area_id": data.area_id,
        "category": data.category,
        "active": data.active,
    }
    if found["address"]:
        _check_address(faults, found["address"])
    if found["host"] and not _HOST.fullmatch(found["host"]):
        faults.add("host", _("请填写服务器的名称，例如 imap.example.org，不带 https:// 和端口。"))
    if not 1 <= data.port <= 65535:
        faults.add("port", _("端口是 1 至 65535 的数。"))
    if any(c in found["user"] + found["folder"] + data.password for c in "\r\n\0"):
        faults.add("user", _("账号、密码和文件夹不能含有换行。"))
    if not data.password and not (row is not None and row.password_sealed):
        faults.add("password", _("请填写密码或授权码。"))
    if data.category and cases.category(data.category) is None:
        faults.add("category", _("请从列出的选项中选择。"))
    if Mailbox.objects.filter(name=found["name"]).exclude(pk=row.pk if row else 0).exists():
        faults.add("name", _("已有同名的收件邮箱，请换一个名称。"))
    faults.check()
    return found


def _shown(row: Mailbox) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SHOWN}


def _saved(row: Mailbox, *, new: bool) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=new)
    except IntegrityError as error:
        raise one("mailbox", "user", _("这个账号的这个文件夹已经登记过。")) from error


@whole
def add_mailbox(*, by: Actor, now: datetime, data: MailboxData) -> Mailbox:
    """Enter a mailbox; what lies in it already is taken only if it is unread and a few days old.

    Raises:
        ForbiddenError: not theirs to keep.
        InvalidError: with every field that is wrong.
    """
    check_keep(by)
    row = Mailbox(**_values(data, None), entered_at=now)
    row.password_sealed = encrypt_text(data.password, PASSWORD_PURPOSE)
    _saved(row, new=True)
    journal.record(
        by=by, verb="mailbox.add", kind=MAILBOX, uuid=row.uuid, label=row.name, now=now, after=_shown(row)
    )  # fmt: skip
    return row


@whole
def change_mailbox(*, by: Actor, now: datetime, mailbox: Mailbox, data: MailboxData, expected: int | None) -> Mailbox:
    """Change a mailbox; another account or folder is read from its beginning, as a new one is.

    A password that is known is never sent to another server: it must be typed again.

    Raises:
        ForbiddenError: not theirs to keep.
        InvalidError: with every field that is wrong.
        StaleError: somebody else changed it meanwhile.
    """
    check_keep(by)
    row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    check_version(row, expected)
    before = _shown(row)
    values = _values(data, row)
    moved = any(values[name] != before[name] for name in ("host", "user", "folder"))
    weaker = any(values[name] != before[name] for name in ("host", "port", "security"))
    if weaker and not data.password:
        raise one("mailbox", "password", _("服务器或加密方式变了，请重新填写密码或授权码。"))
    for name, value in values.items():
        setattr(row, name, value)
    if data.password:
        row.password_sealed = encrypt_text(data.password, PASSWORD_PURPOSE)
    if moved:
        row.uid_validity, row.last_uid = None, 0
    if not row.active:
        row.failing_since, row.failures, row.trouble, row.told_at = None, 0, "", None
    row.version += 1
    _saved(row, new=False)
    journal.record(
        by=by, verb="mailbox.change", kind=MAILBOX, uuid=row.uuid, label=row.name, now=now, before=before,
        after={**_shown(row), "password": bool(data.password)},
    )  # fmt: skip
    return row
