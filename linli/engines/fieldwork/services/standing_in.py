"""Who stands in where a drawn target cannot be visited: the next of the same lot, written down in the protocol."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Kind, Round, Target, Visit
from linli.engines.fieldwork.rules.choosing import choice_of
from linli.engines.fieldwork.rules.counts import Counts
from linli.engines.fieldwork.rules.drawing import reserve
from linli.engines.fieldwork.selectors.planning import candidates, stratum_of
from linli.engines.fieldwork.services.counting import count, recount
from linli.engines.fieldwork.services.steps import record
from linli.engines.fieldwork.services.visits import drop_visit
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.db.holding import hold
from linli.foundation.core.errors import ConflictError


@whole
def replace_visit(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int) -> Visit:
    """Drop a visit of a draw and let the next of its lot stand in, of its stratum where the draw has strata.

    Nobody picks who stands in: the seed has decided it. Returns the new visit, which is for nobody yet.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError: as :func:`drop_visit`.
        ConflictError: the round was not drawn by lot, or nobody of the list is left.
    """
    dropped = drop_visit(by=by, now=now, uuid=uuid, reason=reason, expected=expected)
    round_ = Round.objects.select_for_update(of=("self",)).get(pk=dropped.round_id)
    day = dropped.occasion.isoformat()
    if day not in round_.draw:
        raise ConflictError(_("这一轮不是抽样产生的，没有替补。"), code="fieldwork.not_drawn")
    protocol = round_.draw[day]
    target = _next(round_, dropped, protocol["seed"])
    made = Visit.objects.create(
        round=round_, target=target, occasion=dropped.occasion, due_on=dropped.due_on, unit_id=target.unit_id,
        area_path=target.area_path, guarded=hold(Kind(pk=target.kind_id), "guarded"),
    )  # fmt: skip
    stood_in = [*protocol.get("stood_in", ()), [str(dropped.target.uuid), str(target.uuid)]]
    round_.draw = {**round_.draw, day: {**protocol, "stood_in": stood_in}}
    Round.objects.filter(pk=round_.pk).update(draw=round_.draw)
    count(round_.pk, Counts(planned=1))
    recount([round_.pk], [dropped.occasion])
    after = {"target": target.name, "for": dropped.target.name}
    record(by, now, "replace_visit", "visit", made.uuid, round_.title, after=after, reason=dropped.why_not)
    return made


def _next(round_: Round, dropped: Visit, seed: str) -> Target:
    choice = choice_of(round_.choice)
    rows = candidates(choice).only("pk", "uuid", "name", "kind", "area_path", "area", "unit", "tags", "facts")
    found = {str(t.uuid): t for t in rows}
    if choice.stratum:
        own = stratum_of(dropped.target, choice.stratum)
        found = {key: t for key, t in found.items() if stratum_of(t, choice.stratum) == own}
    there = Visit.objects.filter(round=round_, occasion=dropped.occasion).values_list("target__uuid", flat=True)
    order = reserve(found, seed, [str(u) for u in there])
    if not order:
        raise ConflictError(
            _("抽样名单里没有可以替补的对象了。"), code="fieldwork.none_left", hint=_("可以不选替补，只取消这次走访。")
        )
    return found[order[0]]
