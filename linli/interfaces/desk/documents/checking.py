"""The two panes: the text on the left, on the right what it says, decided card by card by keyboard."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.engines.projects import selectors as projects
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError
from linli.interfaces.desk.documents.lists import steps_of
from linli.interfaces.desk.documents.text import passages
from linli.interfaces.desk.doors import actor_of, staff
from linli.programmes.documents import selectors, services
from linli.programmes.documents.permissions import may_keep
from linli.programmes.documents.types import Kind
from linli.programmes.documents.workflow import KIND_NAMES, KNOWN, DocumentState, FindingState

SIZE = 60
# The kinds in the order in which they are looked through: what becomes a task first.
ORDER = (
    Kind.REQUIREMENT,
    Kind.MEETING,
    Kind.DEADLINE,
    Kind.CLAIM,
    Kind.AGREEMENT,
    Kind.PROJECT,
    Kind.NUMBER,
    Kind.DATE,
    Kind.UNIT,
    Kind.POST,
    Kind.PLACE,
    Kind.ARTICLE,
)
STATUS = {"proposed": "new", "confirmed": "done", "changed": "done", "rejected": "idle"}


def attribute_names() -> dict[str, str]:
    """Return what the attributes of a finding are called."""
    return {
        "ordinal": _("序号"),
        "voice": _("谁提出"),
        "action": _("做什么"),
        "by_unit": _("承担单位"),
        "due": _("期限"),
        "value": _("数值"),
        "approx": _("约数"),
        "unit": _("单位"),
        "of": _("指什么"),
        "iso": _("日期"),
        "kind": _("会议种类"),
        "date": _("时间"),
        "place": _("地点"),
        "chair": _("主持"),
        "attendance": _("到会人数"),
        "name": _("名称"),
        "known": _("关联到"),
        "list": _("清单"),
        "project": _("项目"),
        "units": _("认领单位"),
        "parties": _("签约各方"),
        "who": _("到会人员"),
        "source_unit": _("来源部门"),
    }


def words_of(value: Any) -> str:
    """Return the value of an attribute in words."""
    if isinstance(value, dict):  # a deadline: as it is said, else its day
        return str(value.get("raw") or value.get("iso") or "")
    if isinstance(value, list):
        return "、".join(map(str, value))
    return _("是") if value is True else str(value)


def facts(finding: Any) -> list[tuple[str, str]]:
    """Return the attributes of a finding as pairs of words."""
    names, found = attribute_names(), []
    for key, label in names.items():
        value = finding.attributes.get(key)
        if value in (None, "", [], False):
            continue
        shown = words_of(value)
        if shown and (key != "action" or shown not in finding.text):
            found.append((label, shown))
    if finding.attributes.get("uuid") and not finding.attributes.get("known"):
        found.append((names["known"], _("已按名称自动关联")))
    return found


def card(finding: Any, *, may: bool, tasks: list[Any] | None = None) -> dict[str, Any]:
    """Return a finding as its card shows it."""
    waiting = finding.state == FindingState.PROPOSED
    return {
        "finding": finding,
        "facts": facts(finding),
        "status": STATUS[finding.state],
        "tasks": tasks or [],
        "waiting": waiting,
        "may": may and finding.document.state == DocumentState.ORDERED,
        "may_link": may and finding.kind in KNOWN and finding.document.state == DocumentState.ORDERED,
        "may_task": may and finding.state != FindingState.REJECTED and finding.kind != Kind.ARTICLE,
    }


def _tabs(counts: dict[str, dict[str, int]], kind: str) -> list[dict[str, Any]]:
    shown = [k.value for k in ORDER if k.value in counts]
    return [
        {
            "label": KIND_NAMES[Kind(k)],
            "url": f"?{urlencode({'kind': k})}",
            "count": counts[k]["waiting"],
            "current": k == kind,
        }
        for k in shown
    ]


def _kind(request: HttpRequest, counts: dict[str, dict[str, int]]) -> str:
    wanted = request.GET.get("kind", "")
    if wanted in counts:
        return wanted
    waiting = [k.value for k in ORDER if counts.get(k.value, {}).get("waiting")]
    every = [k.value for k in ORDER if k.value in counts]
    return (waiting or every or [Kind.REQUIREMENT.value])[0]


def _offset(request: HttpRequest) -> int:
    typed = request.GET.get("from", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0


@never_cache
@require_GET
@staff
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show text and cards of one kind."""
    actor = actor_of(request)
    found = selectors.document_for(actor, uuid)
    if found.state in {DocumentState.READING, DocumentState.FAILED, DocumentState.READ}:
        after = "desk:document_order" if found.state == DocumentState.READ and may_keep(actor) else "desk:document"
        return HttpResponseRedirect(reverse(after, args=[uuid]))
    return page(request, found)


def page(request: HttpRequest, found: Any, error: DomainError | None = None) -> HttpResponse:
    """Return the two panes, with what was refused above them."""
    counts, may = selectors.kind_counts(found), may_keep(actor_of(request))
    kind, begin = _kind(request, counts), _offset(request)
    every = selectors.findings_of(found, kind=kind)
    shown = every[begin : begin + SIZE]
    tasks = projects.tasks_of_many([f.uuid for f in shown if f.tasked_at])
    for finding in shown:
        finding.document = found
    waiting = sum(c["waiting"] for c in counts.values())
    context = {
        "document": found,
        "steps": steps_of(found),
        "tabs": _tabs(counts, kind),
        "kind": kind,
        "kind_name": KIND_NAMES[Kind(kind)],
        "passages": passages(selectors.text_of(found), selectors.blocks_of(found), shown),
        "cards": [card(f, may=may, tasks=tasks.get(f.uuid, [])) for f in shown],
        "waiting": waiting,
        "later": begin + SIZE if len(every) > begin + SIZE else 0,
        "earlier": begin > 0,
        "may": may and found.state == DocumentState.ORDERED,
        "may_keep": may,
        "kinds": [{"value": k.value, "label": KIND_NAMES[k]} for k in ORDER if k != Kind.ARTICLE],
        "error": error,
        "nav_here": "documents",
    }
    return render(request, "desk/documents/check.html", context, status=error.status if error else 200)


@require_POST
@staff
def sure(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Confirm at once what the rules are sure of, in all kinds but requirements, or in one kind."""
    actor, now = actor_of(request), clock.now()
    found = selectors.document_for(actor, uuid)
    kind = request.POST.get("kind", "")
    try:
        count = services.confirm_sure(by=actor, now=now, document=found, kind=kind)
    except ConflictError as error:
        return page(request, found, error)
    messages.success(request, _("已确认 %(count)s 条。") % {"count": count})
    query = f"?{urlencode({'kind': kind})}" if kind else ""
    return HttpResponseRedirect(reverse("desk:document_check", args=[uuid]) + query)


@require_POST
@staff
def finish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close a document that is decided, or open it again."""
    actor, now = actor_of(request), clock.now()
    found = selectors.document_for(actor, uuid)
    try:
        if request.POST.get("act") == "reopen":
            services.reopen(by=actor, now=now, document=found, reason=request.POST.get("reason", ""))
            messages.success(request, _("可以重新核对了。"))
            return HttpResponseRedirect(reverse("desk:document_check", args=[uuid]))
        services.finish(by=actor, now=now, document=found)
    except (ConflictError, DomainError) as error:
        if error.status == 403:
            raise
        return page(request, found, error)
    messages.success(request, _("核对完成。"))
    return HttpResponseRedirect(reverse("desk:document", args=[uuid]))
