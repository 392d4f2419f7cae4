"""Mailboxes: the list, one with its state, entering and changing, trying the connection, looking now."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.mailbox import selectors, services
from linli.engines.mailbox.types import Trial
from linli.foundation.core import clock
from linli.interfaces.console.doors import actor_of, for_changers
from linli.interfaces.console.mailboxes.forms import MailboxForm, start
from linli.interfaces.web.access import confirmed

if TYPE_CHECKING:
    from linli.engines.mailbox.models import Mailbox


@never_cache
@require_GET
@for_changers
def listing(request: HttpRequest) -> HttpResponse:
    """Show every mailbox with its state and what waits for a person."""
    rows = selectors.mailboxes(actor_of(request))
    return render(request, "console/mailboxes/list.html", {"rows": rows, "now": clock.now(), "nav_here": "console"})


def _page(request: HttpRequest, row: Mailbox, trial: Trial | None = None) -> HttpResponse:
    context = {"mailbox": row, "trial": trial, "now": clock.now(), "nav_here": "console"}
    return render(request, "console/mailboxes/one.html", context)


@never_cache
@require_GET
@for_changers
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one mailbox: how it is reached, when it was read, what is wrong with it."""
    return _page(request, selectors.mailbox(actor_of(request), uuid))


def _form(request: HttpRequest, form: MailboxForm, row: Mailbox | None, status: int) -> HttpResponse:
    context = {"form": form, "mailbox": row, "nav_here": "console"}
    return render(request, "console/mailboxes/form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@for_changers
@confirmed
def new(request: HttpRequest) -> HttpResponse:
    """Enter a mailbox; it is tried at once."""
    by = actor_of(request)
    if request.method != "POST":
        return _form(request, MailboxForm(new=True, initial=start(None)), None, 200)
    form = MailboxForm(request.POST, new=True)
    if status := form.attempt(lambda: services.add_mailbox(by=by, now=clock.now(), data=form.entry())):
        return _form(request, form, None, status)
    messages.success(request, _("已登记。请试一下连接。"))
    return HttpResponseRedirect(reverse("console:mailbox", args=[form.made.uuid]))


@never_cache
@require_http_methods(["GET", "POST"])
@for_changers
@confirmed
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a mailbox."""
    by = actor_of(request)
    row = selectors.mailbox(by, uuid)
    if request.method != "POST":
        return _form(request, MailboxForm(initial=start(row)), row, 200)
    form, typed = MailboxForm(request.POST), request.POST.get("version", "")
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    act = lambda: services.change_mailbox(by=by, now=clock.now(), mailbox=row, data=form.entry(), expected=seen)  # noqa: E731
    if status := form.attempt(act):
        return _form(request, form, row, status)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("console:mailbox", args=[uuid]))


@never_cache
@require_POST
@for_changers
def attempt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Try the connection and show each step."""
    row = selectors.mailbox(actor_of(request), uuid)
    return _page(request, row, services.try_connection(by=actor_of(request), mailbox=row))


@never_cache
@require_POST
@for_changers
def look(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for a look into the mailbox now."""
    row = selectors.mailbox(actor_of(request), uuid)
    services.look_by_hand(by=actor_of(request), now=clock.now(), mailbox=row)
    messages.success(request, _("已安排收取，稍候刷新查看。"))
    return HttpResponseRedirect(reverse("console:mailbox", args=[uuid]))
