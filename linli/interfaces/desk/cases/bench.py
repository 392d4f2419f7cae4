"""What stands around the detail: filters, tabs, rows, figures of the day."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from linli.engines.alerts import selectors as alerts
from linli.engines.cases import selectors, services
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import Level, State
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.cases import rows
from linli.interfaces.desk.cases.boxes import BOXES, boxes_of
from linli.interfaces.desk.cases.forms import FIGURES, TABS, FilterForm, parse
from linli.interfaces.web.links import place

_PASSING = {"cursor", "part", "view"}


def _local(now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE))


def _without(query: QueryDict, *names: str) -> str:
    pairs = [(k, v) for k, values in query.lists() for v in values if k not in {*names, *_PASSING} and v]
    return urlencode(pairs)


def link(query: str) -> str:
    """Return the address of the list narrowed by ``query``."""
    return place("desk:list") + (f"?{query}" if query else "")


def _tabs(request: HttpRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    rest = _without(request.GET, "tab", "box", "state", "due", "q", "closed_since", "since", "until", "order", "figure")
    here, box = request.GET.get("tab", ""), request.GET.get("box", "")
    found = []
    for code, label in TABS.items():
        query = "&".join(p for p in (f"tab={code}" if code else "", rest) if p)
        count = counts.get(code or "all") if counts else None
        late = code == "overdue" and bool(count)
        found.append(
            {"label": label, "url": link(query), "count": count, "current": code == here and not box, "late": late}
        )
    return found


def _boxes(request: HttpRequest, counts: dict[str, int], boxes: list[str]) -> list[dict[str, Any]]:
    rest, here = (
        _without(request.GET, "tab", "box", "state", "due", "q", "closed_since", "since", "until", "order", "figure"),
        request.GET.get("box", ""),
    )
    return [
        {
            "code": box,
            "label": BOXES[box],
            "count": counts.get(f"box_{box}"),
            "current": box == here,
            "url": link("&".join(p for p in (f"box={box}", rest) if p)),
        }
        for box in boxes
    ]


def _options(pairs: Any, first: str = "") -> list[dict[str, Any]]:
    head = [{"value": "", "label": first}] if first else []
    return [*head, *({"value": value, "label": label} for value, label in pairs)]


def category_options(first: str = "") -> list[dict[str, Any]]:
    """Return the categories for a select, groups before their kinds."""
    found = [
        (node.spec.code, f"{node.group} › {node.spec.name}" if node.parent else node.spec.name)
        for node in selectors.categories()
    ]
    return _options(found, first)


def unit_options(first: str = "") -> list[dict[str, Any]]:
    """Return the working units for a select."""
    return _options(((u.id, u.name) for u in directory.units().values()), first)


def area_options(now: datetime, first: str = "") -> list[dict[str, Any]]:
    """Return subdistrict, grids and neighbourhoods for a select, set in by their depth."""
    return _options(((a.id, "　" * max(0, a.depth) + a.name) for a in directory.areas(now.date())), first)


def _filter_fields(form: FilterForm, mine: list[str], now: datetime) -> list[dict[str, Any]]:
    every = _("全部")
    wanted: list[tuple[str, str, list[dict[str, Any]]]] = [
        ("box", _("我的待办"), _options([(box, BOXES[box]) for box in mine], every)),
        ("area", _("区域"), area_options(now, every)),
        ("category", _("类别"), category_options(every)),
        ("unit", _("承办单位"), unit_options(every)),
        ("state", _("状态"), _options(State.choices, every)),
        ("level", _("级别"), _options(Level.choices, every)),
        ("source", _("来源"), _options(Source.choices, every)),
        ("due", _("时限"), _options([("overdue", _("已超期")), ("today", _("今天到期"))], every)),
        ("order", _("排序"), _options([("new", _("最新上报"))], _("最近到期"))),
    ]
    return [
        {"name": n, "label": label, "options": options, "value": form.data.get(n, "")} for n, label, options in wanted
    ]


def _said(fields: list[dict[str, Any]], form: FilterForm) -> list[str]:
    """Return the filters in force as words."""
    words = []
    for field in fields:
        if field["value"] and field["name"] not in {"order", "box"}:
            words += [str(o["label"]).strip("　") for o in field["options"] if str(o["value"]) == field["value"]]
    if form.data.get("figure") in FIGURES:
        words.append(str(FIGURES[form.data["figure"]]))
    marks = {"urgent": _("紧急"), "relapse": _("返潮")}
    words += [label for name, label in marks.items() if form.data.get(name)]
    for name, label in (
        ("since", _("%(day)s 起上报")),
        ("until", _("%(day)s 止")),
        ("closed_since", _("%(day)s 起办结")),
    ):
        if form.data.get(name):
            words.append(label % {"day": form.data[name]})
    return [*words, *([f"“{form.data['q']}”"] if form.data.get("q") else [])]


def _figures(request: HttpRequest, now: datetime) -> list[dict[str, Any]]:
    local = _local(now)
    midnight = datetime.combine(local.date(), time.min, local.tzinfo)
    month = midnight.replace(day=1)
    actor = request.actor  # type: ignore[attr-defined]
    f = selectors.day_figures(actor, now=now, midnight=midnight, month=month)
    change = f.today - f.yesterday
    return [
        {
            "label": _("今日新增"),
            "value": f.today,
            "note": _("较昨日 %(change)s") % {"change": f"{change:+d}"},
            "href": link(f"since={midnight:%Y-%m-%d}&order=new"),
        },
        {"label": _("处置中"), "value": f.doing, "href": link("")},
        {"label": _("超期"), "value": f.overdue, "late": f.overdue > 0, "href": link("tab=overdue")},
        {
            "label": _("按期办结率（本月）"),
            "value": "—" if f.rate is None else f"{f.rate:.1f}%",
            "href": link(f"closed_since={month:%Y-%m-%d}"),
        },
    ]


def _rows(
    request: HttpRequest, filters: selectors.Filters, now: datetime, query: str
) -> tuple[Page[Any], list[dict[str, Any]], str]:
    actor = request.actor  # type: ignore[attr-defined]
    problem = ""
    try:
        page = selectors.case_rows(actor, filters, now=now, cursor=request.GET.get("cursor", ""))
    except InvalidError as error:
        problem = str(error)
        page = selectors.case_rows(actor, filters, now=now)
    return page, [rows.row(c, now, query) for c in page.rows], problem


def frame(request: HttpRequest, now: datetime, form: FilterForm | None = None) -> dict[str, Any]:
    """Return what stands around a detail before the list is loaded: no statement of its own."""
    form = form or parse(request.GET, now)[0]
    fields = _filter_fields(form, boxes_of(request.actor), now)  # type: ignore[attr-defined]
    query = _without(request.GET)
    here = request.GET.get("box", "")
    return {
        "tabs": _tabs(request, {}),
        "fields": fields,
        "form": form,
        "said": _said(fields, form),
        "query": query,
        "box_label": BOXES.get(here, ""),
        "list_url": link(query),
        "pins_url": place("desk:pins") + (f"?{query}" if query else ""),
        "part_url": link("&".join(p for p in ("part=list", query) if p)),
        "nav_here": "cases",
        "may_root": request.actor.has_role(*services.ROOT_OPENERS),  # type: ignore[attr-defined]
        "place": directory.areas(now.date())[0].name if directory.areas(now.date()) else "",
        "neighbourhoods": sum(1 for a in directory.areas(now.date()) if a.kind == "neighbourhood"),
        "poll_url": f"{place('desk:changed')}?{urlencode({'since': now.isoformat()})}",
    }


def _alerts(request: HttpRequest, now: datetime) -> list[tuple[Any, bool]]:
    """Return the warnings in force, and whether the viewer is to take note: one statement where there are none."""
    rows, unseen = alerts.unseen(request.actor, now)  # type: ignore[attr-defined]
    return [(a, a.pk in unseen) for a in rows]


def whole(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Return everything of the list's page: five statements beside session, actor and unread count."""
    actor = request.actor  # type: ignore[attr-defined]
    form, filters = parse(request.GET, now)
    context = frame(request, now, form)
    mine = boxes_of(actor)
    counts = selectors.inbox_counts(actor, filters, mine, now=now)
    page, shown, problem = _rows(request, filters, now, context["query"])
    return {
        **context,
        "rows": shown,
        "page": page,
        "problem": problem,
        "tabs": _tabs(request, counts),
        "boxes": _boxes(request, counts, mine),
        "todo": counts.get("todo", 0),
        "figures": _figures(request, now),
        "alerts": _alerts(request, now),
        "saved": selectors.saved_filters(actor.user_id),
        "pager_base": f"?{context['query']}&" if context["query"] else "?",
    }
