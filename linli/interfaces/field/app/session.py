"""Who uses the app, and the key by which the phone reads what it keeps."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases.workflow import STAFF
from linli.engines.fieldwork import services
from linli.foundation.accounts.rules import STAFF_IDLE_SECONDS
from linli.foundation.core import clock
from linli.foundation.rulebook import selectors as rulebook
from linli.interfaces.field.access import actor_of
from linli.interfaces.field.app.answers import Sent, api, is_in, logged_out, told, wrong
from linli.interfaces.field.app.shell import build_number
from linli.interfaces.web.access import public


def _uuid(raw: str) -> UUID | None:
    try:
        return UUID(raw)
    except ValueError:
        return None


def _signed_out(request: HttpRequest) -> bool:
    """Return whether the phone that asks was signed out from elsewhere; only who has its token is told."""
    install, person = _uuid(request.GET.get("install", "")), _uuid(request.GET.get("person", ""))
    token = request.headers.get("X-Linli-Phone", "")
    if install is None or person is None or not services.is_token(person, install, token):
        return False
    return services.is_signed_out(person, install)


@require_GET
@public
def session(request: HttpRequest) -> HttpResponse:
    """Say who is logged in, with a token for what is sent; 401 where nobody is."""
    gone = _signed_out(request)
    if not is_in(request):
        return logged_out(signed_out=gone, build=build_number())
    actor, now = actor_of(request), clock.now()
    if not actor.roles & STAFF or request.seeing is not None:  # type: ignore[attr-defined]
        return told({"code": "role", "status": 404}, 404)
    return told(
        {
            "person": {"uuid": str(actor.uuid), "label": actor.label},
            "csrf": get_token(request),
            "now": now.isoformat(),
            "build": build_number(),
            "signed_out": gone,
            "idle": STAFF_IDLE_SECONDS,
            "kept_days": int(rulebook.value("fieldwork.offline.kept", on=timezone.localdate(now))),
        }
    )


@require_POST
@api
def lease(request: HttpRequest) -> HttpResponse:
    """Lend the key of what this person keeps on this phone."""
    sent = Sent(request)
    install = sent.uuid("install")
    if install is None:
        raise wrong("install", "install")
    found = services.lease(
        by=actor_of(request), now=clock.now(), install=install, session_key=request.session.session_key or "",
        wiped=sent.data.get("wiped") is True,
    )  # fmt: skip
    return told({"key": found.key, "token": found.token, "until": found.until.isoformat()})
