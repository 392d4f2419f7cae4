"""Handing out what is covered: the original of a file, a new tracking code; both journalled."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseFile, Reporter
from linli.engines.cases.permissions import may_read_contact
from linli.engines.cases.services.work import SUBJECT
from linli.engines.cases.types import Receipt
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.core.ids import tracking_code
from linli.foundation.files import selectors as files
from linli.foundation.files.types import Served
from linli.foundation.journal import services as journal


def open_original(*, by: Actor, now: datetime, attached: CaseFile) -> Served:
    """Return the original of an attached file; that it was opened is journalled.

    Raises:
        ForbiddenError: not for this reader: an original may hold the place and time where it was taken.
    """
    if not may_read_contact(by, attached.case):
        raise ForbiddenError(
            _("您不能下载原件。"), code="cases.original", hint=_("页面上显示的是去除了位置信息的版本。")
        )
    served = files.serve_original(attached.file.uuid)
    with transaction.atomic():
        journal.record(
            by=by,
            verb="cases.open_original",
            kind=SUBJECT,
            uuid=attached.case.uuid,
            label=attached.case.number,
            now=now,
            after={"file": str(attached.file.uuid)},
        )
    return served


@whole
def new_code(*, by: Actor, now: datetime, case: Case) -> Receipt:
    """Issue a new tracking code to the first reporter in place of a lost one; the old one ends.

    Raises:
        ForbiddenError: neither of the centre nor who took the case in.
    """
    if case.reported_by_id != by.user_id and not by.holds({"dispatcher", "shift_leader"}, area_path=case.area_path):
        raise ForbiddenError(_("查询码由登记人或派单员重新出具。"), code="cases.new_code")
    code = tracking_code()
    first = Reporter.objects.filter(case=case).order_by("id").values_list("pk", flat=True)[:1]
    Reporter.objects.filter(pk__in=list(first)).update(code_hash=keyed_hash(code, "cases.code"))
    journal.record(by=by, verb="cases.new_code", kind=SUBJECT, uuid=case.uuid, label=case.number, now=now)
    return Receipt(case.pk, case.uuid, case.number, code)


def note_export(*, by: Actor, now: datetime, count: int, query: list[str]) -> None:
    """Journal that a list was taken out as a table file: how many rows, narrowed by which fields."""
    with transaction.atomic():
        journal.record(
            by=by,
            verb="cases.export",
            kind="list",
            uuid=None,
            label=str(count),
            now=now,
            after={"count": count, "fields": query},
        )
