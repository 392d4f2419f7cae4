"""Following a report: the code is typed once and kept out of every address; then the session follows the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases import permissions, services
from linli.engines.cases import selectors as cases
from linli.engines.cases.types import FilePurpose, FileRef
from linli.engines.cases.workflow import VERBS
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, InvalidError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.files import selectors as files_read
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind
from linli.interfaces.portal import limits
from linli.interfaces.portal.faults import Faults
from linli.interfaces.portal.track.story import Story, tell
from linli.interfaces.web.access import public

if TYPE_CHECKING:
    from linli.engines.cases.models import Case, Reporter

KEY = "portal_follow"
FOLLOWED_FOR = timedelta(hours=2)
TEXT_MAX = 2000
Following = tuple[Actor, "Reporter", "Case"]
Act = Callable[[HttpRequest, Following, datetime], str]


def follow(request: HttpRequest, reporter: Reporter) -> None:
    """Let this session follow what ``reporter`` raised, for two hours."""
    request.session[KEY] = {"reporter": str(reporter.uuid), "at": clock.now().isoformat()}


def following(request: HttpRequest) -> Following | None:
    """Return what this session follows."""
    kept = request.session.get(KEY) if request.session.session_key else None
    if not kept or clock.now() - datetime.fromisoformat(kept["at"]) > FOLLOWED_FOR:
        return None
    try:
        return permissions.reporter_by_uuid(UUID(kept["reporter"]))
    except NotFoundError:
        return None


@public
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the code, or show the case that this session follows."""
    if request.method == "POST":
        return _take_code(request)
    found = following(request)
    return _show(request, found) if found else render(request, "portal/track.html", {"typed": ""})


def _take_code(request: HttpRequest) -> HttpResponse:
    typed = request.POST.get("code", "")[:40]
    try:
        limits.code(request, clock.now())
        _actor, reporter, _case = permissions.reporter_for_code(typed)
    except DomainError as error:
        status = 422 if error.status == 404 else error.status
        return render(request, "portal/track.html", {"typed": typed, "trouble": error}, status=status)
    follow(request, reporter)
    return HttpResponseRedirect(reverse("portal:track"))


def _show(request: HttpRequest, found: Following, *, trouble: DomainError | None = None) -> HttpResponse:
    actor, reporter, case = found
    now = clock.now()
    story: Story = tell(actor, reporter, case, now)
    context = {
        "case": case,
        "story": story,
        "trouble": trouble,
        "errors": Faults(trouble.fields if trouble else {}),
        "typed": request.POST.get("text", ""),
        "chosen": request.POST.get("rating", ""),
        "nav_here": "track",
        "now": now,
        "said": request.session.pop("portal_said", "") if "portal_said" in request.session else "",
        "ratings": [
            {"value": "satisfied", "label": _("满意")},
            {"value": "mostly", "label": _("基本满意")},
            {"value": "fair", "label": _("一般")},
            {"value": "unsatisfied", "label": _("不满意")},
        ],
    }
    return render(request, "portal/case.html", context, status=trouble.status if trouble else 200)


def _acting(act: Act) -> Callable[..., HttpResponse]:
    """Do ``act`` for the reporter whom this session follows; where refused show the page with what was typed."""

    @public
    @never_cache
    @require_POST
    @wraps(act)
    def view(request: HttpRequest) -> HttpResponse:
        found = following(request)
        if found is None:
            return HttpResponseRedirect(reverse("portal:track"))
        try:
            said = act(request, found, clock.now())
        except DomainError as error:
            fresh = following(request)
            return _show(request, fresh or found, trouble=error)
        request.session["portal_said"] = said
        return HttpResponseRedirect(reverse("portal:track"))

    return view


def _text(request: HttpRequest) -> str:
    text = clean(request.POST.get("text", ""))
    if len(text) > TEXT_MAX:
        message = _("最多 %(max)s 个字，现在是 %(have)s 个字，请精简。") % {"max": TEXT_MAX, "have": len(text)}
        raise InvalidError(_("还有内容需要修改。"), code="portal.text", fields={"text": [message]})
    return text


def _store(request: HttpRequest, now: datetime) -> list[FileRef]:
    refs = []
    by: Actor = request.actor  # type: ignore[attr-defined]
    for upload in request.FILES.getlist("photos")[:6]:
        limits.upload(request, now)
        row = files.store(
            by=by,
            now=now,
            content=limits.content_of(upload),
            name=str(upload.name)[:80],
            purpose="report",
            only=[Kind.PHOTO],
        )
        refs.append(FileRef(row.pk, FilePurpose.REPORT))
    return refs


@_acting
def answer(request: HttpRequest, found: Following, now: datetime) -> str:
    """Answer what was asked."""
    actor, _reporter, case = found
    text = _text(request)
    if not text:
        raise InvalidError(_("还有内容需要填写。"), code="portal.text", fields={"text": [_("请填写补充的情况。")]})
    permissions.check_verb(actor, case, VERBS["answer"])
    services.answer(by=actor, now=now, case=case, text=text, files=_store(request, now))
    return _("已收到您的补充，办理继续进行。")


@_acting
def urge(request: HttpRequest, found: Following, now: datetime) -> str:
    """Urge whoever has it, once a day."""
    actor, _reporter, case = found
    services.urge(by=actor, now=now, case=case)
    return _("已催办，承办单位会看到。")


@_acting
def withdraw(request: HttpRequest, found: Following, now: datetime) -> str:
    """Take the report back."""
    actor, _reporter, case = found
    text = _text(request)
    if not text:
        raise InvalidError(
            _("还有内容需要填写。"), code="portal.text", fields={"text": [_("请写一句原因，例如“已经解决”。")]}
        )
    services.withdraw(by=actor, now=now, case=case, reason=text)
    return _("已撤回。")


@_acting
def rate(request: HttpRequest, found: Following, now: datetime) -> str:
    """Rate how it was handled."""
    actor, reporter, case = found
    rating = request.POST.get("rating", "")
    services.rate(by=actor, now=now, case=case, reporter_id=reporter.pk, rating=rating, text=_text(request)[:500])
    return _("谢谢您的评价。") if rating != "unsatisfied" else _("收到您的评价，会有专人复核并答复。")


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Stop following on this device."""
    request.session.pop(KEY, None)
    return HttpResponseRedirect(reverse("portal:track"))


@public
@never_cache
@require_GET
def photo(request: HttpRequest, file: UUID, size: int) -> HttpResponse | StreamingHttpResponse:
    """Answer a picture of the case that this session follows."""
    found = following(request)
    seen = {f.file.uuid for f in cases.own_files(found[1], found[2])} if found else set()
    if file not in seen:
        raise NotFoundError(_("没有找到这张照片。"), code="portal.photo")
    served = files_read.serve_shown(file, size)
    return StreamingHttpResponse(
        served.chunks, content_type=served.mime, headers={"Content-Length": str(served.length)}
    )
