"""Self-checks, mock tests and supervision: started as rounds of fieldwork, closed with feedback and result."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import Choice, How, RoundData, TargetFilter
from linli.engines.fieldwork.workflow import RoundState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.core.faults import check_version
from linli.foundation.forms import selectors as forms
from linli.programmes.civility import selectors
from linli.programmes.civility.models import Edition, PointType, Trial, TrialPart
from linli.programmes.civility.permissions import check_trial, may_lead
from linli.programmes.civility.services.help import Faults, invalid, need, tell
from linli.programmes.civility.types import KIND, TRIAL, EditionState, Level, Purpose, TrialData, TrialState

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round


@whole
def start_trial(*, by: Actor, now: datetime, data: TrialData) -> Trial:
    """Start a trial: a round for each type of point, drawn with the seed written down, or of every point.

    Raises:
        ForbiddenError: not who plans for the unit or in the area. InvalidError: by field; ``types`` names the types of
            which there is no point or no form.
        ConflictError: no edition is in use.
    """
    edition = Edition.objects.filter(state=EditionState.PUBLISHED).first()
    if edition is None:
        raise ConflictError(
            _("还没有使用中的指标库。"), code="civility.no_edition", hint=_("请先在“指标库”发布一个版本。")
        )
    trial = Trial(edition=edition, created_label=by.label[:80], created_at=now)
    kinds = _fill(trial, data)
    if not may_lead(by, trial.unit_id, trial.area_path):
        raise ForbiddenError(
            _("检查由本单位、本网格负责人或城运中心发起。"), code="civility.start", hint=_("请联系他们。")
        )
    trial.save(force_insert=True)
    for kind in kinds:
        _open(by, now, trial, kind, data)
    tell(
        by, now, "start_trial", "trial", trial.uuid, trial.title,
        after={"purpose": trial.purpose, "types": list(data.types), "seed": trial.seed, "wanted": trial.wanted,
               "margin": trial.margin, "area": trial.area_path},
    )  # fmt: skip
    return trial


def _fill(trial: Trial, data: TrialData) -> list[PointType]:
    faults = Faults()
    trial.title = faults.words("title", data.title, 80, needed=True)
    trial.purpose = faults.choice("purpose", data.purpose, Purpose.values)
    trial.level = data.level if data.purpose == Purpose.SUPERVISION else ""
    if data.purpose == Purpose.SUPERVISION:
        faults.choice("level", data.level, Level.values)
    trial.unit_id = faults.unit("unit_id", data.unit_id) or 0
    trial.area, trial.area_path = faults.area("area_id", data.area_id)
    faults.days(data.starts_on, data.ends_on)
    trial.seed = faults.words("seed", data.seed, 60)
    if data.purpose == Purpose.MOCK and not trial.seed:
        faults.add("seed", _("模拟测评按抽样进行，请先写下种子，抽样结果可以据此重现。"))
    if trial.seed and not (data.wanted > 0 or 0 < data.margin < 100):
        faults.add("wanted", _("请写明每类抽几个点位，或允许误差。"))
    kinds = list(PointType.objects.filter(code__in=data.types))
    if not kinds or len(kinds) != len(set(data.types)):
        faults.add("types", _("请选择点位类型。"))
    faults.check()
    trial.starts_on, trial.ends_on = data.starts_on, data.ends_on
    trial.wanted, trial.margin = data.wanted, data.margin if not data.wanted else 0
    return kinds


def _form(kind: PointType, trial: Trial) -> str:
    """Return the form by which a type is looked at.

    Raises:
        InvalidError: there is none.
    """
    code = selectors.form_code(kind.code)
    try:
        forms.version(code)
    except NotFoundError as error:
        message = _("“%(type)s”还没有检查表，请先在指标库为它登记标准并发布。") % {"type": kind.name}
        raise invalid("types", message) from error
    return code


def _open(by: Actor, now: datetime, trial: Trial, kind: PointType, data: TrialData) -> None:
    where = TargetFilter((KIND,), area_path=trial.area_path, facts={"type": kind.code})
    seed = f"{trial.seed}/{kind.code}" if trial.seed else ""
    choice = Choice(How.DRAW if seed else How.FILTER, where, seed=seed, wanted=trial.wanted, margin=trial.margin)
    form = _form(kind, trial)
    try:
        planned = fieldwork.plan_round(
            by=by, now=now,
            data=RoundData(
                title=f"{trial.title}・{kind.name}"[:100], form=form, unit_id=trial.unit_id, starts_on=trial.starts_on,
                ends_on=trial.ends_on, choice=choice, area_id=trial.area.pk if trial.area else None,
                programme="civility", rhythm=data.rhythm, source_kind=TRIAL, source_uuid=trial.uuid,
            ),
        )  # fmt: skip
        opened = fieldwork.open_round(by=by, now=now, uuid=planned.uuid, expected=planned.version)
    except DomainError as error:
        raise _said(error, kind) from error
    TrialPart.objects.create(trial=trial, point_type=kind, round=opened)


def _said(error: DomainError, kind: PointType) -> DomainError:
    """Return what the engine refused, at the form's own fields."""
    if error.code == "fieldwork.no_targets":
        return invalid("types", _("范围内没有“%(type)s”类点位，请先在台账登记。") % {"type": kind.name})
    names = {"choice": "wanted", "unit": "unit_id", "area": "area_id", "rhythm": "every", "form": "types"}
    if isinstance(error, InvalidError) and error.fields:
        fields = {names.get(name, name): list(said) for name, said in error.fields.items()}
        return InvalidError(error.message, code="civility.invalid", fields=fields)
    return error


def _locked(by: Actor, uuid: UUID, expected: int | None) -> Trial:
    trial = Trial.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    if trial is None:
        raise NotFoundError(_("没有这次检查。"), code="civility.no_trial")
    check_trial(by, trial)
    if not may_lead(by, trial.unit_id, trial.area_path):
        raise ForbiddenError(_("由发起单位办结。"), code="civility.lead", hint=_("请联系发起单位或城运中心。"))
    check_version(trial, expected)
    if trial.state != TrialState.OPEN:
        raise ConflictError(
            _("这次检查现在是“%(state)s”。") % {"state": trial.get_state_display()}, code="civility.trial_state",
            hint=_("请刷新后查看。"),
        )  # fmt: skip
    return trial


def _rounds(trial: Trial) -> list[Round]:
    parts = TrialPart.objects.filter(trial=trial, round__state=RoundState.OPEN).select_related("round")
    return [part.round for part in parts]


@whole
def close_trial(
    *, by: Actor, now: datetime, uuid: UUID, feedback: str, result: str, expected: int | None = None
) -> Trial:
    """Close a trial with its rounds: 有督查就有情况反馈，有督查就有处理结果.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError. InvalidError: either is missing.
    """
    trial = _locked(by, uuid, expected)
    texts = need(2000, feedback=feedback, result=result)
    for round_ in _rounds(trial):
        fieldwork.close_round(by=by, now=now, uuid=round_.uuid, expected=round_.version, **texts)
    trial.feedback, trial.result = texts["feedback"], texts["result"]
    trial.state, trial.closed_at, trial.version = TrialState.CLOSED, now, trial.version + 1
    trial.save()
    tell(by, now, "close_trial", "trial", trial.uuid, trial.title, after={"state": trial.state, **texts})
    return trial


@whole
def drop_trial(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Trial:
    """Drop a trial with its rounds; what was seen stays.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError. InvalidError: no reason.
    """
    trial = _locked(by, uuid, expected)
    said = need(300, reason=reason)["reason"]
    for round_ in _rounds(trial):
        fieldwork.drop_round(by=by, now=now, uuid=round_.uuid, reason=said, expected=round_.version)
    trial.state, trial.closed_at, trial.version = TrialState.DROPPED, now, trial.version + 1
    trial.save()
    tell(by, now, "drop_trial", "trial", trial.uuid, trial.title, after={"state": trial.state}, reason=said)
    return trial
