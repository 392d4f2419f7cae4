"""Letting words out by channel, keeping the record of it, taking them back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.programmes.publishing.models import Article, Channel, Issue, Piece, Release, Report
from linli.programmes.publishing.permissions import check, may_release, need
from linli.programmes.publishing.rules import checking
from linli.programmes.publishing.rules.reporting import digest
from linli.programmes.publishing.selectors.channels import FITS
from linli.programmes.publishing.selectors.pieces import articles_of, findings
from linli.programmes.publishing.selectors.reporting import frozen_of
from linli.programmes.publishing.services import pieces, telling
from linli.programmes.publishing.types import ReleaseState
from linli.programmes.publishing.workflow import State


def outside(link: str, number: str) -> dict[str, str]:
    """Return where something stands outside, checked.

    Raises:
        InvalidError: the link is none, or either is too long.
    """
    link, number = clean(link), clean(number)
    faults = pieces.lengths({"link": (link, 500), "outside_number": (number, 60)})
    if link and "link" not in faults:
        try:
            URLValidator(schemes=["http", "https"])(link)
        except ValidationError:
            faults["link"] = [_("请填写完整的网址，以 https:// 开头。")]
    pieces.refuse(faults)
    return {"link": link, "outside_number": number}


def _ready(piece: Piece, now: datetime) -> None:
    """Look once more: a picture's clearance may have ended since the review, an article of an issue been withdrawn."""
    still = checking.unresolved(findings(piece, now), piece.reasons)
    if still:
        raise ConflictError(
            _("审核以后情况有变化，还不能发布：%(words)s。") % {"words": "、".join(f.words for f in still[:5])},
            code="publishing.findings",
            hint=_("请退回修改后重新送审。"),
        )
    if isinstance(piece, Issue):
        gone = [a.title for a in articles_of(piece) if a.state not in {State.REVIEWED, State.RELEASED} or a.hidden_at]
        if gone:
            raise ConflictError(
                _("其中的稿件还不能发布：%(titles)s。") % {"titles": "、".join(gone)},
                code="publishing.issue",
                hint=_("请退回修改，换下这些稿件。"),
            )


@whole
def release(
    *,
    by: Actor,
    now: datetime,
    piece: Piece,
    version: int,
    channel: Channel,
    link: str = "",
    outside_number: str = "",
) -> Release:
    """Let a reviewed piece out by a channel; of a report the figures are frozen with the first.

    Raises:
        ConflictError: not reviewed, it stands there already, or what was reviewed no longer holds.
        InvalidError: the channel is not in use or does not fit.
    """
    check(by, "release", piece)
    place = outside(link, outside_number)
    if not channel.active or channel.kind not in FITS[piece.kind]:
        raise InvalidError(
            _("这个渠道不适合这类内容。"), code="publishing.channel", fields={"channel": [_("请选择一个渠道。")]}
        )
    _ready(piece, now)
    values: dict[str, Any] = {"released_at": piece.released_at or now}
    if isinstance(piece, Report) and piece.frozen_at is None:
        frozen = frozen_of(piece, now)
        values |= {"frozen": frozen, "frozen_at": now, "digest": digest(frozen)}
    first = piece.released_at is None
    pieces.step(by=by, now=now, piece=piece, verb="release", version=version, why=channel.name, **values)
    if first:
        telling.tell_released(piece, by=by, now=now)
    try:
        with transaction.atomic():
            return Release.objects.create(
                kind=piece.kind.value,
                piece=piece.uuid,
                title=piece.title,
                version=piece.version,
                channel=channel,
                released_at=now,
                released_label=by.label,
                **place,
            )
    except IntegrityError as error:
        raise ConflictError(
            _("已经发布到%(channel)s。") % {"channel": channel.name},
            code="publishing.twice",
            hint=_("请刷新后查看。"),
        ) from error


@whole
def note_release(*, by: Actor, now: datetime, release: Release, link: str, outside_number: str) -> Release:
    """Write down where something stands outside, and that it was looked at after a correction."""
    need(may_release(by), _("发布记录由街道维护。"))
    place = outside(link, outside_number)
    before = {"link": release.link, "number": release.outside_number}
    Release.objects.filter(pk=release.pk).update(**place, to_check=False)
    release.refresh_from_db()
    after = {"link": release.link, "number": release.outside_number}
    _journal(release, "note_release", by, now, before=before, after=after)
    return release


def _journal(row: Release, verb: str, by: Actor, now: datetime, *, reason: str = "", **more: Any) -> None:
    journal.record(
        by=by,
        verb=f"publishing.{verb}",
        kind="publishing_release",
        uuid=row.uuid,
        label=f"{row.channel.name}：{row.title}"[:80],
        now=now,
        reason=reason,
        **more,
    )


@whole
def take_off(*, by: Actor, now: datetime, release: Release, reason: str) -> Release:
    """Take something off one channel; the others stay.

    Raises:
        ConflictError: it no longer stands there.
    """
    need(may_release(by), _("发布记录由街道维护。"))
    pieces.required(reason=reason)
    rows = Release.objects.filter(pk=release.pk, state=ReleaseState.OUT)
    if rows.update(state=ReleaseState.TAKEN_BACK, taken_back_at=now, taken_back_label=by.label) != 1:
        raise ConflictError(_("这条发布已经撤下。"), code="publishing.taken_back", hint=_("请刷新后查看。"))
    _journal(release, "take_off", by, now, reason=clean(reason), after={"state": ReleaseState.TAKEN_BACK.value})
    release.refresh_from_db()
    return release


@whole
def withdraw(*, by: Actor, now: datetime, piece: Piece, version: int, reason: str) -> None:
    """Withdraw a piece from every channel; those outside are to be looked at by hand.

    Raises:
        InvalidError: no reason.
    """
    pieces.required(reason=reason)
    why = clean(reason)
    pieces.step(by=by, now=now, piece=piece, verb="withdraw", version=version, why=why, withdrawn_why=why)
    rows = Release.objects.filter(piece=piece.uuid, state=ReleaseState.OUT)
    rows.exclude(channel__kind="web").update(to_check=True)
    rows.update(state=ReleaseState.TAKEN_BACK, taken_back_at=now, taken_back_label=by.label)


@whole
def restore(*, by: Actor, now: datetime, piece: Piece, version: int, reason: str) -> None:
    """Bring a withdrawn piece back; it is released to each channel anew."""
    pieces.required(reason=reason)
    _ready(piece, now)
    values: dict[str, Any] = {"withdrawn_why": ""}
    if isinstance(piece, Article):
        values["hidden_at"] = None
    pieces.step(by=by, now=now, piece=piece, verb="restore", version=version, why=clean(reason), **values)
