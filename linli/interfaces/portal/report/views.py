"""The report form, the look over it, sending, joining another's report, and the slip."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.types import FeedbackWay, Receipt
from linli.engines.judgement.selectors import duplicates as judgement
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, InvalidError
from linli.foundation.core.text import clean
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind
from linli.foundation.places import selectors as places
from linli.foundation.places.types import PlaceSort
from linli.interfaces.portal import committee, limits, sealing
from linli.interfaces.portal.doors import when_open
from linli.interfaces.portal.faults import Faults
from linli.interfaces.portal.report import parts
from linli.interfaces.portal.report.draft import Draft
from linli.interfaces.portal.report.place import NEAR_METRES, from_words, heard_place, read_point
from linli.interfaces.portal.venues import posters
from linli.interfaces.web.access import public

RECEIPT = "linli_receipt"
RECEIPT_PURPOSE = "portal.receipt"
TEXT_MAX, ADDRESS_MAX = 5000, 200
Errors = dict[str, list[str]]


@public
@never_cache
@require_http_methods(["GET", "POST"])
@when_open
def page(request: HttpRequest) -> HttpResponse:
    """Show the form; or take one of its buttons: find, suggest, check, edit, send, join."""
    if request.method != "POST":
        draft = _fresh(request)
        return _form(request, draft)
    draft = Draft.unseal(request.POST.get("state", ""))
    wanted = request.POST.get("do", "check")
    lost = _drop_lost(draft)
    if wanted in {"send", "edit"} or wanted.startswith("join:"):
        _read_contact(request, draft)
        if wanted == "edit" or lost:
            return _form(request, draft, errors=lost, status=422 if lost else 200)
        return _send(request, draft, join=wanted.removeprefix("join:") if wanted != "send" else "")
    errors = lost | _read_problem(request, draft)
    if wanted.startswith("drop:"):
        draft.files = [f for f in draft.files if f["uuid"] != wanted[5:]]
    if wanted != "check":
        return _form(
            request,
            draft,
            errors={k: v for k, v in errors.items() if k in {"files", "voice", "point"}},
            found=wanted == "find",
        )
    errors |= {k: v for k, v in _check(draft).items() if k not in errors}
    return _form(request, draft, errors=errors, status=422) if errors else _review(request, draft)


def _fresh(request: HttpRequest) -> Draft:
    """Return a new draft, with the place filled in where a poster or a service's page named one."""
    kind, aimed = request.GET.get("kind", "")[:32], posters.aim(request)
    if aimed is not None:
        return Draft(category=kind, **aimed.fields())
    return Draft(category=kind, area=committee.chosen(request))


def _drop_lost(draft: Draft) -> Errors:
    """Take files out of ``draft`` that lay unsent for a day, since they are deleted then; say so."""
    lost = draft.lost_files(clock.now() - cases.KEPT_FOR)
    draft.files = [f for f in draft.files if f not in lost]
    return {"files": [_("上传的文件超过一天没有提交，已经清除。请重新上传后再提交。")]} if lost else {}


def _read_problem(request: HttpRequest, draft: Draft) -> Errors:
    """Take the first page's fields into ``draft``; what is wrong with files and point comes back by field."""
    data = request.POST
    draft.text = clean(data.get("text", ""))
    draft.address = clean(data.get("address", ""))
    draft.area = data.get("area", "")[:20]
    draft.category = data.get("category", "")[:32]
    draft.answers = parts.read_answers(draft.category, data)
    errors = _read_place(request, draft)
    errors |= _take_files(request, draft)
    for code in parts.photo_questions(parts.known(draft.category)):
        draft.answers[code] = [f["uuid"] for f in draft.photos if f.get("question") == code]
    return errors


def _read_place(request: HttpRequest, draft: Draft) -> Errors:
    chosen = request.POST.get("place", "")
    if chosen.isdigit() and len(chosen) < 12:
        hit = places.place(int(chosen))
        draft.address = draft.address if hit.name in draft.address else f"{hit.name} {hit.address}".strip()
        draft.lat, draft.lon, draft.system = hit.lat, hit.lon, "place" if hit.lat is not None else ""
        return {}
    found = read_point(request.POST)
    draft.lat, draft.lon, draft.system = None, None, ""
    if found.point is not None:
        draft.lat, draft.lon, draft.system = found.point.lat, found.point.lon, found.system
    elif not found.errors and (ref := request.POST.get("heard", "")[:120]):
        _take_heard(draft, ref)
    request.portal_notes = found.notes  # type: ignore[attr-defined]
    return {"point": found.errors} if found.errors else {}


def _take_heard(draft: Draft, ref: str) -> None:
    """Take the place that was heard in the words and chosen; an address or a 居民区 that was given stays."""
    place = heard_place(draft.text, ref)
    if place is None:
        return
    if place.sort is not PlaceSort.AREA:
        draft.address = draft.address or (place.address or place.name)
    if place.lat is not None and place.lon is not None:
        draft.lat, draft.lon, draft.system = place.lat, place.lon, "place"
    elif place.area_id is not None:
        draft.area = draft.area or places.area(place.area_id).code


def _take_files(request: HttpRequest, draft: Draft) -> Errors:
    """Store what was uploaded now, so that no later mistake loses it."""
    errors: Errors = {}
    most = int(number("cases.report.photos_max", 6, clock.now()))
    uploads = [("", upload) for upload in request.FILES.getlist("photos")]
    for code in parts.photo_questions(parts.known(draft.category)):
        uploads += [(code, upload) for upload in request.FILES.getlist(f"q_{code}")]
    for code, upload in uploads:
        if len(draft.photos) >= most:
            errors["files"] = [_("最多 %(most)s 张照片，多出的没有上传。") % {"most": most}]
            break
        _take(request, draft, upload, Kind.PHOTO, errors.setdefault("files", []), question=code)
    for upload in request.FILES.getlist("voice")[:1]:
        draft.files = [f for f in draft.files if f["kind"] != "voice"]
        _take(request, draft, upload, Kind.VOICE, errors.setdefault("voice", []))
    return {k: v for k, v in errors.items() if v}


def _take(
    request: HttpRequest,
    draft: Draft,
    upload: UploadedFile[Any],
    kind: Kind,
    errors: list[str],
    *,
    question: str = "",
) -> None:
    now = clock.now()
    name = clean(str(upload.name or ""))[:80]
    try:
        limits.upload(request, now)
        by: Actor = request.actor  # type: ignore[attr-defined]
        row = files.store(by=by, now=now, content=limits.content_of(upload), name=name, purpose="report", only=[kind])
    except DomainError as error:
        errors.append(f"{name[:20]}：{error}")
        return
    if row.pk not in {f["id"] for f in draft.files}:
        stored = {"id": row.pk, "uuid": str(row.uuid), "kind": row.kind, "name": name, "at": now.isoformat()}
        draft.files.append({**stored, "question": question})


def _check(draft: Draft) -> Errors:
    """Return what must be mended before the look over; sets the kind and the place where words say them."""
    errors: Errors = {}
    if not draft.text and not draft.voices:
        errors["text"] = [_("请写一句话，或者录一段语音。")]
    if len(draft.text) > TEXT_MAX:
        errors["text"] = [
            _("最多 %(max)s 个字，现在是 %(have)s 个字，请精简。") % {"max": TEXT_MAX, "have": len(draft.text)}
        ]
    if len(draft.address) > ADDRESS_MAX:
        errors["address"] = [
            _("地址最多 %(max)s 个字，现在是 %(have)s 个字。") % {"max": ADDRESS_MAX, "have": len(draft.address)}
        ]
    if draft.category and parts.known(draft.category) is None:
        errors["category"] = [_("没有这个类别，请重新选择。")]
    if draft.point is None and not draft.address and not draft.area:
        errors["address"] = [_("请告诉我们在哪里：定位、写地址或选居民区，任选一种。")]
    if not errors:
        draft.category = draft.category or parts.best(draft.text)
        _find_place(draft)
        errors |= _check_answers(draft)
    return errors


def _check_answers(draft: Draft) -> Errors:
    from linli.foundation.forms import rules as forms  # noqa: PLC0415

    node = parts.known(draft.category)
    if node is None or not node.spec.questions:
        return {}
    checked = forms.check(forms.from_json(dict(node.spec.questions)), draft.answers)
    return {f"answers.{k}": v for k, v in checked.errors.items()}


def _find_place(draft: Draft) -> None:
    """Keep the area now, so that sending costs no look-up."""
    draft.area_id = None
    if draft.point is None and not draft.area:
        found = from_words(draft.address)
        draft.area_id = found.area_id
        if found.point is not None:
            draft.lat, draft.lon, draft.system = found.point.lat, found.point.lon, found.system
    if draft.point is not None:
        near = places.locate(draft.point, committee.today(), near=NEAR_METRES)
        draft.area_id = near.neighbours[0].id if near.area_id is None and near.neighbours else None
    elif draft.area:
        area = places.area_by_code(draft.area)
        draft.area_id = area.pk if area is not None else None


def _form(
    request: HttpRequest,
    draft: Draft,
    *,
    errors: Errors | None = None,
    found: bool = False,
    status: int = 200,
    trouble: DomainError | None = None,
) -> HttpResponse:
    """Show the first page with everything typed."""
    errors = errors or {}
    suggested = parts.suggestions(draft.text)
    # The fields carry what was typed, however long; the hidden state only what they cannot.
    state = Draft(**{**vars(draft), "text": "", "address": "", "answers": {}})
    context = {
        "draft": draft,
        "state": state.seal(),
        "errors": Faults(errors),
        "trouble": trouble,
        "groups": parts.groups(draft.category),
        "suggested": suggested,
        "areas": area_options(),
        "found": parts.places_for(draft.address) if found else [],
        "looked": found,
        "heard": parts.heard(draft.text),
        "notes": getattr(request, "portal_notes", []),
        "nav_here": "report",
        "dangers": dangers(draft, suggested),
        "chosen": parts.known(draft.category),
        "questions": parts.questions(draft.category, draft.answers, errors, every=True),
        "trap": limits.TRAP,
    }
    return render(request, "portal/report.html", context, status=status)


def area_options() -> list[dict[str, str]]:
    """Return the 居民区 to choose from."""
    return [{"value": "", "label": _("不选")}] + [
        {"value": a.code, "label": a.name} for a in committee.neighbourhoods()
    ]


def dangers(draft: Draft, suggested: list[parts.Tile]) -> list[str]:
    """Return the advice for dangers that the chosen kind and the words speak of."""
    node = parts.known(draft.category)
    found = [node.spec.advice()] if node is not None else []
    return [d for d in dict.fromkeys(found + [t.danger for t in suggested]) if d][:3]


def contact_ways() -> list[dict[str, Any]]:
    """Return the ways in which a reporter may want the answer."""
    offered = (FeedbackWay.PHONE, FeedbackWay.MESSAGE, FeedbackWay.VISIT, FeedbackWay.NONE)
    return [{"value": w.value, "label": w.label} for w in offered]


def _review(
    request: HttpRequest,
    draft: Draft,
    *,
    errors: Errors | None = None,
    status: int = 200,
    trouble: DomainError | None = None,
) -> HttpResponse:
    """Show the second page: look over, open problems nearby, contact with its notice, send."""
    node = parts.known(draft.category)
    near = []
    if node is not None and node.spec.public_space:
        found = judgement.alike_public(
            category=node.spec.code, point=draft.point, address=draft.address, now=clock.now(), limit=3
        )
        near = [
            {
                "case": a.case,
                "metres": round(a.metres or 0, -1),
                "name": a.case.category.resident_name,
                "at": a.case.reported_at,
                "people": a.case.reporter_count,
                "open": a.case.is_open,
            }
            for a in found
        ]
    area = places.area_by_code(draft.area) if draft.area else None
    context = {
        "draft": draft,
        "state": draft.seal(),
        "errors": Faults(errors or {}),
        "trouble": trouble,
        "node": node,
        "near": near,
        "ways": contact_ways(),
        "answers": parts.summary(node, draft.answers),
        "dangers": dangers(draft, parts.suggestions(draft.text)),
        "trap": limits.TRAP,
        "notes": getattr(request, "portal_notes", []),
        "area": area,
        "way": draft.way or "phone",
    }
    return render(request, "portal/review.html", context, status=status)


def _read_contact(request: HttpRequest, draft: Draft) -> None:
    data = request.POST
    draft.name, draft.phone = clean(data.get("name", ""))[:200], clean(data.get("phone", ""))[:200]
    draft.way = data.get("way", "")[:12]


def check_contact(draft: Draft) -> Errors:
    """Return what is wrong with name and number."""
    errors: Errors = {}
    digits = "".join(c for c in draft.phone if c.isdigit())
    if draft.phone and not 7 <= len(digits) <= 15:
        errors["phone"] = [_("电话号码应为 7 至 15 位数字。")]
    if len(draft.name) > 40:
        errors["name"] = [_("称呼最多 40 个字。")]
    return errors


def _send(request: HttpRequest, draft: Draft, *, join: str) -> HttpResponse:
    """Enter the case, or join the one whose number ``join`` is; then go to the receipt."""
    errors = check_contact(draft) or ({} if draft.text or draft.files else _check(draft))
    if errors:
        wrong_page = set(errors) - {"phone", "name"}
        return (
            _form(request, draft, errors=errors, status=422)
            if wrong_page
            else _review(request, draft, errors=errors, status=422)
        )
    try:
        limits.check_trap(request)
        receipt = _enter(request, draft, join)
    except InvalidError as error:
        first = set(error.fields) - {"phone", "name", "way"}
        show = _form if first else _review
        return show(request, draft, errors=error.fields, status=error.status, trouble=error)
    except DomainError as error:
        return _review(request, draft, status=error.status, trouble=error)
    return receipt_answer(receipt, draft)


def _enter(request: HttpRequest, draft: Draft, join: str) -> Receipt:
    now, by = clock.now(), request.actor  # type: ignore[attr-defined]
    language = get_language() or settings.LANGUAGE_CODE
    limits.report(request, draft.phone, now)
    if join:
        contact = draft.contact(user_id=by.user_id, language=language)
        case = cases.public_case(join[:24], now=now)
        return services.join(
            by=by,
            now=now,
            case=case,
            contact=contact,
            text=draft.text,
            files=draft.file_refs(),
            uuid=UUID(draft.joining),
            code=draft.code,
        )
    return services.report(
        by=by, now=now, report=draft.report(area_id=draft.area_id, user_id=by.user_id, language=language)
    )


def receipt_answer(receipt: Receipt, draft: Draft) -> HttpResponse:
    """Go to the page with number and code; both wait in an encrypted cookie, never in an address."""
    answer = HttpResponseRedirect(reverse("portal:done"))
    data = {"number": receipt.number, "code": draft.code, "danger": receipt.danger, "phone": bool(draft.phone)}
    value = sealing.seal(data, RECEIPT_PURPOSE)
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(RECEIPT, value, max_age=86_400, path="/report/", httponly=True, samesite="Lax", secure=secure)
    return answer


def _receipt(request: HttpRequest) -> dict[str, Any] | None:
    return sealing.unseal(request.COOKIES.get(RECEIPT, ""), RECEIPT_PURPOSE)


def _track_address(request: HttpRequest, code: str) -> str:
    # Behind the # nothing reaches the server or its logs; a script on that page fills the field.
    return f"{request.build_absolute_uri(reverse('portal:track'))}#{code}"


@public
@never_cache
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """Show number and tracking code, large."""
    receipt = _receipt(request)
    if receipt is None:
        return HttpResponseRedirect(reverse("portal:report"))
    return render(request, "portal/done.html", {**receipt, "address": _track_address(request, receipt["code"])})


@public
@never_cache
@require_GET
def slip(request: HttpRequest) -> HttpResponse:
    """Show the slip to print."""
    receipt = _receipt(request)
    if receipt is None:
        return HttpResponseRedirect(reverse("portal:report"))
    return render(request, "portal/slip.html", {**receipt, "address": _track_address(request, receipt["code"])})
