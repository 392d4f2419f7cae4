"""Deciding one card: confirm, reject, take back; changing it; making a task of it; adding one."""

from __future__ import annotations

import json
from datetime import date
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

from linli.engines.projects import selectors as projects
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from linli.interfaces.desk import directory
from linli.interfaces.desk.documents.checking import ORDER, SIZE, attribute_names, card, page, words_of
from linli.interfaces.desk.doors import actor_of, local, staff
from linli.interfaces.desk.tasks.forms import entry_choices
from linli.interfaces.web.forms import DomainForm, day_field, text_field
from linli.programmes.documents import selectors, services
from linli.programmes.documents.permissions import check_keep, may_keep
from linli.programmes.documents.types import Kind
from linli.programmes.documents.workflow import KIND_NAMES

_ACTS = {"confirm": services.confirm, "reject": services.reject, "undo": services.undo}


def revision_of(request: HttpRequest) -> int:
    """Return the revision that was sent with a form, one that nothing has where none was."""
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


def is_part(request: HttpRequest) -> bool:
    """Return whether only a part of the page is asked for."""
    return request.headers.get("HX-Request") == "true"


def _back(finding: Any) -> str:
    base = reverse("desk:document_check", args=[finding.document.uuid])
    begin = selectors.place_of(finding) // SIZE * SIZE
    return f"{base}?kind={finding.kind}{f'&from={begin}' if begin else ''}#f-{finding.uuid}"


def _card(request: HttpRequest, finding: Any, error: DomainError | None = None, said: str = "") -> HttpResponse:
    """Answer with the card as it now stands; what was refused stands in it."""
    tasks = projects.tasks_of(finding.uuid) if finding.tasked_at else []
    counts = selectors.kind_counts(finding.document)
    context = {
        "card": card(finding, may=may_keep(actor_of(request)), tasks=tasks),
        "error": error,
        "waiting": sum(c["waiting"] for c in counts.values()),
        "swapped": True,
    }
    answer = render(request, "desk/documents/_card.html", context, status=error.status if error else 200)
    answer["HX-Retarget"] = f"#f-{finding.uuid}"
    answer["HX-Reswap"] = "outerHTML"
    told: dict[str, Any] = {"decided": {"id": str(finding.uuid)}}
    if said:
        told |= {"toast": {"text": said}, "acted": {"id": str(finding.uuid)}}
    answer["HX-Trigger"] = json.dumps(told)
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lead to the words that a task came from; confirm, reject or take back what was found there."""
    actor, act = actor_of(request), request.POST.get("act", "")
    if request.method == "GET":
        return HttpResponseRedirect(_source(selectors.source_for(actor, uuid)))
    finding, error = selectors.finding_for(actor, uuid), None
    if act not in _ACTS:
        raise NotFoundError(_("没有这个操作。"), code="desk.act")
    try:
        _ACTS[act](by=actor, now=clock.now(), finding=finding, revision=revision_of(request))
    except ConflictError as refused:
        error = refused
    if is_part(request):
        return _card(request, selectors.finding_for(actor, uuid), error)
    if error:
        return page(request, finding.document, error)
    return HttpResponseRedirect(_back(finding))


def _source(found: Any) -> str:
    unit_id = getattr(found, "unit_id", None)
    return reverse("desk:plan_cell", args=[found.part.uuid, unit_id]) if unit_id else _back(found)


class EditForm(DomainForm):
    """What a finding is instead: its words as they stand in the text, its kind, what they mean."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"))
    text = text_field(
        gettext_lazy("原文中的文字"), longest=2_000, rows=4, help_text=gettext_lazy("须与左侧原文一字不差。")
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        """Offer the attributes of ``kind``."""
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["kind"]
        choice.choices = [(k.value, KIND_NAMES[k]) for k in ORDER if k != Kind.ARTICLE or kind == Kind.ARTICLE]
        names = attribute_names()
        self.more = services.EDITABLE.get(Kind(kind), ())
        for name in self.more:
            self.fields[f"a_{name}"] = forms.CharField(label=names[name], required=False, max_length=200)

    def edit(self) -> services.Edit:
        """Return what was typed."""
        data = self.cleaned_data
        return services.Edit(data["kind"], data["text"], {n: data[f"a_{n}"] for n in self.more})

    def take(self, error: DomainError) -> None:
        """Show what is wrong with an attribute at its field."""
        names = {n if n in self.fields else f"a_{n}": m for n, m in error.fields.items()}
        super().take(type(error)(error.message, code=error.code, hint=error.hint, fields=names))


def _dialog(request: HttpRequest, form: Any, *, status: int = 200, **context: Any) -> HttpResponse:
    template = "desk/documents/_dialog.html" if is_part(request) else "desk/documents/dialog.html"
    return render(request, template, {"form": form, "nav_here": "documents", **context}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a finding."""
    actor = actor_of(request)
    check_keep(actor)
    finding, status = selectors.finding_for(actor, uuid), 200
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        form = EditForm(request.POST, kind=kind if kind in set(Kind) else finding.kind)
        now, revision = clock.now(), revision_of(request)
        status = form.attempt(
            lambda: services.change(by=actor, now=now, finding=finding, revision=revision, edit=form.edit()),
            through=(ForbiddenError,),
        )
        if not status:
            return done(request, selectors.finding_for(actor, uuid), _("已修改。"))
    else:
        first = {"kind": finding.kind, "text": finding.text}
        more = {f"a_{n}": words_of(v) for n, v in finding.attributes.items() if v is not None}
        form = EditForm(kind=finding.kind, initial={**first, **more})
    url = reverse("desk:finding_edit", args=[uuid])
    return _dialog(request, form, status=status, finding=finding, url=url, title=_("修改"), submit=_("保存修改"))


def done(request: HttpRequest, finding: Any, said: str) -> HttpResponse:
    """Answer with the card as it now stands, and say what was done."""
    if is_part(request):
        return _card(request, finding, said=said)
    messages.success(request, said)
    return HttpResponseRedirect(_back(finding))


class TaskForm(DomainForm):
    """What a unit is to do by a day about what a document says; a 居民区 under which entry of the list."""

    title = text_field(gettext_lazy("做什么"), longest=200, rows=3)
    unit = forms.TypedChoiceField(label=gettext_lazy("责任单位"), coerce=int)
    due_on = day_field(gettext_lazy("完成期限"))
    evidence = forms.CharField(
        label=gettext_lazy("需要的凭据"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("凭什么算完成，如照片、台账、签收单。"),
    )
    admission = forms.TypedChoiceField(
        label=gettext_lazy("清单事项"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("交给居民区时选择：协助行政事项清单中的哪一项。"),
    )
    outside_reason = text_field(
        gettext_lazy("清单外的理由"),
        required=False,
        longest=500,
        rows=2,
        help_text=gettext_lazy("清单没有的事项，写明为什么需要居民区做；居委会可以退回。"),
    )

    def __init__(self, *args: Any, settled: bool = False, entries: Any = None, **kwargs: Any) -> None:
        """Offer the units and the entries in force (``entries``, where many forms share them).

        Without the unit where that is ``settled``.
        """
        super().__init__(*args, **kwargs)
        if settled:
            del self.fields["unit"]
        else:
            unit: Any = self.fields["unit"]
            unit.choices = [("", _("请选择")), *((u.id, u.name) for u in directory.units().values())]
        entry: Any = self.fields["admission"]
        entry.choices = entries or entry_choices(_("不适用"))

    def wanted(self) -> services.Wanted:
        """Return what was typed."""
        d = self.cleaned_data
        return services.Wanted(
            d["title"],
            d["unit"],
            d["due_on"],
            admission_id=d["admission"],
            outside_reason=d["outside_reason"],
            evidence=d["evidence"],
        )


def unit_called(name: str, aliases: dict[str, str]) -> Any:
    """Return the unit of that name, short name or linked name (``aliases``: name → its uuid), if there is one."""
    found = directory.unit_named(name)
    return found or next((u for u in directory.units().values() if u.uuid == aliases.get(name.strip(), "-")), None)


def suggested(finding: Any, aliases: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the task that a requirement suggests: its action, the unit it names, its day."""
    said = finding.attributes
    first: dict[str, Any] = {"title": str(said.get("action") or finding.text).strip("；;。，, ")[:200]}
    named = str(said.get("by_unit") or "")
    unit = unit_called(named, selectors.unit_aliases() if aliases is None else aliases) if named else None
    if unit is not None:
        first["unit"] = unit.id
    limit = said.get("due")
    due = _day(str(limit.get("iso") if isinstance(limit, dict) else limit or said.get("iso") or ""))
    if due is not None and due >= local(clock.now()).date():
        first["due_on"] = due.isoformat()
    return first


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def task(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a task of a finding."""
    actor = actor_of(request)
    check_keep(actor)
    finding, status = selectors.finding_for(actor, uuid), 200
    if request.method == "POST":
        form = TaskForm(request.POST)
        status = form.attempt(
            lambda: services.make_task(by=actor, now=clock.now(), finding=finding, wanted=form.wanted()),
            through=(ForbiddenError,),
        )
        if not status:
            return done(request, selectors.finding_for(actor, uuid), _("已生成任务。"))
    else:
        form = TaskForm(initial=suggested(finding))
    url = reverse("desk:finding_task", args=[uuid])
    return _dialog(
        request,
        form,
        status=status,
        finding=finding,
        url=url,
        title=_("生成任务"),
        submit=_("布置"),
        quote=finding.text,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def add(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Enter what the rules did not find."""
    actor = actor_of(request)
    check_keep(actor)
    found, status = selectors.document_for(actor, uuid), 200
    kind = (request.POST if request.method == "POST" else request.GET).get("kind", "")
    kind = kind if kind in set(Kind) else Kind.REQUIREMENT
    if request.method == "POST":
        form = EditForm(request.POST, kind=kind)
        status = form.attempt(
            lambda: services.add(by=actor, now=clock.now(), document=found, edit=form.edit()),
            through=(ForbiddenError,),
        )
        if not status:
            messages.success(request, _("已补充。"))
            return _gone(request, _back(form.made))
    else:
        form = EditForm(kind=kind, initial={"kind": kind, "text": request.GET.get("text", "")[:2_000]})
    url = reverse("desk:document_add", args=[uuid])
    return _dialog(request, form, status=status, document=found, url=url, title=_("补充一条"), submit=_("补充"))


def _gone(request: HttpRequest, url: str) -> HttpResponse:
    if not is_part(request):
        return HttpResponseRedirect(url)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = url
    return answer
