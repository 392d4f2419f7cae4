"""``linli duplicates``: measure, learn, index; ``linli topics``: what many wrote about in a file of messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from linli.interfaces.cli import set_up
from linli.interfaces.cli.set_up import err, fail, out
from linli.interfaces.cli.words import gettext as _

if TYPE_CHECKING:
    from linli.engines.judgement.rules.duplicates_replay import Figures
    from linli.engines.judgement.rules.topics import Topic

Namespace = Annotated[str | None, typer.Option("--namespace", "-n", help=_("空间名，即哪个街道的数据"))]
Requests = Annotated[Path, typer.Argument(help=_("GeoReport 请求：.csv 或 .parquet"), exists=True, dir_okay=False)]
Pairs = Annotated[Path, typer.Argument(help=_("重复对：dup_id,master_id 的 .csv"), exists=True, dir_okay=False)]
Since = Annotated[datetime, typer.Option(help=_("此日之前训练，之后检验"), formats=["%Y-%m-%d"])]
Shipped = Annotated[bool, typer.Option("--shipped", help=_("不训练，检验随附的权重"))]
AsJson = Annotated[bool, typer.Option("--json", help=_("输出 JSON"))]
Write = Annotated[Path | None, typer.Option("--write", help=_("把学到的权重写到这个 .json"), dir_okay=False)]

duplicates_app = typer.Typer(help=_("重复件：检验、学习、补索引"), no_args_is_help=True)
_SPLIT = datetime(2017, 1, 1)  # noqa: DTZ001  a day; made UTC where it is used


@duplicates_app.command(
    "evaluate", help=_("按时间重放 REQUESTS 里的请求，检验能否为 PAIRS 里的每一对找到先前的那件；不改动任何数据")
)
def evaluate(
    requests: Requests,
    pairs: Pairs,
    since: Since = _SPLIT,
    shipped: Shipped = False,
    write: Write = None,
    as_json: AsJson = False,
) -> None:
    """Replay requests in time; print recall of the model and of two baselines."""
    set_up.start()
    from linli.engines.judgement.selectors import duplicates as selectors  # noqa: PLC0415  needs Django
    from linli.engines.judgement.services import duplicates_evaluating as evaluating  # noqa: PLC0415
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415

    model = selectors.shipped_weights() if shipped else None
    try:
        with err.status(_("正在读取请求")) as status:
            found = evaluating.evaluate(
                requests, pairs, since=since.replace(tzinfo=UTC), model=model, tell=status.update
            )
    except DomainError as error:
        fail(error.message, hint=error.hint)
    counts = {"trained": found.trained, "tested": found.tested, "others": found.others}
    if as_json:
        figures = [{**asdict(f), "rows": round(f.rows, 1)} for f in found.figures]
        out.print_json(json.dumps({"since": since.date().isoformat(), **counts, "figures": figures}))
    else:
        _show(found.figures)
        out.print(_("训练 %(trained)s 对，检验 %(tested)s 对，非重复 %(others)s 件。") % counts)
    if write is not None:
        write.write_text(json.dumps(found.model.to_json(), indent=2) + "\n", encoding="utf-8")


def _show(figures: Sequence[Figures]) -> None:
    names = {"nearest": _("同类、100 米、30 天内最近"), "words": _("只比文字"), "model": _("权重")}
    table = Table("", "recall@1", "recall@5", _("误提示"), _("提示且找对"))
    for f in figures:
        rest = ["—" if v is None else f"{v:.1%}" for v in (f.asked, f.offered)]
        table.add_row(names[f.name], f"{f.first:.3f}", f"{f.five:.3f}", *rest)
    out.print(table)


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


def topics(file: Messages, top: Top = 10, write: Table_ = None, as_json: AsJson = False) -> None:
    """Print the hottest topics of a file of messages, each with its messages."""
    set_up.start()
    from linli.engines.judgement.services import topics_reading as reading  # noqa: PLC0415  needs Django
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415

    try:
        with err.status(_("正在读取留言")) as status:
            messages = reading.read(file)
            status.update(_("正在比较 %(n)s 件留言") % {"n": len(messages)})
            found = reading.ranked(messages)
    except DomainError as error:
        fail(error.message, hint=error.hint)
    by_id = {m.id: m for m in messages}
    if write is not None:
        reading.write(write, found, by_id)
    if as_json:
        shown = [_topic(place, topic) for place, topic in enumerate(found[:top], 1)]
        counts = {"messages": len(messages), "topics": len(found)}
        out.print_json(json.dumps({**counts, "top": shown}, ensure_ascii=False))
        return
    for place, topic in enumerate(found[:top], 1):
        counts = {"people": topic.people, "n": len(topic.ids), "days": topic.days}
        out.print(f"{place}. {topic.title}（{'、'.join(topic.words)}）", style="bold", highlight=False, markup=False)
        out.print("   " + _("%(people)s 人，%(n)s 件，%(days)s 天") % counts, highlight=False)
        for id in topic.ids:
            out.print(f"   {id.split('#')[0]} {by_id[id].at:%Y-%m-%d} {by_id[id].title}", highlight=False, markup=False)
    out.print(_("%(n)s 件留言，%(topics)s 个热点。") % {"n": len(messages), "topics": len(found)})


def _topic(place: int, topic: Topic) -> dict[str, Any]:
    return {
        "rank": place, "heat": round(topic.heat, 3), "title": topic.title, "words": list(topic.words),
        "people": topic.people, "days": topic.days, "first": topic.first.isoformat(), "last": topic.last.isoformat(),
        "messages": [id.split("#")[0] for id in topic.ids],
    }  # fmt: skip


def register(app: typer.Typer) -> None:
    """Enter the commands."""
    app.command("topics", help=_("从留言表格 FILE 中找出多人反映的同一件事，按热度列出；不改动任何数据"))(topics)
    app.add_typer(duplicates_app, name="duplicates")
