"""Which programs connect and as whom; everybody's tokens, seen and revoked by who keeps accounts."""

from __future__ import annotations

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
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.accounts import selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.people import selectors as people
from linli.interfaces.console.doors import actor_of, only, today
from linli.interfaces.console.programs.forms import ProgramForm, ProgramTokenForm
from linli.interfaces.console.staff.views import post_words
from linli.interfaces.web.access import confirmed
from linli.interfaces.web.accounts.tokens import lines, longest, per_minute

if TYPE_CHECKING:
    from linli.foundation.accounts.models import User

_keepers = only("accounts:manage")
_STATES = {"open": gettext_lazy("有效"), "ended": gettext_lazy("已撤销或到期"), "all": gettext_lazy("全部")}


def _listing(request: HttpRequest, form: ProgramForm, *, status: int = 200) -> HttpResponse:
    found = selectors.programs(by=actor_of(request))
    held = people.posts_now([u.pk for u in found], today())
    rows = [{"user": u, "posts": [post_words(a) for a in held.get(u.pk, [])]} for u in found]
    context = {"nav_here": "console", "form": form, "programs": rows}
    return render(request, "console/programs/list.html", context, status=status)


@never_cache
@require_GET
@_keepers
def programs(request: HttpRequest) -> HttpResponse:
    """Show the programs that connect, with their grants."""
    return _listing(request, ProgramForm())


@require_POST
@_keepers
def create(request: HttpRequest) -> HttpResponse:
    """Enter a program."""
    form = ProgramForm(request.POST)
    status = form.attempt(
        lambda: services.create_program(by=actor_of(request), now=clock.now(), name=form.cleaned_data["name"])
    )
    if status:
        return _listing(request, form, status=status)
    messages.success(request, _("已登记。请安全管理员任命它的岗位，再发放令牌。"))
    return HttpResponseRedirect(reverse("console:program", args=[form.made.uuid]))


def _program(uuid: UUID) -> User:
    found = selectors.user_by_uuid(uuid)
    if found.kind != "program":
        raise NotFoundError(_("没有这个对接程序。"))
    return found


def _page(request: HttpRequest, user: User, form: ProgramTokenForm, *, status: int = 200, secret: str = "") -> Any:
    by, now = actor_of(request), clock.now()
    held = people.posts_now([user.pk], today()).get(user.pk, [])
    context = {
        "nav_here": "console",
        "account": user,
        "form": form,
        "posts": [post_words(a) for a in held],
        "tokens": lines(selectors.tokens_of(by=by, user_id=user.pk), now),
        "longest": longest(now),
        "secret": secret,
        "server": request.build_absolute_uri("/api/v1"),
    }
    return render(request, "console/programs/program.html", context, status=status)


@never_cache
@require_GET
@_keepers
def program(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one program: posts, tokens, a new token."""
    return _page(request, _program(uuid), ProgramTokenForm(initial={"per_minute": per_minute(clock.now())}))


@never_cache
@require_POST
@_keepers
@confirmed
def issue(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a token for a program and show it, this once."""
    user, form, now = _program(uuid), ProgramTokenForm(request.POST), clock.now()
    status = form.attempt(
        lambda: services.create_token(
            by=actor_of(request), now=now, user=user, longest=longest(now), **form.cleaned_data
        )
    )
    if status:
        return _page(request, user, form, status=status)
    _row, secret = form.made
    return _page(request, user, ProgramTokenForm(initial={"per_minute": per_minute(now)}), secret=secret)


@never_cache
@require_GET
@_keepers
def tokens(request: HttpRequest) -> HttpResponse:
    """Show everybody's tokens: whose, what for, when last used."""
    now, text, state = clock.now(), request.GET.get("q", "")[:64], request.GET.get("state", "open")
    state = state if state in _STATES else "open"
    page = selectors.token_page(
        by=actor_of(request), now=now, text=text, state=state, cursor=request.GET.get("cursor", "")
    )
    query = urlencode([("q", text), ("state", state)])
    context = {
        "nav_here": "console",
        "page": page,
        "tokens": lines(list(page.rows), now),
        "q": text,
        "state": state,
        "states": [{"value": v, "label": label} for v, label in _STATES.items()],
        "base": f"?{query}&",
        "first": f"{reverse('console:tokens')}?{query}",
    }
    return render(request, "console/programs/tokens.html", context)


@require_POST
@_keepers
def revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close anybody's token at once."""
    by = actor_of(request)
    found = selectors.token(by=by, uuid=uuid)
    try:
        services.revoke_token(by=by, now=clock.now(), token=found, reason=request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("令牌已撤销，使用它的程序马上不能再连接。"))
    if found.user.kind == "program":
        return HttpResponseRedirect(reverse("console:program", args=[found.user.uuid]))
    return HttpResponseRedirect(reverse("console:tokens"))
