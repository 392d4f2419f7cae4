"""What the pages of words out share: their door, their tabs, the fields that several forms have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.engines.projects.types import Strand
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, check_staff, id_of, local
from linli.interfaces.web.access import behind
from linli.programmes.publishing import events, permissions, selectors
from linli.programmes.publishing.types import Link
from linli.programmes.publishing.workflow import State

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
STATUS = {
    State.DRAFT: "new",
    State.HANDED_IN: "check",
    State.REVIEWED: "doing",
    State.RELEASED: "done",
    State.WITHDRAWN: "late",
    State.DROPPED: "idle",
}


def check_writer(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` writes; other staff, contractors say, are refused."""
    check_staff(by)
    if not permissions.may_write(by):
        raise ForbiddenError(
            _("宣传页面供街道、居民区的工作人员使用。"),
            code="publishing.role",
            hint=_("公开的内容请看居民网页的“社区动态”。"),
        )


def check_overseer(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` reads the figures of the whole subdistrict."""
    check_staff(by)
    if not permissions.may_report(by):
        raise ForbiddenError(
            _("这里的数字供派单员、值班长、街道领导和督查员使用。"),
            code="publishing.role",
            hint=_("需要时请向街道索取已发布的报告。"),
        )


writers, overseers = behind(check_writer), behind(check_overseer)


def tabs(actor: Actor, here: str) -> list[dict[str, Any]]:
    """Return the pages of words out that ``actor`` has."""
    pages = [("articles", _("稿件")), ("issues", _("期次")), ("reports", _("报告")), ("methods", _("工作法"))]
    pages += [("media", _("媒体库"))]
    if permissions.may_release(actor):
        pages.append(("releases", _("发布记录")))
    if permissions.may_decide(actor):
        pages.append(("pleas", _("删除申请")))
    if not permissions.may_report(actor):
        pages = [p for p in pages if p[0] != "issues"]
    names = {"articles": "publishing", **{code: f"publishing_{code}" for code, _label in pages if code != "articles"}}
    waiting = selectors.waiting_pleas(actor) if permissions.may_decide(actor) else 0
    return [
        {
            "label": label,
            "url": reverse(f"desk:{names[code]}"),
            "current": code == here,
            "count": waiting if code == "pleas" and waiting else None,
            "late": code == "pleas" and bool(waiting),
        }
        for code, label in pages
    ]


def box_labels() -> dict[str, str]:
    """Return the boxes of a list of pieces, and what they are called."""
    return {
        "open": _("未发布"),
        "review": _("待审核"),
        "ready": _("待发布"),
        "released": _("已发布"),
        "past": _("撤回与作废"),
    }


def boxes(kind: str, actor: Actor, chosen: str) -> list[dict[str, Any]]:
    """Return the boxes of a list of pieces as tabs."""
    counts = selectors.box_counts(selectors.model_of(kind), actor)
    return [
        {"label": label, "url": f"?box={box}", "count": counts.get(box), "current": box == chosen}
        for box, label in box_labels().items()
    ]


def filters_of(request: HttpRequest) -> selectors.Filters:
    """Return what a list is narrowed to."""
    get = request.GET
    box = get.get("box", "open")
    strand = get.get("strand", "")
    return selectors.Filters(
        box=box if box in selectors.BOXES else "open",
        text=get.get("q", "")[:60],
        strand=strand if strand in Strand.values else "",
        unit_id=id_of(get.get("unit", "")),
    )


def query(request: HttpRequest) -> str:
    """Return the address of the list as it is narrowed, ready for a cursor."""
    kept = urlencode([(k, v) for k, v in request.GET.items() if k != "cursor" and v])
    return f"?{kept}&" if kept else "?"


def page_of(kind: str, request: HttpRequest, cursor: str, size: int = 30) -> Page[Any]:
    """Return a page of the pieces of a kind that the address asks for."""
    model: Any = selectors.model_of(kind)
    return selectors.pieces(model, actor_of(request), filters_of(request), cursor=cursor, size=size)


def list_context(request: HttpRequest, kind: str, here: str) -> dict[str, Any]:
    """Return what every list of pieces shows."""
    actor, filters = actor_of(request), filters_of(request)
    page = page_of(kind, request, request.GET.get("cursor", ""))
    for row in page.rows:
        row.mark = STATUS[State(row.state)]
    return {
        "page": page,
        "filters": filters,
        "tabs": tabs(actor, here),
        "boxes": boxes(kind, actor, filters.box),
        "base": query(request),
        "strands": [{"value": "", "label": _("全部")}, *({"value": s.value, "label": s.label} for s in Strand)],
        "narrowed": bool(filters.text or filters.strand or filters.unit_id),
        "nav_here": "publishing",
    }


def unit_choices(actor: Actor) -> list[tuple[Any, Any]]:
    """Return the units that a piece of ``actor`` may come from."""
    own = permissions.working_units(actor)
    wide = permissions.may_report(actor)
    return [(u.id, u.name) for u in directory.units().values() if wide or u.id in own]


def first_unit(actor: Actor) -> int | None:
    """Return the unit that is filled in first: one's own."""
    return next(iter(sorted(permissions.working_units(actor))), None)


def area_choices() -> list[tuple[Any, Any]]:
    """Return the neighbourhoods."""
    today = local(clock.now()).date()
    return [(a.id, a.name) for a in directory.areas(today) if a.kind == "neighbourhood"]


def links_sent(data: Mapping[str, Any]) -> tuple[Link, ...]:
    """Return the links that a form sent: ``kind|ref|label`` each."""
    values: list[str] = getattr(data, "getlist", lambda _name: [])("link")
    parts = [v.split("|", 2) for v in values]
    return tuple(Link(p[0][:20], p[1][:60], p[2][:80]) for p in parts if len(p) == 3 and p[0] and p[1])


def link_rows(links: Any) -> list[dict[str, str]]:
    """Return links as the form and the page show them, opened where a page is known."""
    rows = []
    for raw in links:
        link = raw if isinstance(raw, Link) else Link.from_json(raw)
        source = events.source(link.kind)
        url = reverse(source.url_name, args=[link.ref]) if source and source.url_name else ""
        rows.append(
            {
                "value": f"{link.kind}|{link.ref}|{link.label}",
                "kind": str(source.name) if source else link.kind,
                "label": link.label,
                "url": url,
                "about": "・".join(part for part in (link.day, link.unit) if part),
                "summary": link.summary,
            }
        )
    return rows
