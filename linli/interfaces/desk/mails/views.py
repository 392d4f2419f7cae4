"""The queue of messages that wait, one of them large, decided by keyboard; and the list of all others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.mailbox import permissions, selectors, services
from linli.engines.mailbox.types import MailFilters, MailState, Reason
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import actor_of, choice_options, problem, staff, uuid_of
from linli.interfaces.web.forms import DomainForm, text_field

if TYPE_CHECKING:
    from linli.engines.mailbox.models import Mail

NAV = "more"
_WAITING_REASONS = ("", "own", "loop", "bounce", "auto_reply", "bulk")
_SETTLED_REASONS = ("own", "loop", "bounce", "auto_reply", "bulk")


class CaseForm(DomainForm):
    """As what a case is made."""

    category = forms.ChoiceField(label=gettext_lazy("分类"), required=False)
    text = text_field(
        gettext_lazy("问题描述"), required=False, longest=5_000, rows=3,
        help_text=gettext_lazy("留空即用来信原文；邮件太大或读不出来时请填写。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the categories."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [
            ("", _("按邮箱的默认分类")), *((n.spec.code, n.title) for n in cases.fileable())
        ]  # fmt: skip


class AddForm(DomainForm):
    """To which case it is added."""

    number = forms.CharField(
        label=gettext_lazy("案件编号"), max_length=40,
        help_text=gettext_lazy("作为内部备注并入，附件一并收下；不算反映人本人的话。"),
    )  # fmt: skip


class DiscardForm(DomainForm):
    """Why nothing comes of it."""

    reason = text_field(gettext_lazy("舍弃的原因"), longest=300, rows=2)


class PurposeForm(DomainForm):
    """What the original is looked at for."""

    purpose = forms.CharField(label=gettext_lazy("查看用途"), max_length=100)


_FORMS: dict[str, type[DomainForm]] = {"case": CaseForm, "add": AddForm, "discard": DiscardForm}


def tabs(here: str) -> list[dict[str, Any]]:
    """Return the tabs of the pages."""
    found = [("mails", _("待人工处理")), ("mails_settled", _("全部来信"))]
    return [{"label": label, "url": reverse(f"desk:{name}"), "current": name == here} for name, label in found]


def _query(request: HttpRequest) -> dict[str, str]:
    kept = {"q": request.GET.get("q", "")[:60], "reason": request.GET.get("reason", "")[:16]}
    return {k: v for k, v in kept.items() if v}


@never_cache
@require_GET
@staff
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, the oldest first, and one of these to decide."""
    return _page(request, {})


def _page(
    request: HttpRequest, bound: dict[str, DomainForm], *, at: UUID | None = None, seen: tuple[str, str] | None = None
) -> HttpResponse:
    by, kept = actor_of(request), _query(request)
    rows, more = selectors.waiting(by, text=kept.get("q", ""), reason=kept.get("reason", ""))
    wanted = at or uuid_of(request.GET.get("at", ""))
    here = next((n for n, m in enumerate(rows) if m.uuid == wanted), 0)
    current = rows[here] if rows else None
    refused = next((f.refused for f in bound.values() if f.refused is not None), None)
    query = urlencode(kept)
    context = {
        "tabs": tabs("mails"), "queue": rows, "more": more, "here": here, "current": current,
        "before": rows[here - 1] if here else None, "after": rows[here + 1] if here + 1 < len(rows) else None,
        "query": query, "base": f"?{query}&" if query else "?", "narrowed": bool(query),
        "text": kept.get("q", ""), "reason": kept.get("reason", ""),
        "reasons": [{"value": "", "label": _("全部")}, *choice_options(Reason.choices, without=_WAITING_REASONS)],
        "may_judge": permissions.can_judge(by), "seen": seen if at is not None else None,
        "problem": problem(refused) if refused is not None else None, "now": clock.now(), "nav_here": NAV,
        "purpose": bound.get("purpose") or PurposeForm(), "forms": _forms(by, bound, current),
    }  # fmt: skip
    status = 200 if not bound else (refused.status if refused is not None else 422)
    return render(request, "desk/mails/queue.html", context, status=status)


def _forms(by: Actor, bound: dict[str, DomainForm], current: Mail | None) -> dict[str, DomainForm]:
    if not permissions.can_judge(by):
        return {}
    start = {"add": {"number": current.case_number}} if current is not None else {}
    return {name: bound.get(name) or form(initial=start.get(name)) for name, form in _FORMS.items()}


def filters_of(request: HttpRequest) -> MailFilters:
    """Return to what the list of all messages is narrowed."""
    kept = _query(request)
    return MailFilters(text=kept.get("q", ""), reason=kept.get("reason", ""), state=request.GET.get("state", ""))


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Mail]:
    """Return a page of the messages that the address asks for, those that wait left out."""
    return selectors.settled(actor_of(request), filters_of(request), cursor=cursor, size=size)


@never_cache
@require_GET
@staff
def settled(request: HttpRequest) -> HttpResponse:
    """Show all messages but those that wait, the newest first."""
    kept, filters = _query(request), filters_of(request)
    page = page_of(request, request.GET.get("cursor", ""))
    query = urlencode(kept | ({"state": filters.state} if filters.state else {}))
    every = [{"value": "", "label": _("全部")}]
    context = {
        "tabs": tabs("mails_settled"), "page": page, "filters": filters, "narrowed": bool(query),
        "base": f"?{query}&" if query else "?", "now": clock.now(), "nav_here": NAV,
        "states": every + choice_options(MailState.choices, without=("aside",)),
        "reasons": every + [o for o in choice_options(Reason.choices) if o["value"] in _SETTLED_REASONS],
    }  # fmt: skip
    return render(request, "desk/mails/settled.html", context)


def _act(form: DomainForm, what: str, known: dict[str, Any]) -> Callable[[], Any]:
    acts: dict[str, Callable[..., Any]] = {
        "case": services.make_case, "add": services.add_to_case, "discard": services.discard,
    }  # fmt: skip
    return lambda: acts[what](**known, **form.cleaned_data)


def _said(what: str, made: Any) -> str:
    if what == "case":
        return _("已立案 %(number)s。") % {"number": made.number}
    if what == "add":
        return _("已并入 %(number)s。") % {"number": made}
    return _("已舍弃。")


@never_cache
@require_POST
@staff
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a case of a message, add it to one, or discard it; go on with the next in the queue."""
    by, what = actor_of(request), request.POST.get("act", "")
    mail = selectors.mail_for(by, uuid)
    what = what if what in _FORMS else "discard"
    form = _FORMS[what](request.POST)
    known = {"by": by, "now": clock.now(), "mail": mail}
    if form.attempt(_act(form, what, known), through=(ForbiddenError,)):
        return _page(request, {what: form}, at=uuid)
    messages.success(request, _said(what, form.made))
    following = uuid_of(request.POST.get("next", ""))
    query = _query(request) | ({"at": str(following)} if following else {})
    return HttpResponseRedirect(reverse("desk:mails") + (f"?{urlencode(query)}" if query else ""))


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def original(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for a purpose, and show who wrote and all that was written."""
    by = actor_of(request)
    mail, form = selectors.mail_for(by, uuid), PurposeForm(request.POST)
    if request.method == "GET":
        return _original(request, mail, PurposeForm(), None)
    known: dict[str, Any] = {"by": by, "now": clock.now(), "mail": mail}
    failed = form.attempt(lambda: services.open_mail(**known, **form.cleaned_data))
    if mail.state == MailState.ASIDE:
        return _page(request, {"purpose": form} if failed else {}, at=uuid, seen=None if failed else form.made)
    return _original(request, mail, form, None if failed else form.made, status=failed or 200)


def _original(
    request: HttpRequest, mail: Mail, form: DomainForm, seen: tuple[str, str] | None, *, status: int = 200
) -> HttpResponse:
    context = {"mail": mail, "seen": seen, "purpose": form, "asking": True, "now": clock.now(), "nav_here": NAV}
    return render(request, "desk/mails/original.html", context, status=status)
