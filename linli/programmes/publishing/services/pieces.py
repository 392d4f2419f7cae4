"""One way of changing whatever goes out: the door, compare-and-set, the version, the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.engines.projects.types import Strand
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.programmes.publishing.models import Piece, PieceVersion
from linli.programmes.publishing.permissions import check, working_units
from linli.programmes.publishing.rules import checking
from linli.programmes.publishing.selectors.pieces import findings
from linli.programmes.publishing.services import telling
from linli.programmes.publishing.workflow import READERS_ALL, State

LONGEST_REASON = 500


def required(**texts: str) -> None:
    """Raise InvalidError for those of ``texts`` that are empty or too long for a reason."""
    faults = {}
    for name, text in texts.items():
        if not clean(text):
            faults[name] = [_("请填写这一项。")]
        elif len(clean(text)) > LONGEST_REASON:
            faults[name] = [_("最多 %(most)s 个字。") % {"most": LONGEST_REASON}]
    if faults:
        raise InvalidError(_("还有内容需要修改。"), code="publishing.required", fields=faults)


def lengths(texts: Mapping[str, tuple[str, int]], *, needed: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Return what is wrong with typed ``texts`` (text, longest) by field."""
    faults: dict[str, list[str]] = {}
    for name, (text, most) in texts.items():
        if name in needed and not text:
            faults[name] = [_("请填写这一项。")]
        elif len(text) > most:
            faults[name] = [_("最多 %(most)s 个字，现在是 %(have)s 个字。") % {"most": most, "have": len(text)}]
    return faults


def source_unit(by: Actor, unit_id: int | None, faults: dict[str, list[str]]) -> int:
    """Return the unit that a piece comes from: one's own, or any for who oversees; else a fault, and 0."""
    own = working_units(by)
    chosen = unit_id or next(iter(sorted(own)), 0)
    wide = by.is_system or by.has_role(*READERS_ALL)
    if not chosen or not people.units({chosen}) or (not wide and chosen not in own):
        faults["unit"] = [_("请选择来源单位。")]
        return 0
    return chosen


def strands_text(strands: tuple[str, ...]) -> str:
    """Return strands as they are kept."""
    kept = [s for s in Strand.values if s in strands]
    return f"|{'|'.join(kept)}|" if kept else ""


def refuse(faults: Mapping[str, list[str]]) -> None:
    """Raise InvalidError if something is wrong."""
    if faults:
        raise InvalidError(_("还有内容需要修改。"), code="publishing.invalid", fields=dict(faults))


def stale() -> StaleError:
    """Return the error of a piece that somebody else changed meanwhile."""
    return StaleError(
        _("这份内容刚刚被别人改过，您的修改没有保存。"),
        code="publishing.stale",
        hint=_("您填写的内容还在页面上，请对照最新内容合并后再保存。"),
    )


def remember(
    piece: Piece, *, by: Actor, now: datetime, verb: str, data: Mapping[str, Any] | None = None, why: str = ""
) -> None:
    """Keep what a piece says at its present version."""
    PieceVersion.objects.create(
        kind=piece.kind.value,
        piece=piece.uuid,
        number=piece.version,
        at=now,
        by_label=by.label,
        verb=verb,
        why=why[:500],
        data=dict(data or {}),
    )


def note(piece: Piece, verb: str, *, by: Actor, now: datetime, **more: Any) -> None:
    """Write a change into the journal."""
    journal.record(
        by=by,
        verb=f"publishing.{verb}",
        kind=f"publishing_{piece.kind.value}",
        uuid=piece.uuid,
        label=piece.title[:80],
        now=now,
        **more,
    )


def change(piece: Piece, *, version: int, now: datetime, **values: Any) -> None:
    """Put ``values`` into a piece if it still is as it was at ``version``.

    Raises:
        StaleError: somebody else was first.
    """
    values = {**values, "version": version + 1, "changed_at": now}
    rows: QuerySet[Piece] = QuerySet(type(piece))
    if rows.filter(pk=piece.pk, version=version, state=piece.state).update(**values) != 1:
        raise stale()
    for name, value in values.items():
        setattr(piece, name, value)


@whole
def step(
    *,
    by: Actor,
    now: datetime,
    piece: Piece,
    verb: str,
    version: int,
    why: str = "",
    data: Mapping[str, Any] | None = None,
    **values: Any,
) -> None:
    """Do one verb of the table that changes the state: compare-and-set, a version, a journal entry.

    Raises:
        ForbiddenError, ConflictError: as ``permissions.check``. StaleError: somebody else was first.
    """
    known = check(by, verb, piece)
    before = {"state": piece.state}
    target = known.target or State(piece.state)
    change(piece, version=version, now=now, state=target.value, **values)
    remember(piece, by=by, now=now, verb=verb, why=why, data=data)
    note(piece, verb, by=by, now=now, before=before, after={"state": target.value}, reason=why, rule=known.rule)


@whole
def hand_in(*, by: Actor, now: datetime, piece: Piece, version: int) -> None:
    """Hand a piece in for review; who may review it is told."""
    step(by=by, now=now, piece=piece, verb="hand_in", version=version, handed_in_at=now, reasons={}, note="")
    telling.tell_reviewers(piece, by=by, now=now)


def take_back(*, by: Actor, now: datetime, piece: Piece, version: int) -> None:
    """Take a piece back that was handed in."""
    step(by=by, now=now, piece=piece, verb="take_back", version=version, handed_in_at=None)


@whole
def send_back(*, by: Actor, now: datetime, piece: Piece, version: int, reason: str) -> None:
    """Send a piece back to who wrote it, who is told the reason.

    Raises:
        InvalidError: no reason.
    """
    required(reason=reason)
    why = clean(reason)
    step(
        by=by, now=now, piece=piece, verb="send_back", version=version, why=why, note=why, handed_in_at=None,
        reviewed_at=None, reviewed_label="", reasons={},
    )  # fmt: skip
    telling.tell_sent_back(piece, by=by, now=now, reason=why)


@whole
def approve(*, by: Actor, now: datetime, piece: Piece, version: int, reasons: Mapping[str, str]) -> None:
    """Let a piece through: somebody other than who wrote it, after everything found was mended or has a reason.

    Args:
        reasons: by the key of a finding, why it may stand.

    Raises:
        ForbiddenError: who wrote it may not. InvalidError: something found still stands in the way.
    """
    check(by, "approve", piece)
    found = findings(piece, now)
    kept = {f.key: clean(reasons.get(f.key, ""))[:300] for f in found if not f.hard and clean(reasons.get(f.key, ""))}
    still = checking.unresolved(found, kept)
    if still:
        raise InvalidError(
            _("发布前检查还有 %(count)s 处没有处理。") % {"count": len(still)},
            code="publishing.findings",
            hint=_("请退回修改，或逐条写明可以保留的理由；标“必须修改”的不能保留。"),
            fields={f"reason_{f.key}": [_("请写明理由，或退回修改。")] for f in still if not f.hard},
        )
    step(
        by=by, now=now, piece=piece, verb="approve", version=version, reasons=kept, reviewed_at=now,
        reviewed_label=by.label, why="；".join(kept.values()),
    )  # fmt: skip
    telling.tell_releasers(piece, by=by, now=now)


def drop(*, by: Actor, now: datetime, piece: Piece, version: int, reason: str) -> None:
    """Give a draft up, with the reason."""
    required(reason=reason)
    step(by=by, now=now, piece=piece, verb="drop", version=version, why=clean(reason))


def hands_with(piece: Piece, by: Actor) -> list[str]:
    """Return those who wrote a piece, ``by`` among them."""
    own = [str(by.uuid)] if by.uuid else []
    return list(dict.fromkeys([*piece.hands, *own]))


def author(by: Actor) -> dict[str, Any]:
    """Return what a new piece keeps of who began it."""
    uuid: UUID | None = by.uuid
    return {"author_uuid": uuid, "author_label": by.label, "hands": [str(uuid)] if uuid else []}
