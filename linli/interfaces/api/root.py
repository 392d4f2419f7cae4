"""The API put together: its rooms, its errors, its OpenAPI file."""

from __future__ import annotations

import copy
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from linli.foundation.core.errors import DomainError, NotFoundError
from linli.interfaces.api.door import Token, guarded, problem
from linli.interfaces.api.faults import summary, wrong_fields
from linli.interfaces.api.rooms import acts, alerts, cases, figures, ledgers, records, setup, signals
from linli.interfaces.web import errors
from linli.interfaces.web.access import public

PREFIX = "/api/v1"
_ABOUT = (
    "What the desk shows and does, for programs. Every answer is for the holder of the token: rows that they may not"
    " see are not there, personal data are covered as on the desk. Lists are read on by `cursor`; errors are problem"
    " JSON (RFC 9457) in the language of `Accept-Language`; acts need `If-Match`; `Idempotency-Key` makes a POST safe"
    " to send again for a day."
)

api = NinjaAPI(
    title="Linli", version="1", description=_ABOUT, docs_url=None, openapi_url=None, urls_namespace="api",
)  # fmt: skip
for _router in (
    cases.router,
    acts.router,
    setup.router,
    records.router,
    figures.router,
    alerts.router,
    ledgers.router,
    signals.router,
):
    api.add_router("", _router)


@api.exception_handler(DomainError)
def _domain(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return errors.answer(request, status=422, code="api.invalid", message=summary(), fields=wrong_fields(error.errors))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: Any) -> HttpResponse:
    return errors.answer(request, status=error.status_code, code="bad_request", message=_("这个请求无法处理。"))


@api.exception_handler(Http404)
def _missing(request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(request, NotFoundError(_("没有找到这个地址。")))


def _nothing(request: HttpRequest) -> HttpResponse:
    return problem(request, NotFoundError(_("没有找到这个地址。")))


# What is answered in another form than JSON.
_CONTENT: dict[str, Any] = {
    "bulkIntake": {"application/x-ndjson": {"schema": {"type": "string", "description": "One LineOut per line."}}},
    "areaBorders": {"application/geo+json": {"schema": {"type": "object"}}},
    "getFileContent": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
}


def openapi() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document, as it is committed in ``docs/reference/openapi.json``."""
    found: dict[str, Any] = copy.deepcopy(dict(api.get_openapi_schema(path_prefix=PREFIX + "/")))
    for operations in found["paths"].values():
        for operation in operations.values():
            _as_problems(operation)
            operation["security"] = [{"Token": []}]
            if content := _CONTENT.get(operation["operationId"]):
                operation["responses"][200]["content"] = content
    return found


def _as_problems(operation: dict[str, Any]) -> None:
    """Say of every refusal that it is problem JSON, and of every operation which scope it needs."""
    for status, response in operation["responses"].items():
        content = response.get("content")
        if content and int(status) >= 400:
            response["content"] = {"application/problem+json": next(iter(content.values()))}
    scope = _SCOPES.get(operation["operationId"], "")
    if scope:
        operation["x-scope"] = scope
        operation["description"] = f"{operation.get('description', '')}\n\nScope: `{scope}`.".strip()


def _scopes() -> dict[str, str]:
    found = {}
    for _prefix, room in api._routers:
        for view in room.path_operations.values():
            for operation in view.operations:
                for auth in operation.auth_callbacks or []:
                    found[operation.operation_id or ""] = cast("Token", auth).scope.value
    return found


@public
@require_safe
def document(_request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI document; open to everybody, since it says nothing of this installation."""
    return JsonResponse(openapi(), json_dumps_params={"ensure_ascii": False})


def _guard(patterns: list[Any]) -> list[URLPattern | URLResolver]:
    for pattern in patterns:
        pattern.callback = guarded(pattern.callback)
    return patterns


_inner = [
    p for p in api.urls[0] if isinstance(p, URLPattern) and p.name not in {"api-root", "openapi-json", "openapi-view"}
]
_SCOPES = _scopes()
app_name = "api"
_v1 = [*_guard(_inner), re_path(r"^.*$", guarded(_nothing), name="nothing")]
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/openapi.json", document, name="openapi"),
    path("v1/", include(_v1)),
]
