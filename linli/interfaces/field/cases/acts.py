"""The acts of those on foot: one page and one POST each, all alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.engines.cases import permissions, selectors, services
from linli.engines.cases.rules.proof import missing_evidence
from linli.engines.cases.types import FilePurpose, FileRef
from linli.engines.cases.workflow import VERBS, Text
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import CoordinateSystem, Point, to_wgs84
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError, NotFoundError
from linli.interfaces.field import uploads
from linli.interfaces.field.access import actor_of, staff_only
from linli.interfaces.field.cases import forms, showing

if TYPE_CHECKING:
    from linli.engines.cases.models import Case


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its form, its service, its icon and what the page says above the form."""

    form: type[forms.ActForm]
    service: Callable[..., Any]
    icon: str
    hint: Text = ""
    main: bool = False
    takes_expected: bool = True
    label: Text = ""


ACTS: dict[str, Act] = {
    "sign": Act(
        forms.SignForm,
        services.sign,
        "check",
        gettext_lazy("签收后即由您办理，也可由本单位另行指定承办人。"),
        main=True,
    ),
    "arrive": Act(
        forms.ArriveForm,
        services.arrive,
        "map-pin",
        gettext_lazy("只在提交这一刻读取一次位置，审核人只看到大致距离，不记录行动轨迹。"),
        main=True,
    ),
    "hand_in": Act(forms.HandInForm, services.hand_in, "circle-check", main=True),
    "verify": Act(forms.VerifyForm, services.verify, "eye", main=True),
    "check": Act(forms.CheckForm, services.check, "clipboard-list", main=True),
    "reply": Act(
        forms.ReplyForm, services.reply, "message-circle", gettext_lazy("答复内容同时作为公开答复。"), main=True
    ),
    "help_result": Act(forms.HelpForm, services.help_result, "heart-handshake", main=True),
    "contact": Act(forms.ContactForm, services.contact, "phone", label=gettext_lazy("登记联系结果")),
    "ask": Act(forms.AskForm, services.ask, "help", gettext_lazy("请对方补充期间时限暂停。")),
    "note": Act(
        forms.NoteForm, services.note, "pencil", gettext_lazy("备注只有工作人员能看到。"), takes_expected=False
    ),
    "request_extension": Act(forms.ExtensionForm, services.request_extension, "calendar-plus"),
    "request_shelving": Act(forms.ShelvingForm, services.request_shelving, "flag"),
    "request_raise": Act(forms.ReasonForm, services.request_raise, "trending-up"),
    "return_": Act(
        forms.ReasonForm, services.return_, "arrows-left-right", gettext_lazy("退回派遣席；多次退单由值班长裁定。")
    ),
    "resume": Act(forms.ReasonForm, services.resume, "refresh"),
    "order_reply": Act(forms.OrderReplyForm, services.order_reply, "bell", takes_expected=False),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Show the form of an act, or do it: 403 without the role, 409 in another state, 422 if wrong."""
    case = permissions.get_case_for(actor_of(request), number)
    spec = ACTS.get(verb)
    if spec is None:
        raise NotFoundError(_("没有这项操作。"))
    _door(request, case, verb)
    if request.method == "POST":
        return _do(request, case, verb, spec)
    initial = {"expected": case.version, "order": request.GET.get("order")}
    return _page(request, case, verb, spec, offered(actor_of(request), case, verb, spec.form(initial=initial)))


def offered(actor: Actor, case: Case, verb: str, form: forms.ActForm) -> forms.ActForm:
    """Return the form with the sentences that fit the case, where it takes any."""
    if isinstance(form, forms.WithPhrase):
        form.offer(selectors.phrases_for(verb, case, actor.user_id))
    if isinstance(form, forms.NoteForm):
        spec = selectors.spec_of(case.category_version)
        form.offer_laws(selectors.laws_to_explain(spec, localtime(clock.now()).date()))
    return form


def _door(request: HttpRequest, case: Case, verb: str) -> None:
    code, why = permissions.why_not(actor_of(request), case, VERBS[verb], look_at_state=False)
    if code:
        raise ForbiddenError(why, code=f"cases.{code}")


def _do(request: HttpRequest, case: Case, verb: str, spec: Act) -> HttpResponse:
    form = offered(actor_of(request), case, verb, spec.form(request.POST))
    kept: list[str] = []
    status = 422
    if form.is_valid():
        done = HttpResponseRedirect(reverse("field:case", args=[case.number]))
        seen = form.cleaned_data.get("expected")
        words = str(form.cleaned_data.get("text") or form.cleaned_data.get("reason") or "")
        # A resend whose first answer was lost on the way: it is done, and not done twice.
        if (
            seen is not None
            and case.version > seen
            and selectors.done_already(actor_of(request), case, verb, since=seen, text=words)
        ):
            messages.success(request, _("此前已提交成功。"))
            return done
        try:
            refs, kept = uploads.take(request, form.files_of())
            near = point_sent(request, "here") if verb == "arrive" else None
            perform(actor_of(request), case, verb, form, refs, near=near)
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            messages.success(request, _("%(what)s：已完成。") % {"what": VERBS[verb].label})
            return done
        case = permissions.get_case_for(actor_of(request), case.number)
    return _page(request, case, verb, spec, form, kept=kept, status=status)


def perform(
    actor: Actor, case: Case, verb: str, form: forms.ActForm, refs: Sequence[FileRef], *, near: Point | None = None
) -> None:
    """Do an act by its valid form.

    Args:
        near: where it was said to be done; for ``arrive`` alone.

    Raises:
        DomainError: what the service says.
    """
    spec = ACTS[verb]
    more: dict[str, Any] = dict(form.arguments())
    target: dict[str, Any] = {"case": case}
    if spec.takes_expected:
        more["expected"] = form.cleaned_data.get("expected")
    if form.files_of():
        more["files"] = refs
    if verb == "arrive":
        more["near"] = near
    if verb == "order_reply":
        order = selectors.order_for(actor, more.pop("order"))
        if order.case_id != case.pk:
            raise NotFoundError(_("没有找到这份督办。"))
        target = {"order": order}
    spec.service(by=actor, now=clock.now(), **target, **more)


def point_sent(request: HttpRequest, name: str) -> Point | None:
    """Return the point that a form sent as ``<name>_lat``, ``<name>_lon``, ``<name>_system``; None without one.

    Raises:
        InvalidError: it is no point on earth.
    """
    lat, lon = request.POST.get(f"{name}_lat", ""), request.POST.get(f"{name}_lon", "")
    if not lat or not lon:
        return None
    try:
        return to_wgs84(float(lat), float(lon), CoordinateSystem(request.POST.get(f"{name}_system") or "wgs84"))
    except ValueError as error:
        raise InvalidError(
            _("位置坐标无效。"), code="field.point", fields={name: [_("请重新定位，或只填写地址。")]}
        ) from error


def asked_photos(case: Case, names: Sequence[str]) -> tuple[str, dict[str, int]]:
    """Return why pictures are asked for on handing in, and how many of each are still missing."""
    rule = selectors.spec_of(case.category_version).evidence
    have = [f.purpose for f in selectors.attached_files(case)]
    missing = missing_evidence(rule, [str(p) for p in have])
    return rule.reasons(), {name: missing.get(uploads.PURPOSES[name].value, 0) for name in names}


_WORDS = {
    FilePurpose.BEFORE: gettext_lazy("现场照片（处置前）"),
    FilePurpose.AFTER: gettext_lazy("现场照片（处置后）"),
    FilePurpose.CHECK: gettext_lazy("核查照片"),
    FilePurpose.REPORT: gettext_lazy("照片"),
    FilePurpose.PAPER: gettext_lazy("文书"),
}


def _photo_fields(case: Case, verb: str, names: Sequence[str]) -> list[dict[str, Any]]:
    pictures = [n for n in names if n != "voice"]
    why, missing = asked_photos(case, pictures) if verb == "hand_in" else ("", {})
    found = []
    for name in pictures:
        n = missing.get(name, 0)
        if name == "paper" and not n:
            continue
        hint = _("还需 %(n)s 张。") % {"n": n} if n else ""
        found.append(
            {
                "name": name,
                "label": _WORDS[uploads.PURPOSES[name]],
                "needed": n,
                "hint": f"{hint}{why}" if n else _("选填。照片会缩小，并去掉其中的位置信息。"),
            }
        )
    return found


def _page(
    request: HttpRequest,
    case: Case,
    verb: str,
    spec: Act,
    form: forms.ActForm,
    *,
    kept: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    code, why = permissions.why_not(actor_of(request), case, VERBS[verb])
    stale = status == ConflictError.status
    context = {
        "case": case,
        "verb": verb,
        "label": spec.label or VERBS[verb].label,
        "act": spec,
        "form": form,
        "kept": kept,
        # After a conflict the person sees that it moved on, and may send again on what is true now.
        "expected": case.version if stale or not form.is_bound else form["expected"].value(),
        "photo_fields": _photo_fields(case, verb, form.files_of()),
        "with_voice": "voice" in form.files_of(),
        "blocked": why if code else "",
        "due": showing.due_of(case),
        "nav_here": "field",
        "stale": stale,
    }
    return render(request, "field/act.html", context, status=409 if code and status == 200 else status)
