"""The pictures and papers of the streets: for who may read what they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.foundation.core.errors import NotFoundError
from linli.foundation.files import selectors as stored
from linli.interfaces.desk.doors import actor_of, staff
from linli.interfaces.desk.files.views import SIZES, send
from linli.programmes.streets import selectors

READERS: Mapping[str, Callable[..., Any]] = {
    "matter": selectors.matter_for,
    "duty": selectors.duty_for,
    "spot": selectors.spot_for,
    "lane": selectors.lane_for,
    "member": selectors.member_for,
    "board": lambda by, uuid: selectors.target_for(by, uuid, ("sign_board",)),
    "friend": selectors.friend_for,
    "log": selectors.log_for,
    "quality": selectors.quality_for,
    "contact": selectors.contact_for,
}


@require_GET
@staff
def file(request: HttpRequest, uuid: UUID, size: str) -> HttpResponseBase:
    """Send a picture as pages show it (``320``, ``1600``), or a file as it came."""
    found = selectors.evidence_subject(uuid)
    reader = READERS.get(found[0]) if found else None
    if found is None or reader is None:
        raise NotFoundError(_("没有这个文件。"), code="streets.file")
    reader(actor_of(request), found[1])
    if size in SIZES:
        return send(stored.serve_shown(uuid, SIZES[size]), cached=True)
    return send(stored.serve_original(uuid))
