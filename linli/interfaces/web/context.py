"""What every template sees."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the variables that the layout needs."""
    return {"actor": getattr(request, "actor", None)}
