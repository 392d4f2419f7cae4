"""Tokens for one's own programs: made, shown once, revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.accounts import rules, selectors, services
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError
from linli.interfaces.web.access import confirmed
from linli.interfaces.web.accounts.forms import TokenForm
from linli.interfaces.web.accounts.login import show


def _rule(code: str, now: datetime, without: int) -> int:
    try:
        return int(rulebook.value(code, on=localtime(now).date()))
    except RuleMissingError:
        return without


def longest(now: datetime) -> int:
    """Return the most days that a token may be good for."""
    return _rule("accounts.token_days", now, rules.TOKEN_DAYS)


def per_minute(now: datetime) -> int:
    """Return how many requests a minute a token is answered where nothing else was said."""
    return _rule("accounts.token_per_minute", now, rules.TOKEN_PER_MINUTE)


def lines(rows: list[Any], now: datetime) -> list[dict[str, Any]]:
    """Return tokens as the pages list them."""
    words = dict(TokenScope.choices)
    return [
        {"row": row, "scopes": [words.get(s, s) for s in sorted(row.scopes)], "open": row.is_open(now)} for row in rows
    ]


@confirmed
@never_cache
@require_http_methods(["GET", "POST"])
def tokens_page(request: HttpRequest) -> HttpResponse:
    """Show one's tokens; make one, which is shown this once."""
    by, user, now = request.actor, request.user_row, clock.now()  # type: ignore[attr-defined]
    form = TokenForm(request.POST or None)
    secret, extra = "", {}
    if request.method == "POST":
        status = form.attempt(
            lambda: services.create_token(
                by=by, now=now, user=user, longest=longest(now), per_minute=per_minute(now), **form.cleaned_data
            )
        )
        if status:
            extra["status"] = status
        else:
            _row, secret = form.made
            form = TokenForm()
    rows = selectors.tokens_of(by=by, user_id=user.pk)
    return show(
        request, "tokens", form, account=user, tokens=lines(rows, now), secret=secret, longest=longest(now),
        server=request.build_absolute_uri("/api/v1"), **extra,
    )  # fmt: skip


@require_POST
def revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close one of one's tokens."""
    by = request.actor  # type: ignore[attr-defined]
    found = selectors.token(by=by, uuid=uuid)
    try:
        services.revoke_token(by=by, now=clock.now(), token=found)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("令牌已撤销，使用它的程序马上不能再连接。"))
    return HttpResponseRedirect(reverse("web:tokens"))
