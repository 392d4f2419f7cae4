"""Rounds: planned, opened with the form's version frozen, closed with feedback and result, dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Kind, Round, Visit
from linli.engines.fieldwork.permissions import check_lead, check_plan, may_count, readable
from linli.engines.fieldwork.rules.choosing import choice_json, rhythm_of
from linli.engines.fieldwork.rules.counts import Counts
from linli.engines.fieldwork.rules.rounds import Occasion, occasions
from linli.engines.fieldwork.selectors.planning import are_fields, may_narrow
from linli.engines.fieldwork.services.choosing import choose
from linli.engines.fieldwork.services.counting import count, recount
from linli.engines.fieldwork.services.joining import checked_units, set_units
from linli.engines.fieldwork.services.steps import need, note_round, stale, wrong
from linli.engines.fieldwork.types import Choice, How, RoundData
from linli.engines.fieldwork.workflow import ROUND, RoundState
from linli.foundation.core import faults as faults_of
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.db.holding import hold
from linli.foundation.core.errors import ConflictError, DomainError, NotFoundError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.forms import selectors as forms
from linli.foundation.forms import services as form_services
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.foundation.rulebook import selectors as rulebook

BATCH, MOST_LISTED = 100, 5_000


@whole
def plan_round(*, by: Actor, now: datetime, data: RoundData) -> Round:
    """Plan a round; nothing is due before it is opened.

    Raises:
        ForbiddenError: not who plans for the unit or in the area. InvalidError: by field.
    """
    round_ = Round(created_label=by.label[:80], created_at=now)
    _fill(round_, data, by)
    joining = checked_units(data.joining, data.unit_id)
    round_.save()
    set_units(round_, joining)
    note_round(by, now, "plan_round", round_, after={**_told(round_), "joining": joining})
    return round_


@whole
def change_round(*, by: Actor, now: datetime, uuid: UUID, data: RoundData, expected: int) -> Round:
    """Change a round that is not opened yet, at version ``expected``.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError; ConflictError: it is open or over.
    """
    round_ = locked(by, uuid, expected)
    if round_.state != RoundState.DRAFT:
        raise ConflictError(_("已经开始，不能再改。"), code="fieldwork.round_state", hint=_("可以取消后重新安排。"))
    before = _told(round_)
    _fill(round_, data, by)
    joining = checked_units(data.joining, data.unit_id)
    round_.version += 1
    round_.save()
    set_units(round_, joining)
    note_round(by, now, "change_round", round_, before=before, after={**_told(round_), "joining": joining})
    return round_


def locked(by: Actor, uuid: UUID, expected: int | None = None) -> Round:
    """Return the round to be changed, locked; checks the right and, where given, the version."""
    rows = Round.objects.select_for_update(of=("self",)).select_related("form", "kind")
    round_ = rows.filter(uuid=uuid).first()
    if round_ is None:
        raise NotFoundError(_("没有这项走访检查。"), code="fieldwork.no_round")
    check_lead(by, round_)
    if expected is not None and round_.version != expected:
        raise stale()
    return round_


def _told(round_: Round) -> dict[str, Any]:
    names = ("title", "form_id", "kind_id", "unit_id", "area_id", "starts_on", "ends_on", "rhythm", "pair", "review")
    told = {name: getattr(round_, name) for name in names}
    listed = len(round_.choice.get("targets", ()))
    return told | {"choice": {k: v for k, v in round_.choice.items() if k != "targets"}, "listed": listed}


def _fill(round_: Round, data: RoundData, by: Actor) -> None:
    faults: dict[str, list[str]] = {}
    round_.title = mask_personal(clean(data.title))
    if not 0 < len(round_.title) <= 100:
        faults["title"] = [_("请填写名称，最多 100 个字。")]
    try:
        round_.form = forms.version(data.form).form
    except NotFoundError as error:
        faults["form"] = [error.message]
    if not people.units([data.unit_id]):
        faults["unit"] = [_("没有这个单位。")]
    if data.ends_on < data.starts_on:
        faults["ends_on"] = [_("结束日期不能早于开始日期。")]
    path = _area(round_, data, faults)
    if not faults:
        round_.unit_id = data.unit_id
        check_plan(by, data.unit_id, path)
    _when(data, faults)
    choice = _choice(round_, data.choice, path, by, faults)
    if faults:
        raise faults_of.several("fieldwork", faults)
    round_.choice, round_.rhythm = choice_json(choice), dict(data.rhythm)
    for name in ("starts_on", "ends_on", "programme", "pair", "review", "source_kind", "source_uuid"):
        setattr(round_, name, getattr(data, name))


def _area(round_: Round, data: RoundData, faults: dict[str, list[str]]) -> str:
    try:
        area = places.area(data.area_id) if data.area_id is not None else None
    except DomainError as error:
        faults["area"] = [error.message]
        return ""
    round_.area, round_.area_path = area, area.path if area else ""
    return round_.area_path


def _when(data: RoundData, faults: dict[str, list[str]]) -> None:
    if "ends_on" in faults:
        return
    try:
        rhythm = rhythm_of(data.rhythm, data.starts_on, data.ends_on)
        if not occasions(rhythm, data.ends_on, is_workday):
            faults["rhythm"] = [_("这段时间里一次也轮不到，请调整周期或时段。")]
    except ValueError:
        faults["rhythm"] = [_("请核对周期和时段。")]


def _choice(round_: Round, choice: Choice, path: str, by: Actor, faults: dict[str, list[str]]) -> Choice:
    """Return the choice kept within the round's area; what is wrong with it is said under ``choice``."""
    found = list(Kind.objects.filter(code__in=choice.filter.kinds, active=True))
    round_.kind = found[0] if len(found) == 1 else None
    if choice.how is How.LIST:
        if not 0 < len(choice.targets) <= MOST_LISTED:
            faults["choice"] = [_("请选择 1 至 %(most)s 个对象。") % {"most": MOST_LISTED}]
        elif not _all_readable(by, choice.targets, path):
            faults["choice"] = [_("有些对象不存在、已退出台账或不在范围内，请重新选择。")]
        return choice
    where = choice.filter
    if (said := _unfit(round_.kind, choice, path, by)) is not None:
        faults["choice"] = [said]
    return choice if where.area_path else replace(choice, filter=replace(where, area_path=path))


def _unfit(kind: Kind | None, choice: Choice, path: str, by: Actor) -> str | None:
    """Return why a choice by what targets are cannot be; None where it can."""
    where = choice.filter
    if kind is None:
        return _("请选择一个台账。")
    if kind.guarded and not may_count(by):
        return _("您不能安排这个台账的走访。")
    if where.area_path and not where.area_path.startswith(path):
        return _("对象须在走访范围内。")
    return _unfit_narrowing(kind, choice, by)


def _unfit_narrowing(kind: Kind, choice: Choice, by: Actor) -> str | None:
    if not are_fields(kind, choice.filter.facts):
        return _("这个台账没有所筛选的登记项，请去掉这个条件或改选台账。")
    if not may_narrow(by, choice.filter):
        return _("所选的上级不存在，或不在您的范围内。")
    if choice.how is How.DRAW and not (choice.seed.strip() and (choice.wanted > 0 or 0 < choice.margin < 100)):
        return _("抽样要写明种子，以及抽取数量或允许误差。")
    return None


def _all_readable(by: Actor, uuids: Sequence[UUID], path: str) -> bool:
    wanted = set(uuids)
    there = 0
    for guarded in (False, True):
        rows = readable(by, guarded=guarded).filter(uuid__in=wanted, until=None, area_path__startswith=path)
        there += rows.count()
    return there == len(wanted)


def is_workday(day: date) -> bool:
    """Return whether people work on that day, by the weekday where the year's holidays are not announced."""
    calendar = rulebook.working_calendar()
    return calendar.is_workday(day) if day.year in calendar.years else day.isoweekday() < 6


def occasion_days(round_: Round, until: date) -> frozenset[date]:
    """Return the days on which a round's own occasions begin, up to ``until``: its visits are those that it planned."""
    rhythm = rhythm_of(round_.rhythm, round_.starts_on, round_.ends_on)
    return frozenset(o.begins for o in occasions(rhythm, until, is_workday))


@whole
def open_round(*, by: Actor, now: datetime, uuid: UUID, expected: int) -> Round:
    """Open a round: the form's newest version is frozen for it, and what is due first becomes visits.

    Raises:
        NotFoundError, ForbiddenError, StaleError. ConflictError: it is open or over, or no target matches.
        InvalidError: too many do.
    """
    round_ = locked(by, uuid, expected)
    _step(round_, "open")
    round_.form_version = form_services.use(by=by, now=now, code=round_.form.code)
    round_.save(update_fields=["state", "form_version", "version"])
    made = _make(round_, now)
    if not made:
        raise ConflictError(_("没有符合条件的对象。"), code="fieldwork.no_targets", hint=_("请核对台账、范围和条件。"))
    note_round(
        by, now, "open_round", round_, before={"state": RoundState.DRAFT.value},
        after={"state": round_.state, "form_version": round_.form_version.number, "visits": made},
    )  # fmt: skip
    round_.refresh_from_db()
    return round_


def _step(round_: Round, code: str) -> None:
    step = ROUND[code]
    if round_.state not in step.origins:
        raise ConflictError(
            _("这项走访检查现在是“%(state)s”，不能“%(step)s”。")
            % {"state": RoundState(round_.state).label, "step": step.label},
            code="fieldwork.round_state", hint=_("请刷新后查看。"),
        )  # fmt: skip
    round_.state = step.to
    round_.version += 1


@whole
def close_round(*, by: Actor, now: datetime, uuid: UUID, feedback: str, result: str, expected: int) -> Round:
    """Close a round: 有督查就有情况反馈，有督查就有处理结果. What was not visited stays as it is, and is counted so.

    Raises:
        NotFoundError, ForbiddenError, StaleError. ConflictError: it is not open. InvalidError: either is missing.
    """
    need(feedback=feedback, result=result)
    round_ = locked(by, uuid, expected)
    _step(round_, "close")
    round_.feedback, round_.result, round_.closed_at = mask_personal(clean(feedback)), mask_personal(clean(result)), now
    round_.save(update_fields=["state", "version", "feedback", "result", "closed_at"])
    counts = {"planned": round_.planned, "done": round_.done, "unreached": round_.unreached}
    note_round(by, now, "close_round", round_, before={"state": "open"}, after={"state": round_.state, **counts})
    return round_


@whole
def drop_round(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int) -> Round:
    """Drop a round that is planned or open; what was visited stays.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError (no reason), ConflictError (it is over).
    """
    need(reason=reason)
    round_ = locked(by, uuid, expected)
    before = round_.state
    _step(round_, "drop")
    round_.closed_at = now
    round_.save(update_fields=["state", "version", "closed_at"])
    note_round(
        by, now, "drop_round", round_, before={"state": before}, after={"state": round_.state}, reason=clean(reason)
    )
    return round_


def make_due(*, now: datetime, only: int | None = None) -> int:
    """Make the visits of every open round's occasions that have come near, each once; return how many."""
    today = timezone.localdate(now)
    rows = Round.objects.filter(state=RoundState.OPEN, ends_on__gte=today)
    rows = rows.exclude(Q(rhythm={}) & Q(made_until__isnull=False))
    if only is not None:
        rows = rows.filter(pk=only)
    made = 0
    for pk in list(rows.order_by("made_until", "pk").values_list("pk", flat=True)[: BATCH * 10]):
        with transaction.atomic():
            found = Round.objects.select_for_update(of=("self",)).filter(pk=pk, state=RoundState.OPEN).first()
            new = _make(found, now) if found is not None else 0
            if found is not None and new:
                note_round(SYSTEM, now, "next_occasion", found, after={"visits": new, "until": found.made_until})
            made += new
    return made


def _make(round_: Round, now: datetime) -> int:
    """Make the visits of the occasions that begin soon; of one that is over when it is first looked at none."""
    today = timezone.localdate(now)
    ahead = int(rulebook.value("fieldwork.round.ahead", on=today))
    rhythm = rhythm_of(round_.rhythm, round_.starts_on, round_.ends_on)
    # The first occasion is made when the round is opened, however far off it is.
    until = max(today + timedelta(days=ahead), round_.starts_on)
    due = [o for o in occasions(rhythm, until, is_workday) if round_.made_until is None or o.begins > round_.made_until]
    if not due:
        return 0
    rows = Round.objects.filter(pk=round_.pk, made_until=round_.made_until)
    if rows.update(made_until=due[-1].begins) != 1:
        return 0  # another worker made them
    round_.made_until = due[-1].begins
    made = sum(_occasion(round_, occasion, today) for occasion in due if occasion.ends >= today)
    count(round_.pk, Counts(planned=made))
    recount([round_.pk], [o.begins for o in due])
    return made


def _occasion(round_: Round, occasion: Occasion, today: date) -> int:
    try:
        chosen = choose(round_, occasion.begins)
    except ValueError as error:
        raise wrong("choice", _("请核对抽样的数量和误差。")) from error
    most = int(rulebook.value("fieldwork.round.most", on=today))
    if len(chosen.targets) > most:
        raise wrong("choice", _("一次最多 %(most)s 个对象，请缩小范围或抽样。") % {"most": most})
    guarded = {pk: hold(Kind(pk=pk), "guarded") for pk in sorted({t.kind_id for t in chosen.targets})}
    visits = [
        Visit(
            round=round_, target=target, occasion=occasion.begins, due_on=occasion.ends,
            unit_id=target.unit_id, area_path=target.area_path, guarded=guarded[target.kind_id],
        )
        for target in chosen.targets
    ]  # fmt: skip
    Visit.objects.bulk_create(visits, batch_size=500)
    if chosen.protocol:
        round_.draw = {**round_.draw, occasion.begins.isoformat(): chosen.protocol}
        Round.objects.filter(pk=round_.pk).update(draw=round_.draw)
    return len(visits)
