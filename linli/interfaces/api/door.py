"""The one door of the API: the token, the scope, the rate, errors in one shape, keys of requests, versions."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from linli.engines.cases.workflow import STAFF
from linli.foundation.accounts import services as accounts
from linli.foundation.accounts.types import Begun, TokenScope
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, ForbiddenError
from linli.interfaces.api import shapes
from linli.interfaces.web import errors, tokens
from linli.interfaces.web.access import public

log = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]
# What devices send carries an id of its own; of a request that is refused there not even a hash is kept.
KEYLESS = "/api/v1/signals/"


class StaleError(DomainError):
    """``If-Match`` names a version that is not the present one."""

    status = 412
    code = "api.stale"


class VersionMissingError(DomainError):
    """An act on something that others act on, too, must say which version it was decided on."""

    status = 428
    code = "api.version_missing"


class Token(HttpBearer):
    """``Authorization: Bearer`` with a token that has ``scope``; documented at each operation."""

    openapi_description = "A token of one's own account or of a connected program; each operation names its scope."

    def __init__(self, scope: TokenScope) -> None:
        """Ask for ``scope``."""
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        """Return who asks; the door has read the token already."""
        request.caller.check(self.scope.value)  # type: ignore[attr-defined]
        return request.caller  # type: ignore[attr-defined]

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Never asked: :meth:`__call__` does it."""
        raise NotImplementedError


def by_of(request: HttpRequest) -> Actor:
    """Return in whose name the program acts."""
    by: Actor = request.caller.by  # type: ignore[attr-defined]
    return by


def now_of(request: HttpRequest) -> datetime:
    """Return when the request came."""
    now: datetime = request.now  # type: ignore[attr-defined]
    return now


def check_staff(by: Actor) -> None:
    """Raise ForbiddenError for who has no part in the work on problems, as the desk does."""
    if not by.has_role(*STAFF):
        raise ForbiddenError(
            _("这项接口供工作人员和对接程序使用。"), code="api.staff", hint=_("请确认令牌持有人已任命岗位。")
        )


def problem(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return ``error`` as problem JSON, with what its status asks for in the head."""
    answer = errors.answer(
        request, status=error.status, code=error.code, message=error.message, hint=error.hint, fields=error.fields
    )
    if error.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="linli"'
    if error.status == 429:
        answer["Retry-After"] = str(error.params.get("wait", 60))
    return answer


def guarded(view: View) -> View:
    """Let ``view`` answer who brings a token; every answer is no page, kept by nobody, with the rate in its head."""

    @wraps(view)
    def behind(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = clock.now()
        try:
            caller = tokens.let_in(request, tokens.bearer(request), now)
        except DomainError as error:
            return _closed(problem(request, error))
        request.caller, request.now = caller, now  # type: ignore[attr-defined]
        answer = _answer(request, view, args, kwargs)
        caller.mark(answer, now)
        return _closed(answer)

    behind.csrf_exempt = True  # type: ignore[attr-defined]
    return public(behind)


def _closed(answer: HttpResponseBase) -> HttpResponseBase:
    answer.setdefault("Cache-Control", "private, no-store")
    return answer


def _answer(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase:
    try:
        key = _key(request)
        answer = _once(request, key, view, args, kwargs) if key else view(request, *args, **kwargs)
    except DomainError as error:
        return problem(request, error)
    except (RequestDataTooBig, TooManyFilesSent):
        return errors.answer(request, status=413, code="api.too_large", message=_("请求内容过大。"))
    except MultiPartParserError:
        return errors.answer(request, status=400, code="bad_request", message=_("这个请求无法处理。"))
    if answer.status_code == 405:
        refused = errors.answer(
            request, status=405, code="method", message=_("这个地址不支持 %(method)s。") % {"method": request.method}
        )
        refused["Allow"] = answer.headers.get("Allow", "")
        return refused
    return answer


def _key(request: HttpRequest) -> str:
    """Return the request's own key; an upload has none: a file twice is one file."""
    uploads = (request.content_type or "").startswith("multipart/") or request.path.startswith(KEYLESS)
    return request.headers.get("Idempotency-Key", "") if request.method == "POST" and not uploads else ""


def _once(request: HttpRequest, key: str, view: View, args: Any, kwargs: Any) -> HttpResponseBase:
    """Answer a request with a key: done once, then answered the same."""
    whole = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    token = request.caller.let_in.token  # type: ignore[attr-defined]
    begun = accounts.begin_answer(token=token, key=key, request=whole, now=now_of(request))
    if begun.status:
        return _again(request, begun)
    try:
        found = view(request, *args, **kwargs)
    except BaseException:
        accounts.drop_answer(begun=begun)
        raise
    if isinstance(found, HttpResponse) and found.status_code < 400:
        accounts.keep_answer(begun=begun, status=found.status_code, body=found.content.decode())
    else:
        accounts.drop_answer(begun=begun)  # nothing was written: it may be put right and sent again
    return found


def _again(request: HttpRequest, begun: Begun) -> HttpResponse:
    """Return what was answered before, with the head that goes with it."""
    lines = request.path.endswith("/intake")
    answer = HttpResponse(
        begun.body, status=begun.status, content_type="application/x-ndjson" if lines else "application/json"
    )
    answer["Idempotent-Replayed"] = "true"
    found = {} if lines or not begun.body else json.loads(begun.body)
    if "version" in found:
        answer["ETag"] = etag(found["version"])
    return answer


def etag(version: int) -> str:
    """Return a version as a strong entity tag."""
    return f'"{version}"'


def tagged(request: HttpRequest, data: Any) -> HttpResponse:
    """Return ``data`` with a tag of what it says, or 304 where the caller has it already."""
    made = shapes.answer(data)
    made["ETag"] = f'"{hashlib.sha256(made.content).hexdigest()[:32]}"'
    if made["ETag"] not in {t.strip().removeprefix("W/") for t in request.headers.get("If-None-Match", "").split(",")}:
        return made
    same = HttpResponse(status=304)
    same["ETag"] = made["ETag"]
    return same


def expected_version(request: HttpRequest, version: int) -> int:
    """Return the version that ``If-Match`` names, which must be the present one.

    Raises:
        VersionMissingError: it is not said.
        StaleError: it is another.
    """
    sent = request.headers.get("If-Match", "").strip()
    if not sent:
        raise VersionMissingError(
            _("请在 If-Match 中注明所依据的版本。"), hint=_("先读取详情，把 ETag 原样放进 If-Match。")
        )
    if etag(version) not in {part.strip() for part in sent.split(",")} and sent != "*":
        raise StaleError(_("这项内容已被他人更新。"), hint=_("请重新读取最新内容后再提交。"))
    return version
