"""Acting on many cases: accept, or dispatch with a preview; undo for ten minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.cases import permissions, selectors, services
from linli.engines.cases.workflow import VERBS, State
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError
from linli.interfaces.desk import directory
from linli.interfaces.desk.cases.rows import status_of

if TYPE_CHECKING:
    from linli.engines.cases.models import Case


UNDO_SECONDS = 600
_SALT = "desk.bulk.undo"


def _chosen(request: HttpRequest) -> list[Case]:
    numbers = request.POST.getlist("chosen")
    if not numbers:
        raise InvalidError(_("没有选中案件。"), code="desk.bulk", hint=_("请先在列表中勾选。"))
    if len(numbers) > selectors.BULK_LIMIT:
        raise InvalidError(
            _("一次最多处理 %(most)s 件，现在选了 %(have)s 件。")
            % {"most": selectors.BULK_LIMIT, "have": len(numbers)},
            code="desk.bulk",
        )
    return selectors.by_numbers(request.actor, numbers)  # type: ignore[attr-defined]


def _why_not(actor: Actor, case: Case) -> str:
    verb = "accept" if case.state == State.REPORTED else "dispatch"
    return permissions.why_not(actor, case, VERBS[verb])[1]


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest) -> HttpResponse:
    """Show where each chosen case would go, and which cannot be sent and why; or accept them all."""
    if request.method == "GET":
        return HttpResponseRedirect(reverse("desk:list"))
    cases, now = _chosen(request), clock.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.POST.get("act") == "accept":
        return _accept(request, actor, cases)
    lines = []
    for case in cases:
        why = _why_not(actor, case)
        route = None if why else services.suggest_route(case, now)
        rule = next((t.name for t in route.trace if t.fits), "") if route else ""
        kind, words = status_of(case, now)
        lines.append(
            {
                "case": case,
                "why": why,
                "unit": directory.unit_name(route.unit_id) if route else "",
                "rule": rule,
                "status": kind,
                "label": words,
                "value": directory.unit_name(route.unit_id) if route else "",
                "error": "",
            }
        )
    return _preview_page(request, lines)


def _preview_page(request: HttpRequest, lines: list[dict[str, Any]], status: int = 200) -> HttpResponse:
    context = {
        "lines": lines,
        "ready": sum(1 for line in lines if not line["why"]),
        "barred": sum(1 for line in lines if line["why"]),
        "units": list(directory.units().values()),
        "nav_here": "cases",
    }
    return render(request, "desk/cases/bulk_preview.html", context, status=status)


def _accept(request: HttpRequest, actor: Actor, cases: list[Case]) -> HttpResponse:
    now = clock.now()
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for case in cases:
        try:
            services.accept(by=actor, now=now, case=case, expected=case.version)
            done.append({"case": case, "unit": ""})
        except DomainError as error:
            failed.append({"case": case, "why": str(error)})
    context = {"done": done, "failed": failed, "title": _("批量受理"), "verb": _("已受理"), "nav_here": "cases"}
    return render(request, "desk/cases/bulk_result.html", context)


def _send(actor: Actor, cases: list[Case], request: HttpRequest) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    now = clock.now()
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for case in cases:
        typed = request.POST.get(f"unit-{case.number}", "").strip()
        unit = directory.unit_named(typed)
        if typed and unit is None:
            failed.append({"case": case, "why": _("没有名为“%(name)s”的单位。") % {"name": typed[:40]}})
            continue
        suggested = services.suggest_route(case, now).unit_id
        unit_id = None if unit is None or unit.id == suggested else unit.id
        expected = request.POST.get(f"version-{case.number}", "")
        try:
            services.dispatch(
                by=actor,
                now=now,
                case=case,
                unit_id=unit_id,
                expected=int(expected) if expected.isdecimal() and len(expected) < 10 else None,
            )
            done.append({"case": case, "unit": directory.unit_name(case.unit_id)})
        except DomainError as error:
            failed.append({"case": case, "why": str(error)})
    return done, failed


@require_POST
def dispatch(request: HttpRequest) -> HttpResponse:
    """Send the cases of the preview, each in a transaction of its own, and say what was sent and what was not."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    done, failed = _send(actor, _chosen(request), request)
    token = signing.dumps(
        [actor.user_id, [[d["case"].number, d["case"].version] for d in done]], salt=_SALT, compress=True
    )
    context = {
        "done": done,
        "failed": failed,
        "title": _("批量派遣"),
        "verb": _("已派遣"),
        "undo": token if done else "",
        "until": clock.now(),
        "minutes": UNDO_SECONDS // 60,
        "nav_here": "cases",
    }
    return render(request, "desk/cases/bulk_result.html", context)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Recall what a bulk dispatch sent, within ten minutes, where nobody has touched it since."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        user, sent = signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=UNDO_SECONDS)
    except signing.SignatureExpired as error:
        raise ConflictError(_("已超过 10 分钟，不能撤销。"), code="desk.undo", hint=_("请逐件撤回派遣。")) from error
    except signing.BadSignature as error:
        raise InvalidError(_("这个撤销请求无效。"), code="desk.undo") from error
    if user != actor.user_id:
        raise InvalidError(_("只能撤销自己的操作。"), code="desk.undo")
    versions = dict(sent)
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for case in selectors.by_numbers(actor, list(versions)):
        try:
            services.recall(
                by=actor, now=clock.now(), case=case, reason=_("撤销批量派遣"), expected=versions[case.number]
            )
            done.append({"case": case, "unit": ""})
        except DomainError as error:
            failed.append({"case": case, "why": str(error)})
    context = {"done": done, "failed": failed, "title": _("撤销批量派遣"), "verb": _("已撤回"), "nav_here": "cases"}
    return render(request, "desk/cases/bulk_result.html", context)
