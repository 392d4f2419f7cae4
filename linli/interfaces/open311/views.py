"""The doors of GeoReport v2: discovery, services and their questions, requests, tokens."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linli.engines.cases import selectors as cases
from linli.engines.cases.selectors.settings import number
from linli.foundation.accounts.services import throttle
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError, NotFoundError
from linli.foundation.core.namespaces import current
from linli.foundation.people import selectors as people
from linli.interfaces.open311 import asking, keys, offering, taking, telling
from linli.interfaces.open311.answers import FORMATS, Items, answer, refused
from linli.interfaces.web.access import public

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CENTRE = "operations_centre"
HOUR = taking.HOUR
View = Callable[..., HttpResponse]


def _status(error: DomainError) -> int:
    """Return the status that the standard gives: 404 not there, 403 the key, 429 too often, 400 all else."""
    return error.status if error.status in {403, 404, 429} else 400


def _faults(error: DomainError) -> list[str]:
    return taking.said(error.fields) or [str(error)]


def door(*methods: str) -> Callable[[View], View]:
    """Answer in the format that the address ends in, what is refused included; no login, no cookies."""

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, fmt: str, **kwargs: Any) -> HttpResponse:
            if fmt not in FORMATS:
                return refused("xml", 400, [_("格式只有 xml 和 json。")])
            if request.method not in methods:
                found = refused(fmt, 405, [_("这个地址不支持这种请求。")])
                found["Allow"] = ", ".join(methods)
                return found
            try:
                return view(request, *args, fmt=fmt, **kwargs)
            except DomainError as error:
                found = refused(fmt, _status(error), _faults(error))
                if "wait" in error.params:
                    found["Retry-After"] = str(error.params["wait"])
                return found

        return csrf_exempt(public(guarded))

    return around


def _check_jurisdiction(request: HttpRequest, given: str = "") -> None:
    """Raise unless the jurisdiction that is named is the one behind this host: its namespace, or the host itself."""
    wanted = (given or request.GET.get("jurisdiction_id", "")).strip().lower()
    host = split_domain_port(request.get_host())[0].lower()
    if wanted and wanted not in {current(), host, host.removeprefix("www.")}:
        raise NotFoundError(_("没有 jurisdiction_id“%(id)s”。") % {"id": wanted[:60]}, code="open311.jurisdiction")


@door("GET", "HEAD")
def discovery(request: HttpRequest, *, fmt: str) -> HttpResponse:
    """Say where the endpoint is, in which formats, whom to ask, and how to get a key."""
    changed = cases.catalogue_changed()
    stamp = f"{localtime(changed):%Y-%m-%d %H:%M}" if changed else "2026-01-01 00:00"
    centre = next((u for u in people.units_of_kind(CENTRE) if u.phone), None)
    contact = f"{centre.name} {centre.phone}" if centre is not None else request.get_host()
    url = request.build_absolute_uri(reverse("open311:endpoint")).rstrip("/")
    endpoint = {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": stamp,
        "type": "test" if settings.DEMO else "production",
        "formats": Items("format", list(FORMATS.values())),
    }
    key = _("请向%(who)s申请接口令牌（用途选“Open311 接口”），由系统管理员在管理页发放。") % {"who": contact}
    body = {
        "changeset": stamp,
        "contact": contact,
        "key_service": key,
        "endpoints": Items("endpoint", [endpoint]),
    }
    return answer(fmt, "discovery", body)


@door("GET", "HEAD")
def services(request: HttpRequest, *, fmt: str) -> HttpResponse:
    """List what may be reported."""
    _check_jurisdiction(request)
    return answer(fmt, "services", offering.services())


@door("GET", "HEAD")
def definition(request: HttpRequest, code: str, *, fmt: str) -> HttpResponse:
    """Say what is asked of one service."""
    _check_jurisdiction(request)
    node = offering.service(code)
    if node is None:
        raise NotFoundError(_("没有 service_code“%(code)s”。") % {"code": code[:40]}, code="open311.no_service")
    return answer(fmt, "service_definition", offering.definition(node))


@door("GET", "HEAD", "POST")
def requests(request: HttpRequest, *, fmt: str) -> HttpResponse:
    """List requests; or take one in."""
    return _send(request, fmt) if request.method == "POST" else _list(request, fmt)


def _list(request: HttpRequest, fmt: str) -> HttpResponse:
    now = clock.now()
    _check_jurisdiction(request)
    sender = _sender(request)
    wanted = asking.read(request.GET, sender=sender, now=now)
    on = telling.ground(now)
    rows = [telling.request(case, on) for case in cases.feed(wanted, now=now)]
    return _shared(answer(fmt, "service_requests", Items("request", rows)), sender)


@door("GET", "HEAD")
def request_one(request: HttpRequest, number_: str, *, fmt: str) -> HttpResponse:
    """Show one request, as a list of one."""
    now = clock.now()
    _check_jurisdiction(request)
    sender = _sender(request)
    try:
        case = cases.feed_one(number_[:24], sender=sender, now=now)
    except NotFoundError as error:
        message = _("没有 service_request_id“%(id)s”，或它尚未公开。") % {"id": number_[:24]}
        raise NotFoundError(message, code="open311.no_request") from error
    rows = [telling.request(case, telling.ground(now))]
    return _shared(answer(fmt, "service_requests", Items("request", rows)), sender)


def _sender(request: HttpRequest) -> int | None:
    found = keys.holder(request, clock.now())
    return found.actor.user_id if found is not None else None


def _shared(found: HttpResponse, sender: int | None) -> HttpResponse:
    """Let what everybody may see be kept for a minute on the way."""
    if sender is None:
        found["Cache-Control"] = "public, max-age=60"
    return found


def _send(request: HttpRequest, fmt: str) -> HttpResponse:
    now = clock.now()
    try:
        sent = request.POST
        _files = request.FILES
    except (MultiPartParserError, RequestDataTooBig, SuspiciousOperation, OSError) as error:
        raise InvalidError(_("这次请求没有完整到达，或数据太多。"), code="open311.broken") from error
    _check_jurisdiction(request, str(sent.get("jurisdiction_id", "")))
    holder = keys.needed(request, now)
    most = int(number("cases.open311.per_hour", 600, now))
    throttle.tally(f"open311:{holder.actor.user_id}", most=most, window=HOUR, now=now)
    receipt = taking.take(request, holder, now)
    node = offering.service(str(sent.get("service_code", "")).strip())
    batch = node is not None and offering.way(node) == offering.BATCH
    given = {"token": receipt.uuid.hex} if batch else {"service_request_id": receipt.number}
    row = given | {"service_notice": receipt.danger or None, "account_id": None}
    return answer(fmt, "service_requests", Items("request", [row]))


@door("GET", "HEAD")
def token(request: HttpRequest, token: str, *, fmt: str) -> HttpResponse:
    """Say which request a token stands for, once somebody has looked at it."""
    _check_jurisdiction(request)
    try:
        number_, looked_at = cases.sent_in(UUID(token))
    except (ValueError, NotFoundError) as error:
        raise NotFoundError(_("没有 token“%(id)s”。") % {"id": token[:40]}, code="open311.no_token") from error
    row = {"service_request_id": number_ if looked_at else None, "token": token}
    return answer(fmt, "service_requests", Items("request", [row]))


@csrf_exempt
@public
def nothing(_request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer in the standard's form where there is no such resource."""
    form = "json" if rest.endswith(".json") else "xml"
    return refused(form, 404, [_("没有这个资源。地址见 discovery.%(form)s。") % {"form": form}])
