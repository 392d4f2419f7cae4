"""A day to take along: visits with what is known there, forms, cases, the last pictures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from linli.engines.cases import selectors as cases
from linli.engines.cases.selectors import Filters
from linli.engines.cases.workflow import STATES, VERBS, State
from linli.engines.fieldwork import selectors
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.files import selectors as files
from linli.foundation.forms import selectors as forms
from linli.interfaces.field.access import actor_of
from linli.interfaces.field.app.answers import api, told
from linli.interfaces.field.cases import showing
from linli.interfaces.field.cases.reports import often_first
from linli.programmes.visits import selectors as visits
from linli.programmes.visits.types import PROGRAMME

# What a phone does with a case without reception; the rest is done on the case's page.
OFFLINE_ACTS = ("sign", "arrive", "note", "hand_in")
MOST_CASES = 50


@gzip_page
@require_GET
@api
def sync(request: HttpRequest) -> HttpResponse:
    """Answer today's package; 304 where the phone has it."""
    actor, now = actor_of(request), clock.now()
    body = json.dumps(_package(actor, now), ensure_ascii=False, separators=(",", ":"), default=str)
    mark = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    answer: HttpResponse = HttpResponse(status=304)
    if request.headers.get("If-None-Match", "").removeprefix("W/") != mark:  # a compressed answer has a weak one
        answer = HttpResponse(body, content_type="application/json")
    answer["ETag"] = mark
    answer["Cache-Control"] = "no-store"
    answer["X-Linli-Now"] = now.isoformat()
    return answer


def _package(actor: Actor, now: datetime) -> dict[str, Any]:
    day = timezone.localdate(now)
    found = selectors.package(actor, now, day)
    stamps = selectors.media_stamps({r.form.code for r in found.rounds})
    used = {s.visit.target.kind_id for s in found.stops}
    return {
        "day": day.isoformat(),
        "visits": [_visit(s, day) for s in found.stops],
        "targets": {str(s.visit.target.uuid): _target(s) for s in found.stops},
        "rounds": {str(r.uuid): _round(r, found.mates.get(r.pk), stamps) for r in found.rounds},
        "people": _people(found),
        "hints": _hints({r.programme for r in found.rounds}),
        "kinds": [_kind(k, k.pk in used) for k in found.kinds],
        "returned": [_returned(r, actor) for r in found.returned],
        "cases": [_case(c, actor, now) for c in _cases(actor, now)],
        "categories": [
            {"code": n.spec.code, "name": n.spec.name, "group": n.group} for n in often_first()
        ],
    }  # fmt: skip


def _hints(programmes: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what a programme asks its visitors to mind (七要诀), by programme: the street's own words in force."""
    if PROGRAMME not in programmes:
        return {}
    return {PROGRAMME: [{"title": words.title, "lines": words.lines} for words in visits.wordings()]}


def _people(found: Any) -> dict[str, str]:
    """Return whom one may go with by uuid, also who is named for a visit."""
    named = [u for s in found.stops if s.visit.second is not None for u in (s.visit.user, s.visit.second) if u]
    named += [r.second for r in found.returned if r.second is not None]
    mates = {str(m.uuid): m.label for mates in found.mates.values() for m in mates}
    return {str(u.uuid): u.display_name for u in named} | mates


def _cases(actor: Actor, now: datetime) -> list[Any]:
    return list(cases.case_list(actor, Filters(box="today"), now=now, size=MOST_CASES).rows)


def _visit(stop: Any, day: date) -> dict[str, Any]:
    visit, begins = stop.visit, selectors.begins(stop.visit)
    found = {
        "uuid": str(visit.uuid), "round": str(visit.round.uuid), "target": str(visit.target.uuid),
        "state": visit.state, "word": str(visit.get_state_display()), "due": visit.due_on.isoformat(),
        "version": visit.version, "tries": visit.tries, "free": stop.free,
    }  # fmt: skip
    if begins > day:
        found["from"] = begins.isoformat()
    if stop.next_try is not None:
        found["next"] = stop.next_try.isoformat()
    if visit.second is not None:
        found["with"] = [u.display_name for u in (visit.user, visit.second) if u is not None]
        found["pair"] = [str(u.uuid) for u in (visit.user, visit.second) if u is not None]
    return found


def _target(stop: Any) -> dict[str, Any]:
    target = stop.visit.target
    found: dict[str, Any] = {
        "uuid": str(target.uuid), "kind": target.kind.code, "name": target.name, "number": target.number,
        "address": target.address, "facts": target.facts, "version": target.version, "fact": stop.fact,
        "guarded": target.kind.guarded,
    }  # fmt: skip
    if target.lat is not None and not target.kind.guarded:
        found |= {"lat": round(target.lat, 5), "lon": round(target.lon, 5)}
    if stop.personal:
        found["personal"] = stop.personal
    if target.visited_at is not None:
        found["visited"] = target.visited_at.isoformat()
    if stop.spots:
        found["spots"] = {path: str(uuid) for path, uuid in stop.spots.items()}
    return found


def _round(round_: Any, mates: Any, stamps: Mapping[str, str]) -> dict[str, Any]:
    found = {
        "title": round_.title, "form": round_.form.code, "programme": round_.programme,
        "version": (round_.form_version or forms.version(round_.form.code)).number,
        "ends": round_.ends_on.isoformat(), "pair": round_.pair, "review": round_.review,
    }  # fmt: skip
    if windows := round_.rhythm.get("windows"):
        found["windows"] = windows
    if round_.form.code in stamps:
        found["stamp"] = stamps[round_.form.code]
    if mates is not None:
        found["mates"] = [str(m.uuid) for m in mates]
    return found


def _kind(kind: Any, used: bool) -> dict[str, Any]:
    versions = kind.fields.versions.all() if kind.fields is not None else []
    newest = max(versions, key=lambda v: v.number, default=None)
    found = {"code": kind.code, "name": kind.name, "icon": kind.icon, "guarded": kind.guarded}
    if newest is not None:
        found |= {"form": kind.fields.code, "version": newest.number}
        if used:
            asked = newest.questions.get("questions") or newest.questions.get("items") or []
            found |= {
                "labels": _labels(asked),
                "choices": {q["code"]: _labels(q["choices"]) for q in asked if q.get("choices")},
            }
    return found


def _labels(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {row["code"]: row.get("label", {}).get("zh-hans", row["code"]) for row in rows if "code" in row}


def _returned(row: Any, actor: Actor) -> dict[str, Any]:
    found = {
        "uuid": str(row.uuid), "why": row.returned, "round": str(row.round.uuid) if row.round else "",
        "title": row.target.name if row.target is not None else row.round.title if row.round else "",
        "visit": str(row.visit.uuid) if row.visit else "", "form": row.form.form.code, "version": row.form.number,
        "answers": selectors.answers_of(actor, row), "files": [str(f.file.uuid) for f in row.files.all()],
    }  # fmt: skip
    if row.second is not None:
        found["second"] = str(row.second.uuid)
    return found


def _case(case: Any, actor: Actor, now: datetime) -> dict[str, Any]:
    row = showing.row(case, now)
    acts = [
        v for v in OFFLINE_ACTS
        if (not VERBS[v].source or State(case.state) in VERBS[v].source) and actor.has_role(*VERBS[v].roles)
    ]  # fmt: skip
    return {
        "number": case.number, "title": case.title, "url": row["url"], "status": row["status"],
        "word": str(row["status_label"]), "category": row["category"], "address": str(row["address"]),
        "due": row["due"].isoformat() if row["due"] else None, "version": case.version, "urgent": case.urgent,
        "acts": acts, "tone": STATES[State(case.state)].tone,
    } | ({"lat": round(case.lat, 5), "lon": round(case.lon, 5)} if case.lat is not None else {})  # fmt: skip


@gzip_page
@require_GET
@api
def form(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Answer one version of a form; once it was used it changes no more, but for its pictures (``stamp``)."""
    whole = forms.whole_form(code, version)
    return told({"code": code, "version": version, "form": selectors.to_fill(code, whole)})


@require_GET
@api
def photo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Answer the small version of the picture that was taken at a spot last, for who goes there."""
    served = files.serve_shown(selectors.spot_photo(actor_of(request), uuid), 320)
    answer = StreamingHttpResponse(served.chunks, content_type=served.mime)
    answer["Content-Length"] = str(served.length)
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value]
