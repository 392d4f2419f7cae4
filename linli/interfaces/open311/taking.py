"""A service request that comes in: read whole, every fault named, then entered by the same service as the portal's."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit
from uuid import UUID, uuid4, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.selectors import CategoryNode
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.types import Contact, FeedbackWay, FilePurpose, FileRef, Receipt, Report, Source
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind
from linli.foundation.forms.types import QuestionType
from linli.foundation.places import selectors as places
from linli.interfaces.open311 import offering
from linli.interfaces.open311.keys import Holder

HOUR = timedelta(hours=1)
MOST_TEXT, MOST_ADDRESS, MOST_URL, MOST_NAME = 4000, 200, 1000, 40
NEAR_METRES = 300.0
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,64})\](\[\])?")
_HAN = re.compile("[\u4e00-\u9fff]")
_SPACE = UUID("6c696e6c-6900-5000-8000-6f70656e3331")
Faults = dict[str, list[str]]


@dataclass
class _Where:
    """Where it is: by a point, an address in words, or a known place."""

    point: Point | None = None
    address: str = ""
    area_id: int | None = None
    system: str = ""


@dataclass
class _Reading:
    """What came in, and what is wrong with it by field."""

    data: QueryDict
    faults: Faults = field(default_factory=dict)

    def get(self, name: str) -> str:
        return clean(self.data.get(name, "") or "")

    def wrong(self, name: str, message: str) -> None:
        self.faults.setdefault(name, []).append(f"{name}：{message}")

    def short(self, name: str, most: int) -> str:
        text = self.get(name)
        if len(text) > most:
            self.wrong(name, _("最多 %(max)s 个字，现在是 %(have)s 个字。") % {"max": most, "have": len(text)})
        return text


def take(request: HttpRequest, holder: Holder, now: datetime) -> Receipt:
    """Enter the request that a program sent; its pictures are cleaned and kept as all others are.

    Raises:
        NotFoundError: no such service.
        InvalidError: with everything that is wrong; nothing is entered.
        ConflictError: nothing is taken for now.
    """
    _check_open()
    reading = _Reading(request.POST)
    node = _service(reading)
    uploads = [f for name in ("media", "media[]") for f in request.FILES.getlist(name)]
    report = _report(reading, node, now, len(uploads), _once(request, holder))
    _check(reading, report)
    stored = [_store(upload, holder, now) for upload in uploads]
    return services.report(by=holder.actor, now=now, report=_with_pictures(report, node, stored, holder))


def _check_open() -> None:
    shut = cases.shut(Source.OPEN311) or cases.shut(Source.RESIDENT)
    if shut is not None:
        raise ConflictError(_("现在不接收上报：%(reason)s") % {"reason": shut.reason}, code="open311.shut")


def _service(reading: _Reading) -> CategoryNode:
    code = reading.get("service_code")
    if not code:
        raise InvalidError(_("缺少 service_code。"), code="open311.no_service_code")
    node = offering.service(code)
    if node is None:
        raise NotFoundError(_("没有 service_code“%(code)s”。") % {"code": code[:40]}, code="open311.no_service")
    return node


def _once(request: HttpRequest, holder: Holder) -> UUID:
    """Return the uuid of the case to be: the same for a request that is sent again under the same key."""
    key = request.headers.get("Idempotency-Key", "").strip()[:200]
    return uuid5(_SPACE, f"{holder.actor.uuid}:{key}") if key else uuid4()


def _report(reading: _Reading, node: CategoryNode, now: datetime, pictures: int, uuid: UUID) -> Report:
    where = _where(reading, now)
    text = reading.short("description", MOST_TEXT)
    link = _link(reading)
    most = int(number("cases.report.photos_max", 6, now))
    if pictures > most:
        reading.wrong("media", _("最多 %(most)s 张照片。") % {"most": most})
    said = text or node.spec.resident_name
    if link:
        said += "\n" + _("反映人提供的链接：%(url)s") % {"url": link}
    return Report(
        text=said,
        category=node.spec.code,
        address=where.address,
        point=where.point,
        coordinate_source=where.system,
        area_id=where.area_id,
        source=Source.OPEN311,
        answers=_answers(reading, node, pictures),
        contact=_contact(reading),
        uuid=uuid,
    )


def _where(reading: _Reading, now: datetime) -> _Where:
    """Return where it is; a full point, an address or a known place is needed."""
    found = _Where(address=reading.short("address_string", MOST_ADDRESS))
    lat, lon, known = reading.get("lat"), reading.get("long"), reading.get("address_id")
    if lat or lon:
        _to_point(reading, found, lat, lon, now)
    elif known:
        _to_place(reading, found, known)
    elif not found.address:
        reading.wrong("lat", _("缺少位置：请给出 lat 和 long，或 address_string，或 address_id。"))
    elif len(hits := places.search_places(found.address[:80], 2)) == 1:
        found.area_id = hits[0].area_id
        if hits[0].lat is not None and hits[0].lon is not None:
            found.point, found.system = Point(hits[0].lat, hits[0].lon), "place"
    return found


def _degrees(text: str, most: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= most else None


def _to_point(reading: _Reading, found: _Where, lat_text: str, lon_text: str, now: datetime) -> None:
    lat, lon = _degrees(lat_text, 90), _degrees(lon_text, 180)
    if lat is None:
        reading.wrong("lat", _("应为 -90 至 90 的度数（WGS-84），并与 long 一起给出。"))
    if lon is None:
        reading.wrong("long", _("应为 -180 至 180 的度数（WGS-84），并与 lat 一起给出。"))
    if lat is None or lon is None:
        return
    where = places.locate(Point(lat, lon), localtime(now).date(), near=NEAR_METRES)
    if where.area_id is None and not where.neighbours:
        reading.wrong("lat", _("这个位置不在本街道范围内。"))
        return
    found.point, found.system = Point(lat, lon), "wgs84"
    found.area_id = None if where.area_id is not None else where.neighbours[0].id


def _to_place(reading: _Reading, found: _Where, known: str) -> None:
    try:
        place = places.place(int(known) if known.isascii() and known.isdigit() and len(known) < 12 else 0)
    except NotFoundError:
        reading.wrong("address_id", _("没有编号为“%(id)s”的地点。") % {"id": known[:20]})
        return
    named = f"{place.name} {place.address}".strip()
    found.address, found.area_id = (found.address or named)[:MOST_ADDRESS], place.area_id
    if place.lat is not None and place.lon is not None:
        found.point, found.system = Point(place.lat, place.lon), "place"


def _link(reading: _Reading) -> str:
    """Return the address of a picture elsewhere: kept as words for who handles it, and never fetched from here."""
    url = reading.short("media_url", MOST_URL)
    try:
        parts = urlsplit(url)
        good = not url or (parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", url))
    except ValueError:
        good = False
    if not good:
        reading.wrong("media_url", _("应为 http 或 https 开头的网址。"))
    return url if good else ""


def _contact(reading: _Reading) -> Contact:
    last, first = reading.short("last_name", MOST_NAME), reading.short("first_name", MOST_NAME)
    name = f"{last}{first}" if _HAN.search(last + first) else f"{first} {last}".strip()
    phone = reading.get("phone")[:40]
    return Contact(name=name[:MOST_NAME], phone=phone, way=FeedbackWay.PHONE if phone else FeedbackWay.NONE)


def _answers(reading: _Reading, node: CategoryNode, pictures: int) -> dict[str, Any]:
    """Return what came as ``attribute[CODE]``; a code that the kind does not ask for is named."""
    sent: dict[str, list[str]] = {}
    for name, values in reading.data.lists():
        if (found := _ATTRIBUTE.fullmatch(name)) is not None:
            sent.setdefault(found[1], []).extend(str(v)[:5000] for v in values if str(v).strip())
    asked = {q.code: q for q in offering.questions(node)}
    for code in sent.keys() - {c for c, q in asked.items() if q.type not in offering.READ_ONLY}:
        reading.wrong(f"attribute[{code}]", _("这个服务没有这一项。"))
    answers: dict[str, Any] = {}
    for code, question in asked.items():
        if question.type is QuestionType.PHOTO and pictures:
            answers[code] = [str(uuid4()) for _n in range(pictures)]  # their own, once they are kept
        elif said := sent.get(code):
            one = question.type is not QuestionType.CHOICES
            answers[code] = said[0] if one and len(said) == 1 else said
    return answers


def _check(reading: _Reading, report: Report) -> None:
    """Raise with all that is wrong: here, and as the case room sees it."""
    faults = dict(reading.faults)
    try:
        services.check_report(report)
    except InvalidError as error:
        for name, said in error.fields.items():
            shown = _name(name)
            if shown not in faults:
                faults[shown] = [f"{shown}：{text}" for text in said]
    if faults:
        raise InvalidError(_("上报内容有误。"), code="open311.request", fields=faults)


def _name(name: str) -> str:
    """Return what the standard calls a field of a report."""
    if name.startswith("answers."):
        return f"attribute[{name.removeprefix('answers.')}]"
    return {"text": "description", "address": "address_string", "files": "media"}.get(name, name)


def _store(upload: UploadedFile[Any], holder: Holder, now: datetime) -> Any:
    content, name = cast("BinaryIO", upload.file), clean(str(upload.name or ""))[:80]
    return files.store(by=holder.actor, now=now, content=content, name=name, purpose="report", only=[Kind.PHOTO])


def _with_pictures(report: Report, node: CategoryNode, stored: list[Any], holder: Holder) -> Report:
    answers = dict(report.answers)
    for question in offering.questions(node):
        if question.type is QuestionType.PHOTO and stored:
            answers[question.code] = [str(row.uuid) for row in stored]
    refs = [FileRef(row.pk, FilePurpose.REPORT) for row in {row.pk: row for row in stored}.values()]
    return replace(report, answers=answers, files=refs, origin={"key": holder.key})


def said(fields: Mapping[str, list[str]]) -> list[str]:
    """Return every fault as a sentence."""
    return [text for texts in fields.values() for text in texts]
