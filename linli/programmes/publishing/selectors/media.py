"""The media library as staff read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.publishing.models import Article, Media
from linli.programmes.publishing.permissions import visible
from linli.programmes.publishing.types import MediaKind


@dataclass(frozen=True, slots=True)
class MediaFilters:
    """What the library is narrowed to; ``cleared``: yes, no or empty; ``link``: the ref of what it belongs to."""

    text: str = ""
    kind: str = ""
    cleared: str = ""
    link: str = ""


def media_page(filters: MediaFilters, *, cursor: str = "", size: int = 24) -> Page[Media]:
    """Return one page of the library, newest first."""
    rows = Media.objects.filter(withdrawn_at__isnull=True).select_related("file").annotate(used=Count("uses"))
    if filters.kind in MediaKind.values:
        rows = rows.filter(kind=filters.kind)
    if filters.cleared:
        rows = rows.filter(cleared=filters.cleared == "yes")
    if filters.link:
        rows = rows.filter(links__icontains=f'"{filters.link}"')
    words = filters.text.strip()[:60]
    if words:
        rows = rows.filter(
            Q(title__icontains=words) | Q(caption__icontains=words) | Q(place__icontains=words)
            | Q(topic__icontains=words) | Q(credit__icontains=words)
        )  # fmt: skip
    return keyset(rows, keys=[("entered_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def media_for(uuid: UUID) -> Media:
    """Return a picture or film, or raise NotFoundError."""
    found = Media.objects.filter(uuid=uuid).select_related("file").first()
    if found is None:
        raise NotFoundError(_("没有找到这张照片或视频。"), code="publishing.media")
    return found


def used_in(actor: Actor, media: Media) -> list[Article]:
    """Return the articles of ``actor``'s reading in which something stands, newest first."""
    rows: QuerySet[Article] = visible(actor, Article.objects.filter(pictures__media=media))
    return list(rows.distinct().order_by("-changed_at", "-id")[:50])


def pictures_to_choose(*, text: str = "", limit: int = 24) -> list[Media]:
    """Return pictures for an article, the newest first."""
    found = media_page(MediaFilters(text=text, kind=MediaKind.PHOTO), size=limit)
    return found.rows


def media_by_ids(ids: Collection[int]) -> dict[int, Media]:
    """Return pictures and films by row: one statement where any is named."""
    return {m.pk: m for m in Media.objects.filter(pk__in=ids, withdrawn_at__isnull=True)} if ids else {}
