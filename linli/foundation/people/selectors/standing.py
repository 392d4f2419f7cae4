"""Reading desks, what must be in a grid, and leading groups; public through ``selectors``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people.models import Body, BodyMember, GridItem, GridItemState, Post, WalkInDesk
from linli.foundation.people.rules import in_group
from linli.foundation.people.types import ADMIN_ROLES, POST_GROUPS, Called, Hours, Role
from linli.foundation.places import selectors as places


def desks(*, every: bool = False, area_path: str = "", limit: int = 2_000) -> list[WalkInDesk]:
    """Return the walk-in desks by the code of their area and name, with their hours: two statements."""
    rows = WalkInDesk.objects.select_related("area", "unit").prefetch_related("hours")
    if not every:
        rows = rows.filter(active=True)
    if area_path:
        rows = rows.filter(area__path__startswith=area_path)
    return list(rows.order_by("area__code", "name")[:limit])


def desk_for(uuid: UUID) -> WalkInDesk:
    """Return a walk-in desk.

    Raises:
        NotFoundError: there is none.
    """
    found = WalkInDesk.objects.filter(uuid=uuid).select_related("area", "unit").prefetch_related("hours").first()
    if found is None:
        raise NotFoundError(_("没有找到这个工作室。"))
    return found


def hours_of(desk: WalkInDesk) -> list[Hours]:
    """Return the hours of a desk in the order of the week."""
    return sorted((Hours(h.weekday, h.starts, h.ends) for h in desk.hours.all()), key=lambda h: (h.weekday, h.starts))


def grid_items(*, every: bool = False) -> list[GridItem]:
    """Return what must be in every grid, in its order."""
    rows = GridItem.objects.order_by("order", "id")
    return list(rows if every else rows.filter(active=True))


@dataclass(frozen=True, slots=True)
class GridLine:
    """One item in one grid; ``state`` is None where nobody has looked."""

    item: GridItem
    state: GridItemState | None

    @property
    def missing(self) -> bool:
        """Whether it is not there, or nobody knows."""
        return self.state is None or not self.state.present


def grid_list(area_id: int) -> list[GridLine]:
    """Return every item for one grid: two statements."""
    states = {s.item_id: s for s in GridItemState.objects.filter(area=area_id)}
    return [GridLine(item, states.get(item.pk)) for item in grid_items()]


def grid_missing(area_ids: Iterable[int]) -> dict[int, list[GridLine]]:
    """Return what is missing in each of the grids; two statements."""
    ids = list(area_ids)
    items = grid_items()
    states = {(s.area_id, s.item_id): s for s in GridItemState.objects.filter(area__in=ids)}
    lines = {a: [GridLine(i, states.get((a, i.pk))) for i in items] for a in ids}
    return {a: [x for x in found if x.missing] for a, found in lines.items()}


def bodies(on: date, *, ended: bool = False, text: str = "", cursor: str = "", size: int = 50) -> Page[Body]:
    """Return a page of the leading groups that there are on a day, or of those that have ended, by name."""
    rows = Body.objects.select_related("unit", "office").annotate(
        called=F("unit__name"), size=Count("members", filter=Q(members__until__isnull=True))
    )
    over = Q(unit__ends_on__lt=on) | Q(unit__active=False)
    rows = rows.filter(over if ended else ~over)
    if text:
        rows = rows.filter(unit__name__contains=text)
    return keyset(rows, keys=[("called", str), ("id", int)], cursor=cursor, size=size)


def body_for(uuid: UUID) -> Body:
    """Return a leading group by the uuid of its unit.

    Raises:
        NotFoundError: there is none.
    """
    found = Body.objects.filter(unit__uuid=uuid).select_related("unit", "office").first()
    if found is None:
        raise NotFoundError(_("没有找到这个领导小组。"))
    return found


def body_members(body: Body) -> list[BodyMember]:
    """Return the posts of a leading group: head, deputies, members."""
    order = {"head": 0, "deputy": 1, "member": 2}
    rows = BodyMember.objects.filter(body=body, until__isnull=True).select_related("post__unit")
    return sorted(rows, key=lambda m: (order[m.function], m.pk))


def active_posts(*, limit: int = 5_000) -> list[Post]:
    """Return every working post of a working unit, residents' and administrators' left out, by unit and title."""
    idle = [Role.RESIDENT, *ADMIN_ROLES]
    rows = Post.objects.filter(active=True, unit__active=True).exclude(role__in=idle).select_related("unit")
    return list(rows.order_by("unit__name", "title", "id")[:limit])


def names_of_holders(post_ids: Collection[int], now: datetime) -> dict[int, list[str]]:
    """Return the names of who holds each post today: one statement."""
    from linli.foundation.people.selectors import in_force, local_day  # noqa: PLC0415  the public face reads this file

    found: dict[int, list[str]] = {}
    for a in in_force(local_day(now)).filter(post__in=list(post_ids)).order_by("id"):
        found.setdefault(a.post_id, []).append(a.user.display_name)
    return found


def called(groups: Collection[str], area_ids: Collection[int], now: datetime) -> list[Called]:
    """Return who holds a post of one of ``groups`` in one of the areas today, each once, by unit and title.

    A post lies where its own area lies, else where its unit does.
    """
    from linli.foundation.people.selectors import in_force, local_day  # noqa: PLC0415  the public face reads this file

    paths = [a.path for a in places.areas_by_ids(set(area_ids)).values()]
    wanted = [POST_GROUPS[g] for g in groups if g in POST_GROUPS]
    found: dict[int, Called] = {}
    rows: QuerySet = in_force(local_day(now)).order_by("post__unit__name", "post__title", "id")  # type: ignore[type-arg]
    for a in rows:
        area = a.post.area or a.post.unit.area
        if area is None or not any(area.path.startswith(p) for p in paths):
            continue
        for group in wanted:
            if in_group(group, a.post.unit.kind, a.post.role, a.post.title):
                found.setdefault(
                    a.user_id,
                    Called(a.user_id, a.user.display_name, a.post.title, a.post.unit_id, a.post.unit.name, group.code),
                )
                break
    return list(found.values())
