"""One venue: its page with everything that belongs to it, and each act on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError, NotFoundError
from linli.foundation.files import selectors as files
from linli.foundation.journal import selectors as journal
from linli.foundation.people import selectors as people
from linli.foundation.venues import permissions, selectors, services
from linli.foundation.venues.types import ItemData, Meal
from linli.interfaces.console.doors import actor_of, today
from linli.interfaces.console.venues import forms
from linli.interfaces.console.venues.doors import administrators, area_options, id_of, readers
from linli.interfaces.console.venues.doors import unit_options as units
from linli.interfaces.console.venues.fields import question_fields
from linli.interfaces.web import opening

if TYPE_CHECKING:
    from linli.foundation.venues.models import Venue
    from linli.interfaces.web.forms import DomainForm


def _form_context(request: HttpRequest, form: forms.VenueForm, venue: Venue | None, kind: str) -> dict[str, Any]:
    """Return what the form needs beside its fields; of a form sent back everything that was typed."""
    bound = form.is_bound
    questions = selectors.questions_of(kind)
    given = forms.read_answers(questions, request) if bound else dict(venue.answers) if venue else {}
    typed = forms.week_of(request.POST if bound else venue)
    post = request.POST
    keeper = id_of(post.get("keeper", "")) if bound else venue.keeper_id if venue else None
    posts = people.posts(keeper) if keeper is not None else []
    fields = {name: form[name] for name in form.fields}
    return {
        "form": form,
        "f": fields,
        "week": [{"name": f"day{n}", "label": label, "value": typed[n]} for n, label in enumerate(forms.days())],
        "units": units(),
        "posts": [{"value": "", "label": _("未指定")}] + [{"value": p.pk, "label": p.title} for p in posts],
        "areas": area_options(_("按地图上的位置")),
        "facilities": selectors.facilities(),
        "has": post.getlist("facility") if bound else venue.facilities if venue else [],
        "lat": post.get("point_lat", "") if bound else _number(venue.lat if venue else None),
        "lon": post.get("point_lon", "") if bound else _number(venue.lon if venue else None),
        "questions": question_fields(questions, given, getattr(form, "answer_errors", {})),
        "districts": selectors.districts(),
        "expected": post.get("expected", "") if bound else venue.version if venue else "",
    }


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.7f}"


def _take(form: forms.VenueForm, error: DomainError) -> None:
    form.take(error)
    form.answer_errors = {k: v for k, v in error.fields.items() if k.startswith("answers.")}  # type: ignore[attr-defined]
    for name in ("point", "kind"):
        for message in error.fields.get(name, []):
            form.add_error(None, message)


@require_http_methods(["GET", "POST"])
@administrators
def create(request: HttpRequest) -> HttpResponse:
    """Choose a kind, then enter a venue of it."""
    code = request.GET.get("kind", "")[:32]
    found = next((k for k in selectors.kinds() if k.code == code), None)
    if found is None:
        return render(request, "console/venues/choose.html", {"kinds": selectors.kinds(), "nav_here": "console"})
    form = forms.VenueForm(request.POST or None, initial=forms.initial(None))
    status = 200
    if request.method == "POST":
        status = 422
        data = forms.venue_data(form, request, code, selectors.questions_of(code))
        if data is not None:
            try:
                venue = services.add_venue(by=actor_of(request), now=clock.now(), data=data)
            except DomainError as error:
                _take(form, error)
                status = error.status
            else:
                messages.success(request, _("已登记。"))
                return HttpResponseRedirect(reverse("console:venue", args=[venue.uuid]))
    context = {"kind": found, "nav_here": "console", **_form_context(request, form, None, code)}
    return render(request, "console/venues/new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@readers
def venue(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a venue with all that belongs to it; take its changed form."""
    found = selectors.venue_for(uuid)
    if request.method != "POST":
        return page(request, found)
    by, now = actor_of(request), clock.now()
    permissions.check_keep(by, found)
    form = forms.VenueForm(request.POST)
    data = forms.venue_data(form, request, found.kind.code, selectors.questions_of(found.kind.code))
    status = 422
    if data is not None:
        try:
            services.change_venue(
                by=by, now=now, uuid=uuid, data=data, expected=id_of(request.POST.get("expected", "")) or 0
            )
        except DomainError as error:
            _take(form, error)
            status = error.status
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("console:venue", args=[uuid]))
    return page(request, selectors.venue_for(uuid), form=form, status=status)


def page(
    request: HttpRequest, found: Venue, *, form: forms.VenueForm | None = None, status: int = 200, **bound: Any
) -> HttpResponse:
    """Return the page of a venue; ``bound`` are the forms that were sent back, by name."""
    by, now, on = actor_of(request), clock.now(), today()
    may = permissions.may_keep(by, found)
    monday = on - timedelta(days=on.weekday())
    standard = selectors.standard_of(found)
    context = {
        "nav_here": "console",
        "venue": found,
        "may": may,
        "standing": opening.standing(found, now),
        "hours": opening.week(found, now),
        "photos": list(found.photos.select_related("file")),
        "standard": standard,
        "items": list(found.items.select_related("unit")),
        "activities": selectors.activities(found, now),
        "menu": _menu(found, monday, bound.pop("typed_menu", None)) if found.kind.canteen else [],
        "monday": monday,
        "duty": _duty(found, now),
        "log": [_told(e) for e in journal.entries_for("venue", found.uuid, 30)],
        "due": bool(found.kind.reviewed),
        "state_form": bound.get("state_form") or forms.StateForm(initial={"state": found.state}),
        "review_form": bound.get("review_form") or forms.ReviewForm(),
        "item_form": bound.get("item_form") or forms.ItemForm(initial={"count": 1}),
        "activity_form": bound.get("activity_form") or forms.ActivityForm(),
        "photo_form": bound.get("photo_form") or forms.PhotoForm(),
        "trouble": bound.get("trouble"),
        "answers": opening.answers(selectors.questions_of(found.kind.code), found.answers),
    }
    if may:
        form = form or forms.VenueForm(initial=forms.initial(found))
        context |= _form_context(request, form, found, found.kind.code)
        context["expected"] = found.version if not form.is_bound else context["expected"]
    return render(request, "console/venues/venue.html", context, status=status)


def _duty(found: Venue, now: Any) -> list[str]:
    if found.keeper_id is None:
        return []
    start = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    shifts = people.roster(start=start, end=start + timedelta(days=2), unit_id=found.keeper_id)
    return [
        f"{s.user.display_name} {localtime(s.starts_at):%m-%d %H:%M}—{localtime(s.ends_at):%H:%M}" for s in shifts[:8]
    ]


def _menu(found: Venue, monday: date, typed: Mapping[str, str] | None) -> list[dict[str, Any]]:
    kept = selectors.menus(found, monday, monday + timedelta(days=6))
    lines = []
    for n, name in enumerate(forms.days()):
        day = monday + timedelta(days=n)
        meals = []
        for meal in Meal.values:
            field = f"menu-{day.isoformat()}-{meal}"
            value = kept.get((day, meal), "") if typed is None else typed.get(field, "")
            meals.append({"name": field, "label": Meal(meal).label, "value": value})
        lines.append({"day": day, "name": name, "meals": meals})
    return lines


def _told(entry: Any) -> dict[str, Any]:
    from linli.interfaces.console.venues.fields import FIELDS, LOG  # noqa: PLC0415  words only

    names = [str(FIELDS.get(k, k)) for k in (entry.after or {})] if entry.before is not None else []
    return {
        "at": entry.at,
        "who": entry.actor_label,
        "what": LOG.get(entry.verb, entry.verb),
        "fields": "、".join(names[:12]),
        "reason": entry.reason,
    }


# Each act answers the forms to be shown again, or None when it is done.
def _simple(form: DomainForm, name: str, do: Callable[[dict[str, Any]], Any]) -> tuple[int, dict[str, Any]] | None:
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except DomainError as error:
            form.take(error)
            return error.status, {name: form}
        return None
    return 422, {name: form}


def _state(request: HttpRequest, uuid: UUID) -> tuple[int, dict[str, Any]] | None:
    by, now = actor_of(request), clock.now()
    form = forms.StateForm(request.POST)
    return _simple(form, "state_form", lambda d: services.set_state(by=by, now=now, uuid=uuid, **d))


def _review(request: HttpRequest, uuid: UUID) -> tuple[int, dict[str, Any]] | None:
    by, now = actor_of(request), clock.now()
    form = forms.ReviewForm(request.POST)
    return _simple(form, "review_form", lambda d: services.review(by=by, now=now, uuid=uuid, **d))


def _photo(request: HttpRequest, uuid: UUID) -> tuple[int, dict[str, Any]] | None:
    by, now = actor_of(request), clock.now()
    form = forms.PhotoForm(request.POST, request.FILES)

    def do(d: dict[str, Any]) -> None:
        sent = cast("UploadedFile[Any]", d["photo"])
        content = cast("BinaryIO", sent.file)
        services.add_photo(by=by, now=now, uuid=uuid, content=content, name=sent.name or "", alt=d["alt"])

    return _simple(form, "photo_form", do)


def _item(request: HttpRequest, uuid: UUID) -> tuple[int, dict[str, Any]] | None:
    by, now = actor_of(request), clock.now()
    form = forms.ItemForm(request.POST)

    def do(d: dict[str, Any]) -> None:
        item = ItemData(d["kind"], d["name"], d["count"], id_of(d["unit"]), d["note"])
        services.add_item(by=by, now=now, uuid=uuid, data=item)

    return _simple(form, "item_form", do)


def _activity(request: HttpRequest, uuid: UUID) -> tuple[int, dict[str, Any]] | None:
    by, now = actor_of(request), clock.now()
    form = forms.ActivityForm(request.POST)
    return _simple(form, "activity_form", lambda d: services.add_activity(by=by, now=now, uuid=uuid, **d))


def _slots(request: HttpRequest, uuid: UUID) -> tuple[int, dict[str, Any]] | None:
    data = request.POST
    has = set(data.getlist("present"))
    found = {code: data.get(f"note-{n}", "") if code in has else None for n, code in enumerate(data.getlist("slot"))}
    services.set_slots(by=actor_of(request), now=clock.now(), uuid=uuid, present=found)
    return None


def _set_menu(request: HttpRequest, uuid: UUID) -> tuple[int, dict[str, Any]] | None:
    dishes: dict[tuple[date, str], str] = {}
    for name, text in request.POST.items():
        _head, _dash, rest = name.partition("menu-")
        day, _dash, meal = rest.rpartition("-")
        if rest and meal in Meal.values:
            try:
                dishes[date.fromisoformat(day), meal] = str(text)
            except ValueError as error:
                raise InvalidError(_("日期有误，请重新打开页面。"), code="venues.menu") from error
    try:
        services.set_menu(by=actor_of(request), now=clock.now(), uuid=uuid, dishes=dishes)
    except InvalidError as error:
        return error.status, {"trouble": error, "typed_menu": request.POST.dict()}
    return None


def _drop(service: Callable[..., None], name: str) -> Callable[[HttpRequest, UUID], None]:
    def drop(request: HttpRequest, uuid: UUID) -> None:
        row = {name: id_of(request.POST.get("id", "")) or 0}
        service(by=actor_of(request), now=clock.now(), uuid=uuid, **row)

    return drop


ACTS: dict[str, Callable[[HttpRequest, UUID], tuple[int, dict[str, Any]] | None]] = {
    "state": _state,
    "review": _review,
    "photo": _photo,
    "item": _item,
    "activity": _activity,
    "slots": _slots,
    "menu": _set_menu,
    "drop-photo": _drop(services.drop_photo, "photo_id"),
    "drop-item": _drop(services.drop_item, "item_id"),
    "cancel-activity": _drop(services.cancel_activity, "activity_id"),
}


@require_POST
@readers
def act(request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
    """Do one act on a venue and come back to its page; what was refused is said where it was typed."""
    if name not in ACTS:
        raise NotFoundError(_("没有找到这个页面。"))
    permissions.check_keep(actor_of(request), selectors.venue_for(uuid))
    try:
        refused = ACTS[name](request, uuid)
    except DomainError as error:
        refused = (error.status, {"trouble": error})
    if refused is None:
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(f"{reverse('console:venue', args=[uuid])}#{name.removeprefix('drop-')}")
    status, bound = refused
    return page(request, selectors.venue_for(uuid), status=status, **bound)


@require_GET
@readers
def photo(_request: HttpRequest, uuid: UUID, photo_id: int) -> HttpResponseBase:
    """Send a small picture of a venue, internal kinds included."""
    found = selectors.venue_for(uuid).photos.select_related("file").filter(pk=photo_id).first()
    if found is None:
        raise NotFoundError(_("没有找到这张照片。"))
    served = files.serve_shown(found.file.uuid, 320)
    answer = cast("HttpResponseBase", StreamingHttpResponse(served.chunks, content_type=served.mime))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=86400"
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(served.name, safe='')}"
    return answer
