"""The designer of a category's questions: added, changed, put in order, removed; all in the draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.rules import describing
from linli.engines.cases.selectors import Shown
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.forms.rules import syntax
from linli.interfaces.console.categories.asking import SHOWN, QuestionForm, start
from linli.interfaces.console.categories.views.page import question_lines
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change
from linli.interfaces.console.words import drawn, take

Asked = Sequence[Mapping[str, Any]]


def _asked(found: Shown) -> list[Mapping[str, Any]]:
    return list((found.spec.get("questions") or {}).get("questions") or ())


def _save(request: HttpRequest, found: Shown, asked: Asked, *, expected: int) -> None:
    services.save_draft(
        by=actor_of(request), now=clock.now(), code=found.code,
        changes={"questions": {"version": 1, "questions": list(asked)}}, expected=expected,
    )  # fmt: skip


def _edition(request: HttpRequest) -> int:
    text = request.POST.get("edition", "")
    return int(text) if text.isdigit() and len(text) < 10 else -1


@require_GET
@for_readers
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """Show the questions in their order."""
    found = cases.category_shown(code)
    context = {
        "found": found,
        "questions": question_lines(found.spec),
        "may_change": may_change(request),
        "nav_here": "console",
    }
    return render(request, "console/categories/questions.html", context)


@require_http_methods(["GET", "POST"])
@for_changers
def one(request: HttpRequest, code: str, question: str = "") -> HttpResponse:
    """Add a question, or change one."""
    found = cases.category_shown(code)
    asked = _asked(found)
    place = next((i for i, q in enumerate(asked) if q["code"] == question), None)
    if question and place is None:
        raise NotFoundError(_("没有这个问题。"), code="cases.question")
    now = asked[place] if place is not None else None
    before = asked[:place] if place is not None else asked
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        before=before, now=now, initial=start(now, before) if now else {"type": "text"},
    )  # fmt: skip
    status, edition = 200, found.edition
    if request.method == "POST":
        status, edition = 422, _edition(request)
        if form.is_valid():
            made = form.question(question or describing.next_code(sorted(cases.question_codes(code))))
            try:
                _save(request, found, describing.with_question(asked, made), expected=edition)
            except DomainError as error:
                status = take(form, error)
            else:
                messages.success(request, _("已保存到草稿。"))
                return HttpResponseRedirect(reverse("console:category_questions", args=[code]))
    context = {
        "found": found,
        "question": now,
        "fields": drawn(form),
        "form": form,
        "edition": edition,
        "shown": {"questions": [{"code": name, "relevant_tree": syntax(when)} for name, when in SHOWN.items()]},
        "nav_here": "console",
    }
    return render(request, "console/categories/question.html", context, status=status)


@require_POST
@for_changers
def arrange(request: HttpRequest, code: str, question: str) -> HttpResponse:
    """Move a question up or down, or remove it."""
    found = cases.category_shown(code)
    do = request.POST.get("do", "")
    asked = _asked(found)
    if do == "remove":
        asked = describing.without_question(asked, question)
    else:
        asked = describing.moved_question(asked, question, -1 if do == "up" else 1)
    try:
        _save(request, found, asked, expected=_edition(request))
    except DomainError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("console:category_questions", args=[code]))
