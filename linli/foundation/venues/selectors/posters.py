"""Posters, by code for whoever opens them and as a list for staff."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.venues.models import Channel, Poster, PosterDay
from linli.foundation.venues.rules import codes

_WITH = ("area", "place__area", "venue__kind", "channel")


def _light() -> QuerySet[Poster]:
    return Poster.objects.select_related(*_WITH).defer("area__geometry", "area__wkb", "place__area__geometry",
                                                       "place__area__wkb")  # fmt: skip


def poster_by_code(code: str) -> Poster:
    """Return the poster with a code, taken down or not.

    Raises:
        NotFoundError: there is none.
    """
    found = _light().filter(code=codes.normal(code) or "-").first()
    if found is None:
        raise NotFoundError(
            _("没有找到这张海报的内容。"), code="venues.poster", hint=_("请核对网址，或从首页反映问题。")
        )
    return found


def poster_by_uuid(uuid: UUID) -> Poster:
    """Return a poster.

    Raises:
        NotFoundError: there is none.
    """
    found = _light().filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这张海报。"), code="venues.poster")
    return found


def posters_for(
    by: Actor, *, wide: bool, text: str = "", withdrawn: bool | None = None, cursor: str = "", size: int = 50
) -> Page[Poster]:
    """Return a page of posters, the newest first: all (``wide``), or those in the areas of ``by``."""
    rows = _light()
    if not wide:
        reach = Q(pk__in=[])
        for grant in by.grants:
            if grant.area_path:
                reach |= Q(area_path__startswith=grant.area_path)
        rows = rows.filter(reach)
    if withdrawn is not None:
        rows = rows.filter(withdrawn_at__isnull=not withdrawn)
    if text.strip():
        words = text.strip()[:60]
        rows = rows.filter(
            Q(title__icontains=words) | Q(spot__icontains=words) | Q(area__name__icontains=words)
            | Q(place__name__icontains=words) | Q(venue__name__icontains=words) | Q(code=words.lower())
        )  # fmt: skip
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def poster_opens(ids: Collection[int]) -> dict[int, int]:
    """Return how often each of the posters was opened, with one statement."""
    rows = PosterDay.objects.filter(poster__in=ids).values("poster").annotate(n=Sum("opens"))
    return {row["poster"]: row["n"] for row in rows}


def channels(*, active: bool = True) -> list[Channel]:
    """Return the addresses outside to which posters may lead."""
    rows = Channel.objects.all()
    return list(rows.filter(active=True) if active else rows)
