"""The walk-in desks for everybody: where, whose officer by post, on which days; no persons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.foundation.core import clock
from linli.foundation.people import rules, selectors
from linli.interfaces.portal import committee
from linli.interfaces.web.access import public
from linli.interfaces.web.formats import hours_words


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the desks, those of the visitor's own 居民区 first, with who is there now and when next."""
    now = localtime(clock.now())
    chosen = committee.chosen(request)
    words = request.GET.get("q", "").strip()[:40]
    found = [_row(d, now) for d in selectors.desks()]
    shown = [r for r in found if words in r["desk"].name or words in r["desk"].area.name or words in r["desk"].place]
    shown.sort(key=lambda r: (r["desk"].area.code != chosen, not r["open"]))
    return render(request, "portal/desks.html", {"rows": shown, "words": words, "any": bool(found)})


def _row(desk: Any, now: Any) -> dict[str, Any]:
    hours, today = selectors.hours_of(desk), now.isoweekday()
    wait = rules.next_days(hours, today)
    if rules.sitting(hours, today, now.time()):
        said = _("现在有人")
    elif wait == 0:
        said = _("今天值守")
    elif wait == 1:
        said = _("明天值守")
    elif wait is None:
        said = ""
    else:
        said = _("%(day)s 值守") % {"day": f"{now + timedelta(days=wait):%m-%d}"}
    return {"desk": desk, "hours": hours_words(hours), "said": said, "open": rules.sitting(hours, today, now.time())}
