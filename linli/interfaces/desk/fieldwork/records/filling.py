"""A record entered at the desk: a paper form or a phone call, by the same rules as on the phone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.permissions import check_make, may_read
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.rules.finding import bare
from linli.engines.fieldwork.rules.tables import LANGUAGE
from linli.engines.fieldwork.selectors import boards
from linli.engines.fieldwork.types import Packet
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, ForbiddenError
from linli.foundation.core.ids import uuid7
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.rules import answered, in_words
from linli.foundation.forms.types import UPLOADS, Group, QuestionType, WholeForm
from linli.interfaces.desk.doors import actor_of, id_of, local, moment_of, staff, uuid_of
from linli.interfaces.desk.fieldwork.rounds.assigning import team
from linli.interfaces.desk.fieldwork.rounds.words import options
from linli.interfaces.desk.files.views import taken

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round, Submission, Target, Visit

PURPOSE = "fieldwork"
MOST_BYTES = 2_000_000


def _known(items: Iterable[Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of a target where the form asks for it, nested as the form is; nothing in repeats."""
    found: dict[str, Any] = {}
    for item in items:
        if isinstance(item, Group):
            inner = {} if item.repeat else _known(item.items, facts)
            if inner:
                found[item.code] = inner
            continue
        value = facts.get(item.extra.get("fact") or item.code)
        if value is not None and item.type not in UPLOADS and item.type is not QuestionType.NOTE:
            found[item.code] = value
    return found


def _labels(items: Iterable[Any], above: str = "") -> list[str]:
    """Return what the form asks, for a browser without scripts."""
    found: list[str] = []
    for item in items:
        label = in_words(item.label, LANGUAGE) or item.code
        if isinstance(item, Group):
            found += _labels(item.items, f"{above}{label} / ")
        else:
            found.append(f"{above}{label}" + ("＊" if item.required else ""))
    return found


def _page(
    request: HttpRequest, round_: Round, version: Any, *, target: Target | None, visit: Visit | None = None,
    former: Submission | None = None,
) -> HttpResponse:  # fmt: skip
    actor, today = actor_of(request), local(clock.now()).date()
    form = selectors.form_of(version)
    facts = selectors.known(target) if target is not None and may_read(actor, target) else {}
    answers = selectors.answers_of(actor, former) if former is not None else None
    given = {
        "form": selectors.to_fill(version.form.code, form),
        "answers": answers,
        "defaults": _known(form.items, facts),
        "photos": _kept(former, form, answers) if former is not None else {},
        "last": _last(actor, target),
    }
    people = [p for p in team(round_, today) if p["id"] != actor.user_id]
    context = {
        "given": given,
        "asked": _labels(form.items),
        "uuid": uuid7(),
        "round": round_,
        "version": version,
        "target": target,
        "visit": visit,
        "former": former,
        "people": options(_("没有同行人"), ((p["id"], f"{p['title']} {p['name']}") for p in people)),
        "second": visit.second_id if visit is not None else None,
        "nav_here": "fieldwork",
    }
    return render(request, "desk/records/fill.html", context)


def _kept(former: Submission, form: WholeForm, answers: Any) -> dict[str, list[dict[str, str]]]:
    """Return path → the pictures of the record that is corrected, to stay unless taken out."""
    found: dict[str, list[dict[str, str]]] = {}
    for path, question, value in answered(form, answers or {}):
        if question.type in UPLOADS:
            uuids = value if isinstance(value, list) else [value]
            found[path] = [
                {"id": str(u), "url": reverse("desk:record_file", args=[former.uuid, u, "320"])} for u in uuids
            ]
    return found


def _last(actor: Any, target: Target | None) -> dict[str, str]:
    if target is None:
        return {}
    newest = doors.visible(actor).filter(target=target).order_by("-made_at").first()
    if newest is None:
        return {}
    found = {
        bare(f.path): reverse("desk:record_file", args=[newest.uuid, f.file.uuid, "1600"])
        for f in newest.files.select_related("file")
        if f.file.has_shown
    }
    return found | {
        p: reverse("desk:record_file", args=[b.record, b.file, "1600"])
        for p, b in boards.last_time(actor, newest).items()
        if p not in found
    }


def _take(
    request: HttpRequest, round_: Round, version: Any, *, visit: Visit | None, target: Target | None,
    former: Submission | None = None,
) -> JsonResponse:  # fmt: skip
    """Take in what was filled; answer where the record is shown, or what is wrong at which question."""
    actor, now = actor_of(request), clock.now()
    data = _body(request)
    if data is None or (uuid := uuid_of(str(data.get("uuid", "")))) is None:
        return JsonResponse({"message": _("没有收到填写的内容，请刷新页面后再试。")}, status=422)
    made = moment_of(str(data.get("made_at", "")))
    second = accounts.users([pk]).get(pk) if (pk := id_of(str(data.get("second", "")))) else None
    packet = Packet(
        uuid=uuid, form=version.form.code, version=version.number, answers=data.get("answers") or {},
        made_at=min(made, now) if made is not None else now, visit=visit.uuid if visit is not None else None,
        round=round_.uuid, target=target.uuid if target is not None else None,
        former=former.uuid if former is not None else None, second=second.uuid if second is not None else None,
    )  # fmt: skip
    try:
        receipt = services.submit(by=actor, now=now, packet=packet)
    except DomainError as error:
        said = {
            "message": error.message,
            "hint": error.hint,
            "fields": {k: [str(m) for m in v] for k, v in error.fields.items()},
        }
        return JsonResponse(said, status=error.status)
    return JsonResponse({"url": reverse("desk:record", args=[receipt.uuid]), "words": list(receipt.words)})


def _body(request: HttpRequest) -> dict[str, Any] | None:
    if len(request.body) > MOST_BYTES:
        return None
    try:
        found = json.loads(request.body)
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("answers", {}), dict) else None


@require_http_methods(["GET", "POST"])
@staff
def fill(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the form of a visit to be filled; take what was filled."""
    visit = selectors.visit_for(actor_of(request), uuid)
    check_make(actor_of(request), visit)
    version = visit.round.form_version or forms.version(visit.round.form.code)
    if request.method == "POST":
        return _take(request, visit.round, version, visit=visit, target=visit.target)
    return _page(request, visit.round, version, target=visit.target, visit=visit)


@require_http_methods(["GET", "POST"])
@staff
def correct(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a record with what it says, to be corrected by a new one; take the new one."""
    row = doors.get_submission_for(actor_of(request), uuid)
    round_ = selectors.round_for(actor_of(request), row.round.uuid) if row.round is not None else None
    if round_ is None or actor_of(request).user_id not in (row.user_id, row.second_id):
        raise ForbiddenError(_("只能更正自己提交的记录。"), code="fieldwork.not_own", hint=_("请由原提交人更正。"))
    if request.method == "POST":
        return _take(request, round_, row.form, visit=row.visit, target=row.target, former=row)
    return _page(request, round_, row.form, target=row.target, visit=row.visit, former=row)


@require_POST
@staff
def upload(request: HttpRequest) -> HttpResponse:
    """Store one picture or paper of a record that is being filled; answer its uuid, or why it was refused."""
    row = taken(request, PURPOSE)
    return row if isinstance(row, JsonResponse) else JsonResponse({"uuid": str(row.uuid)}, status=201)
