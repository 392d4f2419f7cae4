"""Records: the list, the review queue one after the other, one record with its whole chain, its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.permissions import may_plan
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.selectors import boards
from linli.engines.fieldwork.workflow import SubmissionState
from linli.foundation.core import clock
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.files import selectors as stored
from linli.foundation.forms.rules import answered
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, id_of, problem, staff, uuid_of
from linli.interfaces.desk.fieldwork.records import presenting
from linli.interfaces.desk.fieldwork.rounds.words import FINDING_TONES, RECORD_TONES, options, places
from linli.interfaces.desk.files.views import SIZES, send
from linli.interfaces.web.forms import DomainForm

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round, Submission

QUEUE = 60


class BackForm(DomainForm):
    """A record is sent back, or not used, with the reason."""

    reason = forms.CharField(label=gettext_lazy("退回的原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def reasons() -> tuple[str, ...]:
    """Return sentences for sending back."""
    return (
        _("照片看不清，请在同一位置补拍。"),
        _("缺少整改前后对比照片，请补齐。"),
        _("现场情况写得不具体，请写明位置、数量。"),
        _("选项与照片不符，请核对后更正。"),
        _("不是这个对象的记录，请核对。"),
    )


def _round(request: HttpRequest) -> Round | None:
    wanted = uuid_of(request.GET.get("round", ""))
    if wanted is None:
        return None
    try:
        return selectors.round_for(actor_of(request), wanted)
    except NotFoundError:
        return None


def _row(row: Submission) -> dict[str, Any]:
    return {"record": row, "tone": RECORD_TONES[row.state], "name": presenting.name_of(row)}


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Submission]:
    """Return a page of the records that the address asks for."""
    state = request.GET.get("state", "")
    state = state if state in SubmissionState.values else ""
    return selectors.submission_page(actor_of(request), round_=_round(request), state=state, cursor=cursor, size=size)


@require_GET
@staff
def records(request: HttpRequest) -> HttpResponse:
    """Show the records that this person may read, the newest first, of one round where asked."""
    round_ = _round(request)
    page = page_of(request, request.GET.get("cursor", "")[:300])
    asked = {k: v for k in ("round", "state") if (v := request.GET.get(k, ""))}
    context = {
        "page": page,
        "rows": [_row(r) for r in page.rows],
        "round": round_,
        "asked": asked,
        "base": "?" + urlencode(asked) + "&",
        "states": options(_("全部状态"), SubmissionState.choices),
        "places": places("records"),
        "nav_here": "fieldwork",
    }
    return render(request, "desk/records/list.html", context)


@require_GET
@staff
def review(request: HttpRequest) -> HttpResponse:
    """Show what waits for review, the oldest first, and of these one with its pictures large."""
    return review_page(request)


def review_page(request: HttpRequest, *, form: DomainForm | None = None, at: UUID | None = None) -> HttpResponse:
    """Show the queue; with the form that was refused still open."""
    actor, round_ = actor_of(request), _round(request)
    box = "rivals" if request.GET.get("box") == "rivals" else "waiting"
    rows = selectors.rivals(actor, round_=round_) if box == "rivals" else selectors.to_review(actor, round_=round_)
    queue = [r for r in rows[:QUEUE] if doors.may_judge(actor, r)]
    wanted = at or uuid_of(request.GET.get("at", ""))
    here = next((n for n, r in enumerate(queue) if r.uuid == wanted), 0)
    current = queue[here] if queue else None
    asked = {k: v for k in ("round", "box") if (v := request.GET.get(k, ""))}
    base = "?" + urlencode(asked) + ("&" if asked else "")
    error = form.refused if form is not None else None
    context: dict[str, Any] = {
        "queue": [_row(r) for r in queue],
        "here": here,
        "current": current,
        "before": queue[here - 1] if here else None,
        "after": queue[here + 1] if here + 1 < len(queue) else None,
        "base": base,
        "query": urlencode(asked),
        "round": round_,
        "box": box,
        "boxes": [
            {"label": _("待审核"), "url": "?" + urlencode({**asked, "box": "waiting"}), "current": box == "waiting"},
            {
                "label": _("两份记录待判定"),
                "url": "?" + urlencode({**asked, "box": "rivals"}),
                "current": box == "rivals",
            },
        ],
        "form": form or BackForm(),
        "problem": problem(error) if error is not None else None,
        "reasons": reasons(),
        "places": places("review", review=len(queue) or None),
        "more": len(queue) >= QUEUE,
        "nav_here": "fieldwork",
        "now": clock.now(),
    }
    if current is not None:
        context |= {"sections": presenting.sections(actor, current), "name": presenting.name_of(current)}
        context["noted"] = selectors.noted_words(current.noted)
        if box == "rivals" and current.rival is not None:
            rival = doors.get_submission_for(actor, current.rival.uuid)
            context |= {"rival": rival, "rival_sections": presenting.sections(actor, rival)}
    status = 200 if form is None else (error.status if error is not None else 422)
    return render(request, "desk/records/review.html", context, status=status)


@require_POST
@staff
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Accept a record, send it back, or judge which of two stands; go on with the next one in the queue."""
    actor, now = actor_of(request), clock.now()
    row = doors.get_submission_for(actor, uuid)
    act = request.POST.get("act", "")
    needs = act != "accept"
    form: DomainForm = BackForm(request.POST) if needs else DomainForm(request.POST)
    acts = {
        "accept": lambda: services.accept(by=actor, now=now, submission=row),
        "return": lambda: services.send_back(by=actor, now=now, submission=row, **form.cleaned_data),
        "keep_second": lambda: services.judge(by=actor, now=now, submission=row, keep=True, **form.cleaned_data),
        "keep_first": lambda: services.judge(by=actor, now=now, submission=row, keep=False, **form.cleaned_data),
    }
    if act not in acts:
        return HttpResponseRedirect(reverse("desk:review"))
    from_record = request.POST.get("from") == "record"
    if form.attempt(acts[act], through=(ForbiddenError,)):
        shown = form if needs else _kept(form)
        row.refresh_from_db()
        return record_page(request, row, form=shown) if from_record else review_page(request, form=shown, at=uuid)
    words = {
        "accept": _("“%(name)s”的记录已通过。"),
        "return": _("“%(name)s”的记录已退回。"),
        "keep_second": _("已采用后到的一份。"),
        "keep_first": _("已采用先到的一份。"),
    }
    messages.success(request, words[act] % {"name": presenting.name_of(row)})
    if from_record:
        return HttpResponseRedirect(reverse("desk:record", args=[uuid]))
    following = uuid_of(request.POST.get("next", ""))
    query = request.GET.urlencode()
    at = f"at={following}" if following else ""
    return HttpResponseRedirect(reverse("desk:review") + "?" + "&".join(filter(None, (query, at))))


def _kept(form: DomainForm) -> DomainForm:
    """Return a form with a reason for the page, that tells what was refused."""
    shown = BackForm()
    shown.refused = form.refused
    return shown


@require_GET
@staff
def record(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one record: what was answered, what it found, what went before and came of it."""
    return record_page(request, doors.get_submission_for(actor_of(request), uuid))


def record_page(
    request: HttpRequest, row: Submission, *, form: DomainForm | None = None, present: dict[str, Any] | None = None
) -> HttpResponse:
    """Show one record, with what was refused."""
    actor = actor_of(request)
    chain = selectors.chain(actor, row.uuid)
    row = chain.record
    mine = actor.user_id is not None and actor.user_id in (row.user_id, row.second_id)
    leads = row.round is not None and may_plan(actor, row.round.unit_id, row.round.area_path)
    error = form.refused if form is not None else None
    here = boards.present(row)
    context = {
        "row": row,
        "name": presenting.name_of(row),
        "tone": RECORD_TONES[row.state],
        "chain": chain,
        "sections": presenting.sections(actor, row, findings=[f.finding for f in chain.findings]),
        "findings": [{"finding": f.finding, "tone": FINDING_TONES[f.finding.state]} for f in chain.findings],
        "rechecks": [{"finding": f, "tone": FINDING_TONES[f.state]} for f in chain.rechecks],
        "noted": selectors.noted_words(row.noted),
        "may_judge": doors.may_judge(actor, row) and row.state == SubmissionState.RECEIVED,
        "may_correct": mine and row.state in ("received", "returned", "accepted"),
        "fill": reverse("desk:record_correct", args=[row.uuid]),
        "target_url": reverse("desk:target", args=[row.target.uuid]) if row.target is not None else "",
        "present": here,
        "headcount": sum(p.people for p in here),
        "may_present": (mine or leads) and row.state not in ("replaced", "aside"),
        "joining": _joining(row, here),
        "form": form or BackForm(),
        "problem": problem(error) if error is not None else None,
        "typed": present or {},
        "reasons": reasons(),
        "nav_here": "fieldwork",
        "now": clock.now(),
    }
    status = 200 if form is None else (error.status if error is not None else 422)
    return render(request, "desk/records/record.html", context, status=status)


def _joining(row: Submission, here: list[Any]) -> list[dict[str, Any]]:
    """Return the units of which a number of people can be written down: the round's, and those written already."""
    if row.round is None:
        return []
    there = {p.unit_id: p.people for p in here}
    ids = [row.round.unit_id, *(j.unit_id for j in boards.joining(row.round)), *there]
    return [{"id": u, "name": directory.unit_name(u), "people": there.get(u, "")} for u in dict.fromkeys(ids) if u]


@require_POST
@staff
def present(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write down which units were there, with how many people."""
    actor, now = actor_of(request), clock.now()
    row = doors.get_submission_for(actor, uuid)
    typed = {k.removeprefix("people_"): str(v).strip() for k, v in request.POST.items() if k.startswith("people_")}
    if (extra := id_of(request.POST.get("unit", ""))) is not None:
        typed[str(extra)] = request.POST.get("people", "").strip()
    found = {
        int(k): int(v) if v.isascii() and v.isdigit() and len(v) < 5 else 0 for k, v in typed.items() if v and id_of(k)
    }
    form = DomainForm(request.POST)
    if form.attempt(
        lambda: services.note_present(by=actor, now=now, submission=row, present=found), through=(ForbiddenError,)
    ):
        return record_page(request, row, form=_kept(form), present=typed)
    messages.success(request, _("参加单位已保存。"))
    return HttpResponseRedirect(reverse("desk:record", args=[uuid]) + "#present")


@require_GET
@staff
def file(request: HttpRequest, uuid: UUID, file_uuid: UUID, size: str) -> HttpResponseBase:
    """Send a file of a record: ``320`` or ``1600`` as shown in pages; the original of what is no picture."""
    row = doors.get_submission_for(actor_of(request), uuid)
    found = row.files.select_related("file").filter(file__uuid=file_uuid).first()
    if found is None or not _may_see(request, row, found.path):
        raise NotFoundError(_("没有这个文件。"), code="desk.file")
    if size in SIZES:
        return send(stored.serve_shown(file_uuid, SIZES[size]), cached=True)
    if size != "original" or found.file.has_shown:
        raise NotFoundError(_("没有这个版本的文件。"), code="desk.file")
    return send(stored.serve_original(file_uuid))


def _may_see(request: HttpRequest, row: Submission, path: str) -> bool:
    """Return whether a file is the reader's to see: the answer to a personal question only for who may open it."""
    actor = actor_of(request)
    if not row.sealed or doors.may_open_sealed(actor, row):
        return True
    return path in {p for p, _q, _v in answered(selectors.form_of(row.form), row.answers)}
