"""Ways of working and shared experience: the list, the form, the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.projects.types import Strand
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, StaleError
from linli.interfaces.desk.doors import actor_of, id_of
from linli.interfaces.desk.publishing import pieces
from linli.interfaces.desk.publishing.doors import first_unit, list_context, unit_choices, writers
from linli.interfaces.web.forms import DomainForm, text_field
from linli.programmes.publishing import permissions, selectors, services
from linli.programmes.publishing.types import MethodData, MethodKind

if TYPE_CHECKING:
    from linli.foundation.core.actors import Actor
    from linli.programmes.publishing.models import Method

_TEXTS = ("title", "proposer", "summary", "steps", "used_at", "evidence", "exhibitions", "topic")


class MethodForm(DomainForm):
    """Name, who proposed it, steps, where it is used, evidence, exhibitions."""

    kind = forms.ChoiceField(
        label=gettext_lazy("种类"), choices=MethodKind.choices, initial=MethodKind.METHOD, widget=forms.RadioSelect
    )
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    unit = forms.TypedChoiceField(label=gettext_lazy("来源单位"), coerce=int)
    proposer = forms.CharField(
        label=gettext_lazy("提出者"), required=False, max_length=80, help_text=gettext_lazy("写单位或岗位，不写姓名。")
    )
    summary = text_field(gettext_lazy("概要"), longest=2_000, rows=4)
    steps = text_field(
        gettext_lazy("步骤"), required=False, longest=4_000, rows=6, help_text=gettext_lazy("一行一步。")
    )
    used_at = text_field(
        gettext_lazy("应用情况"), required=False, rows=3, help_text=gettext_lazy("用在哪里，一行一处。")
    )
    evidence = text_field(
        gettext_lazy("依据与成效"),
        required=False,
        rows=3,
        help_text=gettext_lazy("数字、报道、文件，一行一条，可以写网址。"),
    )
    exhibitions = text_field(
        gettext_lazy("展示交流"), required=False, rows=2, help_text=gettext_lazy("在哪里展示、交流过，一行一次。")
    )
    topic = forms.CharField(label=gettext_lazy("专题"), required=False, max_length=40)
    strands = forms.MultipleChoiceField(
        label=gettext_lazy("三化"), choices=Strand.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units that ``actor`` may write for."""
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.choices = [("", _("请选择")), *unit_choices(actor)]


@require_GET
@writers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the library of ways of working."""
    return render(request, "desk/publishing/methods.html", list_context(request, "method", "methods"))


def _data(cleaned: dict[str, Any]) -> MethodData:
    texts = {name: cleaned[name] for name in _TEXTS}
    return MethodData(**texts, kind=cleaned["kind"], unit_id=cleaned["unit"], strands=tuple(cleaned["strands"]))


@require_http_methods(["GET", "POST"])
@writers
def new(request: HttpRequest) -> HttpResponse:
    """Begin a way of working."""
    actor, status = actor_of(request), 200
    form = MethodForm(initial={"unit": first_unit(actor), "kind": MethodKind.METHOD}, actor=actor)
    if request.method == "POST":
        form = MethodForm(request.POST, actor=actor)
        status = form.attempt(lambda: services.begin_method(by=actor, now=clock.now(), data=_data(form.cleaned_data)))
        if not status:
            messages.success(request, _("已存为草稿，检查后送审。"))
            return pieces.redirect_to(form.made)
    context = {"form": form, "method": None, "version": 0, "nav_here": "publishing"}
    return render(request, "desk/publishing/method_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@writers
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a draft."""
    actor, status = actor_of(request), 200
    method = selectors.method_for(actor, uuid)
    permissions.check(actor, "edit", method)
    version: Any = method.version
    start = {name: getattr(method, name) for name in _TEXTS}
    start |= {"kind": method.method_kind, "unit": method.unit_id, "strands": method.strand_codes}
    form = MethodForm(initial=start, actor=actor)
    if request.method == "POST":
        form, version = MethodForm(request.POST, actor=actor), request.POST.get("version", "")
        seen = id_of(version) or 0
        status = form.attempt(
            lambda: services.edit_method(
                by=actor, now=clock.now(), method=method, version=seen, data=_data(form.cleaned_data)
            )
        )
        if not status:
            messages.success(request, _("已保存。"))
            return pieces.redirect_to(method)
        if isinstance(form.refused, StaleError):
            version = selectors.method_for(actor, uuid).version
    context = {"form": form, "method": method, "version": version, "nav_here": "publishing"}
    return render(request, "desk/publishing/method_form.html", context, status=status)


def page(request: HttpRequest, piece: Method, error: DomainError | None = None) -> HttpResponse:
    """Show a way of working."""
    context = pieces.context(request, piece, error)
    return render(request, "desk/publishing/method.html", context, status=error.status if error else 200)


@require_GET
@writers
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a way of working."""
    return page(request, selectors.method_for(actor_of(request), uuid))
