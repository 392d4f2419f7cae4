"""What the wall's page says of the figures; with ``links`` each opens to its cases, without them none does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.cases import selectors
from linli.engines.cases.rules.figures import Share, band
from linli.engines.cases.selectors import Wall
from linli.engines.cases.workflow import Level
from linli.foundation.places import selectors as places
from linli.interfaces.wall import drawing
from linli.interfaces.web.links import place

Link = Callable[..., str]


def to_cases(**filters: Any) -> str:
    """Return the address of the workbench's list narrowed by ``filters``."""
    return f"{place('desk:list')}?{urlencode(filters)}"


def to_nothing(**_filters: Any) -> str:
    """Return no address: a screen opens nothing."""
    return ""


def percent(share: Share | None) -> str:
    """Return a rate in words, a dash where there is nothing to divide by."""
    found = share.percent if share is not None else None
    return "—" if found is None else f"{found:.1f}%"


def _out_of(share: Share) -> str:
    part = f"{share.part:.1f}".removesuffix(".0")
    return f"{part} / {share.whole}"


def _now_figures(wall: Wall, link: Link) -> list[dict[str, Any]]:
    today, yesterday = wall.trend[-1], wall.trend[-2] if len(wall.trend) > 1 else None
    taken = _("昨日 %(count)s") % {"count": yesterday.taken_in} if yesterday else ""
    closed = _("昨日 %(count)s") % {"count": yesterday.closed} if yesterday else ""
    day = today.day.isoformat()
    return [
        {"label": _("在办"), "value": wall.open.total, "url": link()},
        {"label": _("今日受理"), "value": today.taken_in, "note": taken, "url": link(since=day, order="new")},
        {"label": _("今日办结"), "value": today.closed, "note": closed, "url": link(closed_since=day)},
        {"label": _("今天还将到期"), "value": wall.open.due_today, "tone": "warn", "url": link(due="rest")},
        {"label": _("已超期"), "value": wall.open.overdue, "tone": "late", "url": link(due="overdue")},
    ]


def _levels(wall: Wall, link: Link) -> list[dict[str, Any]]:
    total = max(1, wall.open.total)
    return [
        {
            "label": level.label,
            "value": wall.open.levels.get(level.value, 0),
            "percent": round(100 * wall.open.levels.get(level.value, 0) / total),
            "url": link(level=level.value),
        }
        for level in Level
    ]


def _waiting(wall: Wall, link: Link, *, open_to: bool) -> list[dict[str, Any]]:
    waits = wall.waiting
    meetings = place("desk:consultations") if open_to else ""
    return [
        {"label": _("困难问题"), "value": waits.difficult, "url": link(level="difficult")},
        {"label": _("督办中"), "value": waits.orders, "url": link(box="orders")},
        {"label": _("待批挂账"), "value": waits.shelving, "url": link(box="shelving")},
        {"label": _("退单两次以上"), "value": waits.returned, "url": link(box="returned")},
        {"label": _("今日及逾期会商"), "value": waits.consultations, "url": meetings},
    ]


def _quality(wall: Wall, link: Link) -> list[dict[str, Any]]:
    found, since = wall.quality, wall.since.isoformat()
    rows = (
        (_("满意率"), found.satisfaction, _("按已评价的计"), link(closed_since=since)),
        (_("返工件占比"), found.rework, _("核查退回过"), link(box="reworked", closed_since=since)),
        (_("未解决率"), found.unsolved, _("办结但未解决"), link(box="unsolved", closed_since=since)),
        (_("按时办结率"), found.on_time, _("全程没有超期"), link(closed_since=since)),
    )
    return [
        {"label": label, "value": percent(share), "note": note, "out_of": _out_of(share), "url": url}
        for label, share, note, url in rows
    ]


def _areas(wall: Wall, link: Link) -> list[dict[str, Any]]:
    bands = selectors.wall_bands(wall.at)
    words = {"good": _("达标"), "fair": _("接近"), "poor": _("偏低"), "none": _("件数不足")}
    found = []
    for area in wall.areas:
        shade = band(area.on_time.percent if area.on_time else None, *bands)
        found.append(
            {
                "id": area.id,
                "name": area.name.removesuffix("居民区"),
                "open": area.open,
                "overdue": area.overdue,
                "rate": percent(area.on_time),
                "band": shade,
                "band_label": words[shade],
                "url": link(area=area.id),
                "late_url": link(area=area.id, due="overdue") if area.overdue else "",
            }
        )
    return found


def _map(areas: list[dict[str, Any]], at: datetime) -> dict[str, Any] | None:
    drawn = drawing.area_map(places.areas_geojson(timezone.localtime(at).date(), "neighbourhood"))
    if drawn is None:
        return None
    known = {a["id"]: a for a in areas}
    shapes = [{"shape": s, "area": known[s.id]} for s in drawn.shapes if s.id in known]
    return {"width": drawn.width, "height": drawn.height, "shapes": shapes}


def _busy(rows: Any, link: Link, name: str, since: str) -> list[dict[str, Any]]:
    most = max((row.count for row in rows), default=1)
    return [
        {
            "label": row.name,
            "value": row.count,
            "percent": round(100 * row.count / most),
            "url": link(**{name: row.code, "since": since}),
        }
        for row in rows
    ]


def present(wall: Wall, now: datetime, *, open_to: bool) -> dict[str, Any]:
    """Return the page's variables; ``open_to``: the reader may open the cases behind a figure."""
    link = to_cases if open_to else to_nothing
    areas, since = _areas(wall, link), wall.since.isoformat()
    good, fair = (f"{bound:g}" for bound in selectors.wall_bands(wall.at))
    return {
        "wall": wall,
        "age": max(0, int((now - wall.at).total_seconds())),
        "figures": _now_figures(wall, link),
        "levels": _levels(wall, link),
        "waiting": _waiting(wall, link, open_to=open_to),
        "quality": _quality(wall, link),
        "areas": areas,
        "map": _map(areas, wall.at),
        "good": good,
        "fair": fair,
        "trend": drawing.trend(wall.trend),
        "last_days": wall.trend[-7:],
        "categories": _busy(wall.categories, link, "category", since),
        "places": _busy(wall.places, link, "q", since),
        "days": len(wall.trend),
    }
