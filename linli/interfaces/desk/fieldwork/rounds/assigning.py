"""Who goes where: by hand, by grid, or as a proposal that is taken whole or in part; with the load of each."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.permissions import check_lead
from linli.engines.fieldwork.selectors import boards
from linli.engines.fieldwork.types import Continuity, Given, Unplaced
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError
from linli.foundation.core.paging import Page
from linli.foundation.rulebook import selectors as rulebook
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, problem, staff, uuid_of
from linli.interfaces.desk.fieldwork.rounds.board import head
from linli.interfaces.desk.fieldwork.rounds.home import area_names, visit_row
from linli.interfaces.desk.fieldwork.rounds.words import options
from linli.interfaces.web.forms import DomainForm, day_field

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round, RoundProposal, Visit
    from linli.foundation.core.actors import Actor

MOST_PEOPLE = 120
WEEK = 7


class RouteForm(DomainForm):
    """What a proposal by route is asked for."""

    people = forms.TypedMultipleChoiceField(label=gettext_lazy("可以派的人"), coerce=int)
    first = day_field(gettext_lazy("从哪天起"))
    days = forms.IntegerField(label=gettext_lazy("几个工作日"), min_value=1, max_value=31, initial=5)
    begin = forms.TimeField(label=gettext_lazy("出发"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    end = forms.TimeField(label=gettext_lazy("收工"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    most = forms.IntegerField(label=gettext_lazy("每人每天最多几次"), min_value=1, max_value=100, initial=20)
    continuity = forms.ChoiceField(label=gettext_lazy("上次去过的人"), required=False)

    def __init__(self, *args: Any, team: list[dict[str, Any]], **kwargs: Any) -> None:
        """Offer the people who can be sent."""
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(p["id"], p["name"]) for p in team]  # type: ignore[attr-defined]
        self.fields["continuity"].choices = [  # type: ignore[attr-defined]
            (Continuity.NONE.value, _("不考虑")),
            (Continuity.PREFER.value, _("尽量还是他")),
            (Continuity.AVOID.value, _("换一个人")),
        ]

    def asking(self) -> services.Asking:
        """Return what was typed as the engine takes it."""
        data = self.cleaned_data
        begin, end = data["begin"], data["end"]
        return services.Asking(
            "route", tuple(data["people"]), data["first"], data["days"], begin.hour * 60 + begin.minute,
            end.hour * 60 + end.minute, data["most"], data["continuity"] or Continuity.NONE.value,
        )  # fmt: skip


def shift(on: date) -> tuple[int, int]:
    """Return from when to when somebody is out visiting, as the rulebook has it: minutes since midnight."""
    begin, end = rulebook.value("fieldwork.shift", on=on)
    return int(begin), int(end)


def team(round_: Round, today: date) -> list[dict[str, Any]]:
    """Return who can be sent: of the round's units, of those that join, and who works where the round goes."""
    holders = selectors.crews([round_], clock.now())[round_.pk][:MOST_PEOPLE]
    rows: list[dict[str, Any]] = [{"id": h.user_id, "name": h.name, "title": h.title} for h in holders]
    loads = boards.loads([r["id"] for r in rows], today, today + timedelta(days=WEEK - 1))
    minutes, (begin, end) = selectors.visit_minutes(today), shift(today)
    full = (end - begin) * 5
    for row in rows:
        load = loads.get(row["id"])
        row |= {
            "open": load.open if load else 0, "planned": load.planned if load else 0,
            "minutes": (load.planned if load else 0) * minutes, "full": full,
        }  # fmt: skip
        row["percent"] = min(100, 100 * row["minutes"] // full)
    return rows


def is_everybody(request: HttpRequest) -> bool:
    """Return whether the visits that somebody has are shown as well."""
    return request.GET.get("who") == "all"


def _area(request: HttpRequest) -> Any:
    areas = directory.areas(local(clock.now()).date())
    return next((a for a in areas if str(a.id) == request.GET.get("area", "")), None)


def waiting_of(request: HttpRequest, round_: Round, cursor: str, size: int) -> Page[Visit]:
    """Return a page of the visits of a round that wait to be given out, as is asked for."""
    area = _area(request)
    return selectors.visits(
        actor_of(request), round_, states=("due", "tried", "unreached"), nobody=not is_everybody(request),
        area_path=area.path if area else "", cursor=cursor, size=size,
    )  # fmt: skip


def _page(
    request: HttpRequest, round_: Round, *, route: RouteForm | None = None, error: DomainError | None = None,
) -> HttpResponse:  # fmt: skip
    today = local(clock.now()).date()
    everybody, area = is_everybody(request), _area(request)
    page = waiting_of(request, round_, request.GET.get("cursor", "")[:300], 50)
    names, crew = area_names(today), team(round_, today)
    chosen = {c.split(":")[0] for c in request.POST.getlist("visit")}
    begin, end = shift(today)
    times = {"begin": f"{begin // 60:02}:{begin % 60:02}", "end": f"{end // 60:02}:{end % 60:02}"}
    query = f"who={'all' if everybody else ''}&area={area.id if area else ''}"
    refused = error or (route.refused if route is not None else None)
    context = {
        **head(request, round_, "assign"),
        "page": page,
        "rows": [{**visit_row(v, today, names), "chosen": str(v.uuid) in chosen} for v in page.rows],
        "everybody": everybody,
        "asked": {"area": area.id if area else ""},
        "base": f"?{query}&",
        "area_options": options(_("全部区域"), ((a.id, a.name) for a in directory.areas(today) if a.depth)),
        "export": "" if selectors.is_guarded(round_) else "round_assign",
        "fixed": f"round={round_.uuid}",
        "located": True,
        "team": crew,
        "people": options(_("不指定到人"), ((p["id"], f"{p['title']} {p['name']}") for p in crew)),
        "route": route or RouteForm(initial={"first": today, "days": 5, "most": 20, **times}, team=crew),
        "route_open": route is not None,
        "typed": request.POST,
        "proposals": list(round_.proposals.order_by("-id")[:5]),
        "problem": problem(refused) if refused else None,
    }
    status = refused.status if refused else 422 if route is not None else 200
    return render(request, "desk/rounds/assign.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff
def assign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show who goes where; give the chosen visits to somebody; ask for a proposal."""
    actor, now = actor_of(request), clock.now()
    round_ = selectors.round_for(actor, uuid)
    check_lead(actor, round_)
    if request.method == "GET":
        return _page(request, round_)
    act = request.POST.get("act", "give")
    if act == "route":
        form = RouteForm(request.POST, team=team(round_, local(now).date()))
        if form.attempt(
            lambda: services.ask_proposal(by=actor, now=now, round_=round_, asking=form.asking()),
            through=(ForbiddenError,),
        ):
            return _page(request, round_, route=form)
        return HttpResponseRedirect(reverse("desk:round_proposal", args=[form.made.uuid]))
    try:
        if act == "grid":
            made = services.ask_proposal(by=actor, now=now, round_=round_, asking=services.Asking("grid"))
            return HttpResponseRedirect(reverse("desk:round_proposal", args=[made.uuid]))
        count = services.assign(by=actor, now=now, given=_given(request, actor))
    except ForbiddenError:
        raise
    except DomainError as error:
        return _page(request, round_, error=error)
    messages.success(request, _("已安排 %(n)s 次走访。") % {"n": count})
    return HttpResponseRedirect(reverse("desk:round_assign", args=[uuid]))


def _given(request: HttpRequest, actor: Actor) -> list[Given]:
    """Return the chosen visits as given to the chosen person, held against what a day can hold.

    Raises:
        InvalidError: nothing chosen, or more than fits in the person's day.
    """
    data = request.POST
    chosen = [(uuid_of(u), id_of(v)) for u, _s, v in (c.partition(":") for c in data.getlist("visit"))]
    picked = [(u, v) for u, v in chosen if u is not None and v is not None]
    if not picked:
        raise InvalidError(_("没有选中走访。"), code="desk.assign", hint=_("请先在列表中勾选。"))
    user, second, day = id_of(data.get("user", "")), id_of(data.get("second", "")), day_of(data.get("day", ""))
    if day is not None:
        fits(len(picked), [u for u in (user, second) if u is not None], day)
    del actor
    return [
        Given(u, v, user, second, planned_on=day, place=n if day is not None else None)
        for n, (u, v) in enumerate(picked, 1)
    ]


def fits(count: int, users: list[int], day: date) -> None:
    """Refuse what is more than a person's day holds: nobody is given more than a shift.

    Raises:
        InvalidError: somebody would have more minutes of visits than the shift has.
    """
    minutes, (begin, end) = selectors.visit_minutes(day), shift(day)
    there = boards.planned_on(users, day)
    for user in users:
        wanted = (there.get(user, 0) + count) * minutes
        if wanted > end - begin:
            name = accounts.users([user])[user].display_name if accounts.users([user]) else ""
            raise InvalidError(
                _("%(name)s在 %(day)s 会有 %(minutes)s 分钟的走访，超过一班 %(shift)s 分钟。")
                % {"name": name, "day": day.isoformat(), "minutes": wanted, "shift": end - begin},
                code="desk.load", hint=_("请少选几次，或换一天、换一个人。"), fields={"day": [_("这一天排满了。")]},
            )  # fmt: skip


def _why(found: dict[str, int]) -> list[tuple[str, int]]:
    words = {
        Unplaced.NOBODY.value: _("没有可去的人"),
        Unplaced.NO_PAIR.value: _("凑不成两人"),
        Unplaced.NO_TIME.value: _("时段内没有人在"),
        Unplaced.FULL.value: _("人都排满了"),
    }
    return [(words.get(code, code), n) for code, n in sorted(found.items())]


def proposal_page(request: HttpRequest, row: RoundProposal, error: DomainError | None = None) -> HttpResponse:
    """Show a proposal by person, with what each day would hold."""
    given = services.given_of(row)
    ids = {u for g in given for u in (g.user_id, g.second_id) if u is not None}
    names = {pk: u.display_name for pk, u in accounts.users(list(ids)).items()}
    counts: dict[int, int] = defaultdict(int)
    for g in given:
        for user in {g.user_id, g.second_id} - {None}:
            counts[user or 0] += 1
    days: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for who, day, visits, minutes, walk, whole in row.found.get("days", ()):
        entry = {"day": date.fromisoformat(day), "visits": visits, "minutes": minutes, "walk": walk, "whole": whole}
        entry["percent"] = min(100, 100 * (minutes + walk) // max(1, whole))
        for user in who:
            days[int(user)].append(entry)
    there = boards.loads(ids, local(clock.now()).date(), local(clock.now()).date() + timedelta(days=WEEK))
    context = {
        **head(request, row.round, "assign"),
        "proposal": row,
        "people": [
            {
                "id": user, "name": names.get(user, ""), "visits": counts[user],
                "days": sorted(days[user], key=lambda d: d["day"]),
                "open": there[user].open if user in there else 0,
            }
            for user in sorted(counts, key=lambda u: names.get(u, ""))
        ],
        "count": len(given),
        "left": row.found.get("left", 0),
        "why": _why(row.found.get("unplaced", {})),
        "walk": row.found.get("walk", 0) // 60,
        "problem": problem(error) if error else None,
    }  # fmt: skip
    return render(request, "desk/rounds/proposal.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@staff
def proposal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a proposal; take it, for the chosen people."""
    actor, now = actor_of(request), clock.now()
    row = services.proposal_for(actor, uuid)
    if request.method == "GET":
        return proposal_page(request, row)
    users = [u for u in map(id_of, request.POST.getlist("people")) if u is not None]
    try:
        count = services.take_proposal(by=actor, now=now, row=row, users=users)
    except ForbiddenError:
        raise
    except DomainError as error:
        return proposal_page(request, services.proposal_for(actor, uuid), error)
    messages.success(request, _("已采纳，安排 %(n)s 次走访；走访人可以自己调整次序。") % {"n": count})
    return HttpResponseRedirect(reverse("desk:round_assign", args=[row.round.uuid]))


@require_GET
@staff
def pins(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return a round's open visits as the pins of a map; never of guarded kinds, and at most 2,000."""
    actor = actor_of(request)
    round_ = selectors.round_for(actor, uuid)
    check_lead(actor, round_)
    rows = boards.on_map(actor, round_)
    address = reverse("desk:visit", args=[UUID(int=0)])
    found = [
        {
            "id": str(v.uuid), "lat": v.target.lat, "lon": v.target.lon, "title": v.target.name,
            "status": "done" if v.state == "done" else "doing" if v.user_id else "new",
            "icon": v.target.kind.icon, "url": address.replace(str(UUID(int=0)), str(v.uuid)),
        }
        for v in rows
    ]  # fmt: skip
    answer = HttpResponse(json.dumps(found, ensure_ascii=False), content_type="application/json")
    answer["Cache-Control"] = "private, max-age=30"
    return answer
