"""One page for who looks after the interface: its addresses, its keys with what they sent, and its door."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.types import Source
from linli.foundation.accounts import selectors as accounts
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core import clock
from linli.foundation.core.namespaces import current
from linli.interfaces.console.doors import actor_of, only
from linli.interfaces.web.accounts.tokens import lines
from linli.interfaces.web.forms import DomainForm

_keepers = only("accounts:manage")
MOST_KEYS = 100


class DoorForm(DomainForm):
    """Why the door is opened or shut."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


@never_cache
@require_GET
@_keepers
def page(request: HttpRequest) -> HttpResponse:
    """Show addresses, door and keys."""
    return _page(request, DoorForm())


def _page(request: HttpRequest, form: DoorForm, status: int = 200) -> HttpResponse:
    now = clock.now()
    held = accounts.tokens_for(by=actor_of(request), scope=TokenScope.OPEN311, most=MOST_KEYS)
    sent = cases.sent_by_keys({t.user_id for t in held})
    keys = [{**line, "sent": sent.get(line["row"].prefix)} for line in lines(held, now)]
    base = request.build_absolute_uri("/open311")
    context = {
        "nav_here": "console",
        "form": form,
        "shut": cases.shut(Source.OPEN311),
        "portal_shut": cases.shut(Source.RESIDENT),
        "endpoint": f"{base}/v2",
        "discovery": f"{base}/discovery.xml",
        "jurisdiction": current(),
        "keys": keys,
        "count": len(cases.offered()),
        "per_hour": int(number("cases.open311.per_hour", 600, now)),
        "hours": int(number("cases.public.delay_hours", 24, now)),
        "cell": int(number("cases.public.minimum_cell", 5, now)),
    }
    return render(request, "console/open311/page.html", context, status=status)


@require_POST
@_keepers
def door(request: HttpRequest) -> HttpResponse:
    """Take nothing more by the interface, or take again."""
    form, by = DoorForm(request.POST), actor_of(request)
    turn = services.open_door if cases.shut(Source.OPEN311) else services.shut_door
    status = form.attempt(
        lambda: turn(by=by, now=clock.now(), source=Source.OPEN311, reason=form.cleaned_data["reason"])
    )
    if status:
        return _page(request, form, status)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("console:open311"))
