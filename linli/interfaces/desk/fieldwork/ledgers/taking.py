"""A ledger as narrowed, taken out as a table file; and acts on many targets at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.rules.details import said
from linli.engines.fieldwork.rules.tables import as_csv
from linli.engines.fieldwork.types import Choice, How, TargetFilter
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.exports.services import write
from linli.foundation.forms.types import Question
from linli.interfaces.desk.doors import actor_of, lists, local, staff, uuid_of
from linli.interfaces.desk.exports.views import MIME
from linli.interfaces.desk.fieldwork.handing import hand
from linli.interfaces.desk.fieldwork.ledgers import shared
from linli.interfaces.desk.fieldwork.ledgers.listing import filters_of, query_of
from linli.interfaces.web.sending import named

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind, Target


def _heads(asked: Sequence[Question]) -> list[tuple[str, int]]:
    first = [(_("台账编号"), 14), (_("名称"), 28), (_("地址"), 34), (_("所属区域"), 18), (_("责任单位"), 20)]
    rest = [(_("标签"), 20), (_("上次走访"), 12), (_("入册日期"), 12), (_("退出日期"), 12)]
    return [*first, *((shared.label_of(q), 14) for q in asked), *rest]


def _cells(target: Target, asked: Sequence[Question]) -> list[Any]:
    facts = [said(q, v) if (v := target.facts.get(q.code)) is not None else "" for q in asked]
    visited = local(target.visited_at).date().isoformat() if target.visited_at else ""
    return [
        target.number, target.name, target.address, target.area.name if target.area else "",
        target.unit.name if target.unit else "", *facts, "、".join(target.tags), visited, target.since.isoformat(),
        target.until.isoformat() if target.until else "",
    ]  # fmt: skip


@require_GET
@staff
def export(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """Hand out a ledger as narrowed, nothing personal in it; journalled with the number of rows."""
    by, now = actor_of(request), clock.now()
    kind = selectors.ledger_for(by, code)
    if kind.guarded or form not in {"xlsx", "csv"}:
        raise NotFoundError(_("没有这个台账。"), code="fieldwork.no_kind")
    asked = shared.plain_questions(shared.asked_of(kind))
    filters = filters_of(request, kind, asked)
    count = selectors.ledger_size(by, kind, filters)
    services.note_ledger_export(by=by, now=now, kind=kind, count=count, way=form)
    rows: Iterator[list[Any]] = (_cells(t, asked) for t in selectors.ledger_rows(by, kind, filters))
    name = f"{kind.name}-{local(now):%Y%m%d}.{form}"
    answer: HttpResponseBase
    if form == "csv":
        answer = StreamingHttpResponse(as_csv([h for h, _w in _heads(asked)], rows), content_type="text/csv")
    else:
        note = _("%(kind)s，共 %(n)s 条，%(day)s 导出；不含个人信息。") % {
            "kind": kind.name, "n": count, "day": f"{local(now):%Y-%m-%d}",
        }  # fmt: skip
        answer = FileResponse(write(kind.name, _heads(asked), rows, note), content_type=MIME)
    return named(answer, name)


@require_POST
@staff
def bulk(request: HttpRequest, code: str) -> HttpResponse:
    """Tag what is selected, take a tag off it, or go on to plan a round of it or of all that match."""
    by = actor_of(request)
    kind = selectors.ledger_for(by, code)
    asked = shared.plain_questions(shared.asked_of(kind))
    query = query_of(request, asked)
    back = reverse("desk:ledger_list", args=[code]) + (f"?{query}" if query else "")
    chosen = [u for text in lists(request.POST, "target") if (u := uuid_of(text)) is not None]
    act = request.POST.get("act", "")
    if act == "round":
        return _to_planner(request, kind, chosen, filters_of(request, kind, asked))
    try:
        wanted = services.readable_uuids(by, kind, chosen)
        changed = services.tag_targets(
            by=by, now=clock.now(), uuids=wanted, tag=request.POST.get("tag", ""), off=act == "untag"
        )
    except DomainError as error:
        messages.error(request, "".join(m for said in error.fields.values() for m in said) or str(error))
        return HttpResponseRedirect(back)
    words = _("已从 %(n)s 个对象上去掉标签。") if act == "untag" else _("已给 %(n)s 个对象加上标签。")
    messages.success(request, words % {"n": changed})
    return HttpResponseRedirect(back)


def _to_planner(request: HttpRequest, kind: Kind, chosen: list[UUID], filters: TargetFilter) -> HttpResponse:
    """Lead to the planner, which begins with the choice."""
    by = actor_of(request)
    if chosen:
        uuids = tuple(services.readable_uuids(by, kind, chosen))
        choice = Choice(How.LIST, TargetFilter((kind.code,)), uuids)
    else:
        if filters.ended:
            messages.warning(request, _("已退出台账的对象不再走访，这一条件没有带过来。"))
        choice = Choice(filter=filters)
    hand(request, choice)
    return HttpResponseRedirect(f"{reverse('desk:round_new')}?choice=saved")
