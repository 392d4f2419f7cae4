"""Files of areas: kept while their report is looked at, then written with a date, or dropped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.places.models import Area, AreaKind, AreaUpload, Layer
from linli.foundation.places.services.imports import import_geojson
from linli.foundation.places.types import ImportReport

MAX_BYTES = 20 * 1024 * 1024


def _refused(message: str) -> InvalidError:
    return InvalidError(message, code="places.file", fields={"file": [message]})


def read_file(content: bytes) -> dict[str, Any]:
    """Return the FeatureCollection in ``content``; a single feature or shape becomes a collection of one.

    Raises:
        InvalidError: too large, not JSON, or no GeoJSON.
    """
    if len(content) > MAX_BYTES:
        raise _refused(_("文件超过 %(most)s MB。请先简化边界，或分几次上传。") % {"most": MAX_BYTES // 1024 // 1024})
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        raise _refused(_("文件不是 GeoJSON（UTF-8 编码的 JSON）。请从制图软件导出 GeoJSON 再传。")) from error
    if isinstance(data, dict) and data.get("type") in {"Polygon", "MultiPolygon"}:
        data = {"type": "Feature", "properties": {}, "geometry": data}
    if isinstance(data, dict) and data.get("type") == "Feature":
        data = {"type": "FeatureCollection", "features": [data]}
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise _refused(_("文件不是 GeoJSON 的 FeatureCollection。"))
    return data


@whole
def keep_upload(
    *, by: Actor, now: datetime, content: bytes, name: str, kind: str, since: date, layer: str = "",
    reason: str = "",
) -> AreaUpload:  # fmt: skip
    """Keep a file of areas of ``kind`` that are to hold from ``since`` on; its report comes with :func:`report_of`.

    Raises:
        InvalidError: not GeoJSON, an unknown kind or layer, too many features.
    """
    data = read_file(content)
    import_geojson(by=by, now=now, data=data, kind=kind, layer=layer, since=since, dry_run=True)
    upload = AreaUpload.objects.create(
        kind=AreaKind.objects.get(code=kind), layer=Layer.objects.filter(code=layer).first() if layer else None,
        name=clean(name)[:120], since=since, data=data, reason=clean(reason)[:300], uploaded_at=now,
    )  # fmt: skip
    journal.record(
        by=by, verb="places.keep_upload", kind="area_upload", uuid=upload.uuid, label=upload.name, now=now,
        after={"kind": kind, "since": since.isoformat(), "features": len(data.get("features") or [])},
    )  # fmt: skip
    return upload


@whole
def keep_border(*, by: Actor, now: datetime, area: Area, content: bytes, since: date, reason: str = "") -> AreaUpload:
    """Keep a new border of one area, to hold from ``since`` on: the one shape of the file, whatever it is called.

    Raises:
        InvalidError: not GeoJSON, or not one shape.
    """
    data = read_file(content)
    features = data.get("features")
    if not isinstance(features, list) or len(features) != 1 or not isinstance(features[0], Mapping):
        raise _refused(_("文件里应当只有一个面，即这个区域的新边界。"))
    own = {
        "code": area.code,
        "name": area.name,
        "parent": area.parent.code if area.parent else "",
        "schematic": area.schematic,
    }
    one = {**data, "features": [{**features[0], "properties": own}]}
    return keep_upload(
        by=by, now=now, content=json.dumps(one).encode(), name=area.name, kind=area.kind.code, since=since,
        layer=area.layer.code if area.layer else "", reason=reason,
    )  # fmt: skip


def _kept(uuid: UUID) -> AreaUpload:
    found = AreaUpload.objects.select_for_update(of=("self",)).select_related("kind", "layer").filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个文件，可能已经放弃。"), code="places.no_upload")
    if found.applied_at is not None:
        raise ConflictError(_("这个文件已经生效。"), code="places.applied")
    return found


@whole
def apply_upload(*, by: Actor, now: datetime, uuid: UUID, accept_misfits: bool) -> ImportReport:
    """Write a kept file, whole or not at all; what is wrong now keeps it out, though it was right when it was kept.

    Raises:
        NotFoundError, ConflictError: dropped, written already, or something keeps it out.
    """
    upload = _kept(uuid)
    report = import_geojson(
        by=by, now=now, data=upload.data, kind=upload.kind.code, since=upload.since,
        layer=upload.layer.code if upload.layer else "", accept_misfits=accept_misfits,
    )  # fmt: skip
    if not report.written:
        raise ConflictError(_("还有问题没有解决，没有写入任何区域。"), code="places.not_written")
    upload.applied_at = now
    upload.save(update_fields=["applied_at"])
    journal.record(
        by=by, verb="places.apply_upload", kind="area_upload", uuid=upload.uuid, label=upload.name, now=now,
        after={"since": upload.since.isoformat(), "areas": len(report.codes), "misfits": accept_misfits},
        reason=upload.reason,
    )  # fmt: skip
    return report


@whole
def drop_upload(*, by: Actor, now: datetime, uuid: UUID) -> None:
    """Forget a kept file that was not written.

    Raises:
        NotFoundError, ConflictError: dropped or written already.
    """
    upload = _kept(uuid)
    journal.record(by=by, verb="places.drop_upload", kind="area_upload", uuid=upload.uuid, label=upload.name, now=now)
    upload.delete()
