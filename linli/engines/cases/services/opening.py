"""Opening the original of a file that hangs on a case: journalled, for those who may read the contact."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.cases.models import CaseFile
from linli.engines.cases.permissions import may_read_contact
from linli.engines.cases.services.work import SUBJECT
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.files import selectors as files
from linli.foundation.files.types import Served
from linli.foundation.journal import services as journal


def open_original(*, by: Actor, now: datetime, attached: CaseFile) -> Served:
    """Return the original of an attached file; that it was opened is journalled.

    Raises:
        ForbiddenError: not for this reader: an original may hold the place and time where it was taken.
    """
    if not may_read_contact(by, attached.case):
        raise ForbiddenError(_("您不能下载原件。"), code="cases.original", hint=_("页面上显示的是去除了位置信息的版本。"))
    served = files.serve_original(attached.file.uuid)
    with transaction.atomic():
        journal.record(
            by=by, verb="cases.open_original", kind=SUBJECT, uuid=attached.case.uuid, label=attached.case.number, now=now,
            after={"file": str(attached.file.uuid)},
        )
    return served
