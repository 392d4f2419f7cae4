"""Answers for the app: JSON that no cache keeps, refusals with both versions, 401 in place of the login page."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from linli.engines.cases.workflow import STAFF
from linli.foundation.core.errors import DomainError, InvalidError, NotFoundError
from linli.interfaces.field.access import actor_of

View = Callable[..., HttpResponse]


def told(data: Any, status: int = 200) -> JsonResponse:
    """Return JSON that is never kept on the way."""
    answer = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer


def refused(error: DomainError) -> HttpResponse:
    """Return what is wrong as a problem (RFC 9457), with what stands on the server where there is such a thing."""
    problem: dict[str, Any] = {
        "type": f"urn:linli:error:{error.code}",
        "title": error.message,
        "status": error.status,
        "code": error.code,
        "detail": error.hint,
        "fields": error.fields,
    }
    if "there" in error.params:
        problem["there"] = error.params["there"]
    if "uuid" in error.params:
        problem["uuid"] = error.params["uuid"]
    answer = told(problem, error.status)
    answer["Content-Type"] = "application/problem+json"
    return answer


def logged_out(**more: Any) -> HttpResponse:
    """Return 401: the app shows what waits, and the way to the login page."""
    return told({"code": "login", "title": _("登录已过期，请重新登录。"), "status": 401, **more}, 401)


def is_in(request: HttpRequest) -> bool:
    """Return whether somebody is logged in who need not choose a password first."""
    user = request.user_row  # type: ignore[attr-defined]
    return user is not None and not user.must_change_password


def api(view: View) -> View:
    """Guard a view of the app: 404 for who does not work on foot, refusals as JSON; 401 says the middleware."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if not actor_of(request).roles & STAFF or request.seeing is not None:  # type: ignore[attr-defined]
                raise NotFoundError(_("没有找到这个页面。"), hint=_("这里供在现场办理问题的工作人员使用。"))
            return view(request, *args, **kwargs)
        except DomainError as error:
            return refused(error)

    return guarded


def wrong(field: str, message: str) -> InvalidError:
    """Return the error of one part of what was sent."""
    return InvalidError(message, code=f"field.{field}", fields={field: [message]})


class Sent:
    """JSON that the app sent, read part by part; what does not fit is refused by name."""

    def __init__(self, request: HttpRequest) -> None:
        """Read the body.

        Raises:
            InvalidError: it is no JSON object.
        """
        try:
            data = json.loads(request.body)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise wrong("body", _("收到的内容无法识别，请更新手机上的应用。"))
        self.data: dict[str, Any] = data

    def text(self, name: str, *, most: int = 5_000) -> str:
        """Return a text, empty where there is none."""
        value = self.data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > most:
            raise wrong(name, _("这一项的内容不对或太长。"))
        return value

    def uuid(self, name: str) -> UUID | None:
        """Return a uuid, None where there is none."""
        value = self.data.get(name)
        if value in (None, ""):
            return None
        try:
            return UUID(str(value))
        except ValueError:
            raise wrong(name, _("编号不对，请更新手机上的应用。")) from None

    def own(self) -> UUID:
        """Return the uuid that the phone gave what it sends."""
        found = self.uuid("uuid")
        if found is None:
            raise wrong("uuid", _("缺少编号，请更新手机上的应用。"))
        return found

    def uuids(self, name: str, *, most: int = 1_000) -> list[UUID]:
        """Return a list of uuids; what is none is passed over."""
        found = []
        for value in self.list(name, most=most):
            try:
                found.append(UUID(str(value)))
            except ValueError:
                continue
        return found

    def list(self, name: str, *, most: int = 1_000) -> list[Any]:
        """Return a list, empty where there is none."""
        value = self.data.get(name) or []
        if not isinstance(value, list) or len(value) > most:
            raise wrong(name, _("这一项的内容不对或太长。"))
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an object, empty where there is none."""
        value = self.data.get(name) or {}
        if not isinstance(value, dict):
            raise wrong(name, _("这一项的内容不对或太长。"))
        return value

    def number(self, name: str) -> float | None:
        """Return a number, None where there is none."""
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong(name, _("这一项应是数字。"))
        return float(value)

    def whole(self, name: str) -> int | None:
        """Return a whole number, None where there is none."""
        value = self.number(name)
        return None if value is None else int(value)

    def moment(self, name: str) -> Any:
        """Return a moment with its zone, None where there is none."""
        raw = self.text(name, most=40)
        if not raw:
            return None
        try:
            found = parse_datetime(raw)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise wrong(name, _("时间不对，请更新手机上的应用。"))
        return found
