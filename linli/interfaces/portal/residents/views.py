"""A resident's own list, and making an account by telephone."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases import permissions
from linli.engines.cases import selectors as cases
from linli.engines.cases.workflow import STATES, State
from linli.foundation.accounts import services as accounts
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.interfaces.portal import limits, sealing
from linli.interfaces.portal.faults import Faults
from linli.interfaces.portal.track.views import follow
from linli.interfaces.web.access import public
from linli.interfaces.web.accounts.login import enter
from linli.interfaces.web.middleware import client_address

KEY = "portal_register"


class RegisterForm(forms.Form):
    """What an account needs: what to call the person, and a telephone."""

    display_name = forms.CharField(label=_("称呼"), max_length=40)
    phone = forms.CharField(label=_("手机号"), max_length=32)


@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show what the logged-in person reported."""
    page = cases.own_reports(request.actor, cursor=request.GET.get("cursor", "")[:200])  # type: ignore[attr-defined]
    rows = [
        {"case": c, "state": STATES[State(c.state)].resident, "tone": STATES[State(c.state)].tone} for c in page.rows
    ]
    return render(request, "portal/mine.html", {"rows": rows, "page": page, "now": clock.now()})


@never_cache
@require_POST
def open_one(request: HttpRequest) -> HttpResponse:
    """Open one of the list on the page where it is followed."""
    user = request.actor.user_id  # type: ignore[attr-defined]
    found = permissions.reporter_of_user(user, request.POST.get("number", "")[:24])
    if found is None:
        raise NotFoundError(str(_("没有找到这件诉求。")), code="portal.mine")
    follow(request, found)
    return HttpResponseRedirect(reverse("portal:track"))


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Ask for a name and a telephone, and send a code there."""
    typed = {"display_name": request.POST.get("display_name", "")[:80], "phone": request.POST.get("phone", "")[:40]}
    context = {"typed": typed, "trap": limits.TRAP, "arrive": accounts.codes_arrive(), "errors": Faults()}
    if request.method != "POST":
        return render(request, "portal/register.html", context)
    form = RegisterForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "portal/register.html",
            {**context, "errors": Faults({k: [str(e) for e in v] for k, v in form.errors.items()})},
            status=422,
        )
    try:
        limits.check_trap(request)
        code = accounts.send_registration_code(
            phone=form.cleaned_data["phone"], address=client_address(request), now=clock.now()
        )
    except DomainError as error:
        return render(
            request,
            "portal/register.html",
            {**context, "errors": Faults(error.fields), "trouble": error},
            status=error.status,
        )
    # The name and the number wait in the session, sealed, until the code proves them.
    request.session[KEY] = sealing.seal(typed, "portal.register")
    return render(request, "portal/register_code.html", {"shown": code})


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def register_code(request: HttpRequest) -> HttpResponse:
    """Take the code, make the account and log in."""
    typed = sealing.unseal(str(request.session.get(KEY, "")), "portal.register")
    if not typed:
        return HttpResponseRedirect(reverse("portal:register"))
    if request.method != "POST":
        return render(request, "portal/register_code.html", {})
    try:
        user = accounts.register_resident(
            phone=typed["phone"],
            code=request.POST.get("code", "")[:16],
            display_name=typed["display_name"],
            address=client_address(request),
            now=clock.now(),
        )
    except DomainError as error:
        return render(request, "portal/register_code.html", {"trouble": error}, status=error.status)
    request.session.pop(KEY, None)
    return enter(request, user)
