"""What is recorded: consultations, the journal, files; and who the caller is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from ninja import File, Path, Router
from ninja.files import UploadedFile
from pydantic import Field

from linli.engines.cases import selectors, services
from linli.foundation.accounts import selectors as accounts
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core.errors import NotFoundError
from linli.foundation.files import selectors as stored
from linli.foundation.files import services as files
from linli.foundation.journal import selectors as journal
from linli.interfaces.api import showing
from linli.interfaces.api.door import Token, by_of, check_staff, now_of
from linli.interfaces.api.shapes import (
    INTAKE_REFUSALS,
    REFUSALS,
    ConsultationOut,
    ConsultationPage,
    Cursor,
    Day,
    EntryOut,
    EntryPage,
    FileOut,
    MeOut,
    Size,
    Sparse,
    Text,
    answer,
    only,
)
from linli.interfaces.web.sending import stream

router = Router(tags=["records"])
_LONGEST = timedelta(days=92)
_PURPOSE = "case"


@router.get("/me", response={200: MeOut, **REFUSALS}, auth=None, operation_id="whoAmI")
def me(request: HttpRequest) -> HttpResponse:
    """Return who the token acts for and what it may be used for; any token will do."""
    caller = request.caller  # type: ignore[attr-defined]
    token = caller.let_in.token
    return answer(
        {
            "label": caller.by.label, "kind": caller.let_in.user.kind, "scopes": sorted(token.scopes),
            "roles": sorted(caller.by.roles), "expires_at": token.expires_at, "per_minute": token.per_minute,
        }
    )  # fmt: skip


def _consultation(row: Any) -> dict[str, Any]:
    names = ("uuid", "title", "level", "place", "held_at", "decided_at")
    return {name: getattr(row, name) for name in names}


@router.get(
    "/consultations", auth=Token(TokenScope.CONSULTATIONS_READ), response={200: ConsultationPage, **REFUSALS},
    operation_id="listConsultations",
)  # fmt: skip
def list_consultations(
    request: HttpRequest, decided: bool = False, cursor: Cursor = "", size: Size = 50, fields: Sparse = ""
) -> HttpResponse:
    """List the consultations that concern the caller: those to come soonest first, or those decided, newest first."""
    check_staff(by_of(request))
    page = selectors.consultation_page(by_of(request), undecided=not decided, cursor=cursor, size=size)
    rows = [_consultation(c) for c in page.rows]
    return answer({"results": only(rows, fields, ConsultationOut, always="uuid"), "next": page.next})


@router.get(
    "/consultations/{uuid}", auth=Token(TokenScope.CONSULTATIONS_READ), response={200: ConsultationOut, **REFUSALS},
    operation_id="getConsultation",
)  # fmt: skip
def get_consultation(request: HttpRequest, uuid: Path[UUID]) -> HttpResponse:
    """Return a consultation with its units and those of its cases that the caller may read."""
    by = by_of(request)
    check_staff(by)
    found = selectors.consultation_for(by, uuid)
    readable = {c.number for c in selectors.by_numbers(by, [i.case.number for i in found.items.all()])}
    more = {
        "minutes": found.minutes,
        "cases": [i.case.number for i in found.items.all() if i.case.number in readable],
        "units": [{"id": p.unit_id, "name": p.unit.name} for p in found.parties.all()],
    }
    return answer({**_consultation(found), **more})


def _entry(row: Any) -> dict[str, Any]:
    return {
        "uuid": row.uuid, "at": row.at, "actor": row.actor_label, "verb": row.verb, "kind": row.kind,
        "object": row.object_uuid, "label": row.label, "before": row.before, "after": row.after,
        "reason": row.reason, "rule": row.rule,
    }  # fmt: skip


@router.get(
    "/journal", auth=Token(TokenScope.JOURNAL_READ), response={200: EntryPage, **REFUSALS}, operation_id="listJournal"
)
def list_journal(
    request: HttpRequest, since: Day | None = None, until: Day | None = None,
    verb: Annotated[Text, Field(max_length=64, description="A verb, or a room with its point: `cases.`")] = "",
    who: Annotated[Text, Field(max_length=64, description="Part of a name or login name.")] = "",
    label: Annotated[Text, Field(max_length=100)] = "",
    cursor: Cursor = "", size: Size = 50, fields: Sparse = "",
) -> HttpResponse:  # fmt: skip
    """List the journal of some days, newest first: a week unless said otherwise, a quarter at most. For auditors."""
    last = until or localtime(now_of(request)).date()
    first = max(since or last - timedelta(days=6), last - _LONGEST)
    zone = ZoneInfo(settings.TIME_ZONE)
    page = journal.search(
        by=by_of(request), since=datetime.combine(min(first, last), time(), zone),
        until=datetime.combine(last + timedelta(days=1), time(), zone), verb=verb, label=label, cursor=cursor,
        size=size, actors=accounts.uuids_named(who) if who.strip() else None,
    )  # fmt: skip
    rows = only([_entry(e) for e in page.rows], fields, EntryOut, always="uuid")
    return answer({"results": rows, "next": page.next})


@router.post(
    "/files", auth=Token(TokenScope.FILES_WRITE), response={201: FileOut, **INTAKE_REFUSALS}, operation_id="uploadFile"
)
def upload(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Keep a file to be named within a day by a report or an act: a photo, voice, video or document."""
    check_staff(by_of(request))
    row = files.store(
        by=by_of(request), now=now_of(request), content=cast("Any", file.file), name=file.name or "", purpose=_PURPOSE
    )
    return answer(_stored(row), status=201)


def _stored(row: Any) -> dict[str, Any]:
    return {"uuid": row.uuid, "kind": row.kind, "mime": row.mime, "bytes": row.size, "sha256": row.sha256}


@router.get(
    "/files/{uuid}", auth=Token(TokenScope.FILES_READ), response={200: FileOut, **REFUSALS}, operation_id="getFile"
)
def get_file(request: HttpRequest, uuid: Path[UUID]) -> HttpResponse:
    """Return what is known of a file that is attached to a case of the caller, or that they uploaded."""
    by, now = by_of(request), now_of(request)
    check_staff(by)
    try:
        found = selectors.case_file_for(by, uuid)
    except NotFoundError:
        if not selectors.own_uploads(by, [uuid], now=now):
            raise
        return answer(_stored(stored.stored(uuid)))
    return answer({**_stored(found.file), **showing.attached(found), "case": found.case.number})


_BINARY = {"responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}}}


@router.get(
    "/files/{uuid}/content", auth=Token(TokenScope.FILES_READ), response={200: None, **REFUSALS},
    openapi_extra=_BINARY, operation_id="getFileContent",
)  # fmt: skip
def get_content(
    request: HttpRequest, uuid: Path[UUID], variant: Literal["shown", "original"] = "shown"
) -> HttpResponseBase:
    """Return a file as it is shown, without what it holds of place and time, or the original by permission.

    Opening an original is journalled.
    """
    by, now = by_of(request), now_of(request)
    check_staff(by)
    found = selectors.case_file_for(by, uuid)
    if variant == "original":
        return stream(services.open_original(by=by, now=now, attached=found), "private, no-store")
    return stream(stored.serve_shown(uuid), "private, no-store")
