"""What residents may see of cases: near by, on the map, their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases import search
from linli.engines.cases.models import (
    Case,
    CaseEvent,
    CaseFile,
    Reporter,
)
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.cases import MAP_LIMIT, Pin
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.types import FilePurpose
from linli.engines.cases.workflow import State
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.places import selectors as places
from linli.foundation.places.rules import known_address

# What visitors are shown of a case; nothing else is read.
_SHOWN = (
    "number",
    "title",
    "state",
    "is_open",
    "category",
    "area_path",
    "address",
    "reporter_count",
    "reported_at",
    "closed_at",
)


def public_condition(now: datetime) -> Q:
    """Return what a case must be for anybody to see it: of public space, delayed, not confidential or about a unit."""
    delay = timedelta(hours=float(rule_number("cases.public.delay_hours", 24, now)))
    return Q(
        guarded=False,
        confidential=False,
        subject_unit__isnull=True,
        kind="problem",
        reported_at__lte=now - delay,
        category_version__in=catalogue.public_versions(),
    ) & ~Q(state__in=[State.VOID, State.REFUSED, State.MERGED, State.SPLIT])


def public_q(now: datetime) -> QuerySet[Case]:
    """Return the cases that anybody may see."""
    return Case.objects.filter(public_condition(now))


def public_list(
    *,
    now: datetime,
    text: str = "",
    category: str = "",
    area_path: str = "",
    is_open: bool | None = None,
    cursor: str = "",
    size: int = 20,
) -> Page[Case]:
    """Return one page of what anybody may see, newest first; show addresses through ``public_place`` only.

    ``text`` searches reports as they were written: not for visitors, who could guess at them.
    """
    rows = public_q(now).filter(area_path__startswith=area_path)
    rows = rows.select_related("category").only(*_SHOWN, "category__resident_name")
    if is_open is not None:
        rows = rows.filter(is_open=is_open)
    if category:
        rows = rows.filter(category__code=category)
    if text.strip():
        rows = search.filter_text(rows, text)
    return keyset(rows, keys=[("reported_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def public_counts(*, now: datetime) -> dict[str, int]:
    """Return how many cases of the last 90 days anybody may see, by area path: for the minimum cell."""
    rows = public_q(now).filter(reported_at__gte=now - timedelta(days=90)).order_by()
    return dict(rows.values("area_path").annotate(n=Count("pk")).values_list("area_path", "n"))


def busy_areas(names: Mapping[str, str], counts: Mapping[str, int], now: datetime) -> set[str]:
    """Return the paths of the 居民区 with at least the minimum cell of public cases.

    Args:
        names: paths of the 居民区 → their names.
        counts: what :func:`public_counts` returned.
    """
    least = int(rule_number("cases.public.minimum_cell", 5, now))
    found: dict[str, int] = {}
    for path, count in counts.items():
        for area in names:
            if path.startswith(area):
                found[area] = found.get(area, 0) + count
    return {area for area, count in found.items() if count >= least}


def public_place(
    case: Case, names: Mapping[str, str], busy: Collection[str], known: tuple[tuple[str, ...], tuple[str, ...]]
) -> str:
    """Return where ``case`` is as anybody may read it: 居民区, road and estate; nothing where few cases lie.

    Args:
        case: one that is public.
        names: paths of the 居民区 → their names.
        busy: what :func:`busy_areas` returned.
        known: roads and estates, as :func:`linli.foundation.places.selectors.public_names` returns them; other words
            of an address may name a person and are not shown.
    """
    path = next((p for p in names if case.area_path.startswith(p)), "")
    return f"{names[path]} {known_address(case.address, *known)}".strip() if path in busy else ""


def public_case(number: str, *, now: datetime) -> Case:
    """Return the open case ``number``, if anybody may see it.

    Raises:
        NotFoundError: there is none, or it is not public.
    """
    found = public_q(now).select_related("category", "category_version").filter(number=number, is_open=True).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这件事，它可能已经办结。"), code="cases.not_found", hint=_("请重新反映，我们会一并处理。")
        )
    return found


def own_files(reporter: Reporter, case: Case) -> list[CaseFile]:
    """Return the pictures that ``reporter`` may see: of their own case if they alone raised it, and public ones."""
    seen = Q(case=case, public=True)
    if reporter.case_id == case.pk and case.reporter_count == 1:
        seen |= Q(case=case, purpose__in=[FilePurpose.REPORT, FilePurpose.VOICE])
    return list(CaseFile.objects.filter(seen).select_related("file").order_by("event_seq", "id")[:50])


def public_pins(*, now: datetime) -> list[Pin]:
    """Return public cases for the residents' map: points rounded to about a hundred metres, small areas left out."""
    digits = int(rule_number("cases.public.coordinate_digits", 3, now))
    least = int(rule_number("cases.public.minimum_cell", 5, now))
    rows = public_q(now).filter(lat__isnull=False, reported_at__gte=now - timedelta(days=90))
    busy = set(rows.values("area_id").annotate(n=Count("pk")).filter(n__gte=least).values_list("area_id", flat=True))
    columns: Any = (
        rows.filter(area_id__in=busy)
        .order_by("-reported_at")
        .values_list("number", "category__resident_name", "lat", "lon", "state", "category_id")[:MAP_LIMIT]
    )
    icons = catalogue.icons()
    return [
        Pin(n, t, round(lat or 0.0, digits), round(lon or 0.0, digits), s, icons.get(c, "alert"), False, False)
        for n, t, lat, lon, s, c in columns
    ]


def own_reports(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[Case]:
    """Return the cases that the logged-in ``actor`` reported, newest first."""
    rows = Case.objects.filter(
        Q(reported_by=actor.user_id) | Q(pk__in=Reporter.objects.filter(user=actor.user_id).values("case_id"))
    )
    return keyset(
        rows.select_related("category"),
        keys=[("reported_at", datetime), ("id", int)],
        cursor=cursor,
        size=size,
        descending=True,
    )


def public_events(case: Case) -> list[CaseEvent]:
    """Return what a reporter sees of the history, newest first."""
    return list(CaseEvent.objects.filter(case=case, public=True).order_by("-seq")[:100])


def open_by_layer(on: date, *, limit: int = 20_000) -> dict[int, dict[str, int]]:
    """Return for each area of the free layers (街区) how many open cases lie in it, by path of the tree's area.

    One statement; the points are placed in process, since a 街区 crosses grids and no row keeps it.
    """
    found: dict[int, dict[str, int]] = {}
    points = Case.objects.filter(is_open=True, lat__isnull=False, lon__isnull=False).order_by("due_at", "id")
    for lat, lon in points.values_list("lat", "lon")[:limit]:
        where = places.locate(Point(lat or 0.0, lon or 0.0), on)
        for layer in where.layers:
            by_path = found.setdefault(layer.id, {})
            by_path[where.area_path] = by_path.get(where.area_path, 0) + 1
    return found
