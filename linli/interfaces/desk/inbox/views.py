"""What a person was told: unread first to see, one click to the case, a daily digest by mail if wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.messages import selectors, services
from linli.foundation.messages.types import ChannelCode
from linli.interfaces.desk import shell
from linli.interfaces.desk.doors import actor_of, problem, uuid_of
from linli.interfaces.web.access import local_next

SHOWN, MOST = 15, 100

if TYPE_CHECKING:
    from linli.foundation.accounts.models import User


def _user(request: HttpRequest) -> User:
    return cast("User", request.user_row)  # type: ignore[attr-defined]


def _page(request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
    user, only_new = _user(request), request.GET.get("unread") == "1"
    cursor, language = request.GET.get("cursor", ""), get_language() or ""
    page = selectors.inbox(user.pk, cursor, size=SHOWN, unread=only_new, language=language)
    mail = selectors.preferences_of(user.pk).get(ChannelCode.EMAIL.value)
    unread = shell.unread(request)
    new = unread if unread < MOST else f"{MOST - 1}+"
    tabs = [
        {"label": _("全部"), "url": "?", "count": None, "current": not only_new},
        {"label": _("未读"), "url": "?unread=1", "count": new, "current": only_new},
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "base": "?unread=1&" if only_new else "?",
        "unread": unread,
        "digest": bool(mail and mail.digest),
        "problem": problem(error) if error else None,
        "typed": request.POST,
    }
    return render(request, "desk/inbox/inbox.html", context, status=error.status if error else 200)


@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """Show the inbox of whoever asks."""
    return _page(request)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one message read and go to what it is about, or mark all."""
    uuid = uuid_of(request.POST.get("uuid", ""))
    services.mark_read(by=actor_of(request), now=clock.now(), uuids=[uuid] if uuid is not None else None)
    return HttpResponseRedirect(local_next(request, reverse("desk:notifications")))


@require_POST
def digest(request: HttpRequest) -> HttpResponse:
    """Switch the daily digest by mail on, to the address given, or off."""
    try:
        services.set_preference(
            by=actor_of(request),
            now=clock.now(),
            user_id=_user(request).pk,
            channel_code=ChannelCode.EMAIL,
            enabled=True,
            digest=request.POST.get("digest") == "1",
            email=request.POST.get("email", "").strip(),
            language=get_language() or "zh-hans",
        )
    except DomainError as error:
        return _page(request, error)
    return HttpResponseRedirect(reverse("desk:notifications"))
