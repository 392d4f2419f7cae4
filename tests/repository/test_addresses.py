"""Every address needs a login unless it is in the list beside this file."""

from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = Path(__file__).with_name("public_urls.txt")


def addresses(resolver=None, prefix=""):
    """Yield (route, view) of every address."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


def is_public(view):
    """Return whether ``view``, or the class or function it wraps, was marked with ``@public``."""
    while view is not None:
        marked = getattr(view, "public", False) or getattr(getattr(view, "view_class", None), "public", False)
        if (
            marked
            or getattr(view, "linli_public", False)
            or getattr(view, "is_public", False)
            or getattr(view, "login_required", True) is False
        ):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def listed():
    lines = PUBLIC.read_text(encoding="utf8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def test_public_addresses_are_exactly_those_listed():
    # The gallery is there on demonstrations alone, and here if a test of one was the first to ask for an address.
    public = {f"/{route}" for route, view in addresses() if is_public(view) and not route.startswith("gallery/")}
    assert public == listed()
