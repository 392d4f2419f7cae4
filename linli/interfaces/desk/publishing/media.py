"""The media library: the list, entering a picture or film, clearing it, where it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError, NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.files import selectors as stored
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind
from linli.interfaces.desk.doors import actor_of, id_of, problem, uuid_of
from linli.interfaces.desk.files.views import SIZES, send
from linli.interfaces.desk.publishing.doors import link_rows, links_sent, query, tabs, writers
from linli.interfaces.web.forms import DomainForm, day_field
from linli.programmes.publishing import permissions, selectors, services
from linli.programmes.publishing.types import MediaData, MediaKind

if TYPE_CHECKING:
    from linli.programmes.publishing.models import Media

_YES = [("yes", gettext_lazy("是"))]
_TEXTS = ("title", "url", "caption", "credit", "place", "topic", "consent")


class MediaForm(DomainForm):
    """What a picture or film shows, whose it is, whether it may go out."""

    kind = forms.ChoiceField(
        label=gettext_lazy("种类"), choices=MediaKind.choices, initial=MediaKind.PHOTO, widget=forms.RadioSelect
    )
    file = forms.FileField(label=gettext_lazy("文件"), required=False)
    url = forms.CharField(
        label=gettext_lazy("外部网址"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("视频放在别处的，填网址，如一周年回顾短片。"),
    )
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    caption = forms.CharField(label=gettext_lazy("图片说明"), required=False, max_length=200)
    credit = forms.CharField(label=gettext_lazy("摄影（摄像）"), required=False, max_length=60)
    taken_on = day_field(gettext_lazy("拍摄日期"), required=False)
    place = forms.CharField(label=gettext_lazy("地点"), required=False, max_length=80)
    topic = forms.CharField(label=gettext_lazy("专题"), required=False, max_length=40)
    recognisable = forms.MultipleChoiceField(
        label=gettext_lazy("能认出画面里的人"), choices=_YES, required=False, widget=forms.CheckboxSelectMultiple
    )
    consent = forms.CharField(
        label=gettext_lazy("本人怎样同意公开"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("能认出人的必填，如“现场口头同意，活动通知已说明”；不写姓名。"),
    )
    cleared = forms.MultipleChoiceField(
        label=gettext_lazy("可以公开"), choices=_YES, required=False, widget=forms.CheckboxSelectMultiple
    )


def filters_of(request: HttpRequest) -> selectors.MediaFilters:
    """Return what the library is narrowed to."""
    get = request.GET
    return selectors.MediaFilters(
        get.get("q", "")[:60], get.get("kind", ""), get.get("cleared", ""), get.get("link", "")[:60]
    )


def page_of(request: HttpRequest, cursor: str, size: int = 24) -> Page[Media]:
    """Return a page of the library as the address asks for it."""
    return selectors.media_page(filters_of(request), cursor=cursor, size=size)


def clearance_labels() -> dict[str, str]:
    """Return whether a picture may go out, as the filter has it."""
    return {"yes": _("可以公开"), "no": _("未确认")}


@require_GET
@writers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the library."""
    filters = filters_of(request)
    every = [{"value": "", "label": _("全部")}]
    context = {
        "page": page_of(request, request.GET.get("cursor", "")),
        "filters": filters,
        "kinds": every + [{"value": k.value, "label": k.label} for k in MediaKind],
        "clearances": every + [{"value": value, "label": label} for value, label in clearance_labels().items()],
        "narrowed": bool(filters.text or filters.kind or filters.cleared or filters.link),
        "base": query(request),
        "tabs": tabs(actor_of(request), "media"),
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/media.html", context)


def _data(request: HttpRequest, cleaned: dict[str, Any], file_id: int | None) -> MediaData:
    texts = {name: cleaned[name] for name in _TEXTS}
    return MediaData(
        **texts,
        kind=cleaned["kind"],
        taken_on=cleaned["taken_on"],
        links=links_sent(request.POST),
        recognisable=bool(cleaned["recognisable"]),
        cleared=bool(cleaned["cleared"]),
        file_id=file_id,
    )


def _enter(request: HttpRequest, cleaned: dict[str, Any]) -> Media:
    actor, now = actor_of(request), clock.now()
    upload = cleaned["file"]
    if cleaned["kind"] != MediaKind.LINK and not upload:
        raise InvalidError(
            _("请选择文件。"), code="publishing.file", fields={"file": [_("请选择文件（刷新或退回后要重新选）。")]}
        )
    data = _data(request, cleaned, None)
    services.check_media(by=actor, now=now, data=data)
    file_id = None
    if upload and cleaned["kind"] != MediaKind.LINK:
        kind = Kind.PHOTO if cleaned["kind"] == MediaKind.PHOTO else Kind.VIDEO
        row = files.store(
            by=actor,
            now=now,
            content=cast("BinaryIO", upload.file),
            name=str(upload.name)[:80],
            purpose=services.PURPOSE,
            only=[kind],
        )
        file_id = row.pk
    return services.add_media(by=actor, now=now, data=_data(request, cleaned, file_id))


@require_http_methods(["GET", "POST"])
@writers
def new(request: HttpRequest) -> HttpResponse:
    """Enter a picture or film."""
    status = 200
    form = MediaForm(initial={"kind": MediaKind.PHOTO})
    back = uuid_of(request.GET.get("to", ""))
    if request.method == "POST":
        form, status = MediaForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                media = _enter(request, form.cleaned_data)
            except DomainError as error:
                _take(form, error)
                status = error.status
            else:
                messages.success(request, _("已放进媒体库。"))
                if back:
                    return HttpResponseRedirect(reverse("desk:publishing_article_edit", args=[back]))
                return HttpResponseRedirect(reverse("desk:publishing_media_one", args=[media.uuid]))
    context: dict[str, Any] = {"form": form, "media": None, "links": [], "version": 0, "nav_here": "publishing"}
    return render(request, "desk/publishing/media_form.html", context, status=status)


def _take(form: MediaForm, error: DomainError) -> None:
    if error.code.startswith("files."):
        form.add_error("file", str(error))
    else:
        form.take(error)


@require_http_methods(["GET", "POST"])
@writers
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a picture or film, change what is said of it, take it out."""
    actor, now, status = actor_of(request), clock.now(), 200
    media = selectors.media_for(uuid)
    start: dict[str, Any] = {name: getattr(media, name) for name in (*_TEXTS, "kind", "taken_on")}
    start |= {name: ["yes"] if getattr(media, name) else [] for name in ("recognisable", "cleared")}
    form, error = MediaForm(initial=start), None
    if request.method == "POST" and request.POST.get("act") == "withdraw":
        try:
            services.withdraw_media(by=actor, now=now, media=media, reason=request.POST.get("reason", ""))
        except DomainError as refused:
            error, status = refused, refused.status
        else:
            messages.success(request, _("已从媒体库撤下，公开页面不再显示。"))
            return HttpResponseRedirect(reverse("desk:publishing_media"))
    elif request.method == "POST":
        form, status = MediaForm({**request.POST.dict(), "kind": media.kind, "recognisable": request.POST.getlist("recognisable"), "cleared": request.POST.getlist("cleared")}), 422  # fmt: skip  # noqa: E501
        if form.is_valid():
            sent = id_of(request.POST.get("version", "")) or 0
            data = _data(request, form.cleaned_data, media.file_id)
            try:
                services.edit_media(by=actor, now=now, media=media, version=sent, data=data)
            except DomainError as refused:
                _take(form, refused)
                status = refused.status
            else:
                messages.success(request, _("已保存。"))
                return HttpResponseRedirect(reverse("desk:publishing_media_one", args=[uuid]))
    context: dict[str, Any] = {
        "media": media,
        "form": form,
        "links": link_rows(media.links),
        "version": selectors.media_for(uuid).version if status in {200, 409} else request.POST.get("version", ""),
        "used": selectors.used_in(actor, media),
        "may_clear": permissions.may_clear(actor),
        "problem": problem(error) if error else None,
        "typed": request.POST,
        "shown": bool(media.file_id and media.file and media.file.has_shown),
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/media_form.html", context, status=status)


@require_GET
@writers
def file(request: HttpRequest, uuid: UUID, size: int) -> HttpResponseBase:
    """Send a picture as shown in pages (320, 1600), or the original of a film (``0``)."""
    del request
    media = selectors.media_for(uuid)
    if media.file is None:
        raise NotFoundError(_("没有找到这张照片。"), code="publishing.media")
    if size == 0:
        return send(stored.serve_original(media.file.uuid))
    if str(size) not in SIZES or not media.file.has_shown:
        raise NotFoundError(_("没有找到这张照片。"), code="publishing.media")
    return send(stored.serve_shown(media.file.uuid, size), cached=True)
