"""``linli doctor``: looks at an installation and says what is not in order."""

from __future__ import annotations

import secrets
import shutil
import smtplib
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection

from linli.engines.cases.rules.routing_checks import BLOCKING
from linli.engines.cases.selectors import routing
from linli.foundation.core import namespaces
from linli.foundation.jobs import selectors as jobs
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError
from linli.interfaces.cli.databases import unapplied
from linli.interfaces.cli.set_up import namespaces_known
from linli.interfaces.cli.words import gettext as _

_ENOUGH = 1024**3
Ask = Callable[..., Any]
_SILENT = 180  # seconds; the most frequent schedule runs every minute


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, whether it is in order, and what to do if not.

    ``advice``: it is in order as far as the program can run, but should be seen to; the exit code stays 0.
    """

    name: str
    ok: bool
    text: str
    hint: str = ""
    advice: bool = False


def _databases(_now: datetime) -> Iterator[Finding]:
    for name in namespaces_known():
        title = _("数据库 %(name)s") % {"name": name}
        try:
            with namespaces.use(name):
                connection.ensure_connection()
                kind = connection.vendor
            missing = unapplied(name)
        except DatabaseError as error:
            yield Finding(title, ok=False, text=str(error).strip(), hint=_("请检查 LINLI_DATABASE。"))
            continue
        text = _("%(kind)s，缺 %(count)s 项更新") % {"kind": kind, "count": len(missing)} if missing else kind
        yield Finding(title, ok=not missing, text=text, hint=_("请先运行 linli migrate。") if missing else "")


def shares_backends(first: Ask, second: Ask) -> bool:
    """Return whether a pooler gives each transaction whatever backend is free: ``SET`` then does not last.

    While the second connection holds a transaction open, the first must still find its own backend and setting.
    An idle pooler would give one client the same backend again, so one connection alone does not tell.
    """
    mark = secrets.token_hex(8)
    first("SELECT set_config('linli.doctor', %s, false)", [mark])
    before = first("SELECT pg_backend_pid()")
    second("BEGIN")
    try:
        other = second("SELECT pg_backend_pid()")
        kept = first("SELECT current_setting('linli.doctor', true)")
        after = first("SELECT pg_backend_pid()")
    finally:
        second("ROLLBACK")
    return bool(other == before or after != before or kept != mark)


def _asker(link: Any) -> Ask:
    def ask(statement: str, values: Sequence[str] = ()) -> Any:
        with link.cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    return ask


def _pooler(_now: datetime) -> Iterator[Finding]:
    """Look whether PostgreSQL is reached through a transaction pooler: the schema set per connection would be lost."""
    if connection.vendor != "postgresql":
        return
    title, links = _("数据库连接"), (connection.copy(), connection.copy())
    try:
        pooled = shares_backends(_asker(links[0]), _asker(links[1]))
    except DatabaseError as error:
        yield Finding(title, ok=False, text=str(error).strip(), hint=_("请检查 LINLI_DATABASE。"))
        return
    finally:
        for link in links:
            link.close()
    if pooled:
        hint = _("各街道的数据靠连接上的 search_path 分开：请直连数据库，或把连接池改为 session 模式。")
        yield Finding(title, ok=False, text=_("经过事务级连接池"), hint=hint)
    else:
        yield Finding(title, ok=True, text=_("每个连接独占一个会话"))


def _keys(_now: datetime) -> Iterator[Finding]:
    folder = Path(settings.KEYS)
    files = sorted(folder.glob("master-*.key"))
    open_to_others = [p.name for p in files if p.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_to_others:
        text = _("他人可读：%(names)s") % {"names": "、".join(open_to_others)}
        yield Finding(_("密钥"), ok=False, text=text, hint=f"chmod 600 {folder}/master-*.key")
    elif not files:
        yield Finding(_("密钥"), ok=True, text=_("尚未生成，首次使用时生成"))
    else:
        yield Finding(_("密钥"), ok=True, text=_("%(count)s 把，请与数据分开备份") % {"count": len(files)})


def _disk(_now: datetime) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA if settings.DATA.exists() else Path.cwd()).free
    text = _("剩余 %(size)s GB") % {"size": round(free / 1024**3, 1)}
    hint = "" if free >= _ENOUGH else _("剩余空间不足 1 GB。")
    yield Finding(_("磁盘"), ok=free >= _ENOUGH, text=text, hint=hint)


def _calendar(now: datetime) -> Iterator[Finding]:
    """Look whether this year and, from November on, the next are in each namespace's own working calendar."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    years = [local.year, *([local.year + 1] if local.month >= 11 else [])]
    for name in namespaces_known():
        title = _("工作日历 %(name)s") % {"name": name}
        try:
            with namespaces.use(name):
                missing = [y for y in years if not _is_announced(y)]
        except DatabaseError:
            continue
        if not missing:
            yield Finding(title, ok=True, text="、".join(map(str, years)))
            continue
        text = _("%(year)s 年的放假安排尚未收录") % {"year": "、".join(map(str, missing))}
        # The next year's notice usually comes out in November: until it does, nothing is wrong with the installation.
        yield Finding(
            title,
            ok=local.year not in missing,
            text=text,
            hint=_("请更新 chinesecalendar 或录入官方安排；此前相关时限暂按自然日计算。"),
        )


def _is_announced(year: int) -> bool:
    try:
        rulebook.working_calendar().is_workday(date(year, 6, 15))
    except YearNotAnnouncedError:
        return False
    return True


def _routing(now: datetime) -> Iterator[Finding]:
    """Look whether each namespace's routing rules can be read and name only what there is."""
    on = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    for name in namespaces_known():
        title = _("派遣规则 %(name)s") % {"name": name}
        try:
            with namespaces.use(name):
                rules = routing.in_force()
                found = routing.health(rules, on)
        except DatabaseError:
            continue
        faulty = dict.fromkeys(
            [b.name for b in found.broken]
            + [rules[f.rule_id - 1]["name"] for f in found.findings if f.code in BLOCKING]
        )
        if faulty:
            text = _("%(count)s 条没有生效：%(names)s") % {"count": len(faulty), "names": "、".join(list(faulty)[:5])}
            yield Finding(title, ok=False, text=text, hint=_("请在“管理 → 派遣规则”中改正、停用或删除。"))
        else:
            yield Finding(title, ok=True, text=_("%(count)s 条") % {"count": len(rules)})


def _worker(now: datetime) -> Iterator[Finding]:
    for name in namespaces_known():
        title = _("后台进程 %(name)s") % {"name": name}
        try:
            with namespaces.use(name):
                seen = jobs.worker_last_seen()
        except DatabaseError:
            continue
        ok = seen is not None and (now - seen).total_seconds() < _SILENT
        text = seen.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat(" ", "seconds") if seen else _("从未运行")
        yield Finding(
            title, ok=ok, text=text, hint="" if ok else _("请运行 linli worker，或用 linli serve --with-worker。")
        )


def _mail(_now: datetime) -> Iterator[Finding]:
    host = settings.EMAIL_HOST
    if not host:
        yield Finding(_("邮件"), ok=True, text=_("未设置 LINLI_SMTP_HOST，不发邮件"))
        return
    try:
        with smtplib.SMTP(host, settings.EMAIL_PORT, timeout=5) as server:
            server.noop()
    except OSError as error:
        yield Finding(_("邮件"), ok=False, text=f"{host}：{error}", hint=_("请检查 LINLI_SMTP_HOST 与端口。"))
    else:
        yield Finding(_("邮件"), ok=True, text=host)


CHECKS: tuple[Callable[[datetime], Iterator[Finding]], ...] = (
    _databases,
    _pooler,
    _keys,
    _disk,
    _calendar,
    _routing,
    _worker,
    _mail,
)


def examine(now: datetime, *, url: str = "") -> list[Finding]:
    """Return all that was looked at; with ``url`` also how the site answers from outside."""
    from linli.interfaces.cli.examining import CHECKS as MORE  # noqa: PLC0415  they take their Finding from here
    from linli.interfaces.cli.outside import from_outside  # noqa: PLC0415

    found = [finding for check in (*CHECKS, *MORE) for finding in check(now)]
    return found + (list(from_outside(url)) if url else [])
