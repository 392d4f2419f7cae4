"""Writing sentences that staff insert: everybody's by who configures, a person's own by that person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.models import Category, Phrase
from linli.engines.cases.rules import phrasing
from linli.engines.cases.selectors.words import forget_phrases, phrase, shipped_phrases
from linli.engines.cases.workflow import STAFF, VERBS, Outcome
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from linli.foundation.core.text import clean, find_personal
from linli.foundation.journal import services as journal
from linli.foundation.people import permissions

CONFIGURE = "console:configure"
MOST_OWN = 100
_SAID: dict[str, Any] = {
    "empty": gettext_lazy("请写出这句话。"),
    "long": gettext_lazy("最多 300 个字。"),
    "lines": gettext_lazy("只能写一段，不能换行。"),
    "braces": gettext_lazy("花括号不成对，请写成 {number} 的样子。"),
    "unknown": gettext_lazy("没有 {%(what)s} 这一项；可以用 {number}、{title}、{category}、{unit}、{due}。"),
    "blank": gettext_lazy("要填写的空白请用四个下划线“____”。"),
}


def verbs() -> tuple[str, ...]:
    """Return the verbs that may have sentences: those of the case, and two pages beside it."""
    return (*dict.fromkeys([*shipped_phrases(), *VERBS]),)


def _owner(by: Actor, *, own: bool) -> int | None:
    """Return whose sentence it is to be; refuse who may not."""
    if not own:
        permissions.check(by, CONFIGURE)
        return None
    if by.user_id is None or not by.has_role(*STAFF):
        raise ForbiddenError(_("工作人员登录后才能保存自己的用语。"), code="cases.phrase")
    return by.user_id


def _checked(verb: str, text: str, category: str, outcome: str) -> str:
    text = clean(text)
    fields: dict[str, list[str]] = {}
    said = [str(_SAID[code]) % {"what": what} if what else str(_SAID[code]) for code, what in phrasing.faults(text)]
    if find_personal(text):
        said.append(_("常用语里不要写姓名、电话、证件号。"))
    if said:
        fields["text"] = said
    if verb not in verbs():
        fields["verb"] = [_("请选择用在哪一步。")]
    if category and not Category.objects.filter(code=category).exists():
        fields["category"] = [_("没有这个分类。")]
    if outcome and outcome not in Outcome.values:
        fields["outcome"] = [_("没有这种结果。")]
    if fields:
        raise InvalidError(_("用语填写有误。"), code="cases.phrase", fields=fields)
    return text


def _said(row: Phrase) -> dict[str, Any]:
    return {"verb": row.verb, "text": row.text, "category": row.category, "outcome": row.outcome}


@whole
def save_phrase(
    *,
    by: Actor,
    now: datetime,
    verb: str,
    text: str,
    category: str = "",
    outcome: str = "",
    own: bool = False,
    uuid: UUID | None = None,
    expected: int = 0,
) -> Phrase:
    """Enter a sentence, or change one (``uuid``).

    Args:
        verb: in which act it is offered.
        category, outcome: only for these; empty: for any.
        own: for the person alone.
        expected: the edition that the person saw.

    Raises:
        InvalidError: an unknown place to fill, personal data, no such verb, category or outcome.
        ForbiddenError: not theirs to write.
        StaleError: somebody else changed it meanwhile.
    """
    owner = _owner(by, own=own)
    text = _checked(verb, text, category, outcome)
    before: dict[str, Any] | None = None
    if uuid is not None:
        row = Phrase.objects.select_for_update().get(pk=phrase(uuid, owner_id=owner).pk)
        before = _said(row)
        if row.edition != expected:
            raise StaleError(_("这条用语已被他人修改。"), hint=_("请刷新后核对，再填写您的修改。"))
    else:
        if own and Phrase.objects.filter(owner_id=owner).count() >= MOST_OWN:
            raise ConflictError(_("自己的用语最多 100 条。"), hint=_("请先删去不用的。"), code="cases.phrase")
        last = Phrase.objects.filter(owner_id=owner, verb=verb).aggregate(last=Max("order"))["last"]
        row = Phrase(owner_id=owner, edition=0, order=(last or 0) + 1)
    row.verb, row.text, row.category, row.outcome = verb, text, category, outcome
    row.edition, row.changed_at = row.edition + 1, now
    row.save()
    _record(row, "cases.save_phrase", by=by, now=now, before=before, after=_said(row))
    return row


@whole
def delete_phrase(*, by: Actor, now: datetime, uuid: UUID, own: bool = False) -> None:
    """Delete a sentence; texts written with it stay as they are.

    Raises:
        ConflictError: it is the last of everybody's, so that those shipped would be back.
    """
    row = phrase(uuid, owner_id=_owner(by, own=own))
    if not own and not Phrase.objects.filter(owner_id=None).exclude(pk=row.pk).exists():
        raise ConflictError(_("至少保留一条用语。"), hint=_("请先加入新的，再删去这一条。"), code="cases.phrase")
    before = _said(row)
    row.delete()
    _record(row, "cases.delete_phrase", by=by, now=now, before=before, after=None)


@whole
def move_phrase(*, by: Actor, now: datetime, uuid: UUID, step: int) -> None:
    """Move one of everybody's sentences one place up (``step`` -1) or down (1) within its verb."""
    row = phrase(uuid, owner_id=_owner(by, own=False))
    rows = list(Phrase.objects.select_for_update().filter(owner_id=None, verb=row.verb).order_by("order", "id"))
    at = next(i for i, r in enumerate(rows) if r.pk == row.pk)
    to = at + (1 if step > 0 else -1)
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for place, other in enumerate(rows):
        other.order = place
    Phrase.objects.bulk_update(rows, ["order"])
    _record(row, "cases.move_phrase", by=by, now=now, before={"place": at + 1}, after={"place": to + 1})


@whole
def adopt_phrases(*, by: Actor, now: datetime) -> int:
    """Take over the shipped sentences that the installation has not, to be kept as its own; return how many."""
    _owner(by, own=False)
    have = set(Phrase.objects.filter(owner_id=None).values_list("verb", "text"))
    last = dict(Phrase.objects.filter(owner_id=None).values_list("verb").annotate(last=Max("order")))
    new = [
        Phrase(verb=verb, text=text, order=last.get(verb, 0) + place, changed_at=now)
        for verb, texts in shipped_phrases().items()
        for place, text in enumerate(texts, 1)
        if (verb, text) not in have
    ]
    Phrase.objects.bulk_create(new)
    journal.record(
        by=by, verb="cases.adopt_phrases", kind="phrase", uuid=None, label="phrases", now=now,
        after={"count": len(new)},
    )  # fmt: skip
    forget_phrases()
    return len(new)


def _record(
    row: Phrase,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    journal.record(
        by=by, verb=verb, kind="phrase", uuid=row.uuid, label=row.verb, now=now, before=before, after=after,
        personal=("text",) if row.owner_id is not None else (),
    )  # fmt: skip
    forget_phrases()
