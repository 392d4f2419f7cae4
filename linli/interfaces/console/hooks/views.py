"""Where events are told to over HTTP: made, tried, paused, looked through, sent again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.hooks import selectors, services
from linli.foundation.hooks.types import DeliveryState
from linli.interfaces.console.doors import actor_of, for_changers
from linli.interfaces.console.hooks.forms import ChangeForm, NewForm
from linli.interfaces.web.access import ask_again, confirmed

if TYPE_CHECKING:
    from linli.foundation.hooks.models import Hook

_ALL = gettext_lazy("全部")


def _listing(request: HttpRequest, form: NewForm, *, status: int = 200) -> HttpResponse:
    found = selectors.hooks(by=actor_of(request))
    context = {
        "nav_here": "console",
        "form": form,
        "hooks": [h for h in found if h.state != "closed"],
        "closed": [h for h in found if h.state == "closed"],
    }
    return render(request, "console/hooks/list.html", context, status=status)


@never_cache
@require_GET
@for_changers
def listing(request: HttpRequest) -> HttpResponse:
    """Show every webhook with its state, what waits and what failed."""
    return _listing(request, NewForm())


@never_cache
@require_POST
@for_changers
@confirmed
def create(request: HttpRequest) -> HttpResponse:
    """Make a webhook and show its key, this once."""
    form = NewForm(request.POST)
    status = form.attempt(lambda: services.create_hook(by=actor_of(request), now=clock.now(), **form.cleaned_data))
    if status:
        return _listing(request, form, status=status)
    made, secret = form.made
    return _page(request, made, _change_form(made), secret=secret)


def _change_form(hook: Hook) -> ChangeForm:
    return ChangeForm(initial={"name": hook.name, "url": hook.url, "patterns": "\n".join(hook.patterns)})


def _page(request: HttpRequest, hook: Hook, form: ChangeForm, *, status: int = 200, secret: str = "") -> HttpResponse:
    state = request.GET.get("state", "")
    page = selectors.delivery_page(by=actor_of(request), hook=hook, state=state, cursor=request.GET.get("cursor", ""))
    query = urlencode({"state": state}) if state else ""
    base = reverse("console:hook", args=[hook.uuid])
    context = {
        "nav_here": "console",
        "hook": hook,
        "form": form,
        "secret": secret,
        "page": page,
        "state": state,
        "states": [{"value": "", "label": _ALL}, *({"value": v, "label": w} for v, w in DeliveryState.choices)],
        "base": f"{base}?{query}&" if query else f"{base}?",
        "first": f"{base}?{query}" if query else base,
    }
    return render(request, "console/hooks/hook.html", context, status=status)


@never_cache
@require_GET
@for_changers
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one webhook with its deliveries."""
    hook = selectors.hook(by=actor_of(request), uuid=uuid)
    return _page(request, hook, _change_form(hook))


@never_cache
@require_POST
@for_changers
@confirmed
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change where it goes and what it is told."""
    hook, form = selectors.hook(by=actor_of(request), uuid=uuid), ChangeForm(request.POST)
    status = form.attempt(
        lambda: services.change_hook(by=actor_of(request), now=clock.now(), hook=hook, **form.cleaned_data)
    )
    if status:
        return _page(request, hook, form, status=status)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("console:hook", args=[uuid]))


def _test(**known: Any) -> str:
    services.send_test(**known)
    return _("已安排发送一个测试事件，结果见下面的列表。")


def _pause(**known: Any) -> str:
    services.pause_hook(**known)
    return _("已暂停。期间的事件保留，恢复后补发。")


def _resume(**known: Any) -> str:
    services.resume_hook(**known)
    return _("已恢复，等待中的事件正在补发。")


def _close(**known: Any) -> str:
    services.close_hook(**known)
    return _("已停用，密钥已删除。")


def _replay_failed(**known: Any) -> str:
    return _("已安排重发 %(count)s 个事件。") % {"count": services.replay_failed(**known)}


_ACTS: dict[str, Callable[..., str]] = {
    "test": _test,
    "pause": _pause,
    "resume": _resume,
    "close": _close,
    "replay_failed": _replay_failed,
}


@never_cache
@require_POST
@for_changers
def act(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Try, pause, resume or close a webhook, renew its key, or send events again."""
    by, now, what = actor_of(request), clock.now(), request.POST.get("act", "")
    hook = selectors.hook(by=by, uuid=uuid)
    if what == "secret" and (asked := ask_again(request)) is not None:
        return asked
    try:
        if what == "secret":
            secret = services.new_secret(by=by, now=now, hook=hook)
            return _page(request, hook, _change_form(hook), secret=secret)
        if what in _ACTS:
            messages.success(request, _ACTS[what](by=by, now=now, hook=hook))
    except DomainError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("console:hook", args=[uuid]))


@never_cache
@require_http_methods(["GET", "POST"])
@for_changers
def delivery(request: HttpRequest, uuid: UUID, delivery: UUID) -> HttpResponse:
    """Show what was sent; by POST send it again."""
    by = actor_of(request)
    try:
        hook = selectors.hook(by=by, uuid=uuid)
        row = selectors.delivery(by=by, hook=hook, uuid=delivery)
    except DomainError as error:
        raise NotFoundError(error.message) from error
    if request.method == "POST":
        count = services.replay(by=by, now=clock.now(), hook=hook, uuid=delivery)
        messages.success(request, _("已安排重发。") if count else _("这个事件正在等待发送。"))
        return HttpResponseRedirect(reverse("console:hook", args=[uuid]))
    text = json.dumps(json.loads(row.body), ensure_ascii=False, indent=2)
    context = {"nav_here": "console", "hook": hook, "row": row, "text": text}
    return render(request, "console/hooks/delivery.html", context)
