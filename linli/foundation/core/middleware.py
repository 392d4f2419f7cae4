"""Chooses the namespace of a request by its host name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, StreamingHttpResponse
from django.http.request import split_domain_port

from linli.foundation.core import namespaces
from linli.foundation.core.registry import Registry


@lru_cache(maxsize=1)
def registry() -> Registry:
    """Return this installation's registry of namespaces."""
    return Registry(settings.DATA / "registry.sqlite3", settings.NAMESPACE_DEFAULT)


class NamespaceMiddleware:
    """Runs the rest of the request on the namespace that its host name leads to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap ``get_response``."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer ``request``, or 404 where no namespace has that host name."""
        host, _port = split_domain_port(request.get_host())
        name = registry().for_host(host, served_by_default=host in settings.ALLOWED_HOSTS)
        if name is None:
            return HttpResponseNotFound("没有这个站点。 / No such site.", content_type="text/plain; charset=utf-8")
        with namespaces.use(name):
            answer = self.get_response(request)
        if isinstance(answer, StreamingHttpResponse):
            answer.streaming_content = _streamed(name, iter(answer))
        return answer


def _streamed(name: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield ``chunks``, each of them made on the namespace ``name``: the server reads them after the view has ended."""
    while True:
        with namespaces.use(name):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk
