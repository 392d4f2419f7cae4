"""Dead letters: jobs that failed for good, for the system administrator. To others these pages do not exist."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.text import mask_personal
from linli.foundation.jobs import permissions, selectors, services
from linli.interfaces.console.doors import actor_of, door
from linli.interfaces.web.access import behind, confirmed

SIZE = 25
LABELS: dict[str, Any] = {
    "cases.tell": gettext_lazy("通知案件进展"),
    "cases.tell_many": gettext_lazy("通知一批案件的进展"),
    "cases.year_missing": gettext_lazy("提醒录入放假安排"),
    "cases.routing_watch": gettext_lazy("检查派遣规则"),
    "case.task_ended": gettext_lazy("把任务结果带回案件"),
    "case.project_moved": gettext_lazy("把项目进展告知反映人"),
    "judgement.category": gettext_lazy("学习分类建议"),
    "messages.deliver": gettext_lazy("发送消息"),
    "messages.digest": gettext_lazy("发送每日摘要"),
    "deadlines.sweep": gettext_lazy("检查时限"),
    "files.clean_up": gettext_lazy("清理无主文件"),
    "sheets.go_on": gettext_lazy("继续导入或撤销表格"),
    "indicators.fold": gettext_lazy("更新指标"),
    "indicators.look": gettext_lazy("检查指标阈值"),
    "journal.seal": gettext_lazy("封存日志"),
    "journal.seal_day": gettext_lazy("每日日志签名"),
    "jobs.retention": gettext_lazy("清除到期的个人信息"),
}


# The system administrator; to everyone else these pages do not exist.
administrators_only = behind(door(permissions.can_mind))


def _shown(job: Any) -> dict[str, Any]:
    """Return a job as the page shows it; numbers of persons in what went wrong are covered."""
    error = mask_personal(job.last_error).strip()
    last = error.rsplit("\n", 1)[-1].strip()
    return {
        "row": job,
        "label": LABELS.get(job.name, job.name),
        "error": last[:200],
        "details": error if error != last else "",
    }


def _address(name: str) -> str:
    query = f"?{urlencode({'name': name})}" if name else ""
    return f"{reverse('console:jobs')}{query}"


def _tabs(kinds: list[Any], name: str) -> list[dict[str, Any]]:
    total = sum(kind.count for kind in kinds)
    every = {"label": _("全部"), "url": _address(""), "count": total, "current": not name}
    return [every] + [
        {
            "label": LABELS.get(kind.name, kind.name),
            "url": _address(kind.name),
            "count": kind.count,
            "current": kind.name == name,
        }
        for kind in kinds
    ]


@require_GET
@administrators_only
def listing(request: HttpRequest) -> HttpResponse:
    """Show the dead jobs, newest first, by kind; how the queue stands; schedules whose last run failed."""
    return _page(request, request.GET.get("name", "")[:64])


def _page(request: HttpRequest, name: str, *, status: int = 200, trouble: dict[str, Any] | None = None) -> HttpResponse:
    now, kinds = clock.now(), selectors.dead_kinds()
    page = selectors.dead_letters(cursor=request.GET.get("cursor", ""), size=SIZE, name=name)
    context = {
        "nav_here": "console",
        "counts": selectors.counts(now=now),
        "worker": selectors.worker_last_seen(),
        "tabs": _tabs(kinds, name),
        "kind": next((k for k in kinds if k.name == name), None),
        "kind_label": LABELS.get(name, name),
        "name": name,
        "base": f"?{urlencode({'name': name})}&" if name else "?",
        "first": _address(name),
        "page": page,
        "jobs": [_shown(job) for job in page.rows],
        "failing": [_shown(job) for job in selectors.failing_schedules()],
        "trouble": trouble or {},
    }
    return render(request, "console/jobs.html", context, status=status)


def _back(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(_address(request.POST.get("back", "")[:64]))


def _say(request: HttpRequest, count: int, done: str) -> None:
    if count:
        messages.success(request, done)
    else:
        messages.info(request, _("这些任务已经处理过了。"))


@require_POST
@administrators_only
def resend(request: HttpRequest, job_id: int) -> HttpResponse:
    """Let one dead job run again."""
    count = services.retry(by=actor_of(request), now=clock.now(), ids=[job_id])
    _say(request, count, _("已重新排队，稍后运行。"))
    return _back(request)


@require_POST
@administrators_only
def resend_kind(request: HttpRequest) -> HttpResponse:
    """Let the dead jobs of one kind run again."""
    name = request.POST.get("name", "")[:64]
    count = services.retry_kind(by=actor_of(request), now=clock.now(), name=name)
    words = ngettext("%(count)s 件已重新排队，稍后运行。", "%(count)s 件已重新排队，稍后运行。", count)
    _say(request, count, words % {"count": count})
    return HttpResponseRedirect(_address(""))


@require_POST
@administrators_only
@confirmed
def discard(request: HttpRequest, job_id: int) -> HttpResponse:
    """Delete one dead job for good, with a reason."""
    reason = request.POST.get("reason", "")
    try:
        count = services.discard(by=actor_of(request), now=clock.now(), ids=[job_id], reason=reason)
    except DomainError as error:
        trouble = {"id": job_id, "errors": error.fields.get("reason", [str(error)]), "reason": reason}
        return _page(request, request.POST.get("back", "")[:64], status=error.status, trouble=trouble)
    _say(request, count, _("已丢弃，原因记入日志。"))
    return _back(request)
