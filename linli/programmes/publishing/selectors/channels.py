"""Channels, and what stands or stood in which."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.publishing.models import Channel, Piece, Release
from linli.programmes.publishing.types import ChannelKind, PieceKind, ReleaseState

# Which kinds of piece fit into which kinds of channel.
FITS: dict[str, frozenset[str]] = {
    PieceKind.ARTICLE.value: frozenset(ChannelKind.values) - {ChannelKind.MEETING},
    PieceKind.ISSUE.value: frozenset({ChannelKind.PAPER, ChannelKind.BOARD, ChannelKind.WECHAT, ChannelKind.APP}),
    PieceKind.REPORT.value: frozenset({ChannelKind.MEETING, ChannelKind.BOARD, ChannelKind.PAPER}),
    PieceKind.METHOD.value: frozenset({ChannelKind.WEB, ChannelKind.WECHAT, ChannelKind.CLOUD}),
}


def channels(*, active: bool = True) -> list[Channel]:
    """Return the channels in their order."""
    rows = Channel.objects.all()
    return list(rows.filter(active=True) if active else rows)


def channel_for(code: str) -> Channel:
    """Return a channel, or raise NotFoundError."""
    found = Channel.objects.filter(code=code).first()
    if found is None:
        raise NotFoundError(_("没有这个渠道。"), code="publishing.channel")
    return found


def releases_of(piece: Piece) -> list[Release]:
    """Return where a piece stands and stood, newest first: one statement."""
    return list(Release.objects.filter(piece=piece.uuid).select_related("channel").order_by("-released_at", "-id"))


def release_for(uuid: UUID) -> Release:
    """Return a publication record, or raise NotFoundError."""
    found = Release.objects.filter(uuid=uuid).select_related("channel").first()
    if found is None:
        raise NotFoundError(_("没有这条发布记录。"), code="publishing.release")
    return found


def channels_left(piece: Piece) -> list[Channel]:
    """Return the channels that fit a piece and in which it does not stand."""
    taken = Release.objects.filter(piece=piece.uuid, state=ReleaseState.OUT).values("channel")
    return list(Channel.objects.filter(active=True, kind__in=FITS[piece.kind]).exclude(pk__in=taken))


def releases(
    *, channel: str = "", text: str = "", to_check: bool = False, cursor: str = "", size: int = 50
) -> Page[Release]:
    """Return one page of the publication records, newest first."""
    rows = Release.objects.select_related("channel")
    if channel:
        rows = rows.filter(channel__code=channel)
    if to_check:
        rows = rows.filter(to_check=True)
    words = text.strip()[:60]
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(outside_number=words) | Q(link__contains=words))
    return keyset(rows, keys=[("released_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)
