"""The program ``linli``.

Exit codes: 0 in order; 1 a problem was found; 2 wrong usage, or the right to do it is missing.
Further commands come from modules beside this one that offer ``register(app)``.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
from pathlib import Path
from typing import Annotated

import typer

from linli import __version__
from linli.interfaces.cli import set_up
from linli.interfaces.cli.set_up import err, fail, out, part
from linli.interfaces.cli.words import gettext as _

# Modules that add commands of their own, where this version has them.
_EXTENSIONS = (
    "founding", "keeping", "importing", "sheets", "figures", "judging", "placing", "classify", "mailbox", "simulate",
)  # fmt: skip

Namespace = Annotated[str | None, typer.Option("--namespace", "-n", help=_("空间名，即哪个街道的数据"))]
Host = Annotated[str, typer.Option(help=_("监听地址"))]
Port = Annotated[int, typer.Option(help=_("端口"), min=1, max=65535)]

app = typer.Typer(
    name="linli",
    help=_("邻里：街道治理平台。退出码：0 正常，1 发现问题，2 用法不对或没有权限。"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
namespace_app = typer.Typer(help=_("空间：一个街道一个空间"), no_args_is_help=True)
accounts_app = typer.Typer(help=_("账号"), no_args_is_help=True)
app.add_typer(namespace_app, name="namespace")
app.add_typer(accounts_app, name="accounts")


@app.command(help=_("显示版本"))
def version() -> None:
    """Print the version."""
    out.print(f"linli {__version__}")


@app.command(help=_("提供网页服务"))
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help=_("网页进程数"))] = 1,
    with_worker: Annotated[bool, typer.Option("--with-worker", help=_("同时运行后台进程"))] = False,
) -> None:
    """Serve pages until stopped."""
    set_up.start()
    from linli.interfaces.cli import serving  # noqa: PLC0415  needs Django

    code = serving.serve(host, port, workers, with_worker=with_worker)
    if code:
        fail(_("服务意外停止（%(code)s）。") % {"code": code})


@app.command(help=_("运行后台进程：定时、消息、时限"))
def worker(
    poll: Annotated[float, typer.Option(help=_("空闲时的间隔秒数"), min=0.05)] = 1.0,
) -> None:
    """Run jobs until stopped."""
    set_up.start()
    from linli.interfaces.cli.worker import worker_command  # noqa: PLC0415  needs Django

    worker_command(poll)


@app.command(help=_("建立或更新数据库"))
def migrate(namespace: Namespace = None) -> None:
    """Bring the databases of all namespaces, or of one, up to date."""
    set_up.start(namespace)
    from linli.interfaces.cli import databases  # noqa: PLC0415  needs Django

    for name in [namespace] if namespace else set_up.namespaces_known():
        done = databases.migrate(name)
        out.print(_("%(name)s：%(count)s 项更新") % {"name": name, "count": len(done)})


@app.command(help=_("装入演示街道"))
def demo(
    namespace: Namespace = None,
    town: Annotated[
        str, typer.Option(help=_("哪个街道：huayang、tianshan、nanjingdonglu、lujiazui，或 all（全部）"))
    ] = "huayang",
    serve_after: Annotated[bool, typer.Option("--serve", help=_("装好后提供服务"))] = False,
    port: Port = 8000,
) -> None:
    """Load the demonstration subdistrict, once; then print who can log in."""
    os.environ["LINLI_DEMO"] = "1"
    name = set_up.start(namespace)
    from linli.interfaces.cli import databases, demonstration  # noqa: PLC0415  needs Django

    chosen = demonstration.towns(town, name, own=namespace is not None)
    for town_name, title, at in chosen:
        databases.prepare(at, title=title, demo=True)
        demonstration.load(at, town_name)
    host = "127.0.0.1" if chosen[0][2] == name else f"{chosen[0][2]}.localhost"
    demonstration.print_accounts(f"http://{host}:{port}")
    demonstration.print_towns(port)
    if serve_after:
        serve("127.0.0.1", port, 1, with_worker=importlib.util.find_spec("linli.foundation.jobs.services") is not None)


@app.command(help=_("检查本机的安装"))
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help=_("输出 JSON"))] = False,
    url: Annotated[str, typer.Option(help=_("再从外面看网站，如 https://linli.example.cn"))] = "",
) -> None:
    """Look at the installation; end with 1 where something is not in order."""
    set_up.start()
    from linli.foundation.core import clock  # noqa: PLC0415  needs Django
    from linli.interfaces.cli import doctor as room  # noqa: PLC0415  needs Django

    findings = room.examine(clock.now(), url=url)
    if as_json:
        typer.echo(
            json.dumps(
                [{"name": f.name, "ok": f.ok, "advice": f.advice, "text": f.text, "hint": f.hint} for f in findings],
                ensure_ascii=False,
            )
        )
    else:
        for finding in findings:
            mark = "[bold red]✗[/]" if not finding.ok else "[yellow]![/]" if finding.advice else "[green]✓[/]"
            out.print(f"{mark} {finding.name}：{finding.text}")
            if finding.hint:
                out.print(f"    {finding.hint}")
    if not all(f.ok for f in findings):
        raise typer.Exit(int(set_up.ExitCode.PROBLEM))


@namespace_app.command("create", help=_("新建空间"))
def namespace_create(name: str, title: Annotated[str, typer.Option(help=_("名称，如“华阳路街道”"))] = "") -> None:
    """Make a namespace and its database."""
    set_up.start(name)
    from linli.interfaces.cli import databases  # noqa: PLC0415  needs Django

    databases.prepare(name, title=title)
    out.print(f"[green]✓[/] {name} {title}".rstrip())


@namespace_app.command("list", help=_("列出空间"))
def namespace_list() -> None:
    """List the namespaces."""
    set_up.start()
    from linli.foundation.core.middleware import registry  # noqa: PLC0415  needs Django

    titles = {n.name: n for n in registry().all()}
    for name in set_up.namespaces_known():
        known = titles.get(name)
        note = _("（演示）") if known and known.demo else ""
        typer.echo(f"{name}\t{known.title if known else ''}{note}".rstrip())


@accounts_app.command("create", help=_("新建账号，打印首次登录密码"))
def accounts_create(
    username: str,
    display_name: Annotated[str, typer.Option(help=_("显示的姓名"))] = "",
    phone: Annotated[str, typer.Option(help=_("手机号"))] = "",
    namespace: Namespace = None,
) -> None:
    """Make an account with a first password."""
    set_up.start(namespace)
    from linli.interfaces.cli import users  # noqa: PLC0415  needs Django

    password = users.create(username, display_name or username, phone)
    out.print(_("首次密码：%(password)s") % {"password": password})


@accounts_app.command("reset", help=_("重发初始密码，只显示一次；用于被锁在门外的管理员"))
def accounts_reset(
    username: Annotated[str, typer.Argument(help=_("账号或手机号"))],
    reason: Annotated[str, typer.Option(help=_("原因，记入日志"))] = "",
    second_factor: Annotated[bool, typer.Option("--second-factor", help=_("同时关闭动态验证码"))] = False,
    namespace: Namespace = None,
) -> None:
    """Give an account a new first password, shown once."""
    set_up.start(namespace)
    from linli.interfaces.cli import users  # noqa: PLC0415  needs Django

    password = users.reset(username, reason or _("服务器上重设"), second_factor=second_factor)
    out.print(_("初始密码：%(password)s") % {"password": password})
    out.print(_("只显示这一次；首次登录时须更改，过期未用即失效。"))


def _extend() -> None:
    here = Path(__file__).parent
    for name in _EXTENSIONS:
        if (here / f"{name}.py").exists() or (here / name / "__init__.py").exists():
            part(f"linli.interfaces.cli.{name}").register(app)


_extend()


def run() -> None:
    """Start the program."""
    try:
        app()
    except KeyboardInterrupt:
        err.print()
        raise SystemExit(130) from None


if __name__ == "__main__":
    run()
