"""Adds ``linli init``: an empty installation gets what ships with Linli and its three administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from linli.interfaces.cli import set_up
from linli.interfaces.cli.set_up import fail, out
from linli.interfaces.cli.words import gettext as _

LOGINS = {"system_admin": "xitong", "security_admin": "anquan", "audit_admin": "shenji"}


def found(now: datetime) -> list[tuple[str, str, str]]:
    """Enter the shipped rules, categories, routing and kinds of venues, an office, and its three administrators.

    The residents' door is shut until the set-up path opens it. All of it or nothing.

    Returns:
        For each administrator the name of the role, the login and the first password, which is told only here.

    Raises:
        ConflictError: there are accounts already.
    """
    from django.contrib.auth import get_user_model  # noqa: PLC0415  after start()
    from django.db import transaction  # noqa: PLC0415
    from django.utils.translation import gettext  # noqa: PLC0415

    from linli.engines.cases import services as cases  # noqa: PLC0415
    from linli.engines.cases.types import Source  # noqa: PLC0415
    from linli.engines.fieldwork import services as fieldwork  # noqa: PLC0415
    from linli.engines.projects import services as projects  # noqa: PLC0415
    from linli.foundation.accounts import services as accounts  # noqa: PLC0415
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.core.errors import ConflictError  # noqa: PLC0415
    from linli.foundation.forms import services as forms  # noqa: PLC0415
    from linli.foundation.people import selectors as people_read  # noqa: PLC0415
    from linli.foundation.people import services as people  # noqa: PLC0415
    from linli.foundation.people.types import ROLES, Role  # noqa: PLC0415
    from linli.foundation.rulebook import services as rulebook  # noqa: PLC0415
    from linli.foundation.venues import services as venues  # noqa: PLC0415
    from linli.programmes.alliance import services as alliance  # noqa: PLC0415
    from linli.programmes.civility import services as civility  # noqa: PLC0415
    from linli.programmes.publishing import services as publishing  # noqa: PLC0415

    if get_user_model()._default_manager.exists():
        raise ConflictError(
            _("这个空间已经有账号。"), hint=_("忘记密码请用：linli accounts reset 用户名"), code="init.done"
        )
    with transaction.atomic():
        rulebook.load_shipped(by=SYSTEM, now=now)
        cases.load_shipped(by=SYSTEM, now=now)
        venues.load_shipped(by=SYSTEM, now=now)
        projects.load_shipped_classes(by=SYSTEM, now=now)
        fieldwork.load_shipped(by=SYSTEM, now=now)
        civility.load_shipped(by=SYSTEM, now=now)
        forms.adopt_forms(by=SYSTEM, now=now)
        alliance.load_categories()
        publishing.load_shipped(by=SYSTEM, now=now)
        cases.shut_door(by=SYSTEM, now=now, source=Source.RESIDENT, reason=gettext("正在设置"))
        office = people.create_unit(by=SYSTEM, now=now, name=gettext("街道办事处"), kind="street_office")
        made = []
        for code, login in LOGINS.items():
            title = str(ROLES[Role(code)].name)
            user = accounts.create_user(username=login, display_name=title, password=None, phone="", by=SYSTEM, now=now)
            post = people.create_post(by=SYSTEM, now=now, unit=office, role=code)
            today = people_read.local_day(now)
            people.appoint(by=SYSTEM, now=now, user_id=user.pk, post=post, starts_on=today)
            made.append((title, login, str(accounts.issue_password(by=SYSTEM, now=now, user=user).password)))
    return made


def init(
    title: Annotated[str, typer.Argument(help=_("街道名称，如“华阳路街道”"))] = "",
    namespace: Annotated[str | None, typer.Option("--namespace", "-n", help=_("空间名，即哪个街道的数据"))] = None,
) -> None:
    """Prepare an empty installation and print the three administrators' first passwords."""
    name = set_up.start(namespace)
    from linli.foundation.core import clock  # noqa: PLC0415  needs Django
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415
    from linli.interfaces.cli import databases  # noqa: PLC0415

    databases.prepare(name, title=title)
    try:
        made = found(clock.now())
    except DomainError as error:
        fail(str(error.message), hint=str(error.hint))
    table = Table(box=None, pad_edge=False)
    for head in (_("角色"), _("用户名"), _("初始密码")):
        table.add_column(head)
    for row in made:
        table.add_row(*row)
    out.print(table)
    out.print(_("只显示这一次。三类管理员必须由三个人担任，首次登录时各自更改密码。"))
    out.print(_("接着运行 linli serve，由系统管理员登录后打开“管理”里的“设置向导”。"))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("为新的街道准备空间，建立三个管理员"))(init)
