"""Topics (识题、领题、破题), the difficulty list, and the standing topics by 居民区 and month."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.activities import selectors, services
from linli.engines.activities.permissions import may_raise, may_read_entry
from linli.engines.activities.types import NewReading, NewTopic
from linli.engines.cases import selectors as cases
from linli.engines.cases import services as loop
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, id_of, local, problem, shown_again, staff
from linli.interfaces.desk.files import uploads
from linli.interfaces.desk.meetings.lists import month_named, places_of

if TYPE_CHECKING:
    from linli.engines.activities.models import Topic
    from linli.engines.cases.models import Case
    from linli.foundation.core.actors import Actor

COMMITTEE = "neighbourhood_committee"


def box_labels() -> dict[str, str]:
    """Return what the boxes of topics are called."""
    return {"open": _("跟进中"), "difficulty": _("难点堵点"), "mine": _("本单位领题"), "closed": _("已结束")}


def asked_of(request: HttpRequest) -> tuple[str, str]:
    """Return box and words that the address asks for."""
    box = request.GET.get("box", "open")
    return box if box in selectors.TOPIC_BOXES else "open", request.GET.get("q", "").strip()[:60]


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Topic]:
    """Return a page of the topics that the address asks for."""
    box, text = asked_of(request)
    return selectors.topic_list(actor_of(request), box, text=text, cursor=cursor, size=size)


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the topics of one box; the difficulty list (难点堵点) is one of them."""
    actor = actor_of(request)
    box, text = asked_of(request)
    labels = box_labels()
    query = {"q": text} if text else {}
    context = {
        "page": page_of(request, request.GET.get("cursor", "")),
        "tabs": [
            {"label": label, "url": f"?{urlencode({'box': b, **query})}", "count": None, "current": b == box}
            for b, label in labels.items()
        ],
        "places": places_of(actor, "topics"),
        "box": box,
        "text": text,
        "base": f"?{urlencode({'box': box, **query})}&",
        "may_raise": may_raise(actor),
        "today": local(clock.now()).date(),
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/topics.html", context)


def offered(options: list[dict[str, Any]], chosen: int | None) -> int | None:
    """Return what was chosen if the form offers it."""
    return chosen if any(o["value"] == chosen for o in options) else None


def _raised(actor: Actor, chosen: list[Case], data: NewTopic, *, asked: bool) -> Topic:
    """Raise the topic; ``asked`` says that it is meant for cases, of which some must be left."""
    if asked:
        return loop.raise_as_topic(by=actor, now=clock.now(), cases=chosen, data=data)
    return services.raise_topic(by=actor, now=clock.now(), data=data)


def _start(request: HttpRequest, chosen: list[Case]) -> dict[str, Any]:
    """Return what stands in the form at first: what the page before says of the cases, their 居民区 if it is one."""
    areas = {c.area_id for c in chosen}
    return {
        "title": request.GET.get("title", "")[:120],
        "text": request.GET.get("text", "")[:500],
        "area": areas.pop() if len(areas) == 1 else "",
        "difficulty": bool(chosen),
    }


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Raise a topic: by itself, or for the cases that were chosen on another page."""
    actor, error = actor_of(request), None
    chosen = cases.by_numbers(actor, request.POST.getlist("chosen") or request.GET.getlist("chosen"))
    found = directory.areas(local(clock.now()).date())[1:]
    areas: list[dict[str, Any]] = [
        {"value": "", "label": _("全街道")},
        *({"value": a.id, "label": a.name} for a in found),
    ]
    going = [s for s in selectors.series_list(actor) if s.ended_on is None]
    series: list[dict[str, Any]] = [
        {"value": "", "label": _("不随会议跟进")},
        *({"value": s.pk, "label": s.title} for s in going),
    ]
    kept: list[UUID] = []
    if request.method == "POST":
        data = request.POST
        try:
            kept, files = uploads.sent(request, now=clock.now())
            given = NewTopic(
                title=data.get("title", ""),
                text=data.get("text", ""),
                difficulty=bool(data.get("difficulty")),
                area_id=offered(areas, id_of(data.get("area", ""))),
                series_id=offered(series, id_of(data.get("series", ""))),
                files=tuple(files),
            )
            made = _raised(actor, chosen, given, asked="of_cases" in data)
        except (InvalidError, ConflictError) as refused:
            error, kept = refused, kept or refused.params.get("uploaded", [])
        else:
            return HttpResponseRedirect(reverse("desk:topic", args=[made.uuid]))
    context = {
        "areas": areas,
        "series": series,
        "uploaded": uploads.shown(kept),
        "chosen": chosen,
        "of_cases": bool(chosen) or "of_cases" in request.POST,
        "now": clock.now(),
        **shown_again(request, error),
        "nav_here": "meetings",
    }
    if request.method != "POST":
        context["typed"] = _start(request, chosen)
    return render(request, "desk/meetings/topic_new.html", context, status=error.status if error else 200)


def _value(text: str) -> Decimal | None:
    text = text.strip()
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise InvalidError(_("“%(text)s”不是数字。") % {"text": text[:20]}, code="activities.value")
    return found


@require_http_methods(["GET", "POST"])
@staff
def standing(request: HttpRequest) -> HttpResponse:
    """Show and enter a standing topic's value for each 居民区 in a month, in the order of names."""
    actor, today = actor_of(request), local(clock.now()).date()
    known = selectors.standing_topics()
    sent = request.POST if request.method == "POST" else request.GET
    code = sent.get("topic", "")
    code = code if code in known else next(iter(known))
    month = month_named(sent.get("month", ""), today)
    month = min(month, today.replace(day=1))
    error: DomainError | None = None
    rows = selectors.readings(code, month)
    mine = [r for r in rows if may_read_entry(actor, r["unit"].pk)]
    if request.method == "POST":
        try:
            for row in mine:
                _enter(request, actor, code, month, row)
        except InvalidError as refused:
            error = refused
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(f"{reverse('desk:standing')}?topic={code}&month={month:%Y-%m}")
    editable = {r["unit"].pk for r in mine}
    for row in rows:
        row["mine"] = row["unit"].pk in editable
        row["value"] = request.POST.get(f"value_{row['unit'].pk}", None) if error else None
    context = {
        "rows": rows,
        "here": known[code],
        "month": month,
        "tabs": [
            {"label": s.title, "url": f"?topic={s.code}&month={month:%Y-%m}", "count": None, "current": s.code == code}
            for s in known.values()
        ],
        "places": places_of(actor, "standing"),
        "filled": sum(r["now"] is not None for r in rows),
        "editable": bool(mine),
        "problem": problem(error) if error else None,
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/standing.html", context, status=error.status if error else 200)


def _enter(request: HttpRequest, actor: Actor, code: str, month: Any, row: dict[str, Any]) -> None:
    unit, old = row["unit"], row["now"]
    typed, note = request.POST.get(f"value_{unit.pk}"), request.POST.get(f"note_{unit.pk}", "").strip()
    if typed is None:
        return
    value = _value(typed)
    if (value, note) == ((old.value, old.note) if old else (None, "")):
        return
    data = NewReading(standing=code, unit_id=unit.pk, month=month, value=value, note=note)
    services.read_standing(by=actor, now=clock.now(), data=data)
