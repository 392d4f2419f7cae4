"""What residents see while nothing is taken from them online."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linli.engines.cases import selectors as cases
from linli.engines.cases.types import Source

View = TypeVar("View", bound=Callable[..., Any])


def when_open(view: View) -> View:
    """Show, in place of ``view``, that the door is shut, why, and whom to call instead."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shut = cases.shut(Source.RESIDENT)
        if shut is not None:
            return render(request, "portal/shut.html", {"shut": shut}, status=503)
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    return guarded  # type: ignore[return-value]
