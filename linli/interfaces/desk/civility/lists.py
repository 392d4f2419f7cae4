"""The lists (加减乘法), the weekly plan, photos of the same spot, one point with all that is known of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.files import selectors as files
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.civility.common import NAV, PURPOSE, form_page, stored, tab
from linli.interfaces.desk.civility.doing_forms import DropForm, EndForm, ShotForm, TodoForm
from linli.interfaces.desk.civility.drawing import week_columns
from linli.interfaces.desk.doors import actor_of, day_of, staff, today, uuid_of
from linli.interfaces.desk.files.views import SIZES, send
from linli.programmes.civility import permissions, selectors, services
from linli.programmes.civility.types import KIND, Listed, TodoData, TodoState

if TYPE_CHECKING:
    from linli.programmes.civility.models import Shot, Todo

TONES = {TodoState.OPEN: "doing", TodoState.DONE: "done", TodoState.DROPPED: "idle"}
_NEW = {
    Listed.ADD: gettext_lazy("登记要修、要补、要加、要改的"),
    Listed.TAKE: gettext_lazy("登记要清理的"),
    Listed.TIMES: gettext_lazy("登记长效项目"),
    Listed.WEEK: gettext_lazy("登记本周行动"),
}
_LISTS = (Listed.ADD, Listed.TAKE, Listed.TIMES)


def todo_tone(row: Todo) -> str:
    """Return how an entry stands, as a colour."""
    late = row.state == TodoState.OPEN and row.due_on < today()
    return "late" if late else TONES[TodoState(row.state)]


def asked_of(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """Return which list the address asks for, and what it is narrowed to."""
    here = request.GET.get("list", "")
    query = {k: v for k in ("q", "state", "work", "late") if (v := request.GET.get(k, "").strip()[:60])}
    return here if here in {v.value for v in _LISTS} else Listed.ADD.value, query


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Todo]:
    """Return a page of what the address asks for."""
    here, query = asked_of(request)
    filters = selectors.TodoFilter(
        here, query.get("state", ""), query.get("work", ""), None, query.get("q", ""), bool(query.get("late"))
    )
    return selectors.todos(actor_of(request), filters, cursor=cursor, size=size)


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show one of the lists."""
    by, (here, query) = actor_of(request), asked_of(request)
    page = page_of(request, request.GET.get("cursor", ""))
    counts = selectors.todo_counts(by)
    context = {
        "page": page,
        "rows": [{"row": t, "tone": todo_tone(t)} for t in page.rows],
        "tabs": [
            tab(v.label, f"?list={v.value}", current=v == here, count=counts.get(v.value, (0, 0, 0))[0],
                late=bool(counts.get(v.value, (0, 0, 0))[1]))
            for v in _LISTS
        ],
        "here": here,
        "title": Listed(here).label,
        "query": query,
        "narrowed": bool(query),
        "base": f"?{urlencode({'list': here, **query})}&",
        "states": [{"value": "", "label": _("全部状态")}]
        + [{"value": s.value, "label": s.label} for s in TodoState],
        "new": reverse("desk:civility_todo_new", args=[here]),
        "new_label": _NEW[Listed(here)],
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/civility/todos.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest, listed: str) -> HttpResponse:
    """Enter something to be done."""
    by, status = actor_of(request), 200
    permissions.check_read(by)
    if listed not in Listed.values:
        raise NotFoundError(_("没有这张清单。"), code="civility.list")
    form = TodoForm(request.POST or None, by=by, row=listed)
    if request.method == "POST":
        status = form.attempt(lambda: _add(by, listed, form.cleaned_data))
        if not status:
            messages.success(request, _("已登记。"))
            return HttpResponseRedirect(reverse("desk:civility_todo", args=[form.made.uuid]))
    back = (_where(listed), Listed(listed).label)
    return form_page(request, form, title=_NEW[Listed(listed)], back=back, status=status)


def _where(listed: str) -> str:
    """Return the page on which a list stands."""
    if listed == Listed.WEEK:
        return reverse("desk:civility_week")
    return f"{reverse('desk:civility_todos')}?list={listed}"


def _add(by: Any, listed: str, data: dict[str, Any]) -> Todo:
    values = {**data, "point": uuid_of(data["point"]), "task": "yes" in data["task"]}
    return services.add_todo(by=by, now=clock.now(), data=TodoData(listed=listed, **values))


def _may_end(by: Any, row: Any) -> bool:
    return row.state == TodoState.OPEN and permissions.may_enter(by, row.unit_id, row.area_path)


ACTS = (
    Act(
        "end", gettext_lazy("完成"), "check", EndForm,
        lambda by, now, row, data, seen: services.end_todo(
            by=by, now=now, uuid=row.uuid, result=data["result"], file_id=data.get("photo_id"), expected=seen
        ),
        _may_end, primary=True,
    ),
    Act(
        "drop", gettext_lazy("取消"), "x", DropForm,
        lambda by, now, row, data, seen: services.end_todo(
            by=by, now=now, uuid=row.uuid, result=data["result"], dropped=True, expected=seen
        ),
        _may_end, danger=True,
    ),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one entry, and end it."""
    by = actor_of(request)
    row = selectors.todo_for(by, uuid)
    acts = Acts(request, row, ACTS, purpose=PURPOSE)
    if request.method == "POST" and (done := acts.post(reverse("desk:civility_todo", args=[uuid]))) is not None:
        return done
    context = {
        "row": row, "tone": todo_tone(row), "acts": acts.shown, "problem": acts.problem,
        "back": _where(row.listed),
        "task": reverse("desk:task", args=[row.task_uuid]) if row.task_uuid else "",
        "rota": row.rota.splitlines(), "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/civility/todo.html", context, status=acts.status)


def photo(shot: Shot, *, alt: str) -> dict[str, Any]:
    """Return a photo as the component takes it."""
    url = reverse("desk:civility_file", args=[shot.file.uuid, "1600"])
    caption = f"{shot.on:%m-%d}{'　' + shot.note if shot.note else ''}"
    return {
        "url": url, "thumb": reverse("desk:civility_file", args=[shot.file.uuid, "320"]), "alt": alt,
        "caption": caption,
    }  # fmt: skip


@require_GET
@staff
def week(request: HttpRequest) -> HttpResponse:
    """Show a week's actions by unit, the weeks before, and spots then and now."""
    by = actor_of(request)
    monday = services.monday(day_of(request.GET.get("week", "")) or today())
    rows = selectors.week(by, monday)
    units: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        shots = [photo(s, alt=row.title) for s in row.shots.all()]
        units.setdefault(row.unit.name, []).append({"row": row, "tone": todo_tone(row), "photos": shots})
    weeks = selectors.weeks(by, max(monday, services.monday(today())))
    context = {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(weeks=1),
        "after": monday + timedelta(weeks=1),
        "units": units,
        "done": sum(r.state == TodoState.DONE for r in rows),
        "all": len(rows),
        "chart": week_columns(weeks, _("各周行动"), reverse("desk:civility_week")),
        "new": reverse("desk:civility_todo_new", args=[Listed.WEEK.value]),
        "nav_here": NAV,
    }
    return render(request, "desk/civility/week.html", context)


@require_GET
@staff
def compare(request: HttpRequest) -> HttpResponse:
    """Show spots with their first and last photo of a week or a month."""
    by = actor_of(request)
    permissions.check_read(by)
    month = request.GET.get("span", "month") != "week"
    day = day_of(request.GET.get("to", "")) or today()
    first = day - timedelta(days=30 if month else 7)
    found = selectors.spots(by, first=first, last=day)
    context = {
        "spots": [{"target": t, "pair": [photo(a, alt=t.name), photo(b, alt=t.name)]} for t, a, b in found],
        "first": first,
        "last": day,
        "tabs": [
            tab(_("一周"), f"?{urlencode({'span': 'week', 'to': day})}", current=not month),
            tab(_("一月"), f"?{urlencode({'span': 'month', 'to': day})}", current=month),
        ],
        "nav_here": NAV,
    }
    return render(request, "desk/civility/compare.html", context)


@require_http_methods(["GET", "POST"])
@staff
def point(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one point: the same spot week by week, its advertisements; add a photo."""
    by, status = actor_of(request), 200
    permissions.check_read(by)
    target = fieldwork.target_for(by, uuid)
    form = ShotForm(request.POST or None, request.FILES or None, by=by, row=target)
    if request.method == "POST":
        status = form.attempt(lambda: _shoot(request, target, form))
        if not status:
            messages.success(request, _("照片已保存。"))
            return HttpResponseRedirect(reverse("desk:civility_point", args=[uuid]))
    types = {t.code: t.name for t in selectors.point_types()}
    context = {
        "target": target,
        "type": types.get(str(target.facts.get("type", "")), target.kind.name),
        "photos": [photo(s, alt=target.name) for s in reversed(selectors.shots(target))],
        "ads": selectors.ads_at(by, target),
        "ledger": reverse("desk:target", args=[target.uuid]),
        "form": form if permissions.may_enter(by, target.unit_id, target.area_path) else None,
        "point": target.kind.code == KIND,
        "nav_here": NAV,
    }
    return render(request, "desk/civility/point.html", context, status=status)


def _shoot(request: HttpRequest, target: Any, form: ShotForm) -> Any:
    by = actor_of(request)
    permissions.check_enter(by, target.unit_id, target.area_path)
    kept = stored(request, form, "photo")
    on: date = form.cleaned_data["on"]
    return services.add_shot(
        by=by, now=clock.now(), point=target.uuid, file_id=kept, on=on, note=form.cleaned_data["note"]
    )


@require_GET
@staff
def file(request: HttpRequest, uuid: UUID, size: str) -> HttpResponseBase:
    """Send a photo of a spot or of a campaign to who may see it."""
    if not selectors.shot_file(actor_of(request), uuid):
        raise NotFoundError(_("没有这个文件。"), code="civility.file")
    if size in SIZES:
        return send(files.serve_shown(uuid, SIZES[size]), cached=True)
    return send(files.serve_original(uuid))
