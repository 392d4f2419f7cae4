"""Logging in without a password, which is hashed slowly on purpose: a session row as the middleware reads it."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from linli.foundation.accounts.sessions import SessionStore
from linli.foundation.accounts.types import USER_KEY


def session_key(user: Any) -> str:
    """Return the key of a new open session of ``user``."""
    store = SessionStore()
    store[USER_KEY] = user.pk
    store.create()
    return str(store.session_key)


def log_in(client: Any, user: Any) -> None:
    """Let Django's test ``client`` be ``user``."""
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key(user)


def log_in_page(page: Any, user: Any, url: str) -> None:
    """Let a Playwright ``page`` of the site at ``url`` be ``user``."""
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_key(user), "url": url}])
