"""Channels, the record of what stood in which, the exchange file with 社区云."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError
from linli.foundation.core.paging import Page
from linli.foundation.exports.services import write
from linli.foundation.sheets.services import MIME
from linli.interfaces.desk.doors import actor_of, id_of, local, problem
from linli.interfaces.desk.publishing.doors import check_overseer, first_unit, overseers, query, tabs
from linli.interfaces.web.forms import DomainForm
from linli.programmes.publishing import permissions, selectors, services
from linli.programmes.publishing.rules.exchange import FIELDS
from linli.programmes.publishing.types import ChannelData, ChannelKind

if TYPE_CHECKING:
    from linli.programmes.publishing.models import Release

_YES = [("yes", gettext_lazy("是"))]


class ChannelForm(DomainForm):
    """A channel."""

    code = forms.CharField(label=gettext_lazy("代码"), max_length=24)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=ChannelKind.choices)
    address = forms.CharField(label=gettext_lazy("账号或地址"), required=False, max_length=200)
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=200)
    order = forms.IntegerField(label=gettext_lazy("次序"), min_value=0, max_value=999, initial=100)
    active = forms.MultipleChoiceField(
        label=gettext_lazy("在用"), choices=_YES, required=False, widget=forms.CheckboxSelectMultiple
    )


def check_releaser(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` sees to channels and what stands in them."""
    check_overseer(by)
    if not permissions.may_release(by):
        raise ForbiddenError(_("发布记录和渠道由派单员、值班长、街道领导维护。"), code="publishing.role")


def _releaser(request: HttpRequest) -> None:
    check_releaser(actor_of(request))


def asked_of(request: HttpRequest) -> tuple[str, str, bool]:
    """Return to what the records are narrowed: the channel, the words, whether only what is to be checked."""
    get = request.GET
    return get.get("channel", "")[:24], get.get("q", "")[:60], bool(get.get("check"))


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Release]:
    """Return a page of the records that the address asks for."""
    channel, text, to_check = asked_of(request)
    return selectors.releases(channel=channel, text=text, to_check=to_check, cursor=cursor, size=size)


@require_GET
@overseers
def releases(request: HttpRequest) -> HttpResponse:
    """Show what stood in which channel, newest first."""
    _releaser(request)
    chosen, words, to_check = asked_of(request)
    every = [{"value": "", "label": _("全部渠道")}]
    context = {
        "page": page_of(request, request.GET.get("cursor", "")),
        "channels": every + [{"value": c.code, "label": c.name} for c in selectors.channels(active=False)],
        "chosen": chosen,
        "words": words,
        "to_check": "yes" if to_check else "",
        "yes": [{"value": "yes", "label": _("只看要核对的")}],
        "narrowed": bool(chosen or words or to_check),
        "base": query(request),
        "tabs": tabs(actor_of(request), "releases"),
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/releases.html", context)


@require_http_methods(["GET", "POST"])
@overseers
def release(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write down where something stands outside, or take it off one channel."""
    _releaser(request)
    row, error = selectors.release_for(uuid), None
    if request.method == "POST":
        common: dict[str, Any] = {"by": actor_of(request), "now": clock.now(), "release": row}
        try:
            if request.POST.get("act") == "take_off":
                services.take_off(**common, reason=request.POST.get("reason", ""))
            else:
                post = request.POST
                services.note_release(
                    **common, link=post.get("link", ""), outside_number=post.get("outside_number", "")
                )
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("已记录。"))
            return HttpResponseRedirect(reverse("desk:publishing_release", args=[uuid]))
    context = {
        "row": row,
        "piece_url": reverse(f"desk:publishing_{row.kind}", args=[row.piece]),
        "typed": request.POST or {"link": row.link, "outside_number": row.outside_number},
        "problem": problem(error) if error else None,
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/release.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@overseers
def channels(request: HttpRequest) -> HttpResponse:
    """Show the channels; add or change one, adopt the usual ones."""
    _releaser(request)
    actor, now, status = actor_of(request), clock.now(), 200
    code = request.GET.get("code", "")
    known = {c.code: c for c in selectors.channels(active=False)}
    form = ChannelForm(initial=_start(known.get(code)))
    if request.method == "POST" and request.POST.get("act") == "adopt":
        count = services.load_shipped(by=actor, now=now)
        messages.success(request, _("已加入 %(count)s 个常用渠道。") % {"count": count})
        return HttpResponseRedirect(reverse("desk:publishing_channels"))
    if request.method == "POST":
        form, status = ChannelForm(request.POST), 422
        if form.is_valid():
            d = form.cleaned_data
            data = ChannelData(d["code"], d["name"], d["kind"], d["address"], d["note"], d["order"], bool(d["active"]))
            try:
                services.save_channel(by=actor, now=now, data=data)
            except DomainError as error:
                form.take(error)
                status = error.status
            else:
                messages.success(request, _("已保存。"))
                return HttpResponseRedirect(reverse("desk:publishing_channels"))
    context = {"rows": list(known.values()), "form": form, "chosen": known.get(code), "nav_here": "publishing"}
    return render(request, "desk/publishing/channels.html", context, status=status)


def _start(channel: Any) -> dict[str, Any]:
    if channel is None:
        return {"active": ["yes"], "order": 100, "kind": ChannelKind.WECHAT}
    names = ("code", "name", "kind", "address", "note", "order")
    return {**{n: getattr(channel, n) for n in names}, "active": ["yes"] if channel.active else []}


@require_GET
@overseers
def cloud_file(request: HttpRequest, form: str) -> HttpResponse | FileResponse:
    """Send the articles that stand in 社区云 as the exchange file, JSON or a sheet."""
    _releaser(request)
    now, rows = clock.now(), services.cloud_rows()
    name = f"community-cloud-{local(now):%Y%m%d-%H%M}.{form}"
    answer: HttpResponse | FileResponse
    if form == "json":
        answer = HttpResponse(services.to_json(rows, now), content_type="application/json")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        note = _("社区云交换文件，共 %(count)s 篇。") % {"count": len(rows)}
        columns = [(head, 40 if field == "body" else 16) for field, head in FIELDS.items()]
        table = write(_("社区云"), columns, (services.to_cells(r) for r in rows), note)
        answer = FileResponse(table, as_attachment=True, filename=name, content_type=MIME)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "POST"])
@overseers
def cloud(request: HttpRequest) -> HttpResponse:
    """Take an exchange file in: whole, or not at all with what is wrong row by row."""
    _releaser(request)
    actor, status = actor_of(request), 200
    taken, error = None, None
    if request.method == "POST":
        try:
            taken = _take_in(request)
        except DomainError as refused:
            error, status = refused, refused.status
        else:
            if taken.faults:
                status = 422
            else:
                said = _("导入完成：新草稿 %(begun)s 篇，更新记录 %(noted)s 条，没有变化 %(same)s 条。")
                messages.success(request, said % {"begun": taken.begun, "noted": taken.noted, "same": taken.same})
                return HttpResponseRedirect(reverse("desk:publishing_cloud"))
    faults = [
        {"row": f.row, "field": FIELDS.get(f.field, f.field), "words": services.fault_words(f.code)}
        for f in (taken.faults if taken else ())
    ]
    context = {
        "faults": faults[:50],
        "more": len(faults) > 50,
        "problem": problem(error) if error else None,
        "tabs": tabs(actor, "releases"),
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/cloud.html", context, status=status)


def _take_in(request: HttpRequest) -> services.Taken:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise InvalidError(_("请选择一个文件。"), code="publishing.exchange", fields={"file": [_("请选择一个文件。")]})
    actor = actor_of(request)
    content = cast("bytes", sent.read(6 * 1024 * 1024))
    unit = first_unit(actor) or id_of(request.POST.get("unit", "")) or 0
    return services.take_in(by=actor, now=clock.now(), read=services.read_file(content), unit_id=unit)
