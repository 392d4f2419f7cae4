"""``linli duplicates``: measure, learn, index; ``linli topics``: what many wrote about in a file of messages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from linli.interfaces.cli import set_up
from linli.interfaces.cli.set_up import fail, out
from linli.interfaces.cli.words import gettext as _

Namespace = Annotated[str | None, typer.Option("--namespace", "-n", help=_("空间名，即哪个街道的数据"))]
Requests = Annotated[Path, typer.Argument(help=_("GeoReport 请求：.csv 或 .parquet"), exists=True, dir_okay=False)]
Pairs = Annotated[Path, typer.Argument(help=_("重复对：dup_id,master_id 的 .csv"), exists=True, dir_okay=False)]
Since = Annotated[datetime, typer.Option(help=_("此日之前训练，之后检验"), formats=["%Y-%m-%d"])]
Shipped = Annotated[bool, typer.Option("--shipped", help=_("不训练，检验随附的权重"))]
Write = Annotated[Path | None, typer.Option("--write", help=_("把学到的权重写到这个 .json"), dir_okay=False)]

duplicates_app = typer.Typer(help=_("重复件：检验、学习、补索引"), no_args_is_help=True)
_SPLIT = datetime(2017, 1, 1)  # noqa: DTZ001  a day; made UTC where it is used


@duplicates_app.command("evaluate", help=_("按时间重放，检验能否找到先前的同一件事"))
def evaluate(
    requests: Requests, pairs: Pairs, since: Since = _SPLIT, shipped: Shipped = False, write: Write = None
) -> None:
    """Replay requests in time; print recall of the model and of two baselines."""
    set_up.start()
    from linli.engines.judgement.selectors import duplicates as selectors  # noqa: PLC0415  needs Django
    from linli.engines.judgement.services import duplicates_evaluating as evaluating  # noqa: PLC0415
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415

    model = selectors.shipped_weights() if shipped else None
    try:
        found = evaluating.evaluate(requests, pairs, since=since.replace(tzinfo=UTC), model=model)
    except DomainError as error:
        fail(error.message, hint=error.hint)
    names = {"nearest": _("同类、100 米、30 天内最近"), "words": _("只比文字"), "model": _("权重")}
    table = Table("", "recall@1", "recall@5", _("误提示"), _("提示且找对"))
    for f in found.figures:
        rest = ["—" if v is None else f"{v:.1%}" for v in (f.asked, f.offered)]
        table.add_row(names[f.name], f"{f.first:.3f}", f"{f.five:.3f}", *rest)
    out.print(table)
    counts = {"trained": found.trained, "tested": found.tested, "others": found.others}
    out.print(_("训练 %(trained)s 对，检验 %(tested)s 对，非重复 %(others)s 件。") % counts)
    if write is not None:
        write.write_text(json.dumps(found.model.to_json(), indent=2) + "\n", encoding="utf-8")


@duplicates_app.command("learn", help=_("从本站的合并和“不是同一件”学习；更准才启用"))
def learn(namespace: Namespace = None) -> None:
    """Learn weights from the site's own judgements."""
    set_up.start(namespace)
    from linli.engines.judgement.services import duplicates  # noqa: PLC0415  needs Django
    from linli.foundation.core import clock  # noqa: PLC0415

    row = duplicates.relearn(now=clock.now())
    if row is None:
        out.print(_("判断还不够，沿用现有权重。"))
        return
    words = {"n": row.judged, "before": f"{row.loss_before:.4f}", "after": f"{row.loss_after:.4f}"}
    out.print(_("%(n)s 对判断；最新五分之一的误差 %(before)s → %(after)s。") % words)
    out.print(_("新权重已启用。") if row.live else _("新权重没有更准，未启用。"))


@duplicates_app.command("index", help=_("给没有索引的旧案件补上"))
def index(namespace: Namespace = None) -> None:
    """Give keys to cases that have none."""
    set_up.start(namespace)
    from linli.engines.judgement.services import duplicates  # noqa: PLC0415  needs Django
    from linli.foundation.core import clock  # noqa: PLC0415

    count = duplicates.index_missing(now=clock.now(), limit=10_000_000)
    out.print(_("已补 %(n)s 件。") % {"n": count})


Messages = Annotated[Path, typer.Argument(help=_("留言表格：.xlsx 或 .csv"), exists=True, dir_okay=False)]
Top = Annotated[int, typer.Option(help=_("列出前几个"), min=1, max=500)]
Table_ = Annotated[Path | None, typer.Option("--write", help=_("把热点和全部留言写到这个 .csv"), dir_okay=False)]


def topics(file: Messages, top: Top = 10, write: Table_ = None) -> None:
    """Print the hottest topics of a file of messages, each with its messages."""
    set_up.start()
    from linli.engines.judgement.services import topics_reading as reading  # noqa: PLC0415  needs Django
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415

    try:
        messages = reading.read(file)
    except DomainError as error:
        fail(error.message, hint=error.hint)
    found = reading.ranked(messages)
    by_id = {m.id: m for m in messages}
    for place, topic in enumerate(found[:top], 1):
        counts = {"people": topic.people, "n": len(topic.ids), "days": topic.days}
        out.print(f"[bold]{place}. {topic.title}[/bold]（{'、'.join(topic.words)}）", highlight=False)
        out.print("   " + _("%(people)s 人，%(n)s 件，%(days)s 天") % counts, highlight=False)
        for id in topic.ids:
            out.print(f"   {id.split('#')[0]} {by_id[id].at:%Y-%m-%d} {by_id[id].title}", highlight=False, markup=False)
    out.print(_("%(n)s 件留言，%(topics)s 个热点。") % {"n": len(messages), "topics": len(found)})
    if write is not None:
        reading.write(write, found, by_id)


def register(app: typer.Typer) -> None:
    """Enter the commands."""
    app.command("topics", help=_("从留言表格中找出多人反映的同一件事"))(topics)
    app.add_typer(duplicates_app, name="duplicates")
