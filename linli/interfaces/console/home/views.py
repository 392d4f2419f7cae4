"""The console's first page: what can be set up and watched, by who may."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.foundation.core.errors import NotFoundError
from linli.interfaces.console import contents


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the console's pages that the person who asks may open; to those who may open none it does not exist."""
    groups = contents.shown(request)
    if not groups:
        raise NotFoundError(_("没有找到这个页面。"))
    return render(request, "console/home.html", {"groups": groups, "nav_here": "console"})
