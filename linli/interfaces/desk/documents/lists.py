"""The list, the import form, one document with what became of it, its original file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.files import selectors as stored
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, local, staff
from linli.interfaces.desk.files.views import send
from linli.interfaces.web.forms import DomainForm, day_field, text_field
from linli.programmes.documents import selectors, services
from linli.programmes.documents.permissions import check_keep, check_read, may_keep
from linli.programmes.documents.workflow import DocumentKind, DocumentState

if TYPE_CHECKING:
    from linli.foundation.core.actors import Actor
    from linli.programmes.documents.models import Document

STATUS = {"reading": "idle", "failed": "late", "read": "new", "ordered": "doing", "decided": "done"}
_YES = [("yes", gettext_lazy("仍然导入（广告、外文等也留存）"))]


class ImportForm(DomainForm):
    """A file or a pasted text, and what is known of it."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        required=False,
        allow_empty_file=True,  # the service says what to do with one
        help_text=gettext_lazy("txt、docx、pdf 均可；原件加密保存，不会改动。"),
    )
    text = text_field(gettext_lazy("或粘贴文字"), required=False, longest=400_000, rows=6, strip=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("种类"), choices=DocumentKind.choices, initial=DocumentKind.PAGE, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=gettext_lazy("标题"), required=False, max_length=120, help_text=gettext_lazy("不填时取文中的第一个标题。")
    )
    number = forms.CharField(label=gettext_lazy("文号"), required=False, max_length=60)
    source_unit = forms.TypedChoiceField(
        label=gettext_lazy("来源部门"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("不填时取文中署名的部门。"),
    )
    published_on = day_field(gettext_lazy("发布日期"), required=False)
    previous = forms.ChoiceField(
        label=gettext_lazy("是哪份文件的新版本"),
        required=False,
        help_text=gettext_lazy("政策文件、街道方案有新版本时选择；旧版本保留。"),
    )
    anyway = forms.MultipleChoiceField(
        label=gettext_lazy("没有可识读内容时"), choices=_YES, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units, and the documents that a new version may follow."""
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["source_unit"]
        unit.choices = [("", _("未指定")), *((u.id, u.name) for u in directory.units().values())]
        self.earlier = {
            str(d.uuid): d
            for k in (DocumentKind.POLICY, DocumentKind.PLAN)
            for d in selectors.open_for_version(actor, k)
        }
        previous: Any = self.fields["previous"]
        previous.choices = [("", _("不是")), *((k, f"{d.title} {d.number}".strip()) for k, d in self.earlier.items())]


def filters_of(request: HttpRequest) -> selectors.DocumentFilters:
    """Return what the address narrows the documents to."""
    get = request.GET
    return selectors.DocumentFilters(get.get("q", "")[:80], get.get("kind", ""), get.get("state", ""))


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Document]:
    """Return a page of the documents that the address asks for."""
    return selectors.document_list(actor_of(request), filters_of(request), cursor=cursor, size=size)


@require_GET
@staff
def register(request: HttpRequest) -> HttpResponse:
    """Show the documents, newest first."""
    actor, get = actor_of(request), request.GET
    check_read(actor)
    filters = filters_of(request)
    query = urlencode([(k, v) for k, v in get.items() if k != "cursor" and v])
    every = [{"value": "", "label": _("全部")}]
    context = {
        "page": page_of(request, get.get("cursor", "")),
        "filters": filters,
        "kinds": every + [{"value": v, "label": label} for v, label in DocumentKind.choices],
        "states": every + [{"value": v, "label": label} for v, label in DocumentState.choices],
        "status": STATUS,
        "narrowed": bool(query),
        "base": f"?{query}&" if query else "?",
        "may_keep": may_keep(actor),
        "nav_here": "documents",
    }
    return render(request, "desk/documents/list.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Take a document in."""
    actor, status, again = actor_of(request), 200, None
    check_read(actor)
    check_keep(actor)
    if request.method == "POST":
        form, status = ImportForm(request.POST, request.FILES, actor=actor), 422
        if form.is_valid():
            try:
                made = _import(actor, form)
            except services.AlreadyImportedError as error:
                form.take(error)
                status, again = error.status, error.params["document"]
            except DomainError as error:
                form.take(error)
                status = error.status
            else:
                return HttpResponseRedirect(reverse("desk:document", args=[made.uuid]))
    else:
        form = ImportForm(actor=actor, initial={"kind": request.GET.get("kind") or DocumentKind.PAGE})
    context = {"form": form, "again": again, "nav_here": "documents"}
    return render(request, "desk/documents/new.html", context, status=status)


def _import(actor: Actor, form: ImportForm) -> Any:
    data = form.cleaned_data
    upload = data["file"]
    new_document = services.NewDocument(
        kind=data["kind"],
        content=upload.read() if upload else b"",
        name=str(upload.name)[:200] if upload else "",
        text=data["text"],
        title=data["title"],
        number=data["number"],
        source_unit_id=data["source_unit"],
        published_on=data["published_on"],
        anyway=bool(data["anyway"]),
        previous=form.earlier.get(data["previous"]),
    )
    return services.import_document(by=actor, now=clock.now(), new=new_document)


def steps_of(found: Any) -> list[dict[str, Any]]:
    """Return how far a document is, as ``c-steps`` shows it."""
    names = [_("识读"), _("定顺序"), _("核对"), _("落实")]
    at = {"reading": 0, "failed": 0, "read": 1, "ordered": 2, "decided": 3}[found.state]
    return [{"label": n, "state": "done" if i < at else "now" if i == at else "todo"} for i, n in enumerate(names)]


@require_GET
@staff
def document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a document: how far it is, its articles, and each requirement with its tasks and how they stand."""
    actor = actor_of(request)
    found = selectors.document_for(actor, uuid)
    results = selectors.results_of(found)
    articles = [{"article": a, "by_line": selectors.by_line_of(a)} for a in selectors.articles_of(found)]
    counts = selectors.kind_counts(found)
    context = {
        "document": found,
        "today": local(clock.now()).date(),
        "steps": steps_of(found),
        "status": STATUS[found.state],
        "articles": articles,
        "results": results,
        "tasked": sum(bool(r.tasks) for r in results),
        "ended": sum(r.ended for r in results),
        "waiting": sum(c["waiting"] for c in counts.values()),
        "parted": found.kind in services.PARTED,
        "may_keep": may_keep(actor),
        "percent": round(100 * found.pages_read / max(1, found.pages)),
        "nav_here": "documents",
    }
    return render(request, "desk/documents/document.html", context)


@require_GET
@staff
def original(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send the original file as it came."""
    found = selectors.document_for(actor_of(request), uuid)
    if found.file is None:
        raise NotFoundError(_("这份文件是粘贴的文字，没有原件。"), code="desk.file")
    return send(stored.serve_original(found.file.uuid))
