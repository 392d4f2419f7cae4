"""``linli doctor --url``: asks the site as a browser from elsewhere does, through whatever proxy stands before it."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from typing import NamedTuple
from urllib.parse import urlsplit

from linli.interfaces.cli.doctor import Finding
from linli.interfaces.cli.words import gettext as _

_SECONDS = 10


class _Answer(NamedTuple):
    status: int
    url: str
    headers: Message
    body: str


def _ask(url: str) -> _Answer:
    request = urllib.request.Request(url, headers={"User-Agent": "linli-doctor"})  # noqa: S310  checked by the caller
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as found:  # noqa: S310
            return _Answer(found.status, found.url, found.headers, found.read(4096).decode("utf8", "replace"))
    except urllib.error.HTTPError as error:
        with error:
            return _Answer(error.code, url, error.headers, error.read(4096).decode("utf8", "replace"))


def _words(status: int, body: str) -> str:
    """Return what to do about an answer that is no page."""
    if 300 <= status < 400:
        return _("转来转去：代理没有传 X-Forwarded-Proto: https，网站以为还是 http。请按安装说明设置代理。")
    if status == 400:
        return _("网站不认这个域名：请把它写进 LINLI_HOSTS，并让代理原样传 Host。")
    if status == 404 and "No such site" in body:
        return _("这个域名没有对应的空间：请用 linli namespace 登记。")
    if status in {502, 503, 504}:
        return _("代理连不上网站：请确认 linli serve 在运行，地址和端口与代理一致。")
    return _("请查看网站日志。")


def _unreachable(error: urllib.error.URLError | OSError) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLError):
        return _("证书有问题：请检查证书是否过期、域名是否一致、中间证书是否齐全。")
    return _("请检查域名解析、防火墙和代理是否在运行。")


def from_outside(url: str) -> Iterator[Finding]:
    """Look how the login page at ``url`` comes through: name, certificate, proxy headers, cookies."""
    title, parts = _("从外面看"), urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        yield Finding(title, ok=False, text=url, hint=_("请写完整地址，如 https://linli.example.cn。"))
        return
    try:
        answer = _ask(f"{parts.scheme}://{parts.netloc}/login/")
    except (urllib.error.URLError, OSError) as error:
        yield Finding(title, ok=False, text=str(getattr(error, "reason", error)), hint=_unreachable(error))
        return
    if answer.status != 200:
        text = f"HTTP {answer.status}"
        yield Finding(title, ok=False, text=text, hint=_words(answer.status, answer.body))
        return
    yield Finding(title, ok=True, text=answer.url)
    yield from _safe(answer)


def _safe(answer: _Answer) -> Iterator[Finding]:
    title = _("从外面看 HTTPS")
    cookies = answer.headers.get_all("Set-Cookie") or []
    if not answer.url.startswith("https://"):
        hint = _("请在代理上启用 HTTPS，并设 LINLI_HTTPS=1。")
        yield Finding(title, ok=False, text=_("页面以 http 打开，密码会被旁人看到"), hint=hint)
    elif any("secure" not in cookie.lower() for cookie in cookies) or "Strict-Transport-Security" not in answer.headers:
        yield Finding(title, ok=False, text=_("网站不知道自己在用 HTTPS"), hint=_("请设 LINLI_HTTPS=1 后重启。"))
    else:
        yield Finding(title, ok=True, text=_("已启用"))
