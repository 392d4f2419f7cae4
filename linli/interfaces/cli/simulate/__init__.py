"""``linli simulate``: a city's days, made up and driven through the public doors of an installation of their own."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from linli.interfaces.cli.set_up import ExitCode, err, fail, out
from linli.interfaces.cli.words import gettext as _

if TYPE_CHECKING:
    from linli.interfaces.cli.simulate.scenario import Scenario
    from linli.interfaces.cli.simulate.showing import Table
    from linli.interfaces.cli.simulate.trying import Variant

Name = Annotated[str, typer.Argument(help=_("场景名，或场景文件（.toml）的路径；见 --list"))]
Days = Annotated[int | None, typer.Option(help=_("上报持续几天"), min=1, max=400)]
Settle = Annotated[int | None, typer.Option(help=_("之后再收尾几天，不再有新的上报"), min=0, max=120)]
Scale = Annotated[float, typer.Option(help=_("街道的规模：上报和人员一并按此倍数"), min=0.001, max=100)]
Seed = Annotated[int, typer.Option(help=_("随机种子：同一种子，同样的上报"))]
Seeds = Annotated[int, typer.Option(help=_("用几个相连的种子各跑一遍，给出区间"), min=1, max=30)]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help=_("改一条规则，如 cases.clock.handle.comprehensive=7；可写 7wd、48h、30m；与现行对比")),
]
Lose = Annotated[list[str] | None, typer.Option(help=_("少几个人，如 grid:3=2；与现行对比"))]
Capacity = Annotated[list[str] | None, typer.Option(help=_("一支队伍白班的人数，如 enforcement=8；与现行对比"))]
Data = Annotated[Path | None, typer.Option(help=_("只供模拟的空文件夹；不给则用临时文件夹"))]
Database = Annotated[str, typer.Option(help=_("sqlite: 或 postgresql://…，每次模拟另建一个模式"))]
Reports = Annotated[list[Path] | None, typer.Option("--report", help=_("另存报告：.md、.html 或 .json，可多次"))]
AsJson = Annotated[bool, typer.Option("--json", help=_("输出 JSON"))]
Keep = Annotated[bool, typer.Option("--keep", help=_("保留模拟出的数据，供翻看"))]
Stream = Annotated[Path | None, typer.Option(help=_("只把上报写入这个文件（每行一件的 JSON），不运行"))]
List = Annotated[bool, typer.Option("--list", help=_("列出自带的场景"))]


@dataclass(frozen=True, slots=True)
class Change:
    """What is tried: rules, people fewer, people as said."""

    rules: dict[str, str]
    lose: dict[str, int]
    capacity: dict[str, int]

    def __str__(self) -> str:
        """Return it as it was typed."""
        parts = [f"--set {k}={v}" for k, v in self.rules.items()] + [f"--lose {k}={v}" for k, v in self.lose.items()]
        return " ".join(parts + [f"--capacity {k}={v}" for k, v in self.capacity.items()])


def simulate(
    scenario: Name = "ordinary_day",
    days: Days = None,
    settle: Settle = None,
    scale: Scale = 1.0,
    seed: Seed = 1,
    seeds: Seeds = 1,
    rules: Set = None,
    lose: Lose = None,
    capacity: Capacity = None,
    data: Data = None,
    database: Database = "sqlite:",
    reports: Reports = None,
    as_json: AsJson = False,
    keep: Keep = False,
    stream: Stream = None,
    show_list: List = False,
) -> None:
    """Simulate a scenario; with a change, also as things would be with it, and print both side by side."""
    from linli.interfaces.cli.simulate.scenario import load, shipped  # noqa: PLC0415  only when asked

    if show_list:
        for name in shipped():
            found = load(name)
            typer.echo(f"{name}\t{found.title}\t{found.start} +{found.days}d")
        return
    change = Change(_pairs(rules), _counts(lose), _counts(capacity))
    variants = _variants(_chosen(scenario, days, settle, scale), change)
    numbers = list(range(seed, seed + seeds))
    if stream is not None:
        _write_stream(stream, variants[0].scenario, seed)
        return
    titles, shown, told = _run(variants, numbers, data, database, keep=keep, what=str(change))
    _tell(titles, shown, told, reports or [], as_json=as_json)


def _run(
    variants: Sequence[Variant], numbers: Sequence[int], data: Path | None, database: str, *, keep: bool, what: str
) -> tuple[str, list[Table], dict[str, Any]]:
    from linli.interfaces.cli.simulate import measures, showing, trying  # noqa: PLC0415
    from linli.interfaces.cli.simulate.doors import DoorError  # noqa: PLC0415
    from linli.interfaces.cli.simulate.instance import InstanceError  # noqa: PLC0415
    from linli.interfaces.cli.simulate.marking import NotSimulatedError  # noqa: PLC0415

    with _folder(data, keep=keep) as folder, _bar() as told:
        try:
            results = trying.try_out(variants, numbers, trying.Where(folder, database, keep), told)
        except NotSimulatedError as error:
            fail(
                _("“%(folder)s”里有别的东西，不在其中模拟。") % {"folder": error},
                hint=_("请给一个空文件夹；正式安装的数据文件夹不能用来模拟。"),
                code=ExitCode.USAGE,
            )
        except DoorError as error:
            fail(_("模拟没有进行下去：%(error)s") % {"error": error})
        except InstanceError as error:
            fail(_("模拟用的服务没有运行起来：%(error)s") % {"error": error})
    made = [[measures.report(r) for r in some] for some in results]
    shown = showing.tables(made[0][0])
    data_out: dict[str, Any] = {"runs": made}
    if len(made) == 2:
        found = measures.compared(*made)
        shown = [showing.difference(found, what), *shown]
        data_out["compared"] = [
            {"measure": d.measure.key, "before": d.before, "after": d.after, "difference": d.difference, "half": d.half}
            for d in found
        ]
    return showing.title_of(made[0][0]), shown, data_out


def _tell(title: str, shown: Sequence[Table], told: dict[str, Any], reports: Sequence[Path], *, as_json: bool) -> None:
    from rich.table import Table as Grid  # noqa: PLC0415

    from linli.interfaces.cli.simulate import showing  # noqa: PLC0415

    for path in reports:
        showing.write(path, title, shown, told)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    out.print(f"[bold]{title}[/]\n")
    for table in shown:
        grid = Grid(title=table.title, box=None, pad_edge=False, title_justify="left")
        for number, head in enumerate(table.heads):
            grid.add_column(head, justify="left" if not number else "right", overflow="fold")
        for row in table.rows:
            grid.add_row(*row)
        out.print(grid)
        out.print()


def _chosen(name: str, days: int | None, settle: int | None, scale: float) -> Scenario:
    from linli.interfaces.cli.simulate.scenario import ScenarioError, load, scaled  # noqa: PLC0415

    try:
        found = load(name)
        found = scaled(found, scale) if scale != 1 else found
    except ScenarioError as error:
        fail(_("场景无法使用：%(error)s") % {"error": error}, code=ExitCode.USAGE)
    found = replace(found, days=days) if days is not None else found
    return replace(found, settle=settle) if settle is not None else found


def _variants(scenario: Scenario, change: Change) -> list[Variant]:
    from linli.interfaces.cli.simulate.scenario import ScenarioError, changed  # noqa: PLC0415
    from linli.interfaces.cli.simulate.trying import Variant  # noqa: PLC0415

    base = Variant(scenario, {k: str(v) for k, v in scenario.rules.items()})
    if not str(change):
        return [base]
    try:
        other = changed(scenario, lose=change.lose, capacity=change.capacity)
    except ScenarioError as error:
        fail(_("场景无法使用：%(error)s") % {"error": error}, code=ExitCode.USAGE)
    return [base, Variant(other, {**base.rules, **change.rules})]


def _pairs(given: Sequence[str] | None) -> dict[str, str]:
    found = {}
    for text in given or ():
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            fail(_("“%(text)s”应写作 名称=值。") % {"text": text}, code=ExitCode.USAGE)
        found[name.strip()] = value.strip()
    return found


def _counts(given: Sequence[str] | None) -> dict[str, int]:
    found = {}
    for name, value in _pairs(given).items():
        if not value.isdecimal():
            fail(_("“%(text)s”应写作 队伍=人数。") % {"text": f"{name}={value}"}, code=ExitCode.USAGE)
        found[name] = int(value)
    return found


def _write_stream(path: Path, scenario: Scenario, seed: int) -> None:
    """Write the reports alone; places are those of the demonstration's map."""
    from linli.interfaces.cli import set_up  # noqa: PLC0415
    from linli.interfaces.cli.simulate.arrivals import Place, lines, stream  # noqa: PLC0415

    set_up.start()
    from linli.interfaces.cli.demo.geography import estates  # noqa: PLC0415  needs Django

    places = [Place(e.name, e.address, e.lat or 0.0, e.lon or 0.0) for e in estates()]
    made = stream(scenario, seed, places)
    path.write_text(lines(made), encoding="utf8")
    out.print(_("已写入 %(count)s 件。") % {"count": len(made)})


@contextmanager
def _folder(data: Path | None, *, keep: bool) -> Iterator[Path]:
    """Yield where to simulate: the folder that was named, or one that goes away."""
    if data is not None:
        live = os.environ.get("LINLI_DATA")
        if live and Path(live).resolve() == data.resolve():
            fail(
                _("“%(folder)s”里有别的东西，不在其中模拟。") % {"folder": data},
                hint=_("请给一个空文件夹；正式安装的数据文件夹不能用来模拟。"),
                code=ExitCode.USAGE,
            )
        yield data.resolve()
        return
    if keep:
        fail(_("要保留数据，请用 --data 给一个文件夹。"), code=ExitCode.USAGE)
    with tempfile.TemporaryDirectory(prefix="linli-simulate-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextmanager
def _bar() -> Iterator[Callable[[str, float], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(_("正在准备模拟的街道"), total=1.0)

        def told(label: str, part: float) -> None:
            words = _("正在准备模拟的街道") if label == "town" else _("正在模拟 %(label)s") % {"label": label}
            bar.update(task, completed=part, description=words)

        yield told


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate", help=_("模拟街道的日子，试一试改规则、少几个人会怎样；在单独的数据里进行"))(simulate)
