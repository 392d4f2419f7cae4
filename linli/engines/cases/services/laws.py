"""Writing the library of legal texts; what was cited on a case keeps the words that were shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.cases.models import LegalText
from linli.engines.cases.selectors.laws import citing, forget_laws, legal_text
from linli.engines.cases.services.inputs import need
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.people import permissions

CONFIGURE = "console:configure"
LONGEST = {"title": 120, "article": 40, "text": 3_000, "source": 300}


def _checked(texts: dict[str, str], valid_from: date, valid_to: date | None) -> dict[str, Any]:
    need(title=texts["title"], text=texts["text"])
    fields = {k: [_("最多 %(most)s 个字。") % {"most": n}] for k, n in LONGEST.items() if len(texts[k]) > n}
    if valid_to is not None and valid_to < valid_from:
        fields["valid_to"] = [_("失效日期不能早于生效日期。")]
    if fields:
        raise InvalidError(_("条文填写有误。"), code="cases.law", fields=fields)
    return {**texts, "valid_from": valid_from, "valid_to": valid_to}


def _said(row: LegalText) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in LONGEST},
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "active": row.active,
    }


@whole
def save_law(
    *,
    by: Actor,
    now: datetime,
    title: str,
    text: str,
    valid_from: date,
    valid_to: date | None = None,
    article: str = "",
    source: str = "",
    reason: str = "",
    uuid: UUID | None = None,
    expected: int = 0,
) -> LegalText:
    """Enter a legal text, or change one (``uuid``), with a reason.

    Args:
        valid_from, valid_to: the days on which it is in force, both included; None: without end.
        source: where it is published.
        expected: the edition that the person saw.

    Raises:
        InvalidError: no title or words, too long, days the wrong way round, no reason for a change.
        StaleError: somebody else changed it meanwhile.
    """
    permissions.check(by, CONFIGURE)
    texts = {"title": clean(title), "article": clean(article), "text": clean(text), "source": clean(source)}
    values = _checked(texts, valid_from, valid_to)
    if uuid is None:
        row, before = LegalText(edition=0), None
    else:
        need(reason=reason)
        row = LegalText.objects.select_for_update().get(pk=legal_text(str(uuid)).pk)
        before = _said(row)
        if row.edition != expected:
            raise StaleError(_("这条条文已被他人修改。"), hint=_("请刷新后核对，再填写您的修改。"))
    for name, value in values.items():
        setattr(row, name, value)
    row.edition, row.changed_at = row.edition + 1, now
    row.save()
    journal.record(
        by=by, verb="cases.save_law", kind="legal_text", uuid=row.uuid, label=str(row)[:100], now=now,
        before=before, after=_said(row), reason=clean(reason)[:500],
    )  # fmt: skip
    forget_laws()
    return row


@whole
def switch_law(*, by: Actor, now: datetime, uuid: UUID, active: bool, reason: str) -> LegalText:
    """Take a text out of the library's use, or into it again.

    Raises:
        ConflictError: categories in use still cite it.
    """
    permissions.check(by, CONFIGURE)
    need(reason=reason)
    row = LegalText.objects.select_for_update().get(pk=legal_text(str(uuid)).pk)
    if row.active == active:
        return row
    names = citing(str(uuid)) if not active else []
    if names:
        raise ConflictError(
            _("还有分类引用这条条文：%(names)s。") % {"names": "、".join(names[:8])},
            code="cases.law",
            hint=_("请先在这些分类中去掉它；只是条文失效时，填写失效日期即可。"),
        )
    row.active, row.edition, row.changed_at = active, row.edition + 1, now
    row.save(update_fields=["active", "edition", "changed_at"])
    journal.record(
        by=by, verb="cases.switch_law", kind="legal_text", uuid=row.uuid, label=str(row)[:100], now=now,
        before={"active": not active}, after={"active": active}, reason=clean(reason)[:500],
    )  # fmt: skip
    forget_laws()
    return row
