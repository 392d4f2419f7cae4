"""The list of forms, a new one, one out of a workbook, the library of ready ones."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.text import clean
from linli.foundation.forms import selectors, services
from linli.foundation.forms.types import KINDS as CODES
from linli.foundation.forms.types import Fault, Imported
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change
from linli.interfaces.console.forms import uses
from linli.interfaces.console.forms.words import KINDS
from linli.interfaces.web.forms import DomainForm, words_field

MOST_BYTES = 5 * 1024 * 1024
_STATES = {"": gettext_lazy("全部"), "use": gettext_lazy("在用"), "draft": gettext_lazy("有草稿")}


def kind_options(*, every: bool = False) -> list[dict[str, Any]]:
    """Return the purposes to choose from."""
    first = [{"value": "", "label": _("全部用途")}] if every else []
    return first + [{"value": code, "label": KINDS[code]} for code in CODES]


@require_GET
@for_readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the whole forms by title."""
    asked = {name: clean(request.GET.get(name, ""))[:40] for name in ("q", "kind", "state")}
    asked["kind"] = asked["kind"] if asked["kind"] in KINDS else ""
    asked["state"] = asked["state"] if asked["state"] in _STATES else ""
    page = selectors.listing(
        words=asked["q"], kind=asked["kind"], state=asked["state"], cursor=request.GET.get("cursor", "")
    )
    where = uses.used(actor_of(request), [row.code for row in page.rows])
    chosen = {k: v for k, v in asked.items() if v}
    rest = {k: v for k, v in chosen.items() if k != "state"}
    tabs = [
        {"label": label, "url": f"?{urlencode({**rest, 'state': code})}", "current": code == asked["state"]}
        for code, label in _STATES.items()
    ]
    context = {
        "nav_here": "console", "asked": asked, "filtered": bool(chosen), "page": page, "tabs": tabs,
        "base": f"?{urlencode(chosen)}&" if chosen else "?", "kinds": kind_options(every=True),
        "rows": [{"row": r, "kind": KINDS.get(r.kind, ""), "used": where.get(r.code, [])} for r in page.rows],
        "may_change": may_change(request),
    }  # fmt: skip
    return render(request, "console/forms/list.html", context)


class NewForm(DomainForm):
    """The beginning of a form."""

    title = words_field(gettext_lazy("表单名称"), 100, required=True)
    kind = forms.ChoiceField(label=gettext_lazy("用途"), choices=[(c, KINDS[c]) for c in CODES], initial="other")
    code = words_field(
        gettext_lazy("代码"), 48, required=True,
        hint=gettext_lazy("小写英文、数字和下划线，例如 shop_patrol；导入导出和接口用它，以后不能改。"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_changers
def new(request: HttpRequest) -> HttpResponse:
    """Begin a form, and go to its designer."""
    form = NewForm(request.POST or None)
    status = 200
    if request.method == "POST":
        by, now = actor_of(request), clock.now()
        status = form.attempt(lambda: services.new_form(by=by, now=now, **form.cleaned_data))
        if not status:
            return HttpResponseRedirect(reverse("console:form_design", args=[form.made.form.code]))
    return render(request, "console/forms/new.html", {"nav_here": "console", "form": form}, status=status)


class ImportForm(DomainForm):
    """A workbook in the XLSForm standard."""

    file = forms.FileField(
        label=gettext_lazy("XLSForm 表格"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("ODK、Kobo 的 .xlsx 可以直接导入；工作表 survey、choices、settings。"),
    )  # fmt: skip
    code = words_field(
        gettext_lazy("代码"),
        48,
        hint=gettext_lazy("留空则用表格 settings 里的 form_id；与已有的表单相同时，导入为它的下一版草稿。"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("用途"), choices=[(c, KINDS[c]) for c in CODES], initial="other")


def _take_in(request: HttpRequest, form: ImportForm) -> tuple[str, Imported]:
    """Read the workbook and keep it as a draft; return the code of the form."""
    data, by, now = form.cleaned_data, actor_of(request), clock.now()
    read = services.import_xlsform(data["file"].read(), data["file"].name or "")
    code = clean(data["code"]) or read.form.settings.form_id
    if code in selectors.codes():
        expected = selectors.versions_of(selectors.form(code).code)[0].edition
        services.save_draft(by=by, now=now, code=code, form=read.form, expected=expected)
        return code, read
    title = read.form.settings.title or code
    services.new_form(by=by, now=now, code=code, title=title, kind=data["kind"], form=read.form)
    return code, read


@require_http_methods(["GET", "POST"])
@for_changers
def take_in(request: HttpRequest) -> HttpResponse:
    """Import a workbook: every fault at once with its cell, nothing kept while there is one."""
    form = ImportForm(request.POST or None, request.FILES or None, initial={"code": request.GET.get("code", "")[:48]})
    status = 200
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        status = 422
        sent = request.FILES.get("file")
        if sent is not None and (sent.size or 0) > MOST_BYTES:
            form.add_error("file", _("文件太大，最多 5 MB。"))
        else:
            status = form.attempt(lambda: _take_in(request, form))
        if not status:
            code, read = form.made
            told = "".join(services.placed(note) for note in read.notes[:10])
            messages.success(request, _("已导入为草稿，看过预览后再发布。") + told)
            missing = fieldwork.media_missing(code, read.form)
            if missing:
                said = _("表格里用到 %(n)s 个图片或声音文件，还没有上传：%(names)s。请在表单页的“图片和声音”里上传。")
                messages.warning(request, said % {"n": len(missing), "names": "、".join(missing[:10])})
            return HttpResponseRedirect(reverse("console:form_design", args=[code]))
        if isinstance(form.refused, services.BadSheetError):
            faults = form.refused.faults
            form.errors.pop("file", None)
    context = {"nav_here": "console", "form": form, "faults": faults}
    return render(request, "console/forms/import.html", context, status=status)


@require_GET
@for_readers
def library(request: HttpRequest) -> HttpResponse:
    """Show the ready forms by purpose: which are taken over, which have a newer edition."""
    have, known = selectors.editions(), selectors.codes()
    groups = []
    for code in CODES:
        ready = [r for r in services.ready_forms() if r.kind == code]
        lines = [
            {
                "ready": r, "taken": r.code in have, "newer": 0 < have.get(r.code, r.edition) < r.edition,
                "clash": r.code in known and r.code not in have, "questions": r.questions,
            }
            for r in ready
        ]  # fmt: skip
        if lines:
            groups.append({"title": KINDS[code], "lines": lines})
    context = {"nav_here": "console", "groups": groups, "may_change": may_change(request)}
    context["missing"] = sum(not line["taken"] and not line["clash"] for g in groups for line in g["lines"])
    return render(request, "console/forms/library.html", context)


@require_POST
@for_changers
def adopt(request: HttpRequest) -> HttpResponse:
    """Take over one ready form, or all that are missing."""
    code = request.POST.get("code", "")
    try:
        made = services.adopt_forms(by=actor_of(request), now=clock.now(), codes=[code] if code else None)
    except DomainError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("console:form_library"))
    if not made:
        messages.info(request, _("都已采用，没有要补的。"))
        return HttpResponseRedirect(reverse("console:form_library"))
    if code:
        messages.success(request, _("已采用，可以直接使用，也可以按本街道的做法修改。"))
        return HttpResponseRedirect(reverse("console:form", args=made))
    words = ngettext("已采用 %(count)s 张表单。", "已采用 %(count)s 张表单。", len(made)) % {"count": len(made)}
    messages.success(request, words)
    return HttpResponseRedirect(reverse("console:forms"))
