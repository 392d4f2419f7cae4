"""Named lists of tasks: given whole by pasting or bringing rows, shown, printed, written out."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.projects import selectors, services
from linli.engines.projects.permissions import working_units
from linli.engines.projects.rules.tasks import Part, percent_of, shown
from linli.engines.projects.types import NewTask, NewTaskList, TaskState
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError
from linli.foundation.core.paging import Page
from linli.foundation.sheets.services import MIME, check_size
from linli.foundation.sheets.types import Row
from linli.interfaces.desk import directory, sources
from linli.interfaces.desk.doors import actor_of, local, problem, staff, today
from linli.interfaces.desk.tasks import sheet as sheets
from linli.interfaces.desk.tasks.forms import GIVERS, NO, YES, body_choices
from linli.interfaces.desk.tasks.rows import rows_of
from linli.interfaces.web.forms import DomainForm, text_field


class ListForm(DomainForm):
    """A list of tasks: its title, whose it is, and its rows, pasted or brought as a sheet."""

    title = forms.CharField(label=gettext_lazy("清单名称"), max_length=120)
    note = text_field(gettext_lazy("说明"), required=False, longest=1_000, rows=2)
    body = forms.TypedChoiceField(label=gettext_lazy("领导小组"), coerce=int, empty_value=None, required=False)
    acceptance = forms.ChoiceField(
        label=gettext_lazy("怎样算完成"),
        choices=[(YES, gettext_lazy("由交办方验收")), (NO, gettext_lazy("承担单位填写结果即办结"))],
        initial=YES,
        widget=forms.RadioSelect,
    )
    rows = text_field(
        gettext_lazy("任务（一行一项）"),
        required=False,
        longest=40_000,
        rows=8,
        help_text=gettext_lazy(
            "从表格粘贴，依次是：任务、责任单位、完成期限、配合单位、权重、佐证材料。也可以带表头，列的顺序不限。"
        ),
    )
    file = forms.FileField(label=gettext_lazy("或上传表格"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the leading groups."""
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.choices = body_choices(local(clock.now()).date())


def check_giver(actor: Actor) -> None:
    """Refuse whoever gives no tasks.

    Raises:
        ForbiddenError: none of the roles that do.
    """
    if not actor.has_role(*GIVERS):
        raise ForbiddenError(
            _("任务由街道城运中心、召集人、单位负责人和督查员布置。"), code="desk.task", hint=_("请向他们提出。")
        )


def _own_unit(actor: Actor) -> int:
    found = sorted(working_units(actor))
    if not found:
        raise ForbiddenError(_("清单由有单位的工作人员建立。"), code="desk.task")
    return found[0]


def words_of(request: HttpRequest) -> str:
    """Return by which words a list is searched."""
    return request.GET.get("q", "").replace("\0", "")[:60]


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Any]:
    """Return a page of the lists of tasks that the address asks for."""
    return selectors.lists(actor_of(request), today(), text=words_of(request), cursor=cursor, size=size)


@require_GET
@staff
def lists(request: HttpRequest) -> HttpResponse:
    """Show the lists of tasks, newest first, with how far each is."""
    actor, text = actor_of(request), words_of(request)
    context = {
        "page": page_of(request, request.GET.get("cursor", "")),
        "text": text,
        "base": f"?q={text}&" if text else "?",
        "may_give": actor.has_role(*GIVERS),
        "nav_here": "tasks",
    }
    return render(request, "desk/tasks/lists.html", context)


def _typed_rows(form: ListForm) -> list[Row]:
    """Return the rows that were pasted, or those of the sheet; pasted ones come first."""
    pasted = sheets.read_text(form.cleaned_data["rows"])
    brought = form.cleaned_data["file"]
    if pasted or brought is None:
        return pasted
    check_size(brought.size)
    return sheets.read(brought.read(), brought.name or "")


def _read(request: HttpRequest, form: ListForm) -> tuple[list[Row], list[NewTask]]:
    actor = actor_of(request)
    rows = _typed_rows(form)
    tasks = sheets.news(rows, local(clock.now()).date(), acceptance=form.cleaned_data["acceptance"] == YES)
    sheets.own_or_admitted(rows, actor)
    bad = [r for r in rows if r.faults]
    if not rows:
        raise InvalidError(
            _("清单里还没有任务。"), code="desk.rows", fields={"rows": [_("请粘贴至少一行，或上传表格。")]}
        )
    if bad:
        words = _("%(bad)s 行需要修改，改好后再布置；一行都还没有布置。") % {"bad": len(bad)}
        raise InvalidError(words, code="desk.rows", fields={"rows": [words]}, rows=bad)
    return rows, tasks


def faults_of(rows: list[Row]) -> list[dict[str, Any]]:
    """Return what is wrong with rows, as a page shows it: the line, the task, the reasons."""
    names = {c.name: str(c.header) for c in sheets.COLUMNS}
    return [
        {
            "line": r.line,
            "title": r.get("title"),
            "why": [f"{names.get(k, '')}：{v}" if k else v for k, v in r.faults.items()],
        }
        for r in rows
    ]


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Give a whole list at once: all of it or nothing, each row's fault told."""
    actor, status, bad = actor_of(request), 200, []
    check_giver(actor)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _rows, tasks = _read(request, form)
                data = form.cleaned_data
                given = NewTaskList(data["title"], _own_unit(actor), data["body"], data["note"])
                made = services.create_list(by=actor, now=clock.now(), new=given, tasks=tasks)
            except DomainError as error:
                form.take(error)
                bad, status = faults_of(cast("list[Row]", error.params.get("rows", []))), error.status
            else:
                messages.success(request, _("已布置 %(n)s 项任务。") % {"n": len(tasks)})
                return HttpResponseRedirect(reverse("desk:task_list", args=[made.uuid]))
    context = {"form": form, "bad": bad, "columns": sheets.COLUMNS, "nav_here": "tasks"}
    return render(request, "desk/tasks/list_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one list with its items; whoever keeps it adds rows."""
    actor, status = actor_of(request), 200
    row = selectors.list_for(actor, uuid)
    may_add = row.unit_id in actor.unit_ids and actor.has_role(*GIVERS)
    error, bad = None, []
    if request.method == "POST":
        try:
            services.check_lister(actor, row)
            check_giver(actor)
            found = sheets.read_text(request.POST.get("rows", "")[:40_000])
            tasks = sheets.news(found, local(clock.now()).date(), acceptance=request.POST.get("acceptance") != NO)
            sheets.own_or_admitted(found, actor)
            bad = faults_of([r for r in found if r.faults])
            if bad or not tasks:
                raise InvalidError(_("还有行需要修改，没有布置。"), code="desk.rows")
            services.add_to_list(by=actor, now=clock.now(), task_list=row, tasks=tasks)
        except InvalidError as refused:
            error, status = refused, refused.status
        else:
            return HttpResponseRedirect(reverse("desk:task_list", args=[uuid]))
    context = {
        **_shown(request, row),
        "may_add": may_add,
        "bad": bad,
        "problem": problem(error) if error else None,
        "typed": request.POST,
    }
    return render(request, "desk/tasks/list_one.html", context, status=status)


def _shown(request: HttpRequest, row: Any) -> dict[str, Any]:
    today = local(clock.now()).date()
    items = selectors.list_items(actor_of(request), row)
    rows = rows_of(items, today)
    counted = [t for t in items if t.state not in {TaskState.DROPPED, TaskState.REFUSED}]
    return {
        "list": row,
        "rows": rows,
        "late": [r for r in rows if r.late],
        "done": sum(t.state == TaskState.DONE for t in items),
        "percent": shown(percent_of([Part(t.weight, t.percent) for t in counted])),
        "why": sources.why(row),
        "unit": directory.unit_name(row.unit_id),
        "nav_here": "tasks",
    }


@require_GET
@staff
def printed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a list as it is printed on A4, with the overdue ones named apart."""
    row = selectors.list_for(actor_of(request), uuid)
    return render(request, "desk/tasks/list_print.html", _shown(request, row))


@require_GET
@staff
def sheet(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Send a list as xlsx, which can be brought again."""
    actor = actor_of(request)
    row = selectors.list_for(actor, uuid)
    items = selectors.list_items(actor, row)
    return _file(sheets.written(items, selectors.tags_of(items)), row.title)


@require_GET
@staff
def template(request: HttpRequest) -> FileResponse:
    """Send the sheet to fill in."""
    check_giver(actor_of(request))
    return _file(sheets.empty(), _("任务清单"))


def _file(content: bytes, name: str) -> FileResponse:
    answer = FileResponse(BytesIO(content), as_attachment=True, filename=f"{name[:60]}.xlsx", content_type=MIME)
    answer["Cache-Control"] = "private, no-store"
    return answer
