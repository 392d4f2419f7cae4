"""Logging in without hashing a password: a session row is set up directly."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from linli.foundation.accounts.models import User
from linli.foundation.accounts.sessions import SessionStore
from linli.foundation.accounts.types import USER_KEY
from linli.interfaces.web.access import CONFIRMED_KEY


def session_key(user: User) -> str:
    """Return the key of a new session of ``user``."""
    store = SessionStore()
    store[USER_KEY] = user.pk
    store.create()
    return str(store.session_key)


def log_in(client: Any, user: User) -> Any:
    """Log ``user`` in at a Django test client; return it."""
    key = session_key(user)
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def log_in_page(page: Any, user: User, url: str) -> Any:
    """Log ``user`` in at a playwright page of the site at ``url``; return it."""
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_key(user), "url": url}])
    return page


def confirm(client: Any, at: datetime) -> Any:
    """Let the person at a Django test client have given their password at ``at``; return the client."""
    session = client.session
    session[CONFIRMED_KEY] = at.isoformat()
    session.save()
    return client
