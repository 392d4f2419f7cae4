"""One meeting: its tabs, and everything that is done on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.activities import selectors, services
from linli.engines.activities.permissions import may_lead
from linli.engines.activities.types import PlannedItem, RemarkKind
from linli.engines.activities.workflow import (
    AGENDA_OPEN,
    OPEN_BEFORE,
    PRESENT,
    WRITING,
    MeetingState,
    meeting_steps,
)
from linli.engines.cases import selectors as cases
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError, NotFoundError
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind as FileKind
from linli.interfaces.desk.doors import actor_of, id_of, local, shown_again, staff, unit_options
from linli.interfaces.desk.meetings import hosts
from linli.interfaces.desk.meetings.planning import guests_of, ids, invite_options, known_units

if TYPE_CHECKING:
    from typing import BinaryIO

    from linli.engines.activities.models import Attendee, Meeting, Paper, Remark

TABS = ("agenda", "sign", "papers", "record", "tasks")
PURPOSE = "meeting"
Do = Callable[[HttpRequest, "Meeting"], str | None]


def _common(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    return {"by": actor_of(request), "now": clock.now(), "meeting": meeting}


def _item(request: HttpRequest, meeting: Meeting) -> Any:
    return selectors.item_for(meeting, id_of(request.POST.get("item", "")) or 0)


def _row(rows: Any, request: HttpRequest, name: str) -> Any:
    found = rows.filter(pk=id_of(request.POST.get(name, "")) or 0).first()
    if found is None:
        raise NotFoundError(_("没有找到这一条。"), code="desk.meeting")
    return found


def _planned(request: HttpRequest) -> PlannedItem:
    data = request.POST
    minutes = id_of(data.get("minutes", "10")) or 0
    unit_id = next(iter(known_units([id_of(data.get("presenter_unit", ""))])), None)
    kind = data.get("kind", "item")
    return PlannedItem(
        title=data.get("title", ""),
        kind=kind if kind in {"item", "speech"} else "item",
        minutes=minutes,
        presenter=data.get("presenter", ""),
        presenter_unit_id=unit_id,
    )


def _add_item(request: HttpRequest, meeting: Meeting) -> None:
    services.add_item(**_common(request, meeting), item=_planned(request))


def _change_item(request: HttpRequest, meeting: Meeting) -> None:
    new = _planned(request)
    services.change_item(
        **_common(request, meeting),
        item=_item(request, meeting),
        title=new.title,
        minutes=new.minutes,
        presenter=new.presenter,
        presenter_unit_id=new.presenter_unit_id,
    )


def _up(request: HttpRequest, meeting: Meeting) -> None:
    services.move_item(**_common(request, meeting), item=_item(request, meeting), up=True)


def _down(request: HttpRequest, meeting: Meeting) -> None:
    services.move_item(**_common(request, meeting), item=_item(request, meeting), up=False)


def _remove_item(request: HttpRequest, meeting: Meeting) -> None:
    services.remove_item(**_common(request, meeting), item=_item(request, meeting))


def _hand_in(request: HttpRequest, meeting: Meeting) -> str:
    item = _item(request, meeting)
    services.hand_in_text(**_common(request, meeting), item=item, text=request.POST.get("text", ""))
    return _("已提交交流材料。")


def _invite(request: HttpRequest, meeting: Meeting) -> str:
    data = request.POST
    made = services.invite_more(
        **_common(request, meeting),
        groups=data.getlist("groups"),
        area_ids=ids(data, "areas"),
        unit_ids=known_units(ids(data, "units")),
        guests=guests_of(data.get("guests", "")),
    )
    return _("已加入 %(n)s 位。") % {"n": len(made)}


def _uninvite(request: HttpRequest, meeting: Meeting) -> None:
    attendee: Attendee = _row(meeting.attendees.select_related("unit"), request, "attendee")
    services.uninvite(**_common(request, meeting), attendee=attendee)


def _attendance(request: HttpRequest, meeting: Meeting) -> str:
    data = request.POST
    shown = ids(data, "shown")
    came = {i: id_of(data.get(f"came_{i}", "")) or 0 for i in shown}
    places = {i: v for i in shown if (v := id_of(data.get(f"venue_{i}", ""))) is not None}
    changed = services.enter_attendance(**_common(request, meeting), came=came, venues=places, shown=shown)
    return _("已登记，%(n)s 处有变化。") % {"n": changed}


def _answer(request: HttpRequest, meeting: Meeting) -> str:
    data = request.POST
    services.answer(
        **_common(request, meeting),
        reply=data.get("reply", ""),
        reason=data.get("reason", ""),
        sent=data.get("sent", ""),
    )
    return _("已回复。")


def _paper(request: HttpRequest, meeting: Meeting) -> str:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise InvalidError(_("请选择一个文件。"), fields={"file": [_("请选择一个文件。")]})
    item = _item(request, meeting) if request.POST.get("item") else None
    services.check_paper(actor_of(request), meeting, item)
    row = files.store(
        by=actor_of(request),
        now=clock.now(),
        content=cast("BinaryIO", sent.file),
        name=sent.name or "",
        purpose=PURPOSE,
        only=(FileKind.DOCUMENT, FileKind.PHOTO),
    )
    title = request.POST.get("title", "").strip() or row.name
    services.add_paper(**_common(request, meeting), file_id=row.pk, title=title, item=item)
    return _("已上传。")


def _drop_paper(request: HttpRequest, meeting: Meeting) -> None:
    paper: Paper = _row(meeting.papers.select_related("item"), request, "paper")
    services.drop_paper(**_common(request, meeting), paper=paper)


def _fill(request: HttpRequest, meeting: Meeting) -> str:
    count = services.fill(**_common(request, meeting))
    return _("已将 %(n)s 个等待会商的问题列入议程。") % {"n": count} if count else _("没有等待会商的问题。")


def _call(request: HttpRequest, meeting: Meeting) -> str:
    count = services.call_meeting(**_common(request, meeting))
    return _("已通知 %(n)s 人。") % {"n": count}


def _cancel(request: HttpRequest, meeting: Meeting) -> None:
    services.cancel_meeting(**_common(request, meeting), reason=request.POST.get("reason", ""))


def _reopen(request: HttpRequest, meeting: Meeting) -> None:
    services.reopen(**_common(request, meeting), reason=request.POST.get("reason", ""))


def _remark(request: HttpRequest, meeting: Meeting) -> str:
    services.remark(**_common(request, meeting), text=request.POST.get("text", ""))
    return _("意见已提交。")


def _agree(request: HttpRequest, meeting: Meeting) -> str:
    services.agree(**_common(request, meeting))
    return _("已确认记录无误。")


def _answer_remark(request: HttpRequest, meeting: Meeting) -> None:
    row: Remark = _row(meeting.remarks, request, "remark")
    services.answer_remark(**_common(request, meeting), row=row, answer=request.POST.get("answer", ""))


def _correct(request: HttpRequest, meeting: Meeting) -> None:
    services.correct(**_common(request, meeting), text=request.POST.get("text", ""))


def _step(service: Callable[..., Any]) -> Do:
    def do(request: HttpRequest, meeting: Meeting) -> None:
        service(**_common(request, meeting))

    return do


# act → (what it does, the tab that it is done on)
ACTS: dict[str, tuple[Do, str]] = {
    "add_item": (_add_item, "agenda"),
    "change_item": (_change_item, "agenda"),
    "up": (_up, "agenda"),
    "down": (_down, "agenda"),
    "remove_item": (_remove_item, "agenda"),
    "hand_in": (_hand_in, "agenda"),
    "fill": (_fill, "agenda"),
    "invite": (_invite, "sign"),
    "uninvite": (_uninvite, "sign"),
    "attendance": (_attendance, "sign"),
    "reply": (_answer, "agenda"),
    "paper": (_paper, "papers"),
    "drop_paper": (_drop_paper, "papers"),
    "item_paper": (_paper, "agenda"),
    "drop_item_paper": (_drop_paper, "agenda"),
    "call": (_call, "sign"),
    "begin": (_step(services.begin), "record"),
    "finish": (_step(services.finish), "record"),
    "reopen": (_reopen, "record"),
    "circulate": (_step(services.circulate), "record"),
    "take_back": (_step(services.take_back), "record"),
    "seal": (_step(services.seal), "record"),
    "cancel": (_cancel, "agenda"),
    "remark": (_remark, "record"),
    "agree": (_agree, "record"),
    "answer_remark": (_answer_remark, "record"),
    "correct": (_correct, "record"),
}


@require_http_methods(["GET", "POST"])
@staff
def meeting(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one meeting; do what a form on it sends (``act``)."""
    found = selectors.meeting_for(actor_of(request), uuid)
    if request.method == "GET":
        return show(request, found, request.GET.get("tab", ""))
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise InvalidError(_("没有这个操作。"), code="desk.meeting")
    do, tab = ACTS[act]
    try:
        said = do(request, found)
    except (InvalidError, ConflictError) as error:
        return show(request, selectors.meeting_for(actor_of(request), uuid), tab, error)
    if said:
        messages.success(request, said)
    if act == "begin":
        return HttpResponseRedirect(reverse("desk:meeting_minute", args=[uuid]))
    return HttpResponseRedirect(f"{reverse('desk:meeting', args=[uuid])}?tab={tab}")


@require_GET
@staff
def decided(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lead from a decision, which its tasks name as their source, to its meeting."""
    found = selectors.meeting_of_decision(actor_of(request), uuid)
    return HttpResponseRedirect(f"{reverse('desk:meeting', args=[found.uuid])}?tab=record")


def show(request: HttpRequest, found: Meeting, tab: str, error: DomainError | None = None) -> HttpResponse:
    """Show a meeting at one of its tabs, with what was wrong with what was sent."""
    actor = actor_of(request)
    tab = tab if tab in TABS else ("record" if found.state not in OPEN_BEFORE else "agenda")
    leads, kind = may_lead(actor, found), selectors.kind(found.kind)
    context = {
        "meeting": found,
        "kind": kind,
        "venues": list(found.venues.all()),
        "host": hosts.of(actor, found),
        "tab": tab,
        "tabs": _tabs(found, tab),
        "leads": leads,
        "steps": {s.code for s in meeting_steps(found.state)} if leads else set(),
        "mine": selectors.attendee_of(actor, found),
        "open_before": found.state in OPEN_BEFORE,
        "agenda_open": found.state in AGENDA_OPEN,
        "present": found.state in PRESENT,
        "writing": found.state in WRITING,
        "act": request.POST.get("act", ""),
        **shown_again(request, error),
        "consultation": cases.consultation_of(found.pk) if kind.level else None,
        "today": local(clock.now()).date(),
        "nav_here": "meetings",
        **_PARTS[tab](actor, found, leads),
    }
    return render(request, "desk/meetings/page.html", context, status=error.status if error else 200)


def _tabs(found: Meeting, tab: str) -> list[dict[str, Any]]:
    labels = {
        "agenda": _("议程"),
        "sign": _("签到"),
        "papers": _("材料"),
        "record": _("记录"),
        "tasks": _("任务"),
    }
    return [{"label": labels[t], "url": f"?tab={t}", "count": None, "current": t == tab} for t in TABS]


def _agenda_part(actor: Actor, found: Meeting, leads: bool) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    at = local(found.starts_at)
    for item in selectors.agenda(found):
        rows.append({"item": item, "at": at, "may_hand_in": services.may_hand_in(actor, found, item)})
        at += timedelta(minutes=item.minutes)
    review = selectors.review_of(found, clock.now()) if any(r["item"].kind == "review" for r in rows) else None
    return {
        "agenda": rows,
        "ends_by_agenda": at,
        "over": at > local(found.ends_at),
        "review": review,
        "unit_choices": unit_options(empty=_("未指定单位")) if leads and found.state in AGENDA_OPEN else [],
        "previous": selectors.previous(found),
        "following": selectors.following(found),
    }


def _sign_part(_actor: Actor, found: Meeting, leads: bool) -> dict[str, Any]:
    rows = selectors.attendees(found)
    return {
        "attendees": rows,
        "by_venue": selectors.by_venue(found),
        "invited": sum(a.heads for a in rows),
        "came": sum(a.came for a in rows),
        "declined": sum(a.reply == "decline" and not a.came for a in rows),
        "invite_options": invite_options() if leads and found.state in PRESENT else None,
    }


def _papers_part(_actor: Actor, found: Meeting, _leads: bool) -> dict[str, Any]:
    return {"papers": selectors.papers(found)}


def _record_part(_actor: Actor, found: Meeting, _leads: bool) -> dict[str, Any]:
    remarks = list(found.remarks.all())
    return {
        "items": selectors.agenda(found),
        "attendance": selectors.attendance(found),
        "comments": [r for r in remarks if r.kind == RemarkKind.COMMENT],
        "corrections": [r for r in remarks if r.kind == RemarkKind.NOTE],
        "intact": services.is_intact(found) if found.state == MeetingState.SEALED else None,
    }


def _tasks_part(_actor: Actor, found: Meeting, _leads: bool) -> dict[str, Any]:
    return {"tasks": selectors.tasks_of(found), "review": selectors.review_of(found, clock.now())}


_PARTS: dict[str, Callable[[Actor, Meeting, bool], dict[str, Any]]] = {
    "agenda": _agenda_part,
    "sign": _sign_part,
    "papers": _papers_part,
    "record": _record_part,
    "tasks": _tasks_part,
}
