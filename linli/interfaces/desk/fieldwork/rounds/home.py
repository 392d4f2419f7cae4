"""The home of 走访: the rounds in work, to be planned and over; and what is mine to visit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.permissions import OVERSEERS
from linli.engines.fieldwork.permissions.rounds import HEADS
from linli.engines.fieldwork.selectors import RoundFilter, boards
from linli.engines.fieldwork.workflow import RoundState
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, staff
from linli.interfaces.desk.fieldwork.rounds.words import ROUND_TONES, VISIT_TONES, options, places, programmes

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round, Visit

BOXES = {"open": ("open",), "draft": ("draft",), "over": boards.OVER, "all": ()}
_ASKED = ("q", "programme", "unit", "area", "since", "until")


def may_plan_any(actor: Actor) -> bool:
    """Return whether somebody plans rounds anywhere."""
    return actor.has_role(*OVERSEERS, *HEADS)


def _filters(request: HttpRequest, box: str) -> RoundFilter:
    data, today = request.GET, local(clock.now()).date()
    programme = data.get("programme", "")
    area = next((a for a in directory.areas(today) if a.id == id_of(data.get("area", ""))), None)
    return RoundFilter(
        states=BOXES[box], programme=programme if programme in programmes() else "",
        unit_id=id_of(data.get("unit", "")), area_path=area.path if area is not None and area.depth else "",
        text=data.get("q", "").replace("\0", "")[:60], since=day_of(data.get("since", "")),
        until=day_of(data.get("until", "")),
    )  # fmt: skip


def row_of(round_: Round, today: date) -> dict[str, Any]:
    """Return a round as the lists show it."""
    percent = 100 * round_.done // round_.planned if round_.planned else 0
    open_ = round_.state == RoundState.OPEN
    return {
        "round": round_,
        "tone": ROUND_TONES[round_.state],
        "percent": percent,
        "late": open_ and round_.ends_on < today,
        "left": (round_.ends_on - today).days if open_ else None,
        "programme": programmes().get(round_.programme, ""),
    }


def box_labels() -> dict[str, str]:
    """Return what the boxes of rounds are called."""
    return {"open": _("进行中"), "draft": _("筹备中"), "over": _("已结束"), "all": _("全部")}


def box_of(request: HttpRequest) -> str:
    """Return the box that the address names."""
    box = request.GET.get("box", "open")
    return box if box in BOXES else "open"


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Round]:
    """Return a page of the rounds that the address asks for."""
    return selectors.rounds(actor_of(request), _filters(request, box_of(request)), cursor=cursor, size=size)


@require_GET
@staff
def rounds(request: HttpRequest) -> HttpResponse:
    """Show the rounds of one box, narrowed by words, programme, unit, area and period."""
    actor, today = actor_of(request), local(clock.now()).date()
    box = box_of(request)
    page = page_of(request, request.GET.get("cursor", "")[:300])
    counts = boards.round_counts(actor)
    asked = {k: v for k in _ASKED if (v := request.GET.get(k, "").strip())}
    labels = box_labels()
    context = {
        "page": page,
        "rows": [row_of(r, today) for r in page.rows],
        "places": places("rounds"),
        "boxes": [
            {
                "label": label, "url": "?" + urlencode({"box": code, **asked}), "current": code == box,
                "count": sum(counts.get(s, 0) for s in BOXES[code]) if BOXES[code] else None,
            }
            for code, label in labels.items()
        ],
        "box": box,
        "base": "?" + urlencode({"box": box, **asked}) + "&",
        "asked": {k: request.GET.get(k, "") for k in _ASKED},
        "narrowed": bool(asked),
        "programmes": options(_("全部专项"), programmes().items()),
        "units": options(_("全部单位"), ((u.id, u.short) for u in directory.units().values())),
        "areas": options(_("全部区域"), ((a.id, a.name) for a in directory.areas(today) if a.depth)),
        "may_plan": may_plan_any(actor),
        "nav_here": "fieldwork",
    }  # fmt: skip
    return render(request, "desk/rounds/home.html", context)


class AreaNames(dict[str, str]):
    """Path → name of the areas that lists show; what lies below one of them is called by it."""

    def path_of(self, path: str) -> str:
        """Return the path of the area that is shown for a path; empty where there is none."""
        while path and not super().__contains__(path):
            path = path.rstrip("/").rpartition("/")[0] + "/" if path.count("/") > 2 else ""
        return path

    def name(self, path: str, other: str = "") -> str:
        """Return what an area is called."""
        return super().get(self.path_of(path), other)


def area_names(today: date) -> AreaNames:
    """Return path → name of the areas that lists show."""
    return AreaNames({a.path: a.name for a in directory.areas(today)})


def visit_row(visit: Visit, today: date, areas: AreaNames | None = None) -> dict[str, Any]:
    """Return a visit as the lists show it; of a guarded kind who may read it sees the name."""
    return {
        "visit": visit,
        "tone": VISIT_TONES[visit.state],
        "late": visit.state in {"due", "tried"} and visit.due_on < today,
        "area": areas.name(visit.area_path) if areas is not None else "",
    }


@require_GET
@staff
def mine(request: HttpRequest) -> HttpResponse:
    """Show what is mine to visit: today's walk, what comes within two weeks, what nobody has."""
    actor, today = actor_of(request), local(clock.now()).date()
    walk = selectors.today(actor, today)
    here = {v.pk for v in walk}
    coming = [v for v in boards.open_visits(actor, today + timedelta(days=14)) if v.pk not in here]
    names = area_names(today)
    context = {
        "walk": [visit_row(v, today, names) for v in walk],
        "coming": [visit_row(v, today, names) for v in coming],
        "free": [visit_row(v, today, names) for v in selectors.free_near(actor)],
        "owed": list(selectors.owed_corrections(actor)[:20]),
        "places": places("mine"),
        "today": today,
        "nav_here": "fieldwork",
    }
    return render(request, "desk/rounds/mine.html", context)
