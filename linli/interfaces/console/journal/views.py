"""The journal for the audit administrator: what was done by whom, and whether the seals hold."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.accounts import selectors as accounts
from linli.foundation.core import clock
from linli.foundation.core.paging import Page
from linli.foundation.journal import selectors, services
from linli.interfaces.console.doors import actor_of, only
from linli.interfaces.console.journal.words import ROOMS, kind_words, verb_words, verbs_named

SIZE = 50
DAYS = 7
LONGEST = 92
_LONGEST = timedelta(days=LONGEST - 1)
# Days that a form may name and that every time zone has.
_FIRST, _LAST = date(2000, 1, 1), date(2200, 1, 1)
# A journal of more seals is checked on the server, where nobody waits for a page.
_CHECKED_HERE = 3000
_auditors = only("journal:read")


def rooms() -> list[tuple[str, Any]]:
    """Return what the journal may be narrowed to: a room with its point, and what it is called."""
    return [("", gettext_lazy("全部")), *((f"{k}.", v) for k, v in ROOMS.items())]


class SearchForm(forms.Form):
    """What the journal is narrowed to; unknown values are left out."""

    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    who = forms.CharField(max_length=64, required=False)
    room = forms.ChoiceField(choices=rooms, required=False)
    what = forms.CharField(max_length=64, required=False)
    q = forms.CharField(max_length=100, required=False)


def _value(value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"commitment"}:
        return _("（个人信息，只存承诺值）")
    if value in (None, ""):
        return "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def changes(entry: Any) -> list[dict[str, str]]:
    """Return the fields of an entry, before and after; personal ones are shown as commitments only."""
    before, after = entry.before or {}, entry.after or {}
    return [
        {
            "field": field,
            "before": _value(before[field]) if field in before else "",
            "after": _value(after[field]) if field in after else "",
        }
        for field in dict.fromkeys([*before, *after])
    ]


def shown(entry: Any) -> dict[str, Any]:
    """Return an entry as the pages show it."""
    found = changes(entry)
    return {"row": entry, "verb": verb_words(entry.verb), "kind": kind_words(entry.kind), "changes": found}


def _seals(now: datetime) -> dict[str, Any]:
    return {"last": selectors.last_seal(), "unsealed": selectors.unsealed(), "now": now}


def _span(data: dict[str, Any], today: date) -> tuple[date, date]:
    """Return the days looked at: a week up to today unless said otherwise, never more than a quarter."""
    until = _within(data.get("until") or (_within(data["since"]) + _LONGEST if data.get("since") else today))
    since = _within(data["since"]) if data.get("since") else until - timedelta(days=DAYS - 1)
    return since, min(max(since, until), since + _LONGEST)


def _within(day: date) -> date:
    return min(max(day, _FIRST), _LAST)


def asked(request: HttpRequest) -> dict[str, Any]:
    """Return what the journal is narrowed to by an address, with its days (``since``, ``until``)."""
    form = SearchForm(request.GET)
    form.is_valid()
    since, until = _span(form.cleaned_data, localtime(clock.now()).date())
    return form.cleaned_data | {"since": since, "until": until}


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Any]:
    """Return the page of entries that an address asks for."""
    data, zone = asked(request), ZoneInfo(settings.TIME_ZONE)
    who, what = data.get("who") or "", (data.get("what") or "").strip()
    return selectors.search(
        by=actor_of(request),
        since=datetime.combine(data["since"], time(), zone),
        until=datetime.combine(data["until"] + timedelta(days=1), time(), zone),
        actors=accounts.uuids_named(who) if who.strip() else None,
        verb=data.get("room") or "",
        verbs=verbs_named(what) if what else None,
        label=(data.get("q") or "").strip(),
        cursor=cursor,
        size=size,
    )


@never_cache
@require_GET
@_auditors
def listing(request: HttpRequest) -> HttpResponse:
    """Show what was written in some days, by who, room and object."""
    now, data = clock.now(), asked(request)
    page = page_of(request, request.GET.get("cursor", ""))
    typed = {"since": data["since"].isoformat(), "until": data["until"].isoformat()} | {
        k: v for k in ("who", "room", "what", "q") if (v := data.get(k))
    }
    context = {
        "nav_here": "console",
        "page": page,
        "entries": [shown(e) for e in page.rows],
        "typed": typed,
        "rooms": [{"value": v, "label": label} for v, label in rooms()],
        "base": f"?{urlencode(typed)}&",
        "seals": _seals(now),
        "longest": LONGEST,
    }
    return render(request, "console/journal/list.html", context)


@never_cache
@require_GET
@_auditors
def entry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one entry whole, and what else was written about its object."""
    by = actor_of(request)
    found = selectors.entry(uuid, by=by)
    page = None
    if found.object_uuid is not None:
        page = selectors.of_object(
            by=by, kind=found.kind, uuid=found.object_uuid, cursor=request.GET.get("cursor", ""), size=SIZE
        )
    context = {
        "nav_here": "console",
        "entry": shown(found),
        "page": page,
        "others": [shown(e) for e in page.rows] if page else [],
    }
    return render(request, "console/journal/entry.html", context)


@require_POST
@only("journal:verify")
def verify(request: HttpRequest) -> HttpResponse:
    """Check every seal against the entries and the signed day files."""
    last = selectors.last_seal()
    if last is not None and last.number > _CHECKED_HERE:
        messages.info(request, _("日志较大，请在服务器上运行 linli verify 核验。"))
        return HttpResponseRedirect(reverse("console:journal"))
    report = services.verify()
    if report.problem is None:
        words = _("核验通过：%(seals)s 个封存、%(entries)s 条日志，与封存时一致；签名日文件 %(days)s 份。")
        messages.success(request, words % {"seals": report.seals, "entries": report.entries, "days": report.days})
    else:
        words = _("核验发现问题：%(fault)s，封存 %(seal)s，日志 %(entry)s。请立即停用相关账号并保全备份。")
        problem = report.problem
        messages.error(
            request, words % {"fault": problem.fault, "seal": problem.seal or "—", "entry": problem.entry or "—"}
        )
    return HttpResponseRedirect(reverse("console:journal"))
