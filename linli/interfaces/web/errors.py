"""Errors as a page, as a fragment that reads well inside a panel, or as problem JSON (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.foundation.core.errors import DomainError
from linli.interfaces.web.context import GuardedShell

GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger(__name__)


def wants_json(request: HttpRequest) -> bool:
    """Return whether a program asks: an API address, or ``Accept`` names JSON and not HTML."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def answer(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    message: str,
    hint: str = "",
    fields: dict[str, list[str]] | None = None,
    icon: str = "alert-circle",
) -> HttpResponse:
    """Return the error in the shape that fits whoever asks."""
    if wants_json(request):
        problem: dict[str, Any] = {"type": f"urn:linli:error:{code}", "title": message, "status": status, "code": code}
        if hint:
            problem["detail"] = hint
        if fields:
            problem["fields"] = fields
        return JsonResponse(
            problem, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
        )
    context = {
        "shell": GuardedShell(request),
        "status": status,
        "code": code,
        "message": message,
        "hint": hint,
        "fields": fields or {},
        "error_icon": icon,
    }
    template = "web/_error.html" if request.headers.get("HX-Request") == "true" else "web/error.html"
    return render(request, template, context, status=status)


class ErrorMiddleware:
    """Turns a DomainError that a view raises into an answer."""

    def __init__(self, get_response: GetResponse) -> None:
        """Wrap ``get_response``."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer ``request``."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a DomainError; leave everything else to Django."""
        if not isinstance(exception, DomainError):
            return None
        icons = {403: "lock", 404: "search", 409: "history"}
        return answer(
            request,
            status=exception.status,
            code=exception.code,
            message=exception.message,
            hint=exception.hint,
            fields=exception.fields,
            icon=icons.get(exception.status, "alert-circle"),
        )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return answer(
        request, status=400, code="bad_request", message=_("这个请求无法处理。"), hint=_("请返回上一页重试。")
    )


def forbidden(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """Answer 403."""
    hint = _("如工作需要，请联系本单位的系统管理员。")
    return answer(
        request, status=403, code="forbidden", message=_("您没有查看或办理此项的权限。"), hint=hint, icon="lock"
    )


def not_found(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    """Answer 404."""
    hint = _("地址可能写错，或者内容已经移走。")
    return answer(request, status=404, code="not_found", message=_("没有找到这个页面。"), hint=hint, icon="search")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, by plain text where even the error page fails."""
    try:
        hint = _("故障已记录。您填写的内容如未提交成功，请稍后重试，或直接拨打居委会电话。")
        return answer(request, status=500, code="server_error", message=_("系统出现故障。"), hint=hint, icon="tool")
    except Exception:
        log.exception("the error page failed")
        return HttpResponse("系统出现故障，请稍后重试。", status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that came without a valid token: mostly an old page, or a browser without cookies."""
    hint = _("请刷新页面后重新提交；如仍出现，请允许浏览器使用 Cookie。")
    return answer(
        request, status=403, code="csrf", message=_("页面已过期，刚才的内容没有提交。"), hint=hint, icon="refresh"
    )
