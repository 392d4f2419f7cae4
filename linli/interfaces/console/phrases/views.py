"""Everybody's sentences: by verb, category and outcome, with a preview on a made-up case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.rules import phrasing
from linli.engines.cases.workflow import VERBS, Outcome
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.paging import Page
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change
from linli.interfaces.console.words import drawn, take
from linli.interfaces.web.forms import DomainForm

# No person, place or number here is real.
SAMPLE = {
    "number": "HY20260310-0007",
    "title": gettext_lazy("弄堂口垃圾三天没人清"),
    "category": gettext_lazy("垃圾没人清"),
    "unit": gettext_lazy("示范物业服务企业"),
    "due": gettext_lazy("3 月 17 日"),
}
PLACES = {
    "number": gettext_lazy("编号"),
    "title": gettext_lazy("标题"),
    "category": gettext_lazy("居民看到的类别"),
    "unit": gettext_lazy("承办单位"),
    "due": gettext_lazy("到期日"),
}

SIZE = 50


def verb_names() -> dict[str, Any]:
    """Return verb → what people call it, of those that may have sentences."""
    names: dict[str, Any] = {"guidance": _("吹哨"), "shift": _("交接班"), **{c: v.label for c, v in VERBS.items()}}
    return {verb: names.get(verb, verb) for verb in services.phrase_verbs_known()}


class PhraseForm(DomainForm):
    """One sentence."""

    verb = forms.ChoiceField(label=gettext_lazy("用在哪一步"))
    text = forms.CharField(
        label=gettext_lazy("这句话"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("要临时填写的地方用四个下划线“____”；{number} 等会按案件自动填好。"),
    )
    category = forms.ChoiceField(label=gettext_lazy("只用于哪一类"), required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("只用于哪种结果"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the verbs, the categories in use and the outcomes."""
        super().__init__(*args, **kwargs)
        codes = [
            (n.spec.code, n.spec.name if not n.parent else f"{n.group} › {n.spec.name}") for n in cases.categories()
        ]
        self.fields["verb"].choices = list(verb_names().items())  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", _("各类都用")), *codes]  # type: ignore[attr-defined]
        self.fields["outcome"].choices = [("", _("各种结果都用")), *((o.value, o.label) for o in Outcome if o.value)]  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> dict[str, str]:
    verb = request.GET.get("verb", "")
    return {"verb": verb if verb in verb_names() else "", "q": request.GET.get("q", "")[:40]}


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Any]:
    """Return the page of sentences that an address asks for."""
    asked = _asked(request)
    return cases.phrase_page(verb=asked["verb"], words=asked["q"], cursor=cursor, size=size)


def with_words(phrases: Sequence[Any]) -> list[dict[str, Any]]:
    """Return sentences with the words for where they are used."""
    names = verb_names()
    categories = cases.category_names({p.category for p in phrases if p.category})
    return [
        {
            "row": p,
            "verb": names.get(p.verb, p.verb),
            "category": categories.get(p.category, p.category),
            "outcome": Outcome(p.outcome).label if p.outcome else "",
        }
        for p in phrases
    ]


@require_GET
@for_readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the sentences by verb; those shipped, as long as the installation keeps none of its own."""
    names, asked = verb_names(), _asked(request)
    adopted, page = cases.phrases_adopted(), page_of(request, request.GET.get("cursor", ""))
    chosen = {k: v for k, v in asked.items() if v}
    context = {
        "nav_here": "console",
        "adopted": adopted,
        "asked": asked,
        "filtered": bool(chosen),
        "page": page,
        "base": f"?{urlencode(chosen)}&" if chosen else "?",
        "verbs": [{"value": "", "label": _("全部步骤")}]
        + [{"value": code, "label": label} for code, label in names.items()],
        "rows": with_words(page.rows),
        "shipped": []
        if adopted
        else [
            {"verb": names.get(verb, verb), "texts": texts}
            for verb, texts in cases.shipped_phrases().items()
            if not asked["verb"] or verb == asked["verb"]
        ],
        "may_change": may_change(request),
    }
    return render(request, "console/phrases/list.html", context)


@require_http_methods(["GET", "POST"])
@for_changers
def one(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Add a sentence or change one; ``do=preview`` shows it on a made-up case and saves nothing."""
    row = cases.phrase(uuid) if uuid else None
    initial = (
        {k: getattr(row, k) for k in ("verb", "text", "category", "outcome")} if row else dict(request.GET.items())
    )
    form = PhraseForm(request.POST if request.method == "POST" else None, initial=initial)
    status, edition = 200, row.edition if row else 0
    text = str(form["text"].value() or "")
    if request.method == "POST":
        typed = request.POST.get("edition", "")
        edition = int(typed) if typed.isdigit() and len(typed) < 10 else -1
    if request.method == "POST" and request.POST.get("do") != "preview":
        status = 422
        if form.is_valid():
            try:
                services.save_phrase(
                    by=actor_of(request), now=clock.now(), uuid=uuid, expected=edition, **form.cleaned_data
                )
            except DomainError as error:
                status = take(form, error)
            else:
                messages.success(request, _("已保存。"))
                query = urlencode({"verb": form.cleaned_data["verb"]})
                return HttpResponseRedirect(f"{reverse('console:phrases')}?{query}")
    values = {k: str(v) for k, v in SAMPLE.items()}
    context = {
        "nav_here": "console",
        "row": row,
        "form": form,
        "fields": drawn(form),
        "edition": edition,
        "places": [{"name": k, "label": v} for k, v in PLACES.items()],
        "shown": phrasing.filled(text, values) if text else "",
        "history": cases.phrase_history(row) if row else [],
    }
    return render(request, "console/phrases/one.html", context, status=status)


@require_POST
@for_changers
def arrange(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Move a sentence up or down within its verb, or delete it."""
    by, now, do = actor_of(request), clock.now(), request.POST.get("do", "")
    verb = cases.phrase(uuid).verb
    try:
        if do == "remove":
            services.delete_phrase(by=by, now=now, uuid=uuid)
            messages.success(request, _("已删除。"))
        else:
            services.move_phrase(by=by, now=now, uuid=uuid, step=-1 if do == "up" else 1)
    except DomainError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(f"{reverse('console:phrases')}?{urlencode({'verb': verb})}")


@require_POST
@for_changers
def adopt(request: HttpRequest) -> HttpResponse:
    """Take over the shipped sentences that are missing, to be kept as the installation's own."""
    count = services.adopt_phrases(by=actor_of(request), now=clock.now())
    if count:
        messages.success(request, _("已加入 %(count)s 条出厂用语，可以修改和删除。") % {"count": count})
    else:
        messages.info(request, _("出厂用语都在，没有要补的。"))
    return HttpResponseRedirect(reverse("console:phrases"))
