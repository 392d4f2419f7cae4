"""Several tasks in one submit: the requirements that stand, each with who is to do it by when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError
from linli.foundation.people import selectors as people
from linli.interfaces.desk.documents.acting import TaskForm, suggested, unit_called
from linli.interfaces.desk.doors import actor_of, id_of, local, staff
from linli.interfaces.desk.tasks.forms import entry_choices, units_named
from linli.programmes.documents import selectors, services
from linli.programmes.documents.permissions import check_keep
from linli.programmes.documents.types import Kind
from linli.programmes.documents.workflow import DocumentState

SIZE = 20
MAIN = ("title", "unit", "person", "due_on", "helpers")


class RowForm(TaskForm):
    """One task of several: who of which unit is to do what by when, with whose help."""

    person = forms.CharField(
        label=gettext_lazy("负责人"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("责任单位里的人；不填则由单位指定。"),
    )
    helpers = forms.CharField(
        label=gettext_lazy("配合单位"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("单位名称或简称，几个单位用顿号分开。"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    field_order = MAIN

    def clean_helpers(self) -> tuple[int, ...]:
        """Return the units named as helpers."""
        try:
            return units_named(self.cleaned_data["helpers"])
        except InvalidError as error:
            raise forms.ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        """Find the person among those of the unit."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        name, unit = data.get("person", ""), data.get("unit")
        if name and unit:
            found = {h.user_id for h in people.members_of(unit, now=clock.now()) if h.name == name.strip()}
            if len(found) == 1:
                data["user"] = found.pop()
            elif found:
                self.add_error("person", _("该单位有几个人叫这个名字，请布置后在任务页面指定。"))
            else:
                self.add_error("person", _("该单位没有叫“%(name)s”的人。") % {"name": name[:40]})
        return data

    def wanted(self) -> services.Wanted:
        """Return what was typed."""
        d = self.cleaned_data
        return services.Wanted(
            d["title"],
            d["unit"],
            d["due_on"],
            user_id=d.get("user"),
            admission_id=d["admission"],
            outside_reason=d["outside_reason"],
            evidence=d["evidence"],
            helper_ids=d["helpers"],
        )

    @property
    def main(self) -> list[dict[str, Any]]:
        """The fields that every row shows."""
        return [f for f in self.drawn if f["name"].split("-")[-1] in MAIN]

    @property
    def rest(self) -> list[dict[str, Any]]:
        """The fields that some rows need."""
        return [f for f in self.drawn if f["name"].split("-")[-1] not in MAIN]

    @property
    def rest_open(self) -> bool:
        """Whether something was typed there, or is wrong there."""
        return any(f["errors"] or f["value"] for f in self.rest)


class Row:
    """A requirement with its form; ``on`` where it is chosen."""

    def __init__(self, number: int, finding: Any, form: RowForm, *, on: bool) -> None:
        """Keep the ``number``-th requirement of the page."""
        self.number, self.finding, self.form, self.on = number, finding, form, on

    @property
    def wrong(self) -> bool:
        """Whether the row is chosen and something in it is wrong."""
        return self.on and bool(self.form.errors)


def defaults(finding: Any, inside: list[Any], aliases: dict[str, str]) -> dict[str, Any]:
    """Return the task that a requirement suggests, by its own words and by the units and days found inside it."""
    first = suggested(finding, aliases)
    named = [unit_called(str(i.attributes.get("name") or i.text), aliases) for i in inside if i.kind == Kind.UNIT]
    units = list({u.id: u for u in named if u is not None and u.id != first.get("unit")}.values())
    if units and "unit" not in first:
        first["unit"] = units.pop(0).id
    first["helpers"] = "、".join(u.short for u in units)
    if "due_on" not in first:
        today = local(clock.now()).date().isoformat()
        days = [str(i.attributes.get("iso") or "") for i in inside if i.kind in {Kind.DEADLINE, Kind.DATE}]
        first["due_on"] = next((d for d in days if len(d) == len(today) and d >= today), "")
    return {**first, "revision": finding.revision}


def _page_of(request: HttpRequest, found: Any) -> tuple[list[Any], int, int]:
    """Return the requirements of the page asked for, where it begins, and how many there are."""
    every = selectors.open_requirements(found)
    begin = id_of(request.GET.get("from", "")) or 0
    return every[begin : begin + SIZE], begin, len(every)


def _rows(request: HttpRequest, found: Any, shown: list[Any]) -> list[Row]:
    entries = entry_choices(_("不适用"))
    if request.method != "POST":
        aliases = selectors.unit_aliases()
        inside = selectors.said_inside(found, shown)
        return [
            Row(n, f, RowForm(entries=entries, prefix=f"r{f.pk}", initial=defaults(f, inside[f.pk], aliases)), on=False)
            for n, f in enumerate(shown, start=1)
        ]
    chosen = set(request.POST.getlist("row"))
    rows = []
    for n, f in enumerate(shown, start=1):
        on = str(f.uuid) in chosen
        form = RowForm(request.POST, entries=entries, prefix=f"r{f.pk}")
        if not on:  # what was typed stays, and is not yet judged
            typed = {k: request.POST.get(f"r{f.pk}-{k}", "") for k in form.fields}
            form = RowForm(entries=entries, prefix=f"r{f.pk}", initial=typed)
        rows.append(Row(n, f, form, on=on))
    return rows


def _give(request: HttpRequest, found: Any, rows: list[Row]) -> DomainError | None:
    """Give the tasks of the chosen rows; return what was refused, each row's own at its fields."""
    chosen = [r for r in rows if r.on]
    if count := sum(not r.form.is_valid() for r in chosen):
        return InvalidError(_("有 %(count)s 行需要修改，没有布置任何任务。") % {"count": count})
    wanted = [services.WantedOf(r.finding, r.form.cleaned_data["revision"], r.form.wanted()) for r in chosen]
    try:
        services.make_tasks(by=actor_of(request), now=clock.now(), document=found, rows=wanted)
    except ForbiddenError:
        raise
    except DomainError as refused:
        said = refused.params.get("rows", {})
        for row in chosen:
            if row.finding.uuid in said:
                row.form.take(said[row.finding.uuid])
        return refused
    return None


def _posted(request: HttpRequest, found: Any, shown: list[Any]) -> list[Any]:
    """Return what the person saw: the page as it is, and rows chosen that somebody took away meanwhile."""
    known = {str(f.uuid) for f in shown}
    gone = [
        f for f in selectors.findings_of(found, kind=Kind.REQUIREMENT) if str(f.uuid) in request.POST.getlist("row")
    ]
    return sorted([*shown, *(f for f in gone if str(f.uuid) not in known)], key=lambda f: (f.start, -f.end, f.pk))


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def tasks(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the requirements that stand without a task; give several at once."""
    actor, error = actor_of(request), None
    check_keep(actor)
    found = selectors.document_for(actor, uuid)
    shown, begin, count = _page_of(request, found)
    if request.method == "POST":
        shown = _posted(request, found, shown)
    rows = _rows(request, found, shown)
    if request.method == "POST":
        error = _give(request, found, rows)
        if error is None:
            messages.success(request, _("已布置 %(count)s 项任务。") % {"count": sum(r.on for r in rows)})
            return HttpResponseRedirect(reverse("desk:document", args=[uuid]))
    context = {
        "document": found,
        "ready": found.state in {DocumentState.ORDERED, DocumentState.DECIDED},
        "rows": rows,
        "wrong": [r for r in rows if r.wrong],
        "count": count,
        "later": begin + SIZE if count > begin + SIZE else 0,
        "earlier": begin > 0,
        "error": error,
        "nav_here": "documents",
    }
    return render(request, "desk/documents/tasks.html", context, status=error.status if error else 200)
