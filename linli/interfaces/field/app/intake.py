"""What the phone sends: pictures one by one, records, and the question what of it arrived."""

from __future__ import annotations

import re
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.types import Done, Packet, Receipt
from linli.foundation.core import clock
from linli.foundation.core.errors import InvalidError
from linli.foundation.files import selectors as files_read
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind
from linli.interfaces.field.access import actor_of
from linli.interfaces.field.app.answers import Sent, api, told, wrong
from linli.interfaces.field.uploads import PURPOSES

RECORD = "fieldwork"
_HASH = re.compile(r"[0-9a-f]{64}")
_PICTURES = (Kind.PHOTO,)
_ANY = (Kind.PHOTO, Kind.VOICE, Kind.VIDEO, Kind.DOCUMENT)


def _purpose(name: str) -> str:
    if name == "record":
        return RECORD
    if name not in PURPOSES:
        raise wrong("purpose", _("没有写明文件的用途，请更新手机上的应用。"))
    return PURPOSES[name].value


@require_POST
@api
def upload(request: HttpRequest) -> HttpResponse:
    """Keep one file: 201, its uuid and the hash of what arrived; cut off or damaged on the way it is refused."""
    content, said = request.FILES.get("file"), str(request.POST.get("sha256", "")).lower()
    if content is None or not _HASH.fullmatch(said):
        raise wrong("file", _("没有收到文件，请重试。"))
    purpose = _purpose(str(request.POST.get("purpose", "")))
    actor, now = actor_of(request), clock.now()
    row = files.store(
        by=actor, now=now, content=cast("Any", content.file), name=content.name or "", purpose=purpose,
        only=_ANY if purpose == RECORD else _PICTURES,
    )  # fmt: skip
    if row.sha256 != said:
        files.delete(by=actor, now=now, uuid=row.uuid, reason=_("传输中损坏"))
        raise InvalidError(
            _("照片在传输中损坏。"), code="field.damaged", hint=_("手机会自动重新发送。"),
            fields={"file": [_("照片在传输中损坏。")]},
        )  # fmt: skip
    return told({"uuid": str(row.uuid), "sha256": row.sha256, "size": row.size}, 201)


@require_POST
@api
def known(request: HttpRequest) -> HttpResponse:
    """Say which of the files the phone asks about have arrived and wait for their record, by hash."""
    sent = Sent(request)
    asked = [h for h in sent.list("sha256", most=500) if isinstance(h, str) and _HASH.fullmatch(h)]
    purpose = _purpose(sent.text("purpose") or "record")
    found: dict[str, list[str]] = {}
    for row in files_read.waiting(actor_of(request), asked, now=clock.now(), purpose=purpose):
        found.setdefault(row.sha256, []).append(str(row.uuid))
    return told({"files": found})


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as the phone keeps it."""
    return {
        "uuid": str(receipt.uuid), "digest": receipt.digest, "received": receipt.received_at.isoformat(),
        "state": receipt.state, "returned": receipt.returned, "words": list(receipt.words),
        "rival": str(receipt.rival) if receipt.rival else None, "findings": receipt.findings,
    }  # fmt: skip


def done_json(done: Done) -> dict[str, Any]:
    """Return what came of a deed as the phone keeps it."""
    return {
        "uuid": str(done.uuid), "digest": done.digest, "received": done.at.isoformat(), "state": "received",
        **done.answer,
    }  # fmt: skip


@require_POST
@api
def record(request: HttpRequest) -> HttpResponse:
    """Take one filled form: 201 new, 200 seen before, 409 with what stands here, 422 by path, 403 with the reason."""
    sent = Sent(request)
    actor, now = actor_of(request), clock.now()
    packet = _packet(sent)
    if sent.data.get("judge") is not True:
        services.check_met(by=actor, packet=packet, fact=sent.whole("fact"))
    receipt = services.submit(by=actor, now=now, packet=packet)
    return told({"receipt": receipt_json(receipt)}, 200 if receipt.seen_before else 201)


def _packet(sent: Sent) -> Packet:
    made_at = sent.moment("made_at")
    if made_at is None:
        raise wrong("made_at", _("没有写明填写时间，请更新手机上的应用。"))
    version = sent.whole("version")
    if version is None or not sent.text("form", most=64):
        raise wrong("form", _("没有写明是哪一张表单，请更新手机上的应用。"))
    place = sent.mapping("place")
    return Packet(
        uuid=sent.own(), form=sent.text("form", most=64), version=version, answers=sent.mapping("answers"),
        made_at=made_at, device_at=sent.moment("device_at"), visit=sent.uuid("visit"), round=sent.uuid("round"),
        target=sent.uuid("target"), files=_files(sent), lat=_degree(place, "lat"), lon=_degree(place, "lon"),
        former=sent.uuid("former"), second=sent.uuid("second"),
    )  # fmt: skip


def _files(sent: Sent) -> dict[str, list[UUID]]:
    found = {}
    for path, raw in sent.mapping("files").items():
        try:
            found[str(path)] = [UUID(str(each)) for each in raw]
        except (TypeError, ValueError):
            raise wrong("files", _("照片的编号不对，请更新手机上的应用。")) from None
    return found


def _degree(place: dict[str, Any], name: str) -> float | None:
    value = place.get(name)
    return None if value is None or isinstance(value, bool) or not isinstance(value, int | float) else float(value)


@require_POST
@api
def receipts(request: HttpRequest) -> HttpResponse:
    """Say which of the records and deeds that the phone asks about arrived; what is not named did not."""
    uuids = Sent(request).uuids("uuids")
    actor = actor_of(request)
    found = {str(u): receipt_json(r) for u, r in selectors.receipts_of(actor, uuids).items()}
    found |= {str(u): done_json(d) for u, d in selectors.deeds_of(actor, uuids).items()}
    return told({"receipts": found})
