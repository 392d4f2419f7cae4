"""Entering thanks into the register, showing them in public, taking an entry out again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.cases.models import Praise
from linli.engines.cases.permissions import working_units
from linli.engines.cases.selectors.praise import PURPOSE
from linli.engines.cases.services.clocks import local_date
from linli.engines.cases.services.inputs import need
from linli.engines.cases.services.work import Work
from linli.engines.cases.types import NewPraise, PraiseKind
from linli.engines.cases.workflow import CENTRE
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import encrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal

KEEPERS = CENTRE | {"unit_head", "neighbourhood_secretary", "community_worker"}
_MOST = {"words": 500, "post": 64, "giver": 40}


def check_praise(*, by: Actor, now: datetime, praise: NewPraise) -> None:
    """Raise if ``by`` may not enter ``praise`` or something is wrong with it; write nothing.

    Raises:
        ForbiddenError: neither of the centre nor of the unit that is thanked.
        InvalidError: with the fields that are wrong.
    """
    _check_keeper(by, praise.unit_id)
    need(words=praise.words)
    errors: dict[str, list[str]] = {}
    for name, most in _MOST.items():
        if len(clean(str(getattr(praise, name)))) > most:
            errors[name] = [_("最多 %(most)s 个字。") % {"most": most}]
    if praise.kind not in PraiseKind.values:
        errors["kind"] = [_("请选择一种。")]
    if praise.given_on > local_date(now):
        errors["given_on"] = [_("日期不能晚于今天。")]
    if praise.consent and not clean(praise.giver):
        errors["consent"] = [_("没有填写姓名，不用征得公开姓名的同意。")]
    if praise.public and praise.case is not None and (praise.case.guarded or praise.case.confidential):
        errors["public"] = [_("这件案件要求保密或受保护，表扬不能公开。")]
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="cases.praise", fields=errors)


def _check_keeper(by: Actor, unit_id: int) -> None:
    if by.is_system or by.has_role(*CENTRE):
        return
    if not by.has_role(*KEEPERS) or unit_id not in working_units(by):
        raise ForbiddenError(
            _("表扬由街道城运中心或受表扬的单位登记。"), code="cases.praise", hint=_("请转告派单员或该单位。")
        )


@whole
def register_praise(*, by: Actor, now: datetime, praise: NewPraise) -> Praise:
    """Enter thanks; on its case a note says so. The giver's name is kept encrypted.

    Raises:
        ForbiddenError, InvalidError: as :func:`check_praise`.
    """
    check_praise(by=by, now=now, praise=praise)
    row = Praise.objects.create(
        kind=praise.kind,
        given_on=praise.given_on,
        giver_sealed=encrypt_text(clean(praise.giver), PURPOSE) if clean(praise.giver) else b"",
        consent=praise.consent,
        words=mask_personal(clean(praise.words)),
        unit_id=praise.unit_id,
        post=mask_personal(clean(praise.post)),
        case=praise.case,
        picture_id=praise.picture_id,
        public=praise.public,
        entered_at=now,
        entered_label=by.label,
    )
    if praise.case is not None:
        work = Work(praise.case, by=by, now=now)
        text = _("收到%(kind)s：%(words)s") % {"kind": row.get_kind_display(), "words": row.words}
        work.act("note", text=text, data={"praise": str(row.uuid)})
        work.save()
    _journal(row, "register", by=by, now=now, after={"unit": row.unit_id, "kind": row.kind, "public": row.public})
    return row


@whole
def show_praise(*, by: Actor, now: datetime, praise: Praise, public: bool) -> Praise:
    """Show an entry to everybody, or no longer.

    Raises:
        ConflictError: its case is confidential or guarded.
    """
    _check_keeper(by, praise.unit_id)
    if public and praise.case is not None and (praise.case.guarded or praise.case.confidential):
        raise ConflictError(
            _("这件案件要求保密或受保护，表扬不能公开。"), code="cases.praise", hint=_("可只在内部登记。")
        )
    before = praise.public
    praise.public = public
    Praise.objects.filter(pk=praise.pk).update(public=public)
    _journal(praise, "show", by=by, now=now, before={"public": before}, after={"public": public})
    return praise


@whole
def withdraw_praise(*, by: Actor, now: datetime, praise: Praise, reason: str) -> None:
    """Take an entry out of the register: entered by mistake. It leaves lists and exports, the journal keeps it.

    Raises:
        InvalidError: no reason given. ConflictError: it was taken out already.
    """
    _check_keeper(by, praise.unit_id)
    need(reason=reason)
    if Praise.objects.filter(pk=praise.pk, withdrawn_at__isnull=True).update(withdrawn_at=now, public=False) != 1:
        raise ConflictError(_("这条表扬已经撤下。"), code="cases.praise", hint=_("请刷新后查看。"))
    _journal(praise, "withdraw", by=by, now=now, reason=reason)


def _journal(row: Praise, verb: str, *, by: Actor, now: datetime, reason: str = "", **more: Any) -> None:
    journal.record(
        by=by,
        verb=f"cases.praise_{verb}",
        kind="praise",
        uuid=row.uuid,
        label=row.get_kind_display(),
        now=now,
        reason=mask_personal(clean(reason)),
        **more,
    )
