"""Reading lanes and their plans."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork.selectors import matching
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.streets import permissions
from linli.programmes.streets.models import LanePlan
from linli.programmes.streets.selectors.ledger import targets
from linli.programmes.streets.types import Share
from linli.programmes.streets.workflow import LaneState

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

LANE = ("lane",)


def lane_for(by: Actor, uuid: UUID, *, lock: bool = False) -> LanePlan:
    """Return one plan.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    rows = LanePlan.objects.select_for_update(of=("self",)) if lock else LanePlan.objects.all()
    rows = rows.select_related("target__kind", "target__area", "unit")
    rows = rows.defer("target__sealed", "target__area__geometry", "target__area__wkb")
    found = rows.filter(permissions.area_q(by), uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这份弄堂方案。"), code="streets.no_lane")
    return found


def _standing(state: str) -> Q:
    alive = LanePlan.objects.filter(target=OuterRef("pk")).exclude(state=LaneState.DROPPED)
    if state == "none":
        return ~Q(Exists(alive))
    if state in LaneState.values:
        return Q(Exists(alive.filter(state=state)))
    return Q()


def lanes(
    by: Actor, *, state: str, text: str, cursor: str = "", size: int = 50
) -> tuple[Page[Target], dict[int, LanePlan]]:
    """Return a page of lanes with the newest plan of each: two statements.

    Args:
        state: of the plan, ``none`` for lanes without one, empty for all.
    """
    rows = matching(targets(by, LANE).filter(_standing(state)), TargetFilter(text=text))
    page = keyset(rows, keys=[("sort_key", str), ("id", int)], cursor=cursor, size=size)
    plans = LanePlan.objects.filter(target__in=[t.pk for t in page.rows]).exclude(state=LaneState.DROPPED)
    return page, {p.target_id: p for p in plans.select_related("unit").order_by("id")}


def lane_share(by: Actor) -> Share:
    """Return of how many lanes how many have a plan: two statements."""
    rows = targets(by, LANE)
    return Share(rows.exclude(_standing("none")).count(), rows.count())


def lanes_without(by: Actor) -> list[Target]:
    """Return the lanes that have no plan."""
    return list(targets(by, LANE).filter(_standing("none")).order_by("sort_key", "id")[:20])


def open_plan(target: Target) -> LanePlan | None:
    """Return the plan of a lane that is under way."""
    return LanePlan.objects.filter(target=target, state__in=[LaneState.DRAFT, LaneState.AGREED]).first()
