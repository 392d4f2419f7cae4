"""The grids: what was merged into each, who works there, who is on duty, who is missing, the 街区 that cross it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases import selectors as cases
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, InvalidError, NotFoundError
from linli.foundation.people import permissions, selectors, services
from linli.foundation.people.types import ROLES, Role
from linli.foundation.places import selectors as places
from linli.interfaces.console.doors import actor_of, only_roles, today
from linli.interfaces.console.people import forms
from linli.interfaces.web.forms import DomainForm

if TYPE_CHECKING:
    from linli.foundation.places.models import Area

READERS = frozenset(
    {
        "system_admin",
        "security_admin",
        "dispatcher",
        "shift_leader",
        "street_leader",
        "supervisor",
        "grid_head",
        "neighbourhood_secretary",
    }
)
SHOWN_ROLES = (
    Role.GRID_HEAD,
    Role.NEIGHBOURHOOD_SECRETARY,
    Role.INSPECTOR,
    Role.COMMUNITY_WORKER,
    Role.MICROGRID_HEAD,
    Role.STAIRWELL_HEAD,
)


readers_only = only_roles(READERS)


def _grid(area_id: int) -> Area:
    found = places.area(area_id)
    if found.kind.code != "grid":
        raise NotFoundError(_("没有这个综合网格。"))
    return found


def _blocks(on: date, within: str = "") -> list[dict[str, Any]]:
    """Return the 街区 with their open cases, those inside the grid ``within`` beside them."""
    counts = cases.open_by_layer(on)
    found = []
    for block in places.areas(on=on):
        if block.layer_id is None:
            continue
        by_path = counts.get(block.pk, {})
        found.append(
            {
                "name": block.name,
                "open": sum(by_path.values()),
                "here": sum(n for path, n in by_path.items() if path.startswith(within)),
                "grids": len({"/".join(path.split("/")[:3]) for path in by_path}),
                "since": block.valid_from,
            }
        )
    return found


@require_GET
@readers_only
def grids(request: HttpRequest) -> HttpResponse:
    """Show every grid with its figures, the gaps, the free layers."""
    on = today()
    gaps = selectors.gaps(on)
    merged = Counter(g.area_id for g in selectors.line_grids(None, on))
    forces = [f.area.path for f in selectors.line_forces("", on)]
    lines = [
        {
            "area": g,
            "lines": merged[g.pk],
            "forces": sum(path.startswith(g.path) or g.path.startswith(path) for path in forces),
        }
        for g in places.areas(on=on, kind="grid")
    ]
    context = {
        "grids": lines,
        "gaps": gaps[:200],
        "gap_count": len(gaps),
        "blocks": _blocks(on),
        "nav_here": "console-grid",
    }
    return render(request, "console/grids.html", context)


def _week(now: datetime) -> list[dict[str, Any]]:
    start = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    shifts = selectors.roster(start=start, end=start + timedelta(days=7))
    days = [(start + timedelta(days=n)).date() for n in range(7)]
    return [{"day": d, "shifts": [s for s in shifts if localtime(s.starts_at).date() == d]} for d in days]


def _units(by: Actor) -> list[tuple[int, str]]:
    return list(permissions.visible_units(by).order_by("name").values_list("pk", "name"))


def _roles(area: Area, now: datetime) -> list[dict[str, Any]]:
    found = selectors.answering(area.path, [r.value for r in SHOWN_ROLES], now)
    below = selectors.answering_below(area.path, [r.value for r in SHOWN_ROLES], now)
    people = list({(h.user_id, h.role): h for h in [*found, *below]}.values())
    return [{"role": ROLES[r].name, "people": [h for h in people if h.role == r.value]} for r in SHOWN_ROLES]


def _page(
    request: HttpRequest, area: Area, *, status: int = 200, more: dict[str, Any] | None = None, **bound: DomainForm
) -> HttpResponse:
    by, now, on = actor_of(request), clock.now(), today()
    units = _units(by) if by.has_role("system_admin", "grid_head", "shift_leader", "street_leader") else []
    inside = {a.pk for a in places.areas(on=on, below=area.path)}
    names: dict[str, Any] = {line.value: label for line, label in forms.LINES.items()}
    context = {
        "area": area,
        "nav_here": "console-grid",
        "week": _week(now),
        "roles": _roles(area, now),
        "line_grids": [{"row": g, "line": names.get(g.line, g.line)} for g in selectors.line_grids(area.pk, on)],
        "forces": [{"row": f, "line": names.get(f.line, f.line)} for f in selectors.line_forces(area.path, on)],
        "gaps": [g for g in selectors.gaps(on) if g.kind == "area_without_head" and g.id in inside],
        "blocks": [b for b in _blocks(on, area.path) if b["here"] or not b["open"]],
        "may_lines": permissions.can(by, "people:manage_lines", area_path=area.path),
        "may_duty": permissions.can(by, "people:manage_duty"),
        "line_form": bound.get("line_form") or forms.LineGridForm(),
        "force_form": bound.get("force_form") or forms.ForceForm(units=units),
        "duty_form": bound.get("duty_form") or forms.DutyForm(units=units),
        "today": on,
        "items": selectors.grid_list(area.pk),
        "item_error": None,
        **(more or {}),
    }
    return render(request, "console/grid.html", context, status=status)


def grid_page(request: HttpRequest, area_id: int, error: DomainError, *, item: Any) -> HttpResponse:
    """Show a grid with what was wrong with what was said of ``item``."""
    typed = {"item": item.pk, "words": [w for ws in error.fields.values() for w in ws] or [str(error)]}
    typed |= {"note": request.POST.get("note", "")}
    return _page(request, _grid(area_id), status=error.status, more={"item_error": typed})


@require_GET
@readers_only
def grid(request: HttpRequest, area_id: int) -> HttpResponse:
    """Show one grid: merged line grids and forces with dates, the week's duty, people by role, gaps, 街区."""
    return _page(request, _grid(area_id))


def _user_id(name: str) -> int | None:
    if not name.strip():
        return None
    user = accounts.find_login(name)
    if user is None:
        raise InvalidError(_("没有这个账号。"), fields={"member": [_("没有这个账号。")]})
    return user.pk


def _enter(
    request: HttpRequest, area: Area, name: str, form: DomainForm, do: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    status = form.attempt(lambda: do(form.cleaned_data))
    if not status:
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(reverse("console:grid", args=[area.pk]))
    bound: dict[str, Any] = {name: form}
    return _page(request, area, status=status, **bound)


@require_POST
@readers_only
def add_line(request: HttpRequest, area_id: int) -> HttpResponse:
    """Merge a line's grid into this one from a day on (多格合一)."""
    area, by = _grid(area_id), actor_of(request)
    permissions.check(by, "people:manage_lines", area_path=area.path)
    form = forms.LineGridForm(request.POST)
    return _enter(
        request, area, "line_form", form, lambda d: services.map_line_grid(by=by, now=clock.now(), area_id=area.pk, **d)
    )


@require_POST
@readers_only
def add_force(request: HttpRequest, area_id: int) -> HttpResponse:
    """Put a line's person or unit to work in this grid."""
    area, by = _grid(area_id), actor_of(request)
    permissions.check(by, "people:manage_lines", area_path=area.path)
    form = forms.ForceForm(request.POST, units=_units(by))

    def do(d: dict[str, Any]) -> None:
        services.assign_line_force(
            by=by,
            now=clock.now(),
            area_id=area.pk,
            line=d["line"],
            title=d["title"],
            unit=selectors.unit(d["unit"]),
            user_id=_user_id(d["member"]),
            starts_on=d["starts_on"],
            ends_on=d["ends_on"],
        )

    return _enter(request, area, "force_form", form, do)


@require_POST
@readers_only
def end_force(request: HttpRequest, area_id: int, force_id: int) -> HttpResponse:
    """End the work of a force with a day."""
    area, by = _grid(area_id), actor_of(request)
    permissions.check(by, "people:manage_lines", area_path=area.path)
    force = next((f for f in selectors.line_forces(area.path, today()) if f.pk == force_id), None)
    if force is None:
        raise NotFoundError(_("没有这支力量。"))
    form = forms.EndForm(request.POST)
    return _enter(
        request,
        area,
        "end_form",
        form,
        lambda d: services.end_line_force(by=by, now=clock.now(), force=force, on=d["on"]),
    )


@require_POST
@readers_only
def add_duty(request: HttpRequest, area_id: int) -> HttpResponse:
    """Enter a stretch of duty into the roster."""
    area, by = _grid(area_id), actor_of(request)
    permissions.check(by, "people:manage_duty")
    form = forms.DutyForm(request.POST, units=_units(by))

    def do(d: dict[str, Any]) -> None:
        user_id = _user_id(d["member"])
        if user_id is not None:
            services.plan_duty(
                by=by,
                now=clock.now(),
                unit=selectors.unit(d["unit"]),
                user_id=user_id,
                starts_at=d["starts_at"],
                ends_at=d["ends_at"],
            )

    return _enter(request, area, "duty_form", form, do)
