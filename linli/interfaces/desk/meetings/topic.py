"""One topic: what happened to it, with its files; taking it on, handing it over, the result, its acceptance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.activities import selectors, services
from linli.engines.activities.permissions import may_own, may_steer
from linli.engines.activities.workflow import TOPIC, TopicState, topic_steps
from linli.engines.cases import selectors as cases
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError, NotFoundError
from linli.foundation.files import selectors as stored
from linli.foundation.people import selectors as people
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, shown_again, staff, unit_options
from linli.interfaces.desk.files import uploads
from linli.interfaces.desk.files.views import SIZES, send
from linli.interfaces.desk.meetings.planning import known_units

if TYPE_CHECKING:
    from linli.engines.activities.models import Topic, TopicFile
    from linli.foundation.core.actors import Actor

_LINE = (TopicState.RAISED, TopicState.OWNED, TopicState.SOLVED, TopicState.CLOSED)


def _own(request: HttpRequest, common: dict[str, Any]) -> None:
    data = request.POST
    unit_id = next(iter(known_units([id_of(data.get("unit", ""))])), None)
    due = day_of(data.get("due_on", ""))
    wrong = {}
    if unit_id is None:
        wrong["unit"] = [_("请选择领题单位。")]
    if due is None:
        wrong["due_on"] = [_("请填写完成期限。")]
    if unit_id is None or due is None:
        raise InvalidError(_("领题需要单位和期限。"), fields=wrong)
    services.own_topic(**common, unit_id=unit_id, due_on=due, text=data.get("text", ""))


def _act(request: HttpRequest, found: Topic, files: list[int]) -> None:
    data, act = request.POST, request.POST.get("act", "")
    common: dict[str, Any] = {"by": actor_of(request), "now": clock.now(), "topic": found}
    version = id_of(data.get("version", ""))
    if version is not None:
        found.version = version  # compared when it is written: who saw an older page is told
    if act == "own":
        _own(request, common)
    elif act == "pass":
        services.pass_topic(**common, user_id=id_of(data.get("user", "")), reason=data.get("reason", ""))
    elif act == "solve":
        services.solve_topic(**common, result=data.get("result", ""), evidence=data.get("evidence", ""), files=files)
    elif act == "note":
        services.add_note(**common, text=data.get("text", ""), files=files)
    elif act == "flag":
        services.flag_difficulty(**common, difficulty=not found.difficulty)
    else:
        services.judge_topic(**common, code=act, text=data.get("text", ""))


@require_http_methods(["GET", "POST"])
@staff
def topic(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a topic with all that happened to it; do what a form on it sends (``act``)."""
    actor = actor_of(request)
    found = selectors.topic_for(actor, uuid)
    if request.method != "POST":
        return _page(request, actor, found)
    kept: list[UUID] = []
    try:
        kept, files = uploads.sent(request, now=clock.now())
        _act(request, found, files)
    except (InvalidError, ConflictError) as refused:
        kept = kept or refused.params.get("uploaded", [])
        return _page(request, actor, selectors.topic_for(actor, uuid), refused, kept)
    return HttpResponseRedirect(reverse("desk:topic", args=[uuid]))


def _page(
    request: HttpRequest, actor: Actor, found: Topic, error: DomainError | None = None, kept: Iterable[UUID] = ()
) -> HttpResponse:
    codes = {s.code for s in topic_steps(found.state)}
    steers, owns = may_steer(actor), may_own(actor, found)
    may_pass = "pass" in codes and (steers or owns)
    context = {
        "topic": found,
        "line": _line(found),
        "notes": _notes(found),
        "behind": cases.of_topic(actor, found.pk),
        "now": clock.now(),
        "may_own": "own" in codes and (steers or actor.has_role("unit_head", "neighbourhood_secretary")),
        "may_pass": may_pass,
        "may_solve": "solve" in codes and owns,
        "may_judge": steers and found.state == TopicState.SOLVED,
        "may_drop": steers and "drop" in codes,
        "may_note": found.closed_at is None and (steers or owns),
        "may_flag": steers,
        "units": unit_options(empty=_("请选择")) if "own" in codes else [],
        "members": _members(found) if may_pass else [],
        "uploaded": uploads.shown(list(kept)),
        "act": request.POST.get("act", ""),
        **shown_again(request, error),
        "today": local(clock.now()).date(),
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/topic.html", context, status=error.status if error else 200)


def _line(found: Topic) -> list[dict[str, Any]]:
    at = _LINE.index(TopicState(found.state)) if found.state in _LINE else -1
    labels = [_("识题"), _("领题"), _("破题"), _("验收")]
    closed = found.state == TopicState.CLOSED
    return [
        {"label": label, "state": "done" if n < at or closed else "now" if n == at else "todo"}
        for n, label in enumerate(labels)
    ]


def _notes(found: Topic) -> list[dict[str, Any]]:
    words: dict[str, Any] = {code: step.label for code, step in TOPIC.items()}
    words |= {"raise": _("识题"), "note": _("进展"), "task": _("任务")}
    rows = []
    for note in selectors.notes_of(found):
        files = list(note.files.all())
        rows.append(
            {
                "n": note,
                "step": words.get(note.step, note.step),
                "photos": [_photo(found, f) for f in files if f.file.has_shown],
                "papers": [
                    {"url": _address(found, f, "original"), "name": f.file.name or _("文件")}
                    for f in files
                    if not f.file.has_shown
                ],
            }
        )
    return rows


def _photo(found: Topic, file: TopicFile) -> dict[str, str]:
    return {
        "url": _address(found, file, "1600"),
        "thumb": _address(found, file, "320"),
        "alt": _("佐证照片"),
        "caption": "",
    }


def _address(found: Topic, file: TopicFile, size: str) -> str:
    return reverse("desk:topic_file", args=[found.uuid, file.file.uuid, size])


def _members(found: Topic) -> list[dict[str, Any]]:
    """Return to whom a topic may be handed over: the people of its unit, or the unit alone."""
    held = people.members_of(found.unit_id or -1, now=clock.now())
    names = {h.user_id: h.label for h in held if h.user_id != found.user_id}
    alone = [{"value": "", "label": _("本单位（不指定到人）")}] if found.user_id is not None else []
    return [*alone, *({"value": pk, "label": label} for pk, label in names.items())]


@require_GET
@staff
def file(request: HttpRequest, uuid: UUID, file_uuid: UUID, size: str) -> HttpResponseBase:
    """Send a file of a topic: ``320`` or ``1600`` as shown in pages; the original of what is no picture."""
    found = selectors.topic_file_for(actor_of(request), uuid, file_uuid)
    if size in SIZES:
        return send(stored.serve_shown(file_uuid, SIZES[size]), cached=True)
    if size != "original" or found.file.has_shown:
        raise NotFoundError(_("没有这个版本的文件。"), code="desk.file")
    return send(stored.serve_original(file_uuid))
