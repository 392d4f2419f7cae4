"""Session, actor and error handling of every page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse

from linli.foundation.core.actors import GUEST

GetResponse = Callable[[HttpRequest], HttpResponse]


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's sessions, kept in our own table."""


class ActorMiddleware:
    """Puts ``request.actor`` on every request."""

    def __init__(self, get_response: GetResponse) -> None:
        """Wrap ``get_response``."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find out who asks."""
        request.actor = GUEST  # type: ignore[attr-defined]
        return self.get_response(request)


class ErrorMiddleware:
    """Turns a DomainError into a page."""

    def __init__(self, get_response: GetResponse) -> None:
        """Wrap ``get_response``."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer ``request``."""
        return self.get_response(request)
