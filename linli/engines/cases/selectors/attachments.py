"""Which files of cases somebody may see, and which uploaded ones they may attach."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.cases.models import CaseFile
from linli.engines.cases.permissions import visible
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.files import selectors as files

PURPOSE = "case"
KEPT_FOR = files.KEPT_FOR


def case_file_for(actor: Actor, uuid: UUID) -> CaseFile:
    """Return the attached file with that uuid, if its case is for ``actor``: one statement.

    Raises:
        NotFoundError: there is none for this reader.
    """
    rows = CaseFile.objects.filter(file__uuid=uuid, case__in=visible(actor)).select_related("case", "file")
    found = rows.order_by("id").first()
    if found is None:
        raise NotFoundError(_("没有找到这个文件。"), code="cases.file", hint=_("它可能不存在，或不在您的查看范围内。"))
    return found


def own_uploads(actor: Actor, uuids: Collection[UUID], *, now: datetime) -> dict[UUID, int]:
    """Return the row ids, by uuid, of those files that ``actor`` uploaded within a day and that nothing names yet."""
    return files.own_uploads(actor, uuids, now=now, purpose=PURPOSE)
