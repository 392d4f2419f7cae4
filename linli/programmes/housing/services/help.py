"""What the services of the room share: beginning and ending a step, what it lacks, the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError, StaleError
from linli.foundation.core.faults import several
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.programmes.housing import permissions, selectors
from linli.programmes.housing.models import Dossier, Step
from linli.programmes.housing.rules import missing
from linli.programmes.housing.workflow import VERBS


def wrong(**fields: str) -> InvalidError:
    """Return the error of some fields."""
    return several("housing", {name: [message] for name, message in fields.items()})


def words(name: str, value: str, most: int, *, required: bool = True) -> str:
    """Return a text with names and numbers masked.

    Raises:
        InvalidError: it is missing or too long.
    """
    text = clean(value)
    if required and not text:
        raise wrong(**{name: _("请填写这一项。")})
    if len(text) > most:
        raise wrong(**{name: _("最多 %(most)s 个字，现在有 %(now)s 个。") % {"most": most, "now": len(text)}})
    return mask_personal(text)[:most]


def begin(by: Actor, uuid: UUID, verb: str, expected: int | None) -> Dossier:
    """Return the dossier, locked, if the step may be done now by this person and nothing that it asks for is missing.

    Raises:
        NotFoundError, ForbiddenError, StaleError; ConflictError: another state, or something is missing, which is
            named with the place to mend it and the article that asks for it.
    """
    row = Dossier.objects.select_for_update(of=("self",)).select_related("target").filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有这户的整治档案。"), code="housing.no_dossier")
    permissions.check_may(by, verb, row)
    if expected is not None and row.version != expected:
        raise StaleError(
            _("别人刚刚办过这一户，您的操作没有保存。"), hint=_("您填写的内容还在页面上：请对照最新情况。")
        )
    if row.state not in VERBS[verb].origins:
        raise ConflictError(
            _("这一户现在是“%(state)s”，不能“%(verb)s”。")
            % {"state": row.get_state_display(), "verb": VERBS[verb].label},
            code="housing.state", hint=_("请刷新后查看。"),
        )  # fmt: skip
    return row


def check_needs(row: Dossier, verb: str, now: datetime) -> None:
    """Raise ConflictError where something that the step asks for is missing, naming all of it."""
    lacking = selectors.explained(missing(verb, selectors.facts_of(row)), now)
    if lacking:
        raise ConflictError(
            _("“%(verb)s”之前还缺 %(n)s 项：%(what)s。")
            % {"verb": VERBS[verb].label, "n": len(lacking), "what": "、".join(str(n.label) for n in lacking)},
            code="housing.missing",
            hint="；".join(_("%(what)s：%(where)s（%(article)s）")
                          % {"what": n.label, "where": n.where, "article": n.article} for n in lacking),
            needs=[n.code for n in lacking],
        )  # fmt: skip


def end(
    row: Dossier, verb: str, by: Actor, now: datetime, text: str = "", after: Mapping[str, Any] | None = None
) -> Dossier:
    """Save a step, append it, and enter it in the journal."""
    before, target = row.state, VERBS[verb].to
    row.state = target or row.state
    row.version += 1
    row.save()
    note(row, verb, by, now, text, before={"state": before}, after={"state": row.state, **(after or {})})
    return row


def note(
    row: Dossier, verb: str, by: Actor, now: datetime, text: str = "", *, before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Append a step and enter it in the journal."""
    Step.objects.create(dossier=row, at=now, verb=verb, text=text[:500], by_label=by.label[:80])
    journal.record(
        by=by, verb=f"housing.{verb}", kind="housing_dossier", uuid=row.uuid, label=row.number, now=now,
        before=_plain(before), after=_plain(after), reason=text[:300],
    )  # fmt: skip


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {k: str(v) if isinstance(v, (date, UUID)) else v for k, v in values.items()}
