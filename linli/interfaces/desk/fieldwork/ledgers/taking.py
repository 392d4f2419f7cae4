"""Acts on many targets of a ledger at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.types import Choice, How, TargetFilter
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.interfaces.desk.doors import actor_of, lists, staff, uuid_of
from linli.interfaces.desk.fieldwork.handing import hand
from linli.interfaces.desk.fieldwork.ledgers import shared
from linli.interfaces.desk.fieldwork.ledgers.listing import filters_of, query_of

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind


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
