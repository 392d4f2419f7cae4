"""One form: its versions, what changed, publishing, workbook and XForm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.services import keep_media
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, NotFoundError
from linli.foundation.forms import selectors, services
from linli.foundation.forms.rules import compare_forms, media_names, problems, said
from linli.foundation.forms.rules.editing import outline
from linli.foundation.forms.types import UNSEEN, Question, WholeForm
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change
from linli.interfaces.console.forms import uses
from linli.interfaces.console.forms.views.listing import kind_options
from linli.interfaces.console.forms.words import KINDS, label_of, told, type_of
from linli.interfaces.console.sheets.views import sheet_answer

if TYPE_CHECKING:
    from linli.foundation.forms.models import FormVersion

XFORM = "application/xml; charset=utf-8"


def edition_of(request: HttpRequest) -> int:
    """Return the edition that the page was opened with; -1 for nonsense."""
    text = request.POST.get("edition", "")
    return int(text) if text.isdigit() and len(text) < 10 else -1


def versions(code: str) -> list[FormVersion]:
    """Return the versions of a whole form, the newest first."""
    return selectors.versions_of(selectors.form(code).code)


def chosen(rows: list[FormVersion], text: str) -> FormVersion:
    """Return the version with a number, the newest for none."""
    found = rows[0] if not text else next((r for r in rows if str(r.number) == text), None)
    if found is None:
        raise NotFoundError(_("没有这个版本。"), code="forms.no_version")
    return found


def names_of(*forms: WholeForm) -> dict[str, str]:
    """Return path → label, the first form's before the others'."""
    return {path: label_of(item) for form in reversed(forms) for path, _deep, item in outline(form)}


def differences(old: FormVersion | None, new: FormVersion) -> list[dict[str, Any]]:
    """Return what a version changes, in words."""
    if old is None:
        return []
    before, after = selectors.form_of(old), selectors.form_of(new)
    return told(compare_forms(before, after), names_of(after, before))


def lines_of(form: WholeForm) -> list[dict[str, Any]]:
    """Return the questions and groups of a form, as a page lists them."""
    return [
        {
            "path": path, "deep": min(deep, 6), "label": label_of(item),
            "type": type_of(item)[0], "icon": type_of(item)[1],
            "required": isinstance(item, Question) and (item.required or bool(item.required_when) or item.least > 0),
            "when": item.relevant, "scored": isinstance(item, Question) and item.score is not None,
            "group": not isinstance(item, Question), "unseen": isinstance(item, Question) and item.type in UNSEEN,
        }
        for path, deep, item in outline(form)
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_readers
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a form: its questions, the phone, its versions; a POST says what it is for."""
    form = selectors.form(code)
    if request.method == "POST":
        return _set_kind(request, code)
    rows = versions(code)
    version = chosen(rows, request.GET.get("version", ""))
    whole = selectors.form_of(version)
    used = next((r for r in rows if r.published_at), None)
    context = {
        "nav_here": "console", "form": form, "version": version, "rows": rows, "used": used,
        "draft": rows[0] if rows[0].published_at is None else None, "kind": KINDS.get(form.kind, ""),
        "kinds": kind_options(), "where": uses.used(actor_of(request), [code]).get(code, []),
        "lines": lines_of(whole), "definition": fieldwork.to_fill(code, whole), "now": clock.now(),
        "may_change": may_change(request), "media": media_lines(code, rows[0]),
    }  # fmt: skip
    return render(request, "console/forms/page.html", context)


def media_lines(code: str, version: FormVersion) -> list[dict[str, Any]]:
    """Return the files that a version names, those that are there with the day on which they came."""
    names = media_names(selectors.form_of(version))
    there = fieldwork.media_of(code) if names else {}
    accept = {"image": "image/*", "audio": "audio/*", "video": "video/*"}
    return [{"name": name, "accept": accept[kind], "row": there.get(name)} for name, kind in names.items()]


@require_POST
@for_changers
def media(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a picture, sound or film that the form names."""
    form, name = selectors.form(code), request.POST.get("name", "")
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        messages.error(request, _("请选择一个文件。"))
    else:
        try:
            keep_media(
                by=actor_of(request), now=clock.now(), code=form.code, name=name,
                content=cast("BinaryIO", sent.file), sent=sent.name or "",
            )  # fmt: skip
        except DomainError as error:
            messages.error(request, " ".join(filter(None, (f"{name[:80]}：{error.message}", error.hint))))
        else:
            messages.success(request, _("已上传“%(name)s”。") % {"name": name})
    return HttpResponseRedirect(reverse("console:form", args=[code]) + "#media")


@for_changers
def _set_kind(request: HttpRequest, code: str) -> HttpResponse:
    try:
        services.set_kind(by=actor_of(request), now=clock.now(), code=code, kind=request.POST.get("kind", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("console:form", args=[code]))


@require_http_methods(["GET", "POST"])
@for_changers
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the draft changes and what it lacks; a POST puts it into use."""
    status = 200
    trouble: DomainError | None = None
    if request.method == "POST":
        try:
            made = services.publish_draft(
                by=actor_of(request), now=clock.now(), code=code, expected=edition_of(request)
            )
        except DomainError as error:
            if error.status == 404:
                raise
            status, trouble = error.status, error
        else:
            messages.success(request, _("已发布第 %(n)s 版。") % {"n": made.number})
            return HttpResponseRedirect(reverse("console:form", args=[code]))
    rows = versions(code)
    draft = rows[0] if rows[0].published_at is None else None
    former = next((r for r in rows if r.published_at), None)
    whole = selectors.form_of(rows[0])
    names = names_of(whole)
    faults = [{"where": names.get(p.path, p.path), "path": p.path, "words": "".join(said(p))} for p in problems(whole)]
    changes = differences(former, rows[0]) if draft else []
    context = {
        "nav_here": "console", "form": selectors.form(code), "draft": draft, "former": former, "changes": changes,
        "matters": sum(c["matters"] for c in changes), "faults": faults, "trouble": trouble,
        "count": sum(not line["group"] for line in lines_of(whole)),
    }  # fmt: skip
    return render(request, "console/forms/publish.html", context, status=status)


@require_POST
@for_changers
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Drop the draft."""
    try:
        stays = services.discard_draft(by=actor_of(request), now=clock.now(), code=code, expected=edition_of(request))
    except ConflictError as error:
        messages.error(request, str(error))
        stays = True
    else:
        messages.success(request, _("已放弃草稿。"))
    return HttpResponseRedirect(reverse("console:form", args=[code]) if stays else reverse("console:forms"))


@require_GET
@for_readers
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Show two versions against each other."""
    rows = versions(code)
    new = chosen(rows, request.GET.get("new", ""))
    usual = next((str(r.number) for r in rows if r.number < new.number), str(new.number))
    old = chosen(rows, request.GET.get("old", "") or usual)
    options = [{"value": str(r.number), "label": _("第 %(n)s 版") % {"n": r.number}} for r in rows]
    context = {
        "nav_here": "console", "form": selectors.form(code), "old": old, "new": new, "options": options,
        "old_number": str(old.number), "new_number": str(new.number), "changes": differences(old, new),
    }  # fmt: skip
    return render(request, "console/forms/compare.html", context)


@require_GET
@for_readers
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a version as an XLSForm workbook."""
    version = chosen(versions(code), request.GET.get("version", ""))
    whole = selectors.form_of(version)
    return sheet_answer(services.export_xlsform(whole), f"{code}-v{version.number}-{whole.settings.title}")


@require_GET
@for_readers
def xform(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a version as the XForm that ODK Collect and Enketo read."""
    version = chosen(versions(code), request.GET.get("version", ""))
    try:
        text = services.to_xform(selectors.form_of(version))
    except services.ConversionError as error:
        raise ConflictError(_("这一版还不能转换：%(said)s") % {"said": error.said}, code="forms.xform") from error
    answer = HttpResponse(text, content_type=XFORM)
    answer["Content-Disposition"] = f'attachment; filename="{code}-v{version.number}.xml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
