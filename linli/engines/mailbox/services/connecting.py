"""The way to a mail server: resolved once, refused where it is private, encrypted, and every trouble in plain words."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from linli import __version__
from linli.engines.mailbox.models import Mailbox
from linli.engines.mailbox.permissions import check_keep
from linli.engines.mailbox.types import Security, Step, Trial
from linli.foundation.core.actors import Actor
from linli.foundation.hooks import services as hooks

TIMEOUT = 20.0
_ID = f'("name" "linli" "version" "{__version__}" "vendor" "linli")'
# Some Chinese providers let nobody in who does not say by which program; the library knows no such command.
imaplib.Commands.setdefault("ID", ("AUTH", "NONAUTH", "SELECTED"))


class TroubleError(Exception):
    """A mailbox cannot be read. ``step`` says where it ended, ``said`` what to do, in the language in force."""

    def __init__(self, step: str, said: str) -> None:
        """Say where and what."""
        super().__init__(said)
        self.step, self.said = step, said


def _words(step: str) -> str:
    return {
        "resolve": _("找到服务器"), "connect": _("连接"), "secure": _("加密"), "login": _("登录"),
        "folder": _("打开文件夹"), "read": _("读取"),
    }[step]  # fmt: skip


class _Plain(imaplib.IMAP4):
    """Connects to the address that was looked at; what the name says a moment later plays no part."""

    def __init__(self, host: str, port: int, at: tuple[str, int]) -> None:
        self.at = at
        super().__init__(host, port, timeout=TIMEOUT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection(self.at, timeout)


class _Tls(imaplib.IMAP4_SSL):
    """As :class:`_Plain`, encrypted from the first byte."""

    def __init__(self, host: str, port: int, at: tuple[str, int], context: ssl.SSLContext) -> None:
        self.at = at
        super().__init__(host, port, ssl_context=context, timeout=TIMEOUT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection(self.at, timeout)
        secure: socket.socket = self.ssl_context.wrap_socket(plain, server_hostname=self.host)
        return secure


class _Box(BaseMailBox):
    def __init__(self, client: imaplib.IMAP4) -> None:
        self._given = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._given


def _resolve(row: Mailbox) -> tuple[str, int]:
    try:
        _family, at = hooks.resolve(row.host, row.port, private=settings.MAILBOX_PRIVATE)
    except hooks.RefusedError as error:
        raise TroubleError(
            "resolve",
            _("这个名称指向内网地址，服务器设置不允许。确需使用内网邮件服务器的，请设置 LINLI_MAILBOX_PRIVATE。"),
        ) from error
    except (OSError, UnicodeError) as error:
        raise TroubleError("resolve", _("找不到名为 %(host)s 的服务器，请核对名称。") % {"host": row.host}) from error
    if row.security == Security.NONE and not hooks.is_loopback(at[0]):
        raise TroubleError("secure", _("不加密的连接只能用于本机；请改用 TLS 或 STARTTLS。"))
    return at


def _context(row: Mailbox) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if row.ca:
        context.load_verify_locations(cadata=row.ca)
    return context


def _client(row: Mailbox, at: tuple[str, int]) -> imaplib.IMAP4:
    if row.security == Security.TLS:
        return _Tls(row.host, row.port, at, _context(row))
    client = _Plain(row.host, row.port, at)
    if row.security == Security.STARTTLS:
        try:
            _starttls(client, row)
        except BaseException:
            _hang_up(client)
            raise
    return client


def _starttls(client: imaplib.IMAP4, row: Mailbox) -> None:
    if "STARTTLS" not in client.capabilities:
        raise TroubleError("secure", _("服务器没有提供 STARTTLS；请改用 TLS 和它的端口（一般是 993）。"))
    try:
        client.starttls(_context(row))
    except imaplib.IMAP4.error as error:
        raise TroubleError("secure", _("服务器拒绝了加密。")) from error


def _hang_up(client: imaplib.IMAP4) -> None:
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()


def _certificate(error: ssl.SSLCertVerificationError) -> str:
    known = {
        18: _("服务器的证书是自签的；请把它的证书填在“信任的证书”里。"),
        19: _("服务器的证书不是由公认的机构签发的；请把签发它的证书填在“信任的证书”里。"),
        20: _("服务器的证书不是由公认的机构签发的；请把签发它的证书填在“信任的证书”里。"),
        10: _("服务器的证书已过期，请联系邮件服务商。"),
        62: _("证书上的名称与服务器名称不一致，请核对服务器名称。"),
        64: _("证书上的名称与服务器名称不一致，请核对服务器名称。"),
    }
    return known.get(error.verify_code, _("服务器的证书无法核实：%(why)s") % {"why": error.verify_message[:100]})


def _connect(row: Mailbox, at: tuple[str, int]) -> imaplib.IMAP4:
    where = {"host": row.host, "port": row.port}
    try:
        return _client(row, at)
    except ssl.SSLCertVerificationError as error:
        raise TroubleError("secure", _certificate(error)) from error
    except (ssl.SSLError, ConnectionResetError) as error:
        raise TroubleError("secure", _("这个端口没有使用 TLS，或加密没有谈成；请核对端口和加密方式。")) from error
    except ConnectionRefusedError as error:
        raise TroubleError("connect", _("%(host)s 的 %(port)s 端口没有服务，请核对端口。") % where) from error
    except TimeoutError as error:
        raise TroubleError(
            "connect", _("%(host)s 的 %(port)s 端口没有回应，请核对端口、加密方式和防火墙。") % where
        ) from error
    except (OSError, imaplib.IMAP4.error) as error:
        raise TroubleError(
            "connect", _("连接 %(host)s 的 %(port)s 端口失败，或对方不是 IMAP 服务。") % where
        ) from error


def _log_in(box: Any, row: Mailbox) -> None:
    plain = (row.user + row.password).isascii()
    try:
        enter = box.login if plain else box.login_utf8
        enter(row.user, row.password, initial_folder=None)
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        if isinstance(error, imaplib.IMAP4.abort):
            raise TroubleError("login", _("服务器在登录时断开了连接。")) from error
        said = _("服务器拒绝了账号或密码。多数服务商要求先在网页邮箱里开启 IMAP，并使用“授权码”而不是登录密码。")
        raise TroubleError("login", said) from error
    if "ID" in box.client.capabilities:
        with suppress(imaplib.IMAP4.error):
            box.client._simple_command("ID", _ID)


def _open_folder(box: Any, row: Mailbox) -> None:
    try:
        box.folder.set(row.folder)
    except (MailboxFolderSelectError, imaplib.IMAP4.error) as error:
        names = []
        with suppress(ImapToolsError, imaplib.IMAP4.error):
            names = [f.name for f in box.folder.list()][:12]
        known = {"name": row.folder, "names": "、".join(names)}
        bare, there = _("没有名为“%(name)s”的文件夹。"), _("没有名为“%(name)s”的文件夹。现有的：%(names)s。")
        raise TroubleError("folder", (there if names else bare) % known) from error


@contextmanager
def opened(row: Mailbox, steps: list[Step] | None = None) -> Iterator[Any]:
    """Give the mailbox with its folder open; it is closed at the end, whatever happens.

    Args:
        steps: what went well is added here, one by one.

    Raises:
        TroubleError: it cannot be opened, or the connection broke.
    """
    done = [] if steps is None else steps
    at = _resolve(row)
    done.append(Step(_words("resolve"), ok=True, said=at[0]))
    client = _connect(row, at)
    box = _Box(client)
    try:
        done.append(Step(_words("secure"), ok=True, said=_tls_name(client)))
        _log_in(box, row)
        done.append(Step(_words("login"), ok=True))
        _open_folder(box, row)
        done.append(Step(_words("folder"), ok=True))
        yield box
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise TroubleError("read", _("读取时连接中断或服务器出错，稍后会再试。")) from error
    finally:
        with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
            client.logout()
        _hang_up(client)


def _tls_name(client: imaplib.IMAP4) -> str:
    version = getattr(client.sock, "version", None)
    return str(version() or "TLS") if callable(version) else _("未加密（本机）")


def try_connection(*, by: Actor, mailbox: Mailbox) -> Trial:
    """Try to open a mailbox and count what lies in it; nothing is fetched, marked or kept.

    Raises:
        ForbiddenError: not theirs to keep.
    """
    check_keep(by)
    steps: list[Step] = []
    try:
        with opened(mailbox, steps) as box:
            counts = box.folder.status(mailbox.folder, ["MESSAGES", "UNSEEN"])
            said = _("共 %(all)s 封，未读 %(unseen)s 封。") % {
                "all": counts.get("MESSAGES", 0), "unseen": counts.get("UNSEEN", 0),
            }  # fmt: skip
            steps.append(Step(_words("read"), ok=True, said=said))
    except TroubleError as trouble:
        return Trial((*steps, Step(_words(trouble.step), ok=False, said=trouble.said)))
    return Trial(tuple(steps))


def size_in(line: bytes) -> int:
    """Return the number that follows ``RFC822.SIZE`` in a server's line, 0 where there is none."""
    found = re.search(rb"RFC822\.SIZE\s+(\d+)", line)
    return int(found[1]) if found else 0
