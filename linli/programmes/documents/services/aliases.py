"""Names that people linked to a unit, post or place: kept for the next text, removed by who keeps documents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import StaleError
from linli.foundation.journal import services as journal
from linli.programmes.documents.models import Alias
from linli.programmes.documents.permissions import check_keep
from linli.programmes.documents.selectors.aliases import Known


def remember(*, by: Actor, now: datetime, name: str, known: Known) -> tuple[Alias, bool]:
    """Remember that texts call ``known`` by ``name``; return the row, and whether it is new.

    A name that stood for something else is taken from that.
    """
    held = Alias.objects.select_for_update().filter(kind=known.kind, name=name, removed_at__isnull=True).first()
    if held is not None and held.target == known.uuid:
        return held, False
    if held is not None:
        remove_alias(by=by, now=now, alias=held)
    try:
        with transaction.atomic():
            row = Alias.objects.create(
                kind=known.kind, name=name, target=known.uuid, label=known.label[:120], made_at=now,
                made_label=by.label[:80],
            )  # fmt: skip
    except IntegrityError as error:
        raise StaleError(_("别人刚刚关联了“%(name)s”。") % {"name": name}, hint=_("请看过后再关联。")) from error
    _record(row, "alias", by=by, now=now)
    return row, True


@whole
def remove_alias(*, by: Actor, now: datetime, alias: Alias) -> Alias:
    """Take a linked name out of force; what was read by it before stays.

    Raises:
        ForbiddenError: not a keeper. StaleError: somebody removed it meanwhile.
    """
    check_keep(by)
    rows = Alias.objects.filter(pk=alias.pk, removed_at__isnull=True)
    if rows.update(removed_at=now, removed_label=by.label[:80]) != 1:
        raise StaleError(_("这个别名已被移除。"), code="documents.stale", hint=_("请刷新后再看。"))
    alias.refresh_from_db()
    _record(alias, "alias_remove", by=by, now=now)
    return alias


def forget(*, by: Actor, now: datetime, uuid: UUID) -> None:
    """Remove the name that a link made, if it is still in force."""
    row = Alias.objects.filter(uuid=uuid, removed_at__isnull=True).first()
    if row is not None:
        remove_alias(by=by, now=now, alias=row)


def _record(alias: Alias, verb: str, *, by: Actor, now: datetime) -> None:
    journal.record(
        by=by,
        verb=f"documents.{verb}",
        kind="alias",
        uuid=alias.uuid,
        label=str(alias)[:80],
        now=now,
        after={"name": alias.name, "kind": alias.kind, "target": str(alias.target), "label": alias.label},
    )
