"""Planning a meeting from its kind, and changing what was planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.engines.activities import selectors, services
from linli.engines.activities.permissions import PLANNERS, check_lead, may_convene
from linli.engines.activities.types import Guest, HeldFor, Kind, NewMeeting, NewVenue
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError
from linli.foundation.people import selectors as people
from linli.foundation.people.types import POST_GROUPS, Role
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, id_of, local, moment_of, problem, staff
from linli.interfaces.desk.meetings import hosts

if TYPE_CHECKING:
    from linli.engines.activities.models import Meeting

CONVENING = ("street_office", "department", "operations_centre", "neighbourhood_committee", "branch", "enforcement")
MOST_VENUES, MOST_GUESTS = 12, 200


def check_planner(actor: Actor) -> None:
    """Raise ForbiddenError for who convenes nothing."""
    if not actor.has_role(*PLANNERS):
        raise ForbiddenError(_("会议由召集单位负责人、综合网格长、街道领导或城运中心召集。"), code="desk.meeting")


def own_units(actor: Actor) -> list[dict[str, Any]]:
    """Return the units in whose name ``actor`` convenes, their own first."""
    found = [u for u in directory.units().values() if u.kind in CONVENING or u.id in actor.unit_ids]
    found = [u for u in found if may_convene(actor, u.id)]
    found.sort(
        key=lambda u: (u.id not in actor.unit_ids, CONVENING.index(u.kind) if u.kind in CONVENING else 9, u.name)
    )
    return [{"value": u.id, "label": u.name} for u in found]


def minute_takers(actor: Actor, now: datetime, unit_id: int | None = None) -> list[dict[str, Any]]:
    """Return who may take the minutes: people of the convening unit and of one's own."""
    holders = [h for u in dict.fromkeys([unit_id, *actor.unit_ids]) if u for h in people.members_of(u, now=now)]
    shown = {h.user_id: h.label for h in holders}
    return [{"value": "", "label": _("未定")}, *({"value": k, "label": v} for k, v in shown.items())]


def invite_options() -> dict[str, Any]:
    """Return what an invitation is made of: post groups, areas, units without and with the 居民委员会."""
    units = directory.units().values()
    committee = "neighbourhood_committee"
    today = local(clock.now()).date()
    return {
        "groups": [{"value": g.code, "label": g.name} for g in POST_GROUPS.values()],
        "areas": [{"value": a.id, "label": a.name} for a in directory.areas(today)],
        "units": [{"value": u.id, "label": u.name} for u in units if u.kind != committee],
        "committees": [{"value": u.id, "label": u.name} for u in units if u.kind == committee],
    }


def ids(data: QueryDict, name: str) -> tuple[int, ...]:
    """Return the row ids sent under ``name``."""
    return tuple(i for i in map(id_of, data.getlist(name)) if i is not None)


def known_units(found: Iterable[int | None]) -> tuple[int, ...]:
    """Return those that are working units; what no form offers is left out."""
    return tuple(i for i in found if i is not None and i in directory.units())


def secretary_of(actor: Actor, data: QueryDict, unit_id: int | None) -> int | None:
    """Return who was chosen to take the minutes, None for anybody who was not offered."""
    chosen = id_of(data.get("secretary", ""))
    return chosen if any(o["value"] == chosen for o in minute_takers(actor, clock.now(), unit_id)) else None


def venues_of(data: QueryDict) -> tuple[NewVenue, ...]:
    """Return the main venue and the branches, a branch a line: name, and after a blank bar the video number."""
    lines = data.get("branches", "").splitlines()[:MOST_VENUES]
    found = [NewVenue(data.get("place", "").strip(), data.get("video", "").strip())]
    for line in lines:
        name, _bar, video = line.replace("｜", "|").partition("|")
        if name.strip():
            found.append(NewVenue(name.strip(), video.strip()))
    return tuple(found)


def guests_of(text: str) -> tuple[Guest, ...]:
    """Return participants by role and number, one a line: ``人大代表 6``."""
    found = []
    for line in text.splitlines()[:MOST_GUESTS]:
        words = line.split()
        if words:
            heads = int(words[-1]) if len(words) > 1 and words[-1].isascii() and words[-1].isdigit() else 1
            found.append(Guest("".join(words[:-1]) if heads > 1 or len(words) > 1 else words[0], heads))
    return tuple(found)


def times_of(data: QueryDict) -> tuple[datetime, datetime]:
    """Return when it begins and ends.

    Raises:
        InvalidError: one is missing.
    """
    starts, ends = moment_of(data.get("starts_at", "")), moment_of(data.get("ends_at", ""))
    wrong = {}
    if starts is None:
        wrong["starts_at"] = [_("请填写开始时间。")]
    if ends is None:
        wrong["ends_at"] = [_("请填写结束时间。")]
    if starts is None or ends is None:
        raise InvalidError(_("还有内容需要填写。"), code="activities.times", fields=wrong)
    return starts, ends


def _data(request: HttpRequest, kind: Kind, host: hosts.Host | None) -> NewMeeting:
    data = request.POST
    starts, ends = times_of(data)
    unit_id = next(iter(known_units([id_of(data.get("unit", ""))])), None)
    if unit_id is None:
        raise InvalidError(_("请选择召集单位。"), fields={"unit": [_("请选择召集单位。")]})
    return NewMeeting(
        kind=kind.code,
        title=data.get("title", ""),
        theme=data.get("theme", ""),
        starts_at=starts,
        ends_at=ends,
        unit_id=unit_id,
        venues=venues_of(data),
        chair=data.get("chair", ""),
        secretary_id=secretary_of(actor_of(request), data, unit_id),
        area_id=id_of(data.get("area", "")),
        groups=tuple(data.getlist("groups")),
        area_ids=ids(data, "areas"),
        unit_ids=known_units(ids(data, "units")),
        guests=guests_of(data.get("guests", "")),
        standing=tuple(data.getlist("standing")),
        held_for=HeldFor(host.kind, host.uuid, host.label) if host else None,
    )


def _blank(actor: Actor, kind: Kind, host: hosts.Host | None = None) -> QueryDict:
    """Return the form as it is first shown: what the kind says, and whom its body has for members."""
    tomorrow = (local(clock.now()) + timedelta(days=7)).replace(hour=14, minute=0)
    data = QueryDict(mutable=True)
    data["title"] = kind.name
    data["starts_at"] = f"{tomorrow:%Y-%m-%dT%H:%M}"
    data["ends_at"] = f"{tomorrow + timedelta(minutes=kind.minutes):%Y-%m-%dT%H:%M}"
    data.setlist("groups", list(kind.groups))
    grids = [g.area_path for g in actor.grants if g.role == Role.GRID_HEAD.value and g.area_path]
    areas = directory.areas(local(clock.now()).date())
    own = next((a for a in areas if grids and a.path == grids[0]), None)
    if kind.level == "comprehensive" and own is not None:
        data["area"] = str(own.id)
    data.setlist("areas", [str(own.id if own else areas[0].id)] if kind.groups and areas else [])
    units = [u for u in directory.units().values() if u.kind in kind.unit_kinds]
    data.setlist("units", [str(u.id) for u in units])
    data.setlist("standing", list(kind.standing))
    data["guests"] = "\n".join(f"{g} 1" for g in kind.guests)
    if host is not None:
        _of_host(data, host)
    return data


def _of_host(data: QueryDict, host: hosts.Host) -> None:
    """Invite the members of a body in place of those whom the kind invites."""
    named = host.label.endswith(("会议", "大会"))
    data["title"] = host.label if named else _("%(body)s会议") % {"body": host.label}
    data.setlist("groups", [])
    data.setlist("areas", [])
    data.setlist("units", [str(u) for u in host.unit_ids])
    data["guests"] = "\n".join(f"{name} 1" for name in host.guests)
    data["area"] = str(host.area_id or "")
    data["unit"] = str(host.unit_id or "")


def _form(
    request: HttpRequest, kind: Kind, data: QueryDict, error: DomainError | None = None, host: hosts.Host | None = None
) -> HttpResponse:
    actor, options = actor_of(request), invite_options()
    known = selectors.standing_topics()
    units = own_units(actor)
    chosen = {name: data.getlist(name) for name in ("groups", "areas", "units", "standing")}
    context = {
        "kind": kind,
        "host": host,
        "typed": defaultdict(str, data.dict()),
        "chosen": chosen,
        "errors": defaultdict(list, error.fields if error else {}),
        "problem": problem(error) if error else None,
        "own_units": units,
        "secretaries": minute_takers(
            actor, clock.now(), id_of(data.get("unit", "")) or (units[0]["value"] if units else None)
        ),
        "standing": [{"value": s, "label": known[s].title} for s in kind.standing if s in known],
        "committee_chosen": any(str(o["value"]) in chosen["units"] for o in options["committees"]),
        "grids": [{"value": "", "label": _("全街道")}, *options["areas"][1:]],
        "nav_here": "meetings",
        **options,
    }
    return render(request, "desk/meetings/new.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Choose a kind (GET without one), or plan a meeting of it."""
    actor = actor_of(request)
    check_planner(actor)
    kinds = selectors.kinds()
    sent = request.POST if request.method == "POST" else request.GET
    kind, host = kinds.get(sent.get("kind", "")), hosts.named(actor, sent.get("for", ""))
    if kind is None:
        offered = [k for k in kinds.values() if host is None or not k.level]
        context = {"kinds": offered, "host": host, "nav_here": "meetings"}
        return render(request, "desk/meetings/kinds.html", context)
    if request.method == "GET":
        return _form(request, kind, _blank(actor, kind, host), host=host)
    try:
        meeting = services.plan_meeting(by=actor, now=clock.now(), data=_data(request, kind, host))
        if kind.level and meeting.state == "planned":
            _fill(request, actor, meeting)
    except (InvalidError, ConflictError) as error:
        return _form(request, kind, request.POST, error, host)
    return HttpResponseRedirect(reverse("desk:meeting", args=[meeting.uuid]))


def _fill(request: HttpRequest, actor: Actor, meeting: Meeting) -> None:
    """Take the cases that wait for such a meeting; who may not convene over them plans it without."""
    try:
        count = services.fill(by=actor, now=clock.now(), meeting=meeting)
    except (ForbiddenError, ConflictError, InvalidError) as error:
        messages.warning(request, str(error))
        return
    if count:
        messages.success(request, _("已将 %(n)s 个等待会商的问题列入议程。") % {"n": count})


@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change title, time, places, chair and minute-taker until the meeting begins."""
    actor = actor_of(request)
    meeting = selectors.meeting_for(actor, uuid)
    check_lead(actor, meeting)
    error: DomainError | None = None
    if request.method == "POST":
        data = request.POST
        try:
            starts, ends = times_of(data)
            services.change_meeting(
                by=actor,
                now=clock.now(),
                meeting=meeting,
                title=data.get("title", ""),
                theme=data.get("theme", ""),
                starts_at=starts,
                ends_at=ends,
                venues=venues_of(data),
                chair=data.get("chair", ""),
                secretary_id=secretary_of(actor, data, meeting.unit_id),
                expected=id_of(data.get("version", "")) or 0,
            )
        except (InvalidError, ConflictError) as refused:
            error = refused
            meeting = selectors.meeting_for(actor, uuid)
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("desk:meeting", args=[uuid]))
    venues = list(meeting.venues.all())
    typed = request.POST.dict() if error else {
        "title": meeting.title,
        "theme": meeting.theme,
        "starts_at": f"{local(meeting.starts_at):%Y-%m-%dT%H:%M}",
        "ends_at": f"{local(meeting.ends_at):%Y-%m-%dT%H:%M}",
        "place": venues[0].name if venues else "",
        "video": venues[0].video if venues else "",
        "branches": "\n".join(f"{v.name}｜{v.video}" if v.video else v.name for v in venues[1:]),
        "chair": meeting.chair,
        "secretary": meeting.secretary_id or "",
    }  # fmt: skip
    context = {
        "meeting": meeting,
        "kind": selectors.kind(meeting.kind),
        "typed": defaultdict(str, typed),
        "errors": defaultdict(list, error.fields if error else {}),
        "problem": problem(error) if error else None,
        "secretaries": minute_takers(actor, clock.now(), meeting.unit_id),
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/edit.html", context, status=error.status if error else 200)
