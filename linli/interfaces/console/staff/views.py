"""The people of the subdistrict: who has an account, which posts they hold, who stands in, looking as they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.accounts import selectors as accounts
from linli.foundation.accounts import services as account_services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError, NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.people import selectors, services
from linli.foundation.people.types import ADMIN_ROLES, ROLES, Role
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError
from linli.interfaces.console.doors import actor_of, may, only, today
from linli.interfaces.console.staff import forms
from linli.interfaces.web import seeing
from linli.interfaces.web.access import ask_again, confirmed, while_seeing
from linli.interfaces.web.forms import DomainForm

if TYPE_CHECKING:
    from linli.foundation.accounts.models import User

SIZE = 50
_keepers = only("accounts:manage", "people:appoint")
_appointers = only("people:appoint")
_system = only("accounts:manage")


def post_words(appointment: Any) -> dict[str, Any]:
    """Return a term as the pages show it."""
    post = appointment.post
    area = post.area or post.unit.area
    return {
        "row": appointment,
        "role": ROLES[Role(post.role)].name,
        "title": post.title,
        "unit": post.unit.name,
        "area": area.name if area is not None else "",
        "administrator": post.role in ADMIN_ROLES,
    }


def _unit_options() -> list[dict[str, Any]]:
    head = [{"value": "", "label": _("全部单位")}]
    return head + [{"value": u.pk, "label": u.name} for u in selectors.active_units()]


def _asked(form: forms.SearchForm) -> dict[str, Any]:
    form.is_valid()
    return {name: form.cleaned_data.get(name) or "" for name in form.fields}


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[User]:
    """Return the page of accounts that an address asks for."""
    data = _asked(forms.SearchForm(request.GET))
    return selectors.staff_page(
        by=actor_of(request),
        now=clock.now(),
        text=data["q"],
        role=data["role"],
        unit_id=int(data["unit"]) if data["unit"] else None,
        state=data["state"],
        cursor=cursor,
        size=size,
    )


def with_posts(users: Sequence[User]) -> list[dict[str, Any]]:
    """Return accounts with the posts that they hold today, as the pages show them."""
    held = selectors.posts_now([u.pk for u in users], today())
    return [{"user": u, "posts": [post_words(a) for a in held.get(u.pk, [])]} for u in users]


@require_GET
@_keepers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the accounts by name: post and unit today, last login, state."""
    form = forms.SearchForm(request.GET)
    data, page = _asked(form), page_of(request, request.GET.get("cursor", ""))
    query = urlencode([(k, v) for k, v in data.items() if v])
    choices: Any = form.fields
    context = {
        "nav_here": "console",
        "page": page,
        "people": with_posts(page.rows),
        "data": data,
        "roles": [{"value": v, "label": label} for v, label in choices["role"].choices],
        "states": [{"value": v, "label": label} for v, label in choices["state"].choices],
        "units": _unit_options(),
        "base": f"?{query}&" if query else "?",
        "first": f"{reverse('console:people')}?{query}" if query else reverse("console:people"),
        "searched": bool(query),
        "may_create": may(request, "accounts:manage"),
    }
    return render(request, "console/staff/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@_system
def create(request: HttpRequest) -> HttpResponse:
    """Make one account and show its first password once, for the printer."""
    form = forms.NewPersonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = form.attempt(lambda: _create(request, form.cleaned_data))
        if not status:
            return render(request, "console/staff/slip.html", {"nav_here": "console", **form.made})
    return render(request, "console/staff/new.html", {"nav_here": "console", "form": form}, status=status)


def _create(request: HttpRequest, data: dict[str, Any]) -> dict[str, Any]:
    by, now = actor_of(request), clock.now()
    user = account_services.create_user(by=by, now=now, **data)
    slip = account_services.issue_password(by=by, now=now, user=user, reason=_("新建账号"))
    return {"slip": slip, "account": user}


def _person(uuid: UUID) -> User:
    found = accounts.user_by_uuid(uuid)
    if found.kind not in {"staff", "program"}:
        raise NotFoundError(_("没有这个账号。"))
    return found


def _posts_to_give(request: HttpRequest, on: date) -> list[dict[str, Any]]:
    """Return the posts of the unit that was chosen, with who holds them."""
    chosen = request.GET.get("unit", "") or request.POST.get("unit", "")
    if not chosen.isdecimal():
        return []
    unit_id = int(chosen[:18])
    posts = selectors.posts_of_units([unit_id]).get(unit_id, [])
    holders = selectors.holders_of_posts([p.pk for p in posts], on)
    return [
        {
            "value": p.pk,
            "label": p.title,
            "hint": "・".join(
                part
                for part in (
                    str(ROLES[Role(p.role)].name),
                    p.area.name if p.area else "",
                    "、".join(a.user.display_name for a in holders.get(p.pk, [])) or _("空缺"),
                )
                if part
            ),
        }
        for p in posts
    ]


def _page(request: HttpRequest, user: User, *, status: int = 200, **bound: Any) -> HttpResponse:
    on = today()
    terms = [post_words(a) for a in selectors.appointments_of(user.pk)]
    context = {
        "nav_here": "console",
        "account": user,
        "today": on,
        "now_terms": [t for t in terms if t["row"].ends_on is None or t["row"].ends_on >= on],
        "past_terms": [t for t in terms if t["row"].ends_on is not None and t["row"].ends_on < on],
        "absences": selectors.absences_of(user.pk)[:20],
        "units": _unit_options(),
        "unit": request.GET.get("unit", "") or request.POST.get("unit", ""),
        "posts": _posts_to_give(request, on),
        "may_appoint": may(request, "people:appoint"),
        "may_account": may(request, "accounts:manage"),
        "may_see": may(request, "people:see_as"),
        "absence_form": forms.AbsenceForm(),
        "hand_over_form": forms.HandOverForm(),
        "see_form": forms.SeeAsForm(),
        "term_form": forms.TermForm(initial={"starts_on": on}),
        "end_form": forms.EndTermForm(initial={"on": on}),
        **bound,
    }
    return render(request, "console/staff/person.html", context, status=status)


@never_cache
@require_GET
@_keepers
def person(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show somebody's posts with dates, absences and stand-ins, and what can be done."""
    return _page(request, _person(uuid))


def _back(user: User) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:person", args=[user.uuid]))


def _enter(
    request: HttpRequest, user: User, name: str, form: DomainForm, do: Callable[[dict[str, Any]], str], **bound: Any
) -> HttpResponse:
    status = form.attempt(lambda: do(form.cleaned_data))
    if not status:
        messages.success(request, form.made)
        return _back(user)
    return _page(request, user, status=status, **{name: form}, **bound)


@require_POST
@_appointers
def appoint(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put somebody into a post; an administrator's only after the password."""
    user, form = _person(uuid), forms.TermForm(request.POST)
    chosen = selectors.post(form.cleaned_data["post"]) if form.is_valid() else None
    if chosen is not None and chosen.role in ADMIN_ROLES and (answer := ask_again(request)) is not None:
        return answer

    def do(d: dict[str, Any]) -> str:
        post = selectors.post(d["post"])
        services.appoint(
            by=actor_of(request),
            now=clock.now(),
            user_id=user.pk,
            post=post,
            starts_on=d["starts_on"],
            ends_on=d["ends_on"],
        )
        return _("已任命：%(unit)s %(title)s。") % {"unit": post.unit.name, "title": post.title}

    return _enter(request, user, "term_form", form, do)


@require_POST
@_appointers
def end_term(request: HttpRequest, uuid: UUID, term_id: int) -> HttpResponse:
    """End somebody's term in a post; an administrator's only after the password."""
    user, form = _person(uuid), forms.EndTermForm(request.POST)
    term = selectors.appointment(term_id, user.pk)
    if term.post.role in ADMIN_ROLES and (answer := ask_again(request)) is not None:
        return answer

    def do(d: dict[str, Any]) -> str:
        services.end_appointment(
            by=actor_of(request), now=clock.now(), appointment=term, on=d["on"], reason=d["reason"]
        )
        return _("任职已结束。")

    return _enter(request, user, "end_form", form, do, ending=term_id)


def user_named(name: str, field: str) -> int | None:
    """Return the account that was typed, None for nothing.

    Raises:
        InvalidError: nobody has it.
    """
    if not name.strip():
        return None
    found = accounts.find_login(name)
    if found is None:
        message = _("没有“%(name)s”这个账号；请填登录账号或手机号。") % {"name": name.strip()[:40]}
        raise InvalidError(message, fields={field: [message]})
    return found.pk


@require_POST
@_appointers
def absence(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Note days away, and who stands in."""
    user, form = _person(uuid), forms.AbsenceForm(request.POST)

    def do(d: dict[str, Any]) -> str:
        services.record_absence(
            by=actor_of(request),
            now=clock.now(),
            user_id=user.pk,
            stand_in_id=user_named(d["stand_in"], "stand_in"),
            starts_on=d["starts_on"],
            ends_on=d["ends_on"],
        )
        return _("已登记。")

    return _enter(request, user, "absence_form", form, do)


@require_POST
@_appointers
@confirmed
def hand_over(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End everything somebody holds and pass posts and open work on."""
    user, form = _person(uuid), forms.HandOverForm(request.POST)

    def do(d: dict[str, Any]) -> str:
        moved = services.hand_over(
            by=actor_of(request),
            now=clock.now(),
            from_user=user.pk,
            to_user=user_named(d["to_user"], "to_user"),
            on=d["on"],
            reason=d["reason"],
        )
        words = "、".join(f"{m.what} × {m.count}" for m in moved)
        return _("已移交：%(what)s。") % {"what": words} if words else _("没有需要移交的岗位和案件。")

    return _enter(request, user, "hand_over_form", form, do)


def _minutes(now: datetime) -> int:
    try:
        return int(rulebook.value("accounts.see_as_minutes", on=localtime(now).date()))
    except RuleMissingError:
        return 15


@require_POST
@only("people:see_as")
@confirmed
def see_as(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Look with somebody's grants, read only, for some minutes."""
    user, form, now = _person(uuid), forms.SeeAsForm(request.POST), clock.now()
    if form.is_valid():
        try:
            until = services.begin_see_as(
                by=actor_of(request), now=now, user=user, reason=form.cleaned_data["reason"], minutes=_minutes(now)
            )
        except DomainError as error:
            form.take(error)
            return _page(request, user, status=error.status, see_form=form)
        seeing.begin(request, user, until)
        return HttpResponseRedirect(reverse("desk:list"))
    return _page(request, user, status=422, see_form=form)


@while_seeing
@require_POST
def see_as_end(request: HttpRequest) -> HttpResponse:
    """Look with one's own grants again."""
    if request.seeing is None:  # type: ignore[attr-defined]
        return HttpResponseRedirect("/")
    user = request.seeing.user  # type: ignore[attr-defined]
    seeing.end(request, clock.now())
    messages.success(request, _("已退出查看。"))
    return _back(user)
