"""Claims: the list, one with its way from claim to thanks, evidence."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.projects import selectors as projects
from linli.engines.projects.permissions import OPENERS
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.files import selectors as stored
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.alliance import forms
from linli.interfaces.desk.alliance.members import NAV
from linli.interfaces.desk.doors import actor_of, id_of, staff, today
from linli.interfaces.desk.files.views import SIZES, send
from linli.programmes.alliance import permissions, selectors, services
from linli.programmes.alliance.rules import naming, quantities
from linli.programmes.alliance.workflow import ENDED_CLAIMS, OPEN_CLAIMS, VERBS, ClaimState

TONES = {
    "claimed": "new", "agreed": "doing", "delivering": "doing", "delivered": "check", "confirmed": "done",
    "thanked": "done", "withdrawn": "idle", "lapsed": "idle",
}  # fmt: skip


def _may(verb: str) -> Any:
    return lambda by, row: row.state in VERBS[verb].source and permissions.may_claim(by, verb, row)


def _own(by: Any, row: Any) -> bool:
    return permissions.may_act_for(by, row.member) or permissions.may_keep(by)


def _give_task(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> str:
    services.give_task(by=by, now=now, uuid=row.uuid, **data)
    return _("任务已布置，结果会回到这里。")


ACTS = (
    Act(
        "agree", gettext_lazy("签约"), "pencil", forms.AgreeForm,
        lambda by, now, row, data, seen: services.agree(
            by=by, now=now, uuid=row.uuid, agreement_uuid=data["agreement"], on=data["on"], expected=seen
        ),
        _may("agree"), hint=gettext_lazy("先在“共建协议”登记协议，再选它。"), primary=True,
    ),
    Act(
        "report", gettext_lazy("报告进展"), "message", forms.ReportForm,
        lambda by, now, row, data, seen: services.report(
            by=by, now=now, uuid=row.uuid, text=data["text"], file_id=data["file_id"],
            milestone_id=data.get("milestone_id"), expected=seen,
        ),
        _may("report"),
    ),
    Act(
        "deliver", gettext_lazy("提请确认"), "send", forms.DeliverForm,
        lambda by, now, row, data, seen: services.deliver(
            by=by, now=now, uuid=row.uuid, text=data["text"], file_id=data["file_id"], expected=seen
        ),
        _may("deliver"), hint=gettext_lazy("做完了，请受益单位确认。"),
    ),
    Act(
        "confirm", gettext_lazy("确认收到"), "circle-check", forms.ConfirmForm,
        lambda by, now, row, data, seen: services.confirm(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("confirm"), primary=True,
    ),
    Act(
        "redo", gettext_lazy("请补充"), "arrow-left", forms.ReasonForm,
        lambda by, now, row, data, seen: services.redo(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("redo"),
    ),
    Act(
        "thank", gettext_lazy("致谢"), "heart-handshake", forms.ThankForm,
        lambda by, now, row, data, seen: services.thank(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("thank"), primary=True,
    ),
    Act(
        "publish", gettext_lazy("认领单位同意公开致谢"), "eye", forms.Plain,
        lambda by, now, row, _data, _seen: services.agree_public(by=by, now=now, uuid=row.uuid, agrees=True),
        lambda by, row: row.state in {"confirmed", "thanked"} and not row.member_agrees and _own(by, row),
    ),
    Act(
        "unpublish", gettext_lazy("认领单位不再同意公开"), "lock", forms.Plain,
        lambda by, now, row, _data, _seen: services.agree_public(by=by, now=now, uuid=row.uuid, agrees=False),
        lambda by, row: row.member_agrees and _own(by, row),
    ),
    Act(
        "milestone", gettext_lazy("加节点"), "flag", forms.MilestoneForm,
        lambda by, now, row, data, _seen: services.add_milestone(by=by, now=now, uuid=row.uuid, **data),
        lambda by, row: row.state in {"claimed", "agreed", "delivering"} and _own(by, row),
    ),
    Act(
        "task", gettext_lazy("布置任务"), "clipboard-list", forms.TaskForm, _give_task,
        lambda by, row: row.state in {"agreed", "delivering"} and permissions.may_keep(by),
    ),
    Act(
        "withdraw", gettext_lazy("撤回认领"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.withdraw(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("withdraw"), danger=True,
    ),
)  # fmt: skip


def row_of(claim: Any) -> dict[str, Any]:
    """Return a claim as lists show it."""
    return {"claim": claim, "share": quantities.share_text(claim.share), "tone": TONES[claim.state]}


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Any]:
    """Return a page of the claims that the address asks for."""
    data = request.GET
    return selectors.claim_page(
        actor_of(request), state=data.get("state", ""), text=data.get("q", "").strip()[:60],
        year=id_of(data.get("year", "")), confirmed=id_of(data.get("confirmed", "")), cursor=cursor, size=size,
    )  # fmt: skip


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the claims that this person may read."""
    by, data = actor_of(request), request.GET
    state, text = data.get("state", ""), data.get("q", "").strip()[:60]
    page = page_of(request, data.get("cursor", ""))
    counts = selectors.claim_counts(by)
    tabs = [{"label": _("全部"), "url": "?", "current": not state, "count": None}]
    tabs += [
        {"label": s.label, "url": f"?state={s}", "current": state == s, "count": counts.get(s, 0)}
        for s in ClaimState
        if counts.get(s) or state == s
    ]
    query = {k: v for k in ("state", "q", "year", "confirmed") if (v := data.get(k, ""))}
    context = {
        "page": page,
        "rows": [row_of(c) for c in page.rows],
        "tabs": tabs,
        "text": text,
        "base": f"?{urlencode(query)}&" if query else "?",
        "narrowed": bool(query),
        "may_keep": permissions.may_keep(by),
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/claims.html", context)


def _steps(claim: Any) -> list[dict[str, str]]:
    order = [("claimed", _("认领")), ("agreed", _("签约")), ("delivering", _("实施")), ("delivered", _("交付")),
             ("confirmed", _("确认")), ("thanked", _("致谢"))]  # fmt: skip
    codes = [code for code, _label in order]
    if claim.state not in codes:
        return []
    at = codes.index(claim.state)
    return [
        {"label": label, "state": "done" if n < at or claim.state == "thanked" else "now" if n == at else "todo"}
        for n, (_code, label) in enumerate(order)
    ]


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a claim: how far it is, its steps, reports, agreement, tasks; and what can be done."""
    row = selectors.claim_for(actor_of(request), uuid)
    acts = Acts(request, row, ACTS, purpose="alliance")
    if request.method == "POST" and (done := acts.post(reverse("desk:alliance_claim", args=[uuid]))) is not None:
        return done
    on = today()
    steps = list(row.milestones.all())
    context = {
        "claim": row,
        "share": quantities.share_text(row.share),
        "quoted": naming.quoted(row.entry.title),
        "tone": TONES[row.state],
        "steps": _steps(row),
        "milestones": [{"row": m, "late": m.done_on is None and m.due_on < on} for m in steps],
        "reports": row.reports.select_related("file"),
        "verbs": {code: verb.label for code, verb in VERBS.items()} | {"task": _("任务结果")},
        "tasks": projects.tasks_of(row.uuid),
        "projects": projects.projects_of_source(actor_of(request), row.uuid),
        "project_url": _project_url(request, row),
        "acts": acts.shown,
        "problem": acts.problem,
        "ended": row.state in ENDED_CLAIMS,
        "open": row.state in OPEN_CLAIMS,
        "today": on,
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/claim.html", context, status=acts.status)


def _project_url(request: HttpRequest, row: Any) -> str:
    """Return where a claim under way becomes a project with a plan; empty for who may not open one."""
    if row.state not in OPEN_CLAIMS or not actor_of(request).has_role(*OPENERS):
        return ""
    title = row.entry.title
    source = {"source_kind": "claim", "source_uuid": row.uuid, "source_label": f"{row.member.name}：{title}"[:80]}
    return f"{reverse('desk:project_new')}?{urlencode({**source, 'name': title})}"


@require_GET
@staff
def file(request: HttpRequest, uuid: UUID, size: str) -> HttpResponseBase:
    """Send a file of a claim, an agreement or a pitch to who may read it."""
    if not selectors.report_file(actor_of(request), uuid):
        raise NotFoundError(_("没有这个文件。"), code="alliance.file")
    if size in SIZES:
        return send(stored.serve_shown(uuid, SIZES[size]), cached=True)
    return send(stored.serve_original(uuid))
