"""投诉建议: a complaint about a unit, or a suggestion; each becomes a case like any other."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.engines.cases import services
from linli.engines.cases.types import FeedbackWay
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.text import clean
from linli.foundation.people import selectors as people
from linli.interfaces.portal import limits
from linli.interfaces.portal.faults import Faults
from linli.interfaces.portal.report.draft import Draft
from linli.interfaces.portal.report.views import TEXT_MAX, Errors, check_contact, receipt_answer
from linli.interfaces.web.access import public

COMPLAINT, SUGGESTION = "complaint_unit", "suggestion"
KINDS = (
    "street_office", "department", "operations_centre", "enforcement", "police", "market", "housing",
    "neighbourhood_committee",
    "property_company", "contractor",
)  # fmt: skip


def _units() -> list[dict[str, Any]]:
    return [{"value": "", "label": _("请选择单位")}] + [
        {"value": str(u.pk), "label": u.name} for u in people.units_of_kinds(KINDS)
    ]


def _read(request: HttpRequest, draft: Draft, units: list[dict[str, Any]]) -> Errors:
    data = request.POST
    draft.text, draft.category = clean(data.get("text", "")), data.get("kind", "")
    draft.name, draft.phone = clean(data.get("name", ""))[:200], clean(data.get("phone", ""))[:200]
    draft.way = FeedbackWay.PHONE if draft.phone else FeedbackWay.NONE
    unit = data.get("unit", "")
    draft.unit = int(unit) if unit and unit in {u["value"] for u in units} and draft.category == COMPLAINT else None
    errors = check_contact(draft)
    if draft.category not in {COMPLAINT, SUGGESTION}:
        errors["kind"] = [_("请选择一项。")]
    if draft.category == COMPLAINT and draft.unit is None:
        errors["unit"] = [_("请选择您要投诉的单位。")]
    if not draft.text:
        errors["text"] = [_("请写明情况。")]
    if len(draft.text) > TEXT_MAX:
        errors["text"] = [
            _("最多 %(max)s 个字，现在是 %(have)s 个字，请精简。") % {"max": TEXT_MAX, "have": len(draft.text)}
        ]
    return errors


def _show(
    request: HttpRequest,
    draft: Draft,
    units: list[dict[str, Any]],
    *,
    errors: Errors | None = None,
    trouble: DomainError | None = None,
) -> HttpResponse:
    kinds = [
        {"value": SUGGESTION, "label": _("提建议"), "hint": _("对街道工作、对本站都可以")},
        {
            "value": COMPLAINT,
            "label": _("投诉单位或工作人员"),
            "hint": _("由被投诉单位以外的人办理，被投诉单位看不到您是谁"),
        },
    ]
    status = trouble.status if trouble else 422 if errors else 200
    state = Draft(uuid=draft.uuid, code=draft.code, joining=draft.joining)
    context = {
        "draft": draft,
        "state": state.seal(),
        "errors": Faults(errors or {}),
        "trouble": trouble,
        "units": units,
        "kinds": kinds,
        "trap": limits.TRAP,
    }
    return render(request, "portal/feedback.html", context, status=status)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Take a complaint or a suggestion."""
    units = _units()
    if request.method != "POST":
        return _show(request, Draft(category=SUGGESTION), units)
    draft = Draft.unseal(request.POST.get("state", ""))
    if errors := _read(request, draft, units):
        return _show(request, draft, units, errors=errors)
    now, by = clock.now(), request.actor  # type: ignore[attr-defined]
    try:
        limits.check_trap(request)
        limits.report(request, draft.phone, now)
        made = draft.report(area_id=None, user_id=by.user_id, language=get_language() or settings.LANGUAGE_CODE)
        receipt = services.report(by=by, now=now, report=made)
    except DomainError as error:
        return _show(request, draft, units, errors=error.fields, trouble=error)
    return receipt_answer(receipt, draft)
