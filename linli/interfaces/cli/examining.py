"""Further looks of ``linli doctor``: HTTPS and hosts, files and backups, clocks, jobs, routing."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection

from linli.engines.cases import selectors as cases
from linli.foundation.core import crypto, namespaces
from linli.foundation.jobs import selectors as jobs
from linli.interfaces.cli.backup import last_backups
from linli.interfaces.cli.doctor import Finding
from linli.interfaces.cli.set_up import namespaces_known
from linli.interfaces.cli.words import gettext as _
from linli.interfaces.web.templatetags.linli import BUILD

BACKUP_DAYS = 7
_SKEW = 5.0
_BEHIND = timedelta(minutes=15)
_LOCAL = frozenset({"127.0.0.1", "localhost", ".localhost", "[::1]"})


def in_use() -> bool:
    """Return whether this is an installation that people reach from elsewhere: it was told to speak HTTPS."""
    return bool(settings.SESSION_COOKIE_SECURE)


def _https(_now: datetime) -> Iterator[Finding]:
    title = "HTTPS"
    if not in_use():
        hint = _("正式使用请在前面加 HTTPS 代理，并设 LINLI_HTTPS=1；没有 HTTPS，手机离线上报和摄像头不可用。")
        yield Finding(title, ok=True, text=_("未启用（LINLI_HTTPS）"), hint=hint, advice=True)
    elif settings.DEBUG:
        yield Finding(title, ok=False, text=_("LINLI_DEBUG=1"), hint=_("对外服务不能开调试：请去掉 LINLI_DEBUG。"))
    else:
        yield Finding(title, ok=True, text=_("已启用"))


def _hosts(_now: datetime) -> Iterator[Finding]:
    title, hosts = _("域名"), list(settings.ALLOWED_HOSTS)
    if "*" in hosts:
        hint = _("请在 LINLI_HOSTS 写明域名，以逗号分隔。")
        yield Finding(title, ok=False, text=_("LINLI_HOSTS 为 *，任何域名都会被接受"), hint=hint)
    elif in_use() and set(hosts) <= _LOCAL:
        hint = _("请设 LINLI_HOSTS，如 LINLI_HOSTS=linli.example.cn。")
        yield Finding(title, ok=False, text=_("只接受本机访问"), hint=hint)
    else:
        yield Finding(title, ok=True, text="、".join(hosts))


def _proxy(_now: datetime) -> Iterator[Finding]:
    if in_use() and settings.PROXIES == 0:
        hint = _("前面有一层代理时设 LINLI_PROXIES=1；否则所有人看起来来自同一地址，一人输错密码会挡住大家。")
        yield Finding(_("代理"), ok=False, text=_("LINLI_PROXIES 为 0"), hint=hint)
    elif in_use():
        yield Finding(_("代理"), ok=True, text=_("%(count)s 层") % {"count": settings.PROXIES})


def _permissions(_now: datetime) -> Iterator[Finding]:
    """Look whether others on this machine may read what is personal or secret, and whether we may write."""
    title, data = _("文件权限"), Path(settings.DATA)
    loose = [
        path
        for path in (data / "keys", data / "keys" / "secret-key", data / "namespaces", data / "files", data / "seals")
        if path.exists() and path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP) and not _shielded(path, data)
    ]
    if loose:
        names = " ".join(str(p) for p in loose)
        text = _("其他用户可以读写：%(names)s") % {"names": "、".join(p.name for p in loose)}
        yield Finding(title, ok=not in_use(), text=text, hint=f"chmod -R o-rwx,g-w {names}", advice=True)
    elif data.exists() and not os.access(data, os.W_OK):
        yield Finding(title, ok=False, text=_("数据目录不可写：%(path)s") % {"path": data}, hint=f"chown -R … {data}")
    else:
        yield Finding(title, ok=True, text=str(data))


def _shielded(path: Path, data: Path) -> bool:
    """Return whether a folder above, down from the data folder, lets no other user through."""
    above = [p for p in path.parents if p == data or data in p.parents]
    return any(not p.stat().st_mode & stat.S_IXOTH for p in above)


def _static(_now: datetime) -> Iterator[Finding]:
    built = (BUILD / "manifest.json").exists()
    hint = "" if built else _("页面样式和脚本缺失：请重新安装发行包；源码目录请运行 make frontend。")
    yield Finding(_("页面文件"), ok=built, text=_("齐全") if built else _("缺失"), hint=hint)


def _time_zone(_now: datetime) -> Iterator[Finding]:
    name = settings.TIME_ZONE
    here = name == "Asia/Shanghai"
    hint = "" if here else _("时限按该时区的工作时间计算；在上海请设 LINLI_TIME_ZONE=Asia/Shanghai。")
    yield Finding(_("时区"), ok=True, text=name, hint=hint, advice=not here)


def _skew(now: datetime) -> Iterator[Finding]:
    """Compare this machine's clock with the database's: limits and one-time codes depend on it."""
    if connection.vendor != "postgresql":
        return
    title = _("时钟")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            apart = abs(float(cursor.fetchone()[0]) - datetime.now(tz=now.tzinfo).timestamp())
    except DatabaseError as error:
        yield Finding(title, ok=False, text=str(error).strip(), hint=_("请检查 LINLI_DATABASE。"))
        return
    hint = "" if apart <= _SKEW else _("请在两台机器上开启时间同步（chrony 或 systemd-timesyncd）。")
    text = _("与数据库相差 %(seconds)s 秒") % {"seconds": round(apart, 1)}
    yield Finding(title, ok=apart <= _SKEW, text=text, hint=hint)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else None


def _backups(now: datetime) -> Iterator[Finding]:
    noted = last_backups()
    how = _("请用定时任务每天运行 linli backup，并把备份存到别处。")
    for name in namespaces_known():
        title, at = _("备份 %(name)s") % {"name": name}, _moment(noted.get("namespaces", {}).get(name, ""))
        if at is None:
            yield Finding(title, ok=not in_use(), text=_("从未备份"), hint=how, advice=True)
            continue
        days = (now - at).days
        text = _("%(days)s 天前") % {"days": days} if days else _("一天之内")
        late = days >= BACKUP_DAYS
        yield Finding(title, ok=not late, text=text, hint=how if late else "")
    yield from _key_backup(noted.get("keys", {}))


def _key_backup(noted: dict[str, str]) -> Iterator[Finding]:
    if not any(Path(settings.KEYS).glob("master-*.key")):
        return
    title, at = _("密钥备份"), _moment(noted.get("at", ""))
    hint = _("请运行 linli backup … --keys，把密钥文件与备份分开保管；丢了密钥，谁也读不出个人信息。")
    if at is None:
        yield Finding(title, ok=not in_use(), text=_("从未备份"), hint=hint, advice=True)
    elif noted.get("fingerprint") != crypto.fingerprint():
        yield Finding(title, ok=False, text=_("备份之后密钥变了"), hint=hint)
    else:
        local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
        yield Finding(title, ok=True, text=local.isoformat(" ", "minutes"))


def _jobs(now: datetime) -> Iterator[Finding]:
    for name in namespaces_known():
        title = _("后台任务 %(name)s") % {"name": name}
        try:
            with namespaces.use(name):
                counts = jobs.counts(now=now)
        except DatabaseError:
            continue
        behind = counts.oldest_due is not None and now - counts.oldest_due > _BEHIND
        text = _("等待 %(due)s，失败 %(dead)s") % {"due": counts.due, "dead": counts.dead}
        hint = ""
        if counts.dead:
            hint = _("请系统管理员在“管理 · 后台任务”查看原因，重发或丢弃。")
        elif behind:
            hint = _("最早的一件已等了很久：请确认后台进程在运行（linli worker）。")
        yield Finding(title, ok=not counts.dead and not behind, text=text, hint=hint)


def _routing(now: datetime) -> Iterator[Finding]:
    on = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    for name in namespaces_known():
        title = _("分类与派遣 %(name)s") % {"name": name}
        try:
            with namespaces.use(name):
                wrong = cases.unsound(on)
        except DatabaseError:
            continue
        text = "；".join(wrong[:5]) if wrong else _("没有问题")
        hint = _("请系统管理员在“管理”中修改分类或派遣规则。") if wrong else ""
        yield Finding(title, ok=not wrong, text=text, hint=hint)


CHECKS: tuple[Callable[[datetime], Iterator[Finding]], ...] = (
    _https,
    _hosts,
    _proxy,
    _permissions,
    _static,
    _time_zone,
    _skew,
    _backups,
    _jobs,
    _routing,
)
