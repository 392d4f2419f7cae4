"""Keeping the media library: enter, change, clear for the public, take out. Nobody is recognised by a machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.programmes.publishing.models import Media
from linli.programmes.publishing.permissions import may_clear, may_release, may_write, need
from linli.programmes.publishing.services import pieces
from linli.programmes.publishing.services.linking import linked
from linli.programmes.publishing.types import MediaData, MediaKind

PURPOSE = "publishing"
_LONGEST = {"title": 80, "caption": 200, "credit": 60, "place": 80, "topic": 40, "consent": 300, "url": 500}


def _values(by: Actor, now: datetime, data: MediaData, had: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    texts = {name: clean(getattr(data, name)) for name in _LONGEST}
    faults = pieces.lengths({n: (t, _LONGEST[n]) for n, t in texts.items()}, needed=("title",))
    if data.kind not in MediaKind.values:
        faults["kind"] = [_("请选择一种。")]
    elif data.kind == MediaKind.LINK:
        try:
            URLValidator(schemes=["http", "https"])(texts["url"])
        except ValidationError:
            faults["url"] = [_("请填写完整的网址，以 https:// 开头。")]
    elif data.file_id is None:
        faults["file"] = [_("请选择文件。")]
    if data.cleared and data.recognisable and not texts["consent"]:
        faults["consent"] = [_("能认出人的，写明本人怎样同意公开后才能用于公开。")]
    links = linked(by, now, data.links, had, faults)
    pieces.refuse(faults)
    return {
        **texts,
        "kind": data.kind,
        "file_id": data.file_id,
        "taken_on": data.taken_on,
        "links": links,
        "recognisable": data.recognisable,
    }


def _cleared(by: Actor, now: datetime, *, cleared: bool, was: bool) -> dict[str, Any]:
    if cleared == was:
        return {}
    if cleared and not may_clear(by):
        raise ForbiddenError(
            _("照片和视频用于公开，由派单员、值班长、街道领导或单位负责人确认。"),
            code="publishing.clear",
            hint=_("可以先不勾选“可以公开”保存，再请他们确认。"),
        )
    return {"cleared": cleared, "cleared_at": now if cleared else None, "cleared_label": by.label if cleared else ""}


def check_media(*, by: Actor, now: datetime, data: MediaData) -> None:
    """Raise if ``by`` may not enter ``data`` or something is wrong with it, a missing file aside; write nothing."""
    need(may_write(by), _("媒体库由工作人员维护。"))
    kept = {name: getattr(data, name) for name in data.__dataclass_fields__}
    _values(by, now, MediaData(**{**kept, "file_id": kept["file_id"] or 0}))
    _cleared(by, now, cleared=data.cleared, was=False)


@whole
def add_media(*, by: Actor, now: datetime, data: MediaData) -> Media:
    """Enter a picture or film.

    Raises:
        ForbiddenError: not staff, or not of those who clear for the public. InvalidError: what is wrong by field.
    """
    need(may_write(by), _("媒体库由工作人员维护。"))
    values = _values(by, now, data) | _cleared(by, now, cleared=data.cleared, was=False)
    row = Media.objects.create(**values, entered_at=now, entered_label=by.label, entered_uuid=by.uuid)
    _journal(row, "add_media", by, now, after={"kind": row.kind, "cleared": row.cleared})
    return row


@whole
def edit_media(*, by: Actor, now: datetime, media: Media, version: int, data: MediaData) -> Media:
    """Change what is said of a picture or film as it stood at ``version``; the file itself stays.

    Raises:
        StaleError: somebody else changed it meanwhile. Others as :func:`add_media`.
    """
    need(may_write(by), _("媒体库由工作人员维护。"))
    kept = {name: getattr(data, name) for name in data.__dataclass_fields__}
    sent = MediaData(**{**kept, "file_id": media.file_id, "kind": media.kind})
    values = _values(by, now, sent, media.links)
    values |= _cleared(by, now, cleared=data.cleared, was=media.cleared)
    before = {"cleared": media.cleared, "recognisable": media.recognisable}
    rows = Media.objects.filter(pk=media.pk, version=version, withdrawn_at__isnull=True)
    if rows.update(**values, version=version + 1) != 1:
        raise pieces.stale()
    media.refresh_from_db()
    after = {"cleared": media.cleared, "recognisable": media.recognisable}
    _journal(media, "edit_media", by, now, before=before, after=after)
    return media


@whole
def withdraw_media(*, by: Actor, now: datetime, media: Media, reason: str) -> None:
    """Take a picture or film out of the library: public pages no longer show it.

    Raises:
        ForbiddenError: neither who entered it nor of those who release. ConflictError: it is out already.
    """
    need(may_release(by) or (by.uuid is not None and by.uuid == media.entered_uuid), _("由登记人或街道撤下。"))
    pieces.required(reason=reason)
    rows = Media.objects.filter(pk=media.pk, withdrawn_at__isnull=True)
    if rows.update(withdrawn_at=now, withdrawn_why=clean(reason)[:300], cleared=False) != 1:
        raise ConflictError(_("已经撤下。"), code="publishing.media", hint=_("请刷新后查看。"))
    _journal(media, "withdraw_media", by, now, reason=clean(reason))


def _journal(row: Media, verb: str, by: Actor, now: datetime, *, reason: str = "", **more: Any) -> None:
    journal.record(
        by=by,
        verb=f"publishing.{verb}",
        kind="publishing_media",
        uuid=row.uuid,
        label=row.title[:80],
        now=now,
        reason=reason,
        **more,
    )
