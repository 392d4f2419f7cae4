"""What a record meets that was filled without reception: things that others changed meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Submission, Target, Visit
from linli.engines.fieldwork.permissions import may_make, may_read
from linli.engines.fieldwork.types import Packet
from linli.engines.fieldwork.workflow import VisitState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError


def check_met(*, by: Actor, packet: Packet, fact: int | None) -> None:
    """Raise where what the person saw when filling is no longer so, and they have not looked at it yet.

    Nothing is refused for good: the person sees both, and then sends as it is, corrects, or keeps it.

    Args:
        fact: the newest entry of the target's history that the person had; None where the phone does not say.

    Raises:
        ConflictError: ``fieldwork.visit_met``: somebody else did the visit; ``fieldwork.target_met``: somebody else
            changed the target. ``params["there"]`` holds the other version, as far as this person may read it.
    """
    if packet.former is not None or Submission.objects.filter(uuid=packet.uuid).exists():
        return
    visit = Visit.objects.select_related("target__kind").filter(uuid=packet.visit).first() if packet.visit else None
    if visit is not None and visit.state == VisitState.DONE:
        _visit_done(by, visit)
    target = visit.target if visit is not None else None
    if target is None and packet.target is not None:
        target = Target.objects.select_related("kind").filter(uuid=packet.target).first()
    if target is None or fact is None or not (may_read(by, target) or (visit is not None and may_make(by, visit))):
        return
    changed = selectors.changed_since(by, target, fact)
    if changed:
        raise ConflictError(
            _("“%(name)s”的信息在您填写期间被他人更新。") % {"name": target.name}, code="fieldwork.target_met",
            hint=_("请对照两边的内容，再决定按原样提交、修改后提交，或先放在一边。"),
            there={"changes": [_told(target, c) for c in changed], "fact": _newest(changed, fact, target)},
        )  # fmt: skip


def _visit_done(by: Actor, visit: Visit) -> None:
    found = selectors.standing_record(by, visit.uuid)
    if found is None:
        return
    row = found.record
    raise ConflictError(
        _("这次走访已由%(who)s完成。") % {"who": row.by_label}, code="fieldwork.visit_met",
        hint=_("两份都会保留。您可以按原样提交，由审核人员判定采用哪一份，也可以先放在一边。"),
        there={
            "by": row.by_label, "at": row.made_at.isoformat(), "answers": found.answers,
            "form": row.form.form.code, "version": row.form.number,
        },
    )  # fmt: skip


def _newest(changed: list[selectors.Change], fact: int, target: Target) -> int:
    newest = target.known.order_by("-id").values_list("id", flat=True).first()
    return int(newest or fact) if changed else fact


def _told(target: Target, change: selectors.Change) -> dict[str, Any]:
    columns = {
        "number": _("编号"), "name": _("名称"), "address": _("地址"), "point": _("位置"), "area": _("区域"),
        "unit": _("责任单位"), "tags": _("标签"),
    }  # fmt: skip
    labels = {q.code: q.label.get("zh-hans", q.code) for q in selectors.questions_of(target.kind).questions}
    return {
        "field": change.field,
        "label": columns.get(change.field) or labels.get(change.field, change.field),
        "value": change.value.isoformat() if isinstance(change.value, datetime) else change.value,
        "at": change.at.isoformat(),
        "by": change.by_label,
    }
