"""Stations and their pools: who sees which, and which cases concern several partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent, CaseHelper, PooledCase, Station
from linli.engines.cases.permissions import visible, working_units
from linli.engines.cases.types import NoteKind
from linli.engines.cases.workflow import READERS_ALL
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset

_AREA = frozenset({"grid_head", "neighbourhood_secretary"})


@dataclass(frozen=True, slots=True)
class Shared:
    """One case of a pool: which partners it concerns, and why it was put there, if it was."""

    case: Case
    units: tuple[str, ...]
    reason: str


def station_page(*, text: str = "", cursor: str = "", size: int = 50) -> Page[Station]:
    """Return a page of all stations by name, closed ones too, those whose name or area ``text`` is a part of."""
    rows = Station.objects.select_related("area").prefetch_related("partners__unit")
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(area__name__contains=text))
    return keyset(rows, keys=[("name", str), ("id", int)], cursor=cursor, size=size)


def stations(actor: Actor, *, every: bool = False) -> list[Station]:
    """Return the stations that ``actor`` works in or watches over, by name; ``every``: closed ones, too."""
    rows = Station.objects.select_related("area").prefetch_related("partners__unit").order_by("name")
    if not every:
        rows = rows.filter(active=True)
    if actor.is_system or actor.has_role(*READERS_ALL, "system_admin"):
        return list(rows[:500])
    q = Q(partners__unit__in=working_units(actor))
    for grant in actor.grants:
        if grant.role in _AREA and grant.area_path:
            q |= Q(area_path__startswith=grant.area_path)
    return list(rows.filter(q).distinct()[:500])


def station_for(actor: Actor, uuid: UUID) -> Station:
    """Return the station with that uuid, if ``actor`` works in it or watches over it.

    Raises:
        NotFoundError: there is none for this person.
    """
    found = next((s for s in stations(actor, every=True) if s.uuid == uuid), None)
    if found is None:
        raise NotFoundError(_("没有找到这个联勤联动站。"), code="cases.station")
    return found


def partner_ids(station: Station) -> list[int]:
    """Return the units that work in ``station``."""
    return [p.unit_id for p in station.partners.all()]


def shared_q(station: Station) -> Q:
    """Return the filter of the cases of the station's area that concern two partners or that one put into the pool."""
    partners = partner_ids(station)
    helping = CaseHelper.objects.filter(unit__in=partners)
    several = helping.order_by().values("case").annotate(n=Count("pk")).filter(n__gte=2)
    two = Q(unit__in=partners) & (Q(pk__in=helping.values("case")) | Q(asking_unit__in=partners))
    put = PooledCase.objects.filter(station=station, taken_at__isnull=True)
    concerned = two | Q(pk__in=several.values("case"))
    return (concerned & Q(area_path__startswith=station.area_path)) | Q(pk__in=put.values("case"))


def pool(actor: Actor, station: Station, *, cursor: str = "", size: int = 50) -> tuple[Page[Case], list[Shared]]:
    """Return one page of the open shared cases that ``actor`` may read, soonest due first: four statements."""
    rows = visible(actor).filter(shared_q(station), is_open=True).select_related("category", "unit", "asking_unit")
    page = keyset(rows, keys=[("due_at", datetime), ("id", int)], cursor=cursor, size=size)
    ids = [c.pk for c in page.rows]
    names: dict[int, list[str]] = {}
    partners = set(partner_ids(station))
    helpers = CaseHelper.objects.filter(case__in=ids, unit__in=partners).select_related("unit").order_by("id")
    for helper in helpers:
        names.setdefault(helper.case_id, []).append(str(helper.unit))
    put = PooledCase.objects.filter(station=station, case__in=ids, taken_at__isnull=True)
    reasons = dict(put.values_list("case_id", "reason"))
    found = []
    for case in page.rows:
        own = [str(u) for u in (case.unit, case.asking_unit) if u is not None and u.pk in partners]
        found.append(Shared(case, tuple(dict.fromkeys([*own, *names.get(case.pk, [])])), reasons.get(case.pk, "")))
    return page, found


def hidden_count(actor: Actor, station: Station) -> int:
    """Return how many open shared cases ``actor`` may not read."""
    rows: QuerySet[Case] = Case.objects.filter(shared_q(station), is_open=True)
    return rows.exclude(pk__in=visible(actor).values("pk")).count()


def joint_records(actor: Actor, station: Station, *, limit: int = 20) -> list[CaseEvent]:
    """Return the newest records of joint handling by ``station`` that ``actor`` may read."""
    rows = CaseEvent.objects.filter(
        verb="note", data__kind=NoteKind.JOINT.value, data__station=str(station.uuid), case__in=visible(actor)
    )
    return list(rows.select_related("case").order_by("-at", "-id")[:limit])
