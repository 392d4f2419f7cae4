"""Writing ways of working: name, who proposed it by post, steps, where it is used, evidence, exhibitions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.text import clean
from linli.programmes.publishing.models import Method
from linli.programmes.publishing.permissions import check, may_write, need
from linli.programmes.publishing.services import pieces
from linli.programmes.publishing.types import MethodData, MethodKind

_LONGEST = {
    "title": 80, "proposer": 80, "summary": 2_000, "steps": 4_000, "used_at": 2_000, "evidence": 2_000,
    "exhibitions": 2_000, "topic": 40,
}  # fmt: skip


def _values(by: Actor, data: MethodData) -> dict[str, Any]:
    texts = {name: clean(getattr(data, name)) for name in _LONGEST}
    faults = pieces.lengths({n: (t, _LONGEST[n]) for n, t in texts.items()}, needed=("title", "summary"))
    if data.kind not in MethodKind.values:
        faults["kind"] = [_("请选择一种。")]
    if data.kind == MethodKind.METHOD and not texts["steps"]:
        faults["steps"] = [_("工作法需要写明步骤，一行一步。")]
    unit_id = pieces.source_unit(by, data.unit_id, faults)
    pieces.refuse(faults)
    return {**texts, "method_kind": data.kind, "unit_id": unit_id, "strands": pieces.strands_text(data.strands)}


def _kept(method: Method) -> dict[str, Any]:
    return {name: getattr(method, name) for name in (*_LONGEST, "method_kind", "unit_id", "strands")}


@whole
def begin_method(*, by: Actor, now: datetime, data: MethodData) -> Method:
    """Begin a way of working or an experience.

    Raises:
        ForbiddenError: residents and administrators write none. InvalidError: with what is wrong by field.
    """
    need(may_write(by), _("工作法由工作人员填写。"))
    method = Method.objects.create(**_values(by, data), **pieces.author(by), created_at=now, changed_at=now)
    pieces.remember(method, by=by, now=now, verb="begin", data=_kept(method))
    pieces.note(method, "begin", by=by, now=now, after={"unit": method.unit_id, "kind": method.method_kind})
    return method


@whole
def edit_method(*, by: Actor, now: datetime, method: Method, version: int, data: MethodData) -> Method:
    """Change a draft as it stood at ``version``.

    Raises:
        StaleError: somebody else changed it meanwhile. Others as :func:`begin_method`.
    """
    check(by, "edit", method)
    values = _values(by, data)
    before = {"title": method.title}
    pieces.change(method, version=version, now=now, hands=pieces.hands_with(method, by), **values)
    pieces.remember(method, by=by, now=now, verb="edit", data=_kept(method))
    pieces.note(method, "edit", by=by, now=now, before=before, after={"title": method.title})
    return method
