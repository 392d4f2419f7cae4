"""Message templates by event: shipped and own words, preview, test, reset, history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.journal import selectors as journal
from linli.foundation.messages import rules, selectors, services
from linli.foundation.messages.types import ChannelCode
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change
from linli.interfaces.console.wording import events
from linli.interfaces.console.wording.forms import ResetForm, TestForm, WordsForm
from linli.interfaces.console.words import drawn, take
from linli.interfaces.web.forms import DomainForm

LANGUAGES: dict[str, str] = {"zh-hans": "中文", "en": "English"}


@require_GET
@for_readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the templates by who gets them, with those that have own words marked."""
    words = request.GET.get("q", "").strip()[:40]
    found = [
        {"code": t.code, "name": events.name_of(t.code), "subject": t.texts["zh-hans", "subject"], "own": own}
        for t, own in selectors.template_list()
        if not words or any(words in text for text in (t.code, events.name_of(t.code), *t.texts.values()))
    ]
    groups = [
        {"title": title, "rows": [r for r in found if events.group_of(str(r["code"])) == code]}
        for code, title in events.GROUPS.items()
    ]
    context = {"nav_here": "console", "groups": [g for g in groups if g["rows"]], "q": words}
    return render(request, "console/templates/list.html", context)


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("language", "zh-hans")
    return wanted if wanted in LANGUAGES else "zh-hans"


def _known(code: str) -> str:
    if code not in {t.code for t, _own in selectors.template_list()}:
        raise NotFoundError(_("没有这个消息模板。"), code="messages.template")
    return code


def _history(code: str) -> list[dict[str, Any]]:
    entries = journal.entries_for("message_template", services.template_uuid(code), 50)
    return [
        {
            "entry": e,
            "what": e.label.removeprefix(f"{code} "),
            "before": (e.before or {}).get("text", ""),
            "after": (e.after or {}).get("text", ""),
            "shipped": (e.after or {}).get("shipped"),
        }
        for e in entries
        if e.verb == "messages.set_template"
    ]


def _params(template: rules.Template) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": events.PARAMS.get(name, name),
            "required": name in template.required,
            "personal": name in template.personal,
        }
        for name in sorted(template.required | template.optional, key=lambda n: (n not in template.required, n))
    ]


def _preview(code: str, language: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the message with made-up values, by channel; None where the words cannot be read."""
    if any(f.code == "braces" for f in services.faults_with(code, language, texts)):
        return {}
    shown = selectors.preview(code, language, texts)
    return {"words": shown, "sms": rules.sms(shown.short)}


def _show(
    request: HttpRequest,
    code: str,
    *,
    form: WordsForm | None = None,
    test_form: DomainForm | None = None,
    reset_form: DomainForm | None = None,
    status: int = 200,
    dropped: list[str] | None = None,
) -> HttpResponse:
    language = _language(request)
    shipped, in_force = selectors.shipped_template(code), selectors.template_in_force(code)
    texts = {part: in_force.texts[language, part] for part in rules.PARTS}
    form = form or WordsForm(initial=texts)
    typed = {part: str(form[part].value() or "") for part in rules.PARTS}
    own = selectors.own_words(code)
    context = {
        "nav_here": "console",
        "code": code,
        "name": events.name_of(code),
        "group": events.GROUPS[events.group_of(code)],
        "language": language,
        "tabs": [
            {"label": label, "url": f"?language={key}", "count": None, "current": key == language}
            for key, label in LANGUAGES.items()
        ],
        "form": form,
        "fields": drawn(form),
        "seen": texts,
        "parts": [{"part": p, "own": (language, p) in own, "shipped": shipped.texts[language, p]} for p in rules.PARTS],
        "is_own": any((language, p) in own for p in rules.PARTS),
        "params": _params(shipped),
        "preview": _preview(code, language, typed),
        "history": _history(code),
        "test": drawn(test_form or TestForm(initial={"channel": "in_app"})),
        "reset": drawn(reset_form or ResetForm()),
        "dropped": dropped or [],
        "secret": shipped.secret,
        "may_change": may_change(request),
    }
    return render(request, "console/templates/page.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_readers
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a template in one language with its preview; look at other words (``do=preview``) or save them."""
    _known(code)
    if request.method != "POST":
        return _show(request, code)
    if not may_change(request):
        raise NotFoundError(_("没有找到这个页面。"))
    form = WordsForm(request.POST)
    if request.POST.get("do") == "preview":
        form.fields["reason"].required = False
        form.is_valid()
        return _show(request, code, form=form)
    if not form.is_valid():
        return _show(request, code, form=form, status=422)
    data, language = form.cleaned_data, _language(request)
    try:
        count = services.set_words(
            by=actor_of(request), now=clock.now(), code=code, language=language,
            texts={p: data[p] for p in rules.PARTS}, reason=data["reason"], accept_dropped=data["accept_dropped"],
            seen={p: request.POST.get(f"seen_{p}", "") for p in rules.PARTS},
        )  # fmt: skip
    except DomainError as error:
        dropped = error.fields.pop("accept_dropped", [])
        if error.fields or not dropped:
            take(form, error)
        return _show(request, code, form=form, status=error.status, dropped=dropped)
    messages.success(request, _("已保存，下一条消息起用新的文字。") if count else _("没有改动。"))
    return HttpResponseRedirect(f"{reverse('console:template', args=[code])}?language={language}")


@require_POST
@for_changers
def reset(request: HttpRequest, code: str) -> HttpResponse:
    """Bring the shipped words back in one language."""
    form, language = ResetForm(request.POST), _language(request)
    if not form.is_valid():
        return _show(request, _known(code), reset_form=form, status=422)
    services.reset_words(
        by=actor_of(request), now=clock.now(), code=_known(code), language=language, reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("已恢复出厂文字。"))
    return HttpResponseRedirect(f"{reverse('console:template', args=[code])}?language={language}")


@require_POST
@for_changers
def test(request: HttpRequest, code: str) -> HttpResponse:
    """Send the words in force, with made-up values, to whoever asks."""
    form, language = TestForm(request.POST), _language(request)
    if not form.is_valid():
        return _show(request, _known(code), test_form=form, status=422)
    channel, email = ChannelCode(form.cleaned_data["channel"]), form.cleaned_data["email"]
    try:
        services.send_test(
            by=actor_of(request), now=clock.now(), code=_known(code), language=language, channel_code=channel,
            email=email if channel is ChannelCode.EMAIL else "",
        )  # fmt: skip
    except DomainError as error:
        return _show(request, code, test_form=form, status=take(form, error))
    where = _("站内消息") if channel is ChannelCode.IN_APP else email
    messages.success(request, _("测试已发往%(where)s。") % {"where": where})
    return HttpResponseRedirect(f"{reverse('console:template', args=[code])}?language={language}")
