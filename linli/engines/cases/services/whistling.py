"""A neighbourhood or grid asks a department upward (吹哨)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.cases.models import Reporter
from linli.engines.cases.services.dispatching import dispatch_work
from linli.engines.cases.services.inputs import need
from linli.engines.cases.services.intake import draw_number, new_case, seen_already
from linli.engines.cases.services.routes import trace_data
from linli.engines.cases.services.work import Work
from linli.engines.cases.types import FeedbackWay, Kind, Receipt, Report, Source
from linli.engines.cases.workflow import CENTRE, Stage, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.errors import ForbiddenError, InvalidError
from linli.foundation.core.ids import tracking_code


def refuse_guest(by: Actor) -> None:
    """Raise unless somebody is logged in."""
    if not by.is_user and not by.is_system:
        raise ForbiddenError(_("请先登录。"), code="cases.login")


def guidance(
    *,
    by: Actor,
    now: datetime,
    text: str,
    asking_unit_id: int,
    unit_id: int,
    title: str = "",
    address: str = "",
    area_id: int | None = None,
    uuid: UUID | None = None,
) -> Receipt:
    """A neighbourhood or grid asks a department upward (吹哨): a case with a clock on the department.

    With ``uuid`` a second sending of the same form is answered, not entered twice.
    """
    refuse_guest(by)
    need(text=text)
    _may_ask_upward(by, asking_unit_id, unit_id)
    asked = Report(
        text=text,
        title=title,
        address=address,
        area_id=area_id,
        category="guidance",
        source=Source.GUIDANCE,
        kind=Kind.GUIDANCE,
        asking_unit_id=asking_unit_id,
        uuid=uuid,
    )
    if (seen := seen_already(asked)) is not None:
        return seen
    case, _node, found = new_case(asked, by=by, now=now)
    case.number = draw_number(now)
    code = tracking_code()
    with transaction.atomic():
        work = Work(case, by=by, now=now)
        work.act("report", text=case.text, data={"route": trace_data(found)}, starts=[Stage.OVERALL])
        work.act("accept", to=State.TO_DISPATCH, changes={"accepted_at": now}, checked=False)
        dispatch_work(work, unit_id=unit_id, reason="", rule_data={}, checked=False)
        work.save()
        Reporter.objects.create(
            case=case,
            user_id=by.user_id,
            way=FeedbackWay.MESSAGE,
            code_hash=keyed_hash(code, "cases.code"),
            channel=Source.GUIDANCE,
            created_at=now,
        )
    return Receipt(case.pk, case.uuid, case.number, code)


_WHISTLERS = frozenset({"neighbourhood_secretary", "community_worker", "grid_head", "microgrid_head"})


def _may_ask_upward(by: Actor, asking_unit_id: int, unit_id: int) -> None:
    """Raise unless the asking unit is the actor's own (the centre asks for anybody), and another than the asked."""
    if not by.is_system and not by.holds(CENTRE) and not by.holds(_WHISTLERS, unit_id=asking_unit_id):
        raise ForbiddenError(
            _("吹哨由居民区或综合网格发起。"), code="cases.role", hint=_("请由居民区书记、社区工作者或网格长发起。")
        )
    if asking_unit_id == unit_id:
        raise InvalidError(_("不能向本单位吹哨。"), code="cases.unit", fields={"unit": [_("请选择要报到的部门。")]})
