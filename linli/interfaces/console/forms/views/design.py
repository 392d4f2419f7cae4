"""The designer: the outline, one question, the phone; every change is kept in the draft at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.text import clean
from linli.foundation.forms import selectors, services
from linli.foundation.forms.rules import editing as edit
from linli.foundation.forms.rules import problems, said, syntax
from linli.foundation.forms.types import UNSEEN, Choice, Group, Question, QuestionType, WholeForm
from linli.interfaces.console.doors import actor_of, for_changers
from linli.interfaces.console.forms.asking import MOST_ROWS, SHOWN, ItemForm, rows_of, shared_with, start, typed_rows
from linli.interfaces.console.forms.views.page import edition_of, lines_of, versions
from linli.interfaces.console.forms.words import GROUPS, TYPES, label_of, type_of
from linli.interfaces.console.words import drawn
from linli.interfaces.web.forms import DomainForm, words_field

_PREFIX = {"group": "group", "repeat": "rows"}


def _to(code: str, at: str = "") -> HttpResponseRedirect:
    query = f"?{urlencode({'at': at})}" if at else ""
    return HttpResponseRedirect(f"{reverse('console:form_design', args=[code])}{query}")


def _before(whole: WholeForm, path: str) -> list[Question]:
    """Return the questions that stand before one."""
    found: list[Question] = []
    for where, _deep, item in edit.outline(whole):
        if where == path:
            break
        if isinstance(item, Question):
            found.append(item)
    return found


def _kinds() -> list[dict[str, str]]:
    """Return what can be added."""
    groups = [{"value": code, "label": str(label), "icon": icon} for code, (label, icon) in GROUPS.items()]
    offered = [(t, *named) for t, named in TYPES.items() if t not in UNSEEN or t is QuestionType.CALCULATE]
    types = [{"value": t.value, "label": str(label), "icon": icon} for t, label, icon in offered]
    return [*types, *groups]


@require_http_methods(["GET", "POST"])
@for_changers
def design(request: HttpRequest, code: str) -> HttpResponse:
    """Show the designer at a question; a POST saves that question."""
    row = selectors.form(code)
    newest = versions(code)[0]
    whole = selectors.form_of(newest)
    lines = lines_of(whole)
    at = request.GET.get("at", "")
    item = edit.item_at(whole, at) if at else None
    if item is None and lines:
        at = lines[0]["path"]
        item = edit.item_at(whole, at)
    status, edition, form = 200, newest.edition, None
    rows = rows_of(whole, item) if item else []
    if item is not None:
        before = _before(whole, at)
        form = ItemForm(
            request.POST if request.method == "POST" else None, form=whole, item=item, path=at, before=before,
            initial=start(item, before, whole),
        )  # fmt: skip
        if request.method == "POST":
            edition = edition_of(request)
            if len(rows) <= MOST_ROWS:
                form.take_rows(typed_rows(request.POST))
                rows = form.rows
            status = form.attempt(_saving(request, code, form, edition))
            if not status:
                messages.success(request, _("已保存到草稿。"))
                return _to(code, "/".join([*at.split("/")[:-1], form.made]))
            edition = newest.edition  # what was typed is shown against what stands now
    context = _context(row.code, newest, whole, at, item) | {
        "lines": lines, "edition": edition, "form": form, "fields": drawn(form) if form else {}, "rows": rows,
        "title": row.title, "too_many_rows": len(rows) > MOST_ROWS,
    }  # fmt: skip
    return render(request, "console/forms/design.html", context, status=status)


def _saving(request: HttpRequest, code: str, form: ItemForm, expected: int) -> Callable[[], str]:
    def save() -> str:
        whole, item = form.whole()
        whole = edit.without_idle_lists(edit.put(whole, form.path, item))
        services.save_draft(by=actor_of(request), now=clock.now(), code=code, form=whole, expected=expected)
        return item.code

    return save


def _context(code: str, newest: Any, whole: WholeForm, at: str, item: Question | Group | None) -> dict[str, Any]:
    faults = [{"path": p.path, "words": "".join(said(p))} for p in problems(whole)]
    names = [
        {"code": each.code, "label": label_of(each), "type": type_of(each)[0]}
        for path, _deep, each in edit.outline(whole) if path != at
    ]  # fmt: skip
    return {
        "nav_here": "console", "code": code, "version": newest, "draft": newest.published_at is None, "at": at,
        "item": item, "item_type": type_of(item)[0] if item else "", "is_group": isinstance(item, Group),
        "definition": fieldwork.to_fill(code, whole), "faults": faults, "names": names, "kinds": _kinds(),
        "shared": shared_with(whole, item, at) if item else [],
        "tally": sum(isinstance(each, Question) for _path, _deep, each in edit.outline(whole)),
        "shown": {"questions": [{"code": name, "relevant_tree": syntax(when)} for name, when in SHOWN.items()]},
    }  # fmt: skip


def _blank(whole: WholeForm, kind: str) -> tuple[WholeForm, Question | Group]:
    """Return a new item of a kind, ready to be worded, and the form with the list that it needs."""
    code = edit.free_code(whole, _PREFIX.get(kind) or f"q{len(list(edit.outline(whole))) + 1}")
    if kind in GROUPS:
        return whole, Group(code, (), {"zh-hans": _("新的分组")}, repeat=kind == "repeat")
    known = QuestionType(kind) if kind in QuestionType._value2member_map_ else QuestionType.TEXT
    made = Question(code, known, {"zh-hans": _("新的问题")})
    if known in {QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.RANK}:
        name = f"{code}_list"
        choices = (Choice("o1", {"zh-hans": _("选项一")}), Choice("o2", {"zh-hans": _("选项二")}))
        return edit.with_list(whole, name, choices), replace(made, list=name)
    if known is QuestionType.CALCULATE:
        made = replace(made, calculation="1 + 1")
    return whole, made


def _change(request: HttpRequest, code: str, change: Callable[[WholeForm], tuple[WholeForm, str]]) -> HttpResponse:
    whole = selectors.form_of(versions(code)[0])
    at = request.POST.get("at", "")
    try:
        changed, where = change(whole)
        services.save_draft(
            by=actor_of(request), now=clock.now(), code=code, form=changed, expected=edition_of(request)
        )
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, "\n".join([str(error), *_others(error)]))
        return _to(code, at)
    return _to(code, where)


def _others(error: DomainError) -> list[str]:
    found = [f"{path}：{words}" for path, said_ in error.fields.items() for words in said_]
    return found[1:4] if len(found) > 1 else []


@require_POST
@for_changers
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Add a question or a group behind the one that is shown."""
    at, kind = request.POST.get("at", ""), request.POST.get("kind", "text")

    def change(whole: WholeForm) -> tuple[WholeForm, str]:
        ready, item = _blank(whole, kind)
        changed = edit.add(ready, item, at)
        return changed, next((path for path, _deep, each in edit.outline(changed) if each.code == item.code), "")

    return _change(request, code, change)


@require_POST
@for_changers
def arrange(request: HttpRequest, code: str) -> HttpResponse:
    """Move a question, take it elsewhere, copy it, remove it."""
    at, do = request.POST.get("at", ""), request.POST.get("do", "")

    def change(whole: WholeForm) -> tuple[WholeForm, str]:
        if do == "remove":
            return edit.remove(whole, at), "/".join(at.split("/")[:-1])
        if do == "copy":
            return edit.copied(whole, at)
        if do == "place":
            return edit.place_before(whole, at, request.POST.get("to", "")[:600])
        return edit.move(whole, at, do)

    return _change(request, code, change)


class SettingsForm(DomainForm):
    """What a form says of itself."""

    title = words_field(gettext_lazy("表单名称"), 100, required=True)
    instance_name = forms.CharField(
        label=gettext_lazy("一份记录叫什么"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("算式，例如 concat(${shop}, ' ', today())；记录列表里用它。"),
    )  # fmt: skip
    default_language = forms.ChoiceField(
        label=gettext_lazy("默认语言"), choices=[("zh-hans", "简体中文"), ("en", "English")]
    )


@require_http_methods(["GET", "POST"])
@for_changers
def settings(request: HttpRequest, code: str) -> HttpResponse:
    """Change what a form says of itself, in the draft."""
    row, newest = selectors.form(code), versions(code)[0]
    whole = selectors.form_of(newest)
    now = whole.settings
    initial = {
        "title": now.title or row.title, "instance_name": now.instance_name, "default_language": now.default_language,
    }  # fmt: skip
    form = SettingsForm(request.POST or None, initial=initial)
    status, edition = 200, newest.edition
    if request.method == "POST":
        edition = edition_of(request)

        def save() -> Any:
            given = {k: clean(v) for k, v in form.cleaned_data.items()}
            changed = replace(whole, settings=replace(now, **given))
            return services.save_draft(by=actor_of(request), now=clock.now(), code=code, form=changed, expected=edition)

        status = form.attempt(save)
        if not status:
            messages.success(request, _("已保存到草稿。"))
            return _to(code)
        edition = newest.edition
    context = {"nav_here": "console", "form": form, "code": code, "title": row.title, "edition": edition}
    return render(request, "console/forms/settings.html", context, status=status)
