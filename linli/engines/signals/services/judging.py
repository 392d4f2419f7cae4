"""A person looks at a draft: a case, by the ordinary intake, or not, with the reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.cases import services as cases
from linli.engines.cases.types import Receipt, Report, Source
from linli.engines.signals.events import DRAFT
from linli.engines.signals.models import Draft
from linli.engines.signals.permissions import check_judge
from linli.engines.signals.types import CATEGORIES, DeviceKind, DraftState
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.core.faults import one
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal


def default_text(draft: Draft) -> str:
    """Return what a case of the draft says if nobody changes it."""
    first, last = localtime(draft.first_at), localtime(draft.last_at)
    told = _("%(what)s。%(kind)s %(number)s 于 %(first)s 报送，截至 %(last)s 共 %(count)s 次。") % {
        "what": draft.get_kind_display(), "kind": draft.device.get_kind_display(), "number": draft.device.number,
        "first": f"{first:%Y-%m-%d %H:%M}", "last": f"{last:%Y-%m-%d %H:%M}", "count": draft.count,
    }  # fmt: skip
    if draft.value is None:
        return told
    return told + _("最大值 %(value)s。") % {"value": f"{draft.value:g} {draft.unit}".strip()}


def _decide(draft: Draft, by: Actor, now: datetime, state: DraftState, **fields: Any) -> None:
    changed = Draft.objects.filter(pk=draft.pk, state=DraftState.WAITING).update(
        state=state, decided_at=now, decided_label=by.label[:80], **fields
    )
    if not changed:
        seen = Draft.objects.get(pk=draft.pk)
        raise ConflictError(
            _("这条信号已由%(who)s办理：%(state)s。") % {"who": seen.decided_label, "state": seen.get_state_display()},
            code="signals.decided", hint=_("请看下一条。"),
        )  # fmt: skip


@whole
def accept(*, by: Actor, now: datetime, draft: Draft, category: str = "", text: str = "") -> Receipt:
    """Make a case of a draft by the ordinary intake, with the device as its source.

    Args:
        category: a code of the catalogue; empty: what fits the kind.
        text: in place of :func:`default_text`.

    Raises:
        ForbiddenError: not theirs to judge.
        ConflictError: somebody judged it before.
        InvalidError: what the intake refuses; the draft then still waits.
    """
    check_judge(by)
    _decide(draft, by, now, DraftState.ACCEPTED, case_uuid=draft.uuid)
    device = draft.device
    report = Report(
        text=clean(text) or default_text(draft),
        category=category or CATEGORIES.get(draft.kind, ""),
        address=device.place,
        point=Point(device.lat, device.lon) if device.lat is not None and device.lon is not None else None,
        area_id=device.area_id,
        source=Source.VIDEO if device.kind == DeviceKind.CAMERA else Source.SENSOR,
        uuid=draft.uuid,
        origin={"signal": str(draft.uuid), "device": device.number, "kind": draft.kind},
    )
    receipt = cases.report(by=by, now=now, report=report, dispatch=True)
    Draft.objects.filter(pk=draft.pk).update(case_number=receipt.number)
    journal.record(
        by=by, verb="signals.accept", kind=DRAFT, uuid=draft.uuid, label=device.number, now=now,
        after={"case": receipt.number},
    )  # fmt: skip
    return receipt


@whole
def reject(*, by: Actor, now: datetime, draft: Draft, reason: str) -> None:
    """Make no case of a draft; further repeats within its window are still counted on it.

    Raises:
        ForbiddenError: not theirs to judge.
        InvalidError: no reason.
        ConflictError: somebody judged it before.
    """
    check_judge(by)
    said = mask_personal(clean(reason))[:300]
    if not said:
        raise one("signals", "reason", _("请写明不立案的原因。"))
    _decide(draft, by, now, DraftState.REJECTED, reason=said)
    journal.record(
        by=by, verb="signals.reject", kind=DRAFT, uuid=draft.uuid, label=draft.device.number, now=now, reason=said
    )
