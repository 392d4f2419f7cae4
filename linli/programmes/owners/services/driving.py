"""A year's evaluation: begun as a round over every committee, its results asked about and announced, closed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import Choice, RoundData, TargetFilter
from linli.engines.fieldwork.workflow import RoundState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.forms import services as forms
from linli.foundation.places import selectors as places
from linli.programmes.owners import permissions, selectors
from linli.programmes.owners.models import Drive, Evaluation
from linli.programmes.owners.services.answering import ask, publish
from linli.programmes.owners.services.help import fresh, tell, words, wrong
from linli.programmes.owners.types import FORM, KIND, PROGRAMME, SOURCE, DriveData
from linli.programmes.owners.workflow import DriveState, State

_FIELDS = {"unit": "unit_id", "area": "area_id", "choice": "area_id"}


@whole
def start_drive(*, by: Actor, now: datetime, data: DriveData) -> Drive:
    """Start an evaluation: one visit to every committee of the ledger, what is sent in reviewed by another person.

    Raises:
        ForbiddenError: not who plans for the unit or in the area. InvalidError: by field.
    """
    if not permissions.may_start(by):
        raise ForbiddenError(
            _("评估由街道、主管单位或居民区发起，业委会不能评估自己。"), code="owners.start", hint=_("请联系街道。")
        )
    title = words("title", data.title, 80)
    forms.adopt_forms(by=by, now=now, codes=[FORM])
    drive = Drive(
        title=title, unit_id=data.unit_id, starts_on=data.starts_on, ends_on=data.ends_on,
        created_label=by.label[:80], created_at=now,
    )  # fmt: skip
    plan = RoundData(
        title=title, form=FORM, unit_id=data.unit_id, starts_on=data.starts_on, ends_on=data.ends_on,
        choice=Choice(filter=TargetFilter((KIND,))), area_id=data.area_id, programme=PROGRAMME, review=True,
        source_kind=SOURCE, source_uuid=drive.uuid,
    )  # fmt: skip
    try:
        planned = fieldwork.plan_round(by=by, now=now, data=plan)
        drive.round = fieldwork.open_round(by=by, now=now, uuid=planned.uuid, expected=planned.version)
    except InvalidError as error:
        fields = {_FIELDS.get(name, name): list(said) for name, said in error.fields.items()}
        raise InvalidError(error.message, code="owners.invalid", fields=fields) from error
    except ConflictError as error:
        raise _no_committee(error) from error
    if data.area_id is not None:
        drive.area = places.area(data.area_id)
        drive.area_path = drive.area.path
    drive.save(force_insert=True)
    tell(
        by, now, "start", "drive", drive.uuid, title, after={"area": drive.area_path, "committees": drive.round.planned}
    )
    return drive


def _no_committee(error: DomainError) -> DomainError:
    if error.code != "fieldwork.no_targets":
        return error
    return wrong(area_id=_("范围内还没有业委会，请先在“业委会”台账登记或导入。"))


def _locked(by: Actor, uuid: UUID, expected: int | None) -> Drive:
    drive = Drive.objects.select_for_update(of=("self",)).select_related("round").filter(uuid=uuid).first()
    if drive is None:
        raise NotFoundError(_("没有这次评估。"), code="owners.no_drive")
    permissions.check_lead(by, drive)
    fresh(drive, expected)
    return drive


@whole
def ask_all(*, by: Actor, now: datetime, uuid: UUID, expected: int | None = None) -> int:
    """Ask every committee of which the result is there and that was not asked yet; return how many.

    Raises:
        NotFoundError, ForbiddenError, StaleError. ConflictError: there is none.
    """
    drive = _locked(by, uuid, expected)
    rows = list(
        Evaluation.objects.filter(drive=drive, state=State.SCORED).order_by("pk").values_list("uuid", flat=True)
    )
    if not rows:
        raise ConflictError(_("没有待征求意见的结果。"), code="owners.none", hint=_("审核通过的评估会出现在这里。"))
    for one in rows:
        ask(by=by, now=now, uuid=one)
    return len(rows)


@whole
def publish_all(*, by: Actor, now: datetime, uuid: UUID, expected: int | None = None) -> int:
    """Announce every result that may be: heard and answered, or not spoken to in time; return how many.

    Raises:
        NotFoundError, ForbiddenError, StaleError. ConflictError: there is none.
    """
    drive = _locked(by, uuid, expected)
    rows = list(selectors.publishable(drive, now).values_list("uuid", flat=True))
    if not rows:
        raise ConflictError(
            _("还没有可以公示的结果。"), code="owners.none", hint=_("征求意见期满或意见答复后可以公示。")
        )
    for one in rows:
        publish(by=by, now=now, uuid=one)
    return len(rows)


@whole
def close_drive(
    *, by: Actor, now: datetime, uuid: UUID, feedback: str, result: str, expected: int | None = None
) -> Drive:
    """Close an evaluation with its round; committees that were not evaluated stay listed as such.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError. ConflictError: it is closed, or results wait.
    """
    drive = _locked(by, uuid, expected)
    if drive.state != DriveState.OPEN:
        raise ConflictError(_("这次评估已经办结。"), code="owners.closed", hint=_("请刷新后查看。"))
    waiting = Evaluation.objects.filter(drive=drive).exclude(state=State.PUBLIC).count()
    if waiting:
        raise ConflictError(
            _("还有 %(count)s 个业委会的结果没有公示。") % {"count": waiting}, code="owners.waiting",
            hint=_("请先征求意见、答复并公示。"),
        )  # fmt: skip
    texts = {"feedback": words("feedback", feedback, 2000), "result": words("result", result, 2000)}
    if drive.round.state == RoundState.OPEN:
        fieldwork.close_round(by=by, now=now, uuid=drive.round.uuid, expected=drive.round.version, **texts)
    drive.state, drive.version = DriveState.CLOSED, drive.version + 1
    drive.save()
    tell(by, now, "close", "drive", drive.uuid, drive.title, after={"state": drive.state, **texts})
    return drive
