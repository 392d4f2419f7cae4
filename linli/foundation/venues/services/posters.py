"""Posters: made, opened, taken down; and the addresses outside to which they may lead."""

from __future__ import annotations

import secrets
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.places import selectors as places
from linli.foundation.venues import permissions
from linli.foundation.venues.models import Channel, Poster, PosterDay, Venue
from linli.foundation.venues.rules import codes
from linli.foundation.venues.services.kinds import invalid
from linli.foundation.venues.types import Purpose, Target


@whole
def save_channel(*, by: Actor, now: datetime, name: str, url: str, active: bool = True) -> Channel:
    """Enter an address outside to which posters may lead, or change the one of that name.

    Raises:
        ForbiddenError, InvalidError: no name, or not an address that begins with https://.
    """
    permissions.check_configure(by)
    name, url = clean(name), clean(url)
    if not 0 < len(name) <= 64:
        raise invalid("name", _("请填写名称，最多 64 个字。"))
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise invalid("url", _("请填写以 https:// 开头的网址。")) from error
    if parts.scheme != "https" or not parts.hostname or len(url) > 500 or parts.username:
        raise invalid("url", _("请填写以 https:// 开头的网址。"))
    before = Channel.objects.filter(name=name).values("url", "active").first()
    made, _new = Channel.objects.update_or_create(name=name, defaults={"url": url, "active": active})
    journal.record(
        by=by, verb="venues.save_channel", kind="channel", uuid=None, label=name, now=now,
        before=before, after={"url": url, "active": active},
    )  # fmt: skip
    return made


@whole
def make_poster(
    *, by: Actor, now: datetime, purpose: str, target: str, target_id: int, title: str = "", text: str = "",
    spot: str = "", channel_id: int | None = None,
) -> Poster:  # fmt: skip
    """Make a poster for an area, a 小区 or building, or a venue.

    Args:
        target_id: the row of what ``target`` (``area``, ``place``, ``venue``) names.
        spot: where exactly it will hang (“3 号楼电梯间”), for whoever takes it down and for the report's address.

    Raises:
        ForbiddenError: not where this lies. InvalidError: no such purpose, target or channel.
    """
    if purpose not in Purpose.values:
        raise invalid("purpose", _("请选择用途。"))
    poster = Poster(purpose=purpose, made_at=now, code=_new_code())
    name = _aim(poster, target, target_id)
    permissions.check_post(by, poster.area_path)
    if purpose == Purpose.VENUE and poster.venue_id is None:
        raise invalid("purpose", _("这个用途只能用于一个服务点，请改选地点。"))
    if purpose == Purpose.CHANNEL:
        poster.channel = Channel.objects.filter(pk=channel_id or 0, active=True).first()
        if poster.channel is None:
            raise invalid("channel", _("请选择一个已登记的渠道。"))
    poster.title, poster.text, poster.spot = clean(title), clean(text)[:120], clean(spot)[:100]
    if len(poster.title) > 40:
        raise invalid("title", _("标题最多 40 个字。"))
    poster.title = poster.title or str(Purpose(purpose).label)
    poster.save(force_insert=True)
    journal.record(
        by=by, verb="venues.make_poster", kind="poster", uuid=poster.uuid, label=f"{poster.title} {name}", now=now,
        after={"purpose": purpose, "target": target, "target_id": target_id, "spot": poster.spot},
    )  # fmt: skip
    return poster


def _new_code() -> str:
    code = codes.make([secrets.randbelow(len(codes.ALPHABET)) for _n in range(codes.LENGTH)])
    return code if not Poster.objects.filter(code=code).exists() else _new_code()


def _aim(poster: Poster, target: str, target_id: int) -> str:
    """Point ``poster`` at its target; return the target's name."""
    try:
        if target == Target.AREA:
            poster.area = places.area(target_id)
            poster.area_path = poster.area.path
            return poster.area.name
        if target == Target.PLACE:
            poster.place = places.place(target_id)
            poster.area_path = poster.place.area.path if poster.place.area else ""
            return poster.place.name
    except DomainError as error:
        raise invalid("target", _("请选择地点。")) from error
    venue = Venue.objects.filter(pk=target_id).first() if target == Target.VENUE else None
    if venue is None:
        raise invalid("target", _("请选择地点。"))
    poster.venue, poster.area_path = venue, venue.area_path
    return venue.name


@whole
def withdraw_poster(*, by: Actor, now: datetime, uuid: UUID, reason: str) -> Poster:
    """Take a poster down: its code then says so and offers the ordinary form.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: down already. InvalidError: no reason.
    """
    poster = Poster.objects.select_for_update().filter(uuid=uuid).first()
    if poster is None:
        raise NotFoundError(_("没有这张海报。"), code="venues.poster")
    permissions.check_withdraw(by, poster)
    if poster.withdrawn_at is not None:
        raise ConflictError(_("这张海报已经撤下。"), code="venues.withdrawn")
    if not clean(reason):
        raise invalid("reason", _("请写明原因，例如：破损、地点变更。"))
    poster.withdrawn_at, poster.withdrawn_why = now, clean(reason)[:200]
    poster.save(update_fields=["withdrawn_at", "withdrawn_why"])
    journal.record(
        by=by, verb="venues.withdraw_poster", kind="poster", uuid=poster.uuid, label=poster.title, now=now,
        reason=poster.withdrawn_why,
    )  # fmt: skip
    return poster


def opened(*, poster: Poster, now: datetime) -> None:
    """Count one opening: a number by day and nothing else, so there is nobody to be named as ``by``."""
    day = timezone.localdate(now)
    PosterDay.objects.get_or_create(poster=poster, day=day)
    PosterDay.objects.filter(poster=poster, day=day).update(opens=F("opens") + 1)
