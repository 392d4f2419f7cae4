"""Mending what a report said: category, place, title, urgency, the unit complained about."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseHelper, Category, CategoryVersion
from linli.engines.cases.permissions import check_verb, is_of_subject
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.answers import answers_of
from linli.engines.cases.services.clocks import changed_limits
from linli.engines.cases.services.inputs import need
from linli.engines.cases.services.intake import MAX_TITLE, OTHER_PATH, place_fields
from linli.engines.cases.services.routes import find_route, trace_data
from linli.engines.cases.services.work import SUBJECT, Work
from linli.engines.cases.types import Report
from linli.engines.cases.workflow import BEFORE_DISPATCH, VERBS
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.selectors import clocks_of
from linli.foundation.forms.rules import from_json, validate
from linli.foundation.forms.types import QuestionType

_CORRECTABLE = frozenset({"category", "address", "title", "point", "area_id", "urgent", "subject_unit_id", "answers"})


@whole
def correct(
    *, by: Actor, now: datetime, case: Case, reason: str, changes: Mapping[str, Any], expected: int | None = None
) -> Case:
    """Correct category, title, place, urgency or the unit complained about.

    Clocks that run go by the limits of the new category (or urgency), counted from their start;
    the event says which. Before dispatch the routing rules are asked again, and the trace is kept
    with the event.

    Args:
        changes: any of category (code), title, address, point (:class:`Point`), area_id, urgent, subject_unit_id,
            answers (question code → answer, looked at by the questions of the case's own version).

    Another category asks other questions: answers to the old ones leave the case and stay in the event, in words.

    Raises:
        ConflictError: the unit now named as complained about has the case.
    """
    need(reason=reason)
    check_verb(by, case, VERBS["correct"])
    if unknown := set(changes) - _CORRECTABLE:
        message = f"cannot correct {sorted(unknown)}"
        raise ValueError(message)
    fields = _corrected(case, changes, now)
    if "urgent" in changes:
        fields["urgent"] = bool(changes["urgent"])
    if changes.get("subject_unit_id") is not None:
        fields["subject_unit_id"] = _new_subject(case, int(changes["subject_unit_id"]))
    work = Work(case, by=by, now=now, expected=expected)
    data: dict[str, Any] = {}
    if "answers" in fields and case.answers and fields.get("category_id", case.category_id) != case.category_id:
        data["old_answers"] = [list(pair) for pair in answers_of(case, personal=False)]
    if case.state in BEFORE_DISPATCH and {"category_id", "area_id", "subject_unit_id"} & set(fields):
        data["route"] = _route_again(case, fields, now)
        fields["unrouted"] = data["route"]["unit"] is None
    if {"category_id", "urgent"} & set(fields) and (moved := _run_other_limits(work, fields, reason)):
        fields["dues"] = {**case.dues, **{stage: at.isoformat() for stage, at in moved.items() if stage in case.dues}}
        data["clocks"] = {stage: at.isoformat() for stage, at in moved.items()}
    work.act("correct", reason=reason, changes=fields, data=data)
    return work.save()


def _run_other_limits(work: Work, fields: Mapping[str, Any], reason: str) -> dict[str, datetime]:
    """Let the open clocks go by the limits of the case as ``fields`` would have it; return their new due dates."""
    case = work.case
    other = copy(case)
    for name, value in fields.items():
        setattr(other, name, value)
    if "category_id" in fields:
        other.category = Category.objects.get(pk=fields["category_id"])
    work.lock()
    limits = changed_limits(other, clocks_of(SUBJECT, case.pk, open_only=True))
    return deadlines.change_limits(
        kind=SUBJECT, subject_id=case.pk, limits=limits, now=work.now, by=work.by, reason=mask_personal(reason)
    )


def _corrected(case: Case, changes: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the fields that a corrected category, place and title give."""
    fields: dict[str, Any] = {}
    if "category" in changes:
        node = catalogue.category(str(changes["category"]))
        if node is None:
            raise InvalidError(_("没有这个分类。"), code="cases.category", fields={"category": [_("请从列表中选择。")]})
        fields |= {
            "category_id": node.id,
            "category_version_id": node.version_id,
            "guarded": case.confidential or node.spec.guarded,
        }
        if node.id != case.category_id and case.answers:
            fields["answers"] = {}
    if "answers" in changes:
        fields["answers"] = _answers(case, changes["answers"], fields.get("category_version_id"))
    if {"address", "point", "area_id"} & set(changes):
        place = Report(
            text="x",
            address=str(changes.get("address", case.address)),
            point=changes.get("point"),
            area_id=changes.get("area_id"),
        )
        fields |= place_fields(place, now)
        fields.pop(OTHER_PATH, None)
    if "title" in changes:
        fields["title"] = mask_personal(clean(str(changes["title"])))[:MAX_TITLE]
    return fields


def _answers(case: Case, given: Mapping[str, Any], version_id: int | None) -> dict[str, Any]:
    """Return ``given`` cleaned by the questions of the case's version (or the one it gets); pictures stay."""
    version = case.category_version
    if version_id is not None and version_id != version.pk:
        version = CategoryVersion.objects.get(pk=version_id)
    asked = from_json(dict(catalogue.spec_of(version).questions or {"questions": []}))
    pictures = [q.code for q in asked.questions if q.type is QuestionType.PHOTO]
    kept = {code: case.answers[code] for code in pictures if code in case.answers}
    try:
        found = validate(asked, {**given, **kept}, partial=True)
    except InvalidError as error:
        error.fields = {f"answers.{code}": words for code, words in error.fields.items()}
        raise
    return {code: mask_personal(v) if isinstance(v, str) else v for code, v in found.items()}


def _new_subject(case: Case, unit_id: int) -> int:
    """Return the unit complained about, or raise if it has or helps with the case."""
    helpers = set(CaseHelper.objects.filter(case=case).values_list("unit_id", flat=True))
    if is_of_subject(helpers | ({case.unit_id} if case.unit_id else set()), unit_id):
        raise ConflictError(
            _("被反映单位正在承办或协办此件。"), code="cases.subject", hint=_("请先改派给其他单位，再登记被反映单位。")
        )
    return unit_id


def _route_again(case: Case, fields: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the trace of the routing rules over ``case`` as ``fields`` would have it."""
    code = case.category.code
    if "category_id" in fields:
        code = next(n.spec.code for n in catalogue.categories() if n.id == fields["category_id"])
    node = catalogue.category(code)
    if node is None:
        return {"unit": case.unit_id}
    other = copy(case)
    for name, value in fields.items():
        setattr(other, name, value)
    return trace_data(find_route(other, node, now))
