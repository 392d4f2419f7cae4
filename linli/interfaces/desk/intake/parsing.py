"""From what was typed to a report: shapes only, every rule is the case room's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import get_language

from linli.engines.cases import selectors as cases
from linli.engines.cases.selectors import CategoryNode
from linli.engines.cases.types import Contact, FeedbackWay, FileRef, Report, Source
from linli.engines.judgement.selectors import category
from linli.engines.judgement.selectors.category import Suggestion
from linli.foundation.core import clock
from linli.foundation.core.coordinates import CoordinateSystem, Point, to_wgs84
from linli.foundation.forms import rules as forms
from linli.foundation.forms.types import Question, QuestionType
from linli.interfaces.desk.doors import id_of, uuid_of
from linli.interfaces.web.questions import INPUTS

if TYPE_CHECKING:
    from linli.foundation.places.models import Place

PREFIX = "q_"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place chosen from those found: what the form carries."""

    address: str = ""
    lat: float | None = None
    lon: float | None = None
    area_id: int | None = None
    id: int | None = None


def chosen_spot(data: Mapping[str, Any]) -> Spot:
    """Return the place that was chosen from those found, else from those heard; an empty one for none or nonsense."""
    try:
        raw = json.loads(data.get("place") or data.get("heard") or "{}")
        lat, lon = raw.get("lat"), raw.get("lon")
        area, pk = raw.get("area"), raw.get("id")
        return Spot(
            str(raw.get("address", ""))[:200],
            float(lat) if lat is not None else None,
            float(lon) if lon is not None else None,
            int(area) if area is not None else None,
            int(pk) if pk is not None else None,
        )
    except (ValueError, TypeError, AttributeError):
        return Spot()


def place_rows(found: Sequence[Place]) -> list[dict[str, str]]:
    """Return places as a form offers them; what is chosen comes back to :func:`chosen_spot`."""
    rows = []
    for place in found:
        value = {
            "id": place.pk, "address": place.address or place.name, "lat": place.lat, "lon": place.lon,
            "area": place.area_id,
        }  # fmt: skip
        rows.append(
            {
                "value": json.dumps(value, ensure_ascii=False),
                "label": place.name,
                "hint": " · ".join(filter(None, [place.address, str(place.area or "")])),
            }
        )
    return rows


def point_of(data: Mapping[str, Any], spot: Spot) -> Point | None:
    """Return the point: what was picked on the map goes before what was found by name."""
    try:
        system = CoordinateSystem(data.get("point_system") or CoordinateSystem.WGS84)
        return to_wgs84(float(data.get("point_lat", "")), float(data.get("point_lon", "")), system)
    except ValueError:
        pass
    if spot.lat is None or spot.lon is None:
        return None
    try:
        return to_wgs84(spot.lat, spot.lon, CoordinateSystem.WGS84)
    except ValueError:
        return None


def suggested(data: QueryDict) -> Suggestion:
    """Return which categories the words suggest, by what is known of channel and area."""
    source, area = data.get("source", ""), id_of(data.get("area", "")) or chosen_spot(data).area_id
    channel = source if source in Source.values else Source.PHONE
    return category.suggest(data.get("text", ""), now=clock.now(), source=channel, area_id=area)


def chosen_category(data: QueryDict) -> tuple[CategoryNode | None, Suggestion]:
    """Return the category (the list's, else the suggestion picked, else a sure one) and the suggestions."""
    found = suggested(data)
    codes = [n.spec.code for n in found.nodes]
    for code in (data.get("category", ""), data.get("pick", "") if data.get("pick") in codes else ""):
        node = cases.category(code) if code else None
        if node is not None:
            return node, found
    return found.chosen, found


def _label(texts: Mapping[str, str]) -> str:
    return texts.get(get_language() or "") or texts.get("zh-hans", "")


def _typed(question: Question, data: QueryDict) -> Any:
    name = PREFIX + question.code
    return data.getlist(name) if question.type is QuestionType.CHOICES else data.get(name, "")


def _options(question: Question, yes: str, no: str) -> list[dict[str, str]]:
    if question.type is QuestionType.YES_NO:
        return [{"value": "yes", "label": yes}, {"value": "no", "label": no}]
    return [{"value": c.code, "label": _label(c.label)} for c in question.choices]


def questions_of(
    node: CategoryNode | None, data: QueryDict, errors: Mapping[str, Sequence[str]], yes: str, no: str
) -> list[dict[str, Any]]:
    """Return the category's questions as fields, with what was typed."""
    if node is None or not node.spec.questions:
        return []
    return [
        {
            "code": q.code,
            "name": PREFIX + q.code,
            "label": _label(q.label),
            "hint": _label(q.hint),
            "kind": INPUTS[q.type],
            "options": _options(q, yes, no),
            "value": _typed(q, data),
            "errors": list(errors.get(f"answers.{q.code}", ())),
            "optional": "" if q.required else "1",
        }
        for q in forms.from_json(dict(node.spec.questions)).questions
        if q.type in INPUTS
    ]


def questions_json(node: CategoryNode | None) -> dict[str, Any]:
    """Return the category's questions for the browser, their conditions parsed anew: old versions keep old trees."""
    if node is None or not node.spec.questions:
        return {"questions": []}
    return forms.to_json(forms.from_json(dict(node.spec.questions)))


def answers_of(node: CategoryNode | None, data: QueryDict) -> dict[str, Any]:
    """Return the answers that were typed, by question code."""
    if node is None or not node.spec.questions:
        return {}
    typed = {q.code: _typed(q, data) for q in forms.from_json(dict(node.spec.questions)).questions if q.type in INPUTS}
    return {k: v for k, v in typed.items() if v not in ("", [])}


def _way(data: QueryDict, phone: str) -> FeedbackWay:
    wanted = data.get("way", "")
    if wanted in FeedbackWay.values:
        return FeedbackWay(wanted)
    return FeedbackWay.PHONE if phone else FeedbackWay.NONE


def _area(data: QueryDict, spot: Spot) -> int | None:
    """Return the area: of a place heard and chosen, else the list's, else that of the place found."""
    listed = id_of(data.get("area", ""))
    return spot.area_id or listed if data.get("heard") and not data.get("place") else listed or spot.area_id


def to_report(data: QueryDict, files: Sequence[FileRef]) -> Report:
    """Return what was typed as a report."""
    node, _suggested = chosen_category(data)
    spot = chosen_spot(data)
    point = point_of(data, spot)
    phone = data.get("phone", "").strip()
    source = data.get("source", "")
    return Report(
        text=data.get("text", ""),
        category=node.spec.code if node else "",
        address=data.get("address", "").strip() or spot.address,
        point=point,
        coordinate_source="map" if point is not None else "",
        area_id=None if point else _area(data, spot),
        source=Source(source) if source in Source.values else Source.PHONE,
        answers=answers_of(node, data),
        contact=Contact(name=data.get("name", ""), phone=phone, way=_way(data, phone)),
        files=files,
        urgent=True if data.get("urgent") else None,
        confidential=bool(data.get("confidential")),
        subject_unit_id=id_of(data.get("subject_unit", "")),
        uuid=uuid_of(data.get("uuid", "")),
    )
