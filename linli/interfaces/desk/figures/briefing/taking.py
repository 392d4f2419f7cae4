"""A 专报 as Word or PDF: a short one at once, a long one written in the background, chapter by chapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.indicators.permissions import check_reader
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.exports import services
from linli.foundation.exports.services import Asking, Form, Paper, Tick, Written
from linli.interfaces.desk.doors import check_staff, local
from linli.interfaces.desk.figures.asking import asked
from linli.interfaces.desk.figures.briefing import content, pdf, word
from linli.interfaces.desk.figures.views import chosen
from linli.interfaces.web.exporting.building import request_of

if TYPE_CHECKING:
    from linli.interfaces.desk.figures.briefing.telling import Begin, Brief, Table

CODE = "figures_brief"
SETTERS: dict[Form, Callable[[Brief, Begin], bytes]] = {Form.DOCX: word.written, Form.PDF: pdf.written}


def _door(by: Actor) -> None:
    check_staff(by)
    check_reader(by)


def _chapters(asking: Asking) -> int:
    request = request_of(asking)
    return content.chapters(request, chosen(request))


def _titled(asking: Asking) -> str:
    title = content.words_of(request_of(asking), local(clock.now()).date()).title
    return title if "专报" in title else _("%(title)s专报") % {"title": title}


def _written(asking: Asking, form: Form, tick: Tick) -> Written:
    request, begun, rows = request_of(asking), 0, 0
    brief = content.made(request, asked(request), chosen(request), asking.now, origin=asking.origin)

    def begin(heading: str) -> None:
        nonlocal begun
        tick(begun, heading)
        begun += 1

    def counted() -> Iterator[Table]:
        nonlocal rows
        for table in brief.appendix:
            rows += len(table.rows)
            yield table

    made = SETTERS[form](replace(brief, appendix=counted()), begin)
    tick(brief.chapters, "")
    return Written(BytesIO(made), rows)


def register() -> None:
    """Let a 专报 be taken out."""
    services.register(
        Paper(
            CODE, gettext_lazy("治理数据专报"), _titled, _chapters, _written, _door,
            {Form.DOCX: "word_chapters_at_once", Form.PDF: "pdf_chapters_at_once"},
        )
    )  # fmt: skip
