"""``linli places``: how well places are read from text."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from linli.interfaces.cli import set_up
from linli.interfaces.cli.set_up import fail, out
from linli.interfaces.cli.words import gettext as _

Namespace = Annotated[str | None, typer.Option("--namespace", "-n", help=_("空间名，即哪个街道的数据"))]
Phrases = Annotated[
    Path | None,
    typer.Argument(help=_("text,answer,area,place 的 .csv；不写用演示街道的句子"), exists=True, dir_okay=False),
]
Addresses = Annotated[
    Path | None, typer.Option("--addresses", help=_("逐字标注的地址（字 标签）"), exists=True, dir_okay=False)
]

places_app = typer.Typer(help=_("地点：从文字中认出地点"), no_args_is_help=True)


@places_app.callback()
def places() -> None:
    """Hold the commands together."""


@places_app.command("evaluate", help=_("检验从文字认地点：认准的有多少对，该认的认出多少"))
def evaluate(phrases: Phrases = None, addresses: Addresses = None, namespace: Namespace = None) -> None:
    """Read phrases against this installation's places, and parts of labelled addresses."""
    set_up.start(namespace)
    from django.utils import timezone  # noqa: PLC0415  needs Django

    from linli.foundation.places import selectors  # noqa: PLC0415
    from linli.foundation.places.rules import scoring, spans  # noqa: PLC0415
    from linli.foundation.places.types import Audience  # noqa: PLC0415

    if addresses is not None:
        with addresses.open(encoding="utf8") as lines:
            found = scoring.score_parts(scoring.labelled(lines), spans.find_parts)
        names = {"road": _("道路"), "number": _("门牌、弄号"), "name": _("小区、单位"), "community": _("村、社区")}
        table = Table("", _("准确率"), _("召回率"), _("个数"))
        for kind, part in found.items():
            table.add_row(names[kind], f"{part.precision:.3f}", f"{part.recall:.3f}", str(part.right + part.missed))
        out.print(table)
        if phrases is None:
            return
    shipped = files("linli.interfaces.cli.demo").joinpath("data/place_phrases.csv")
    text = phrases.read_text(encoding="utf-8-sig") if phrases else shipped.read_text(encoding="utf8")
    try:
        wanted = scoring.phrases_of(csv.DictReader(text.splitlines()))
    except (KeyError, ValueError) as error:
        fail(_("表格读不懂：%(why)s") % {"why": error}, hint=_("列名是 text、answer、area、place。"))
    on = timezone.localdate()
    found_ = scoring.score(wanted, lambda t: selectors.read_text(t, on=on, audience=Audience.STAFF))
    for o in found_.wrong:
        out.print(f"[red]×[/red] {o.phrase.text}  {o.phrase.answer} → {o.given}", highlight=False)
    answer = scoring.Answer
    table = Table(_("句子"), _("认准的准确率"), _("认准的召回率"), _("该问的问了"), _("没有地点的没有认"))
    figures = (found_.precision, found_.recall, found_.rate(answer.ASKED), found_.rate(answer.NONE))
    table.add_row(str(len(found_.outcomes)), *(f"{f:.3f}" for f in figures))
    out.print(table)


def register(app: typer.Typer) -> None:
    """Enter the commands."""
    app.add_typer(places_app, name="places")
