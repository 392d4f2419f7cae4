"""Cutting the parts of a policy by hand: the outline as a list that is moved by button, key or hand; one part."""

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
from linli.foundation.core.errors import DomainError, ForbiddenError
from linli.interfaces.desk.documents.acting import revision_of
from linli.interfaces.desk.documents.plans import parted
from linli.interfaces.desk.doors import actor_of, id_of, staff, uuid_of
from linli.interfaces.web.forms import DomainForm
from linli.programmes.documents import selectors, services
from linli.programmes.documents.permissions import check_keep
from linli.programmes.documents.rules.outline import DEEPEST

Line = tuple[UUID, int]  # part, its level


def _typed(request: HttpRequest) -> list[Line]:
    """Return the lines as they were sent, in their order."""
    sent = zip(request.POST.getlist("part"), request.POST.getlist("level"), strict=False)
    return [(uuid, id_of(level) or 0) for text, level in sent if (uuid := uuid_of(text)) is not None]


def _moved(lines: list[Line], move: str) -> list[Line]:
    """Return the lines with one moved: ``up:``, ``down:`` a place, ``in:``, ``out:`` a level."""
    way, _colon, text = move.partition(":")
    wanted = uuid_of(text)
    at = next((n for n, line in enumerate(lines) if line[0] == wanted), None)
    if at is None:
        return lines
    if way in {"in", "out"}:
        level = lines[at][1] + (1 if way == "in" else -1)
        lines[at] = (lines[at][0], min(DEEPEST, max(1, level)))
        return lines
    to = max(0, at - 1) if way == "up" else min(len(lines) - 1, at + 1)
    lines.insert(to, lines.pop(at))
    return lines


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def outline(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the parts in their order, each on its level; keep another order."""
    actor, error, lines = actor_of(request), None, None
    check_keep(actor)
    found = parted(request, uuid)
    if request.method == "POST":
        lines = _typed(request)
        if move := request.POST.get("move", ""):
            lines = _moved(lines, move)
        else:
            try:
                services.arrange_parts(
                    by=actor, now=clock.now(), document=found, revision=revision_of(request), rows=lines
                )
            except ForbiddenError:
                raise
            except DomainError as refused:
                error = refused
                found = parted(request, uuid)
            else:
                messages.success(request, _("顺序和层级已保存。"))
                return HttpResponseRedirect(reverse("desk:document_parts", args=[uuid]))
    return _page(request, found, lines, error)


def _page(request: HttpRequest, found: Any, lines: list[Line] | None, error: DomainError | None) -> HttpResponse:
    kept = selectors.outline_of(found)
    by_uuid = {row.part.uuid: row for row in kept}
    typed = [(u, level) for u, level in dict(lines or []).items() if u in by_uuid]
    shown: list[dict[str, Any]] = [{"row": by_uuid[u], "level": level} for u, level in typed] or [
        {"row": row, "level": row.part.level} for row in kept
    ]
    # What somebody else added meanwhile stands behind what was typed.
    told = {line["row"].part.uuid for line in shown}
    shown += [{"row": row, "level": row.part.level} for row in kept if row.part.uuid not in told]
    context = {
        "document": found,
        "lines": shown,
        "left_out": selectors.left_out(found),
        "open": selectors.outline_open(found),
        "frozen": sum(row.frozen for row in kept),
        "error": error,
        "nav_here": "documents",
    }
    return render(request, "desk/documents/outline.html", context, status=error.status if error else 200)


class PartForm(DomainForm):
    """Number and title of a part, and between which sentences it stands."""

    number = forms.CharField(label=gettext_lazy("编号"), required=False, max_length=20)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    start = forms.TypedChoiceField(
        label=gettext_lazy("从这一句开始"),
        coerce=int,
        help_text=gettext_lazy("让出的文字归前一部分，多取的从前一部分取。"),
    )
    end = forms.TypedChoiceField(
        label=gettext_lazy("到这一句为止"),
        coerce=int,
        help_text=gettext_lazy("让出的文字归后一部分，多取的从后一部分取。"),
    )

    def __init__(self, *args: Any, borders: selectors.Borders, **kwargs: Any) -> None:
        """Offer the sentences at which the part may begin and end."""
        super().__init__(*args, **kwargs)
        for name, places, words in (("start", borders.starts, "%s……"), ("end", borders.ends, "……%s")):
            field: Any = self.fields[name]
            field.choices = [(p.at, words % p.words[:36]) for p in places]


def _act(request: HttpRequest, part: Any, form: PartForm) -> DomainError | None:
    """Do what was asked of the part; return what was refused."""
    about = {"by": actor_of(request), "now": clock.now(), "part": part, "revision": revision_of(request)}
    act = request.POST.get("act", "")
    try:
        if act == "split":
            services.split_part(**about, at=id_of(request.POST.get("at", "")) or 0)
            messages.success(request, _("已拆成两个部分。"))
        elif act == "join":
            services.join_part(**about)
            messages.success(request, _("已合并。"))
        else:
            services.change_part(**about, **form.cleaned_data)
            messages.success(request, _("已保存。"))
    except ForbiddenError:
        raise
    except DomainError as refused:
        return refused
    return None


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def part(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one part; rename it, move its borders, cut it in two, join it with the next."""
    actor, status, error = actor_of(request), 200, None
    check_keep(actor)
    found = selectors.part_for(actor, uuid)
    borders = selectors.borders_of(found)
    if request.method == "POST":
        changes = request.POST.get("act", "change") == "change"
        form = PartForm(request.POST if changes else None, borders=borders, initial=_first(found, borders))
        status = 422
        if not changes or form.is_valid():
            error = _act(request, found, form)
            if error is None:
                return HttpResponseRedirect(reverse("desk:document_outline", args=[found.document.uuid]))
            status = error.status
            if changes:
                form.take(error)
            found.document.refresh_from_db(fields=["outline"])
    else:
        form = PartForm(borders=borders, initial=_first(found, borders))
    row = next(r for r in selectors.outline_of(found.document) if r.part.pk == found.pk)
    context = {
        "part": found,
        "form": form,
        "borders": borders,
        "chosen": request.POST.get("at", ""),
        "frozen": row.frozen,
        "open": selectors.outline_open(found.document),
        "error": error,
        "nav_here": "documents",
    }
    return render(request, "desk/documents/part.html", context, status=status)


def _first(found: Any, borders: selectors.Borders) -> dict[str, Any]:
    return {"number": found.number, "title": found.title, "start": borders.start, "end": borders.end}
