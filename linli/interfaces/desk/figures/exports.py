"""The same figures as table files; that they were taken out is journalled."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.cases import services
from linli.engines.indicators import selectors
from linli.engines.indicators.permissions import figure_for
from linli.engines.indicators.types import Figure, Unit, Value
from linli.foundation.core import clock
from linli.foundation.core.text import harmless
from linli.foundation.exports.services import write
from linli.interfaces.desk.doors import actor_of, local
from linli.interfaces.desk.exports.views import MIME
from linli.interfaces.desk.figures.asking import Asked, asked, said
from linli.interfaces.desk.figures.views import chosen, readers

KINDS = ("xlsx", "csv")
Columns = Sequence[tuple[str, int]]


def _number(figure: Figure, value: float | None) -> Any:
    if value is None:
        return ""
    return f"{value:.2f}" if figure.unit == Unit.SHARE else round(value)


def _plain(part: float) -> Any:
    return int(part) if part == int(part) else f"{part:.2f}"


def _unit(figure: Figure) -> str:
    return {Unit.SHARE: _("％"), Unit.COUNT: _("件"), Unit.TIME: _("分钟")}[figure.unit]


def _cells(figure: Figure, value: Value) -> list[Any]:
    shared = figure.unit == Unit.SHARE
    return [
        _number(figure, value.value),
        _unit(figure),
        _plain(value.part) if shared else "",
        value.whole,
        f"{value.low:.1f}" if value.low is not None else "",
        f"{value.high:.1f}" if value.high is not None else "",
        round(value.second) if value.second is not None else "",
    ]


def _heads() -> list[tuple[str, int]]:
    return [
        (_("数值"), 12),
        (_("单位"), 8),
        (_("分子"), 10),
        (_("分母（件数）"), 12),
        (_("95% 区间下限"), 12),
        (_("95% 区间上限"), 12),
        (_("第 90 百分位（分钟）"), 16),
    ]


def note(request: HttpRequest, ask: Asked, *more: str) -> str:
    """Return the first line of a file: the days, to what it is narrowed, who took it out when."""
    line = _("%(since)s 至 %(until)s，导出于 %(at)s，导出人 %(who)s。") % {
        "since": ask.period.since,
        "until": ask.period.until,
        "at": f"{local(clock.now()):%Y-%m-%d %H:%M}",
        "who": actor_of(request).label,
    }
    return line + "；".join([*said(ask), *(m for m in more if m)])


def answer(
    request: HttpRequest, title: str, kind: str, columns: Columns, rows: Sequence[Sequence[Any]], first: str
) -> HttpResponseBase:
    """Send rows as a table file of ``kind``; the journal says so."""
    now = clock.now()
    services.note_export(by=actor_of(request), now=now, count=len(rows), query=["figures", *sorted(request.GET.keys())])
    name = f"{title}-{local(now):%Y%m%d-%H%M}.{kind}"
    found: HttpResponseBase
    if kind == "csv":
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([label for label, _width in columns])
        writer.writerows([harmless(str(c)) if isinstance(c, str) else c for c in row] for row in rows)
        # The mark at the beginning lets spreadsheets read the Chinese.
        found = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
        found["Content-Disposition"] = FileResponse(io.BytesIO(), as_attachment=True, filename=name)[
            "Content-Disposition"
        ]
    else:
        found = FileResponse(write(title, columns, rows, first), as_attachment=True, filename=name, content_type=MIME)
    found["Cache-Control"] = "private, no-store"
    found["X-Content-Type-Options"] = "nosniff"
    return found


@require_GET
@readers
def overview(request: HttpRequest) -> HttpResponseBase:
    """Send the chosen figures of a period."""
    ask, figures = asked(request), chosen(request)
    found = selectors.overview(
        actor_of(request), [f.code for f in figures], ask.period, narrow=ask.narrow, now=clock.now()
    )
    rows = [[f.group.label, str(f.name), *_cells(f, found[f.code]), str(f.formula), str(f.source)] for f in figures]
    columns = [(_("类别"), 16), (_("指标"), 18), *_heads(), (_("算法"), 44), (_("依据"), 44)]
    return answer(request, _("指标"), "xlsx", columns, rows, note(request, ask))


@require_GET
@readers
def table(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """Send one figure told apart, its total in the last line."""
    if kind not in KINDS:
        raise Http404
    ask, figure = asked(request), figure_for(actor_of(request), code)
    found = selectors.counted(actor_of(request), code, ask.period, by=ask.by, narrow=ask.narrow, now=clock.now())
    few = _("不足 %(n)s 件，不排先后") % {"n": found.minimum}
    rows = [[v.place or "", v.group, v.label, *_cells(figure, v), few if v.few else ""] for v in found.values]
    rows.append(["", "", found.total.label, *_cells(figure, found.total), ""])
    columns = [(_("名次"), 8), (_("类别"), 14), (_("项"), 30), *_heads(), (_("说明"), 24)]
    return answer(request, str(figure.name), kind, columns, rows, note(request, ask, str(figure.formula)))
