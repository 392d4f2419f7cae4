"""Cutting the parts of a policy by hand: order and level, name and borders, one into two, two into one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.programmes.documents.models import Document, Part, PlanItem
from linli.programmes.documents.permissions import check_keep
from linli.programmes.documents.rules import outline
from linli.programmes.documents.rules.outline import Said, Stretch
from linli.programmes.documents.rules.parts import numbering
from linli.programmes.documents.selectors.plans import tasked_parts
from linli.programmes.documents.selectors.texts import Text, text_of
from linli.programmes.documents.services.parting import compare_again


class _Cut:
    """The parts of a document as they stand when somebody changes them, taken by who was first."""

    def __init__(self, by: Actor, document: Document, revision: int) -> None:
        check_keep(by)
        rows = Document.objects.filter(pk=document.pk, outline=revision)
        if rows.update(outline=revision + 1) != 1:
            raise StaleError(
                _("别人刚刚修改了这份文件的部分。"),
                code="documents.stale",
                hint=_("下面是您填写的内容，请对照后再保存。"),
            )
        document.refresh_from_db(fields=["outline"])
        # Looked for behind the update: who imports a new version holds this row meanwhile.
        if Document.objects.filter(previous=document).exists():
            raise ConflictError(
                _("这份文件已有新版本，旧版本的部分不再修改。"), code="documents.outline", hint=_("请在新版本里修改。")
            )
        self.document = document
        self.text: Text = text_of(document)
        parts = Part.objects.select_for_update().filter(document=document)
        self.parts = list(parts.order_by("position"))
        self.frozen = tasked_parts(self.parts)

    def in_text(self) -> list[Part]:
        """Return the parts in the order of the text."""
        return sorted(self.parts, key=lambda p: p.start)

    def stretch(self, part: Part) -> Stretch:
        """Return where a part stands in the clean text."""
        return Stretch(self.text.clean_at(part.start), self.text.clean_at(part.end))

    def place(self, part: Part, found: Stretch) -> None:
        """Lay a part anew; it is not yet saved."""
        span = self.text.raw_span(found.start, found.end)
        part.start, part.end, part.text = span.start, span.end, self.text.clean[found.start : found.end]

    def check_free(self, *parts: Part) -> None:
        """Raise where a task came of one of the parts."""
        held = [p for p in parts if p.pk in self.frozen]
        if held:
            raise ConflictError(
                _("“%(part)s”已经布置了任务，不能再修改。") % {"part": str(held[0])[:40]},
                code="documents.frozen",
                hint=_("请导入新版本，在新版本里修改。"),
            )

    def own(self, part: Part) -> Part:
        """Return the row of this document that is ``part``, as it now is."""
        return next(p for p in self.parts if p.pk == part.pk)

    def keep(self, rows: Sequence[Part]) -> None:
        """Save the parts in this order, each beside that of the version before."""
        # Positions are unique: first out of the way, then each to its own.
        for n, row in enumerate(rows):
            row.position = -1 - n
        Part.objects.bulk_update(rows, ["position"])
        for n, row in enumerate(rows):
            row.position = n
        compare_again(self.document, rows)
        Part.objects.bulk_update(
            rows, ["position", "level", "number", "title", "start", "end", "text", "change", "before"]
        )


def _record(
    cut: _Cut, verb: str, label: str, uuid: UUID | None = None, *, by: Actor, now: datetime, before: Any, after: Any
) -> None:
    journal.record(
        by=by,
        verb=f"documents.{verb}",
        kind="part" if uuid else "document",
        uuid=uuid or cut.document.uuid,
        label=label[:80],
        now=now,
        before=before,
        after=after,
    )


def _seen(part: Part) -> dict[str, Any]:
    return {"part": str(part)[:80], "start": part.start, "end": part.end, "level": part.level}


@whole
def arrange_parts(
    *, by: Actor, now: datetime, document: Document, revision: int, rows: Sequence[tuple[UUID, int]]
) -> None:
    """Put the parts in an order, each on a level (1 the highest).

    Args:
        rows: every part of the document once.
        revision: ``document.outline`` as the person saw it.

    Raises:
        ForbiddenError: not a keeper. StaleError: somebody changed the parts meanwhile.
        InvalidError: a part is missing or twice, or a level is more than one below that of the part before.
        ConflictError: there is a newer version, or a part of which tasks came would change its level or its place
            among such parts.
    """
    cut = _Cut(by, document, revision)
    own = {p.uuid: p for p in cut.parts}
    if sorted(u for u, _l in rows) != sorted(own):
        raise InvalidError(_("顺序里有重复或缺少的部分。"), code="documents.outline", hint=_("请刷新后重新调整。"))
    if wrong := outline.wrong_levels([level for _u, level in rows]):
        part = own[rows[wrong[0]][0]]
        raise InvalidError(
            _("“%(part)s”的层级不对。") % {"part": str(part)[:40]},
            code="documents.level",
            hint=_("第一部分须为一级，其余最多比上一部分低一级，最深四级。"),
        )
    wanted = [own[u] for u, _l in rows]
    held = [p for p in cut.parts if p.pk in cut.frozen]
    moved = [a for a, b in zip(held, [p for p in wanted if p.pk in cut.frozen], strict=True) if a is not b]
    cut.check_free(*moved, *(own[u] for u, level in rows if own[u].level != level))
    before = [[str(p)[:40], p.level] for p in cut.parts]
    for (_uuid, level), part in zip(rows, wanted, strict=True):
        part.level = level
    cut.keep(wanted)
    after = [[str(p)[:40], p.level] for p in wanted]
    _record(cut, "outline", document.title, by=by, now=now, before={"parts": before}, after={"parts": after})


@whole
def change_part(
    *, by: Actor, now: datetime, part: Part, revision: int, number: str, title: str, start: int, end: int
) -> Part:
    """Give a part another number and title, and other borders (clean offsets); its neighbours give or take.

    Raises:
        InvalidError: no title, too long, or words of the text would fall to no part.
        ConflictError: there is a newer version, or tasks came of it or of a neighbour whose border would move.
        Others as :func:`arrange_parts`.
    """
    cut = _Cut(by, part.document, revision)
    row = cut.own(part)
    cut.check_free(row)
    _check_name(number, title)
    ordered = cut.in_text()
    before = _seen(row)
    stretches = [cut.stretch(p) for p in ordered]
    try:
        found = outline.with_borders(cut.text.clean, stretches, ordered.index(row), start, end)
    except ValueError as error:
        message = _("这样会有文字不属于任何部分，或有的部分没有文字。")
        raise InvalidError(message, code="documents.borders", fields={"start": [message]}) from error
    moved = [(p, new) for p, old, new in zip(ordered, stretches, found, strict=True) if old != new]
    cut.check_free(*(p for p, _new in moved))
    for one, new in moved:
        cut.place(one, new)
    row.number, row.title = clean(number), clean(title)
    cut.keep(cut.parts)
    _record(cut, "part_change", str(row), row.uuid, by=by, now=now, before=before, after=_seen(row))
    return row


def _check_name(number: str, title: str) -> None:
    errors: dict[str, list[str]] = {}
    for name, value, most in (("number", number, 20), ("title", title, 120)):
        if len(clean(value)) > most:
            errors[name] = [_("最多 %(most)s 个字。") % {"most": most}]
    if not clean(title):
        errors["title"] = [_("请填写这一项。")]
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="documents.part", fields=errors)


@whole
def split_part(*, by: Actor, now: datetime, part: Part, revision: int, at: int) -> Part:
    """Cut a part in two before the clean offset ``at``; return the second, which stands behind the first.

    What units said of the part stays with the first; of the second each has yet to say.

    Raises:
        InvalidError: one of the two would be empty. Others as :func:`change_part`.
    """
    cut = _Cut(by, part.document, revision)
    row = cut.own(part)
    cut.check_free(row)
    try:
        left, right = outline.split(cut.text.clean, cut.stretch(row), at)
    except ValueError as error:
        message = _("请选择从哪一句起另成一部分。")
        raise InvalidError(message, code="documents.split", fields={"at": [message]}) from error
    before = _seen(row)
    cut.place(row, left)
    made = Part(document=cut.document, position=-1_000_000, level=row.level)
    cut.place(made, right)
    made.number, made.title = numbering(made.text)
    made.number, made.title = made.number[:20], made.title[:120]
    made.save()
    rows = [*cut.parts]
    rows.insert(rows.index(row) + 1, made)
    cut.keep(rows)
    _record(
        cut, "part_split", str(row), row.uuid, by=by, now=now, before=before, after={"parts": [_seen(row), _seen(made)]}
    )
    return made


@whole
def join_part(*, by: Actor, now: datetime, part: Part, revision: int) -> Part:
    """Join a part with the one that follows it in the text; what units said of both is kept.

    Raises:
        ConflictError: nothing follows, or tasks came of one of the two. Others as :func:`change_part`.
    """
    cut = _Cut(by, part.document, revision)
    row, ordered = cut.own(part), cut.in_text()
    place = ordered.index(row)
    if place + 1 >= len(ordered):
        raise ConflictError(_("后面没有可以合并的部分。"), code="documents.join", hint=_("请从上一部分合并。"))
    other = ordered[place + 1]
    cut.check_free(row, other)
    before = {"parts": [_seen(row), _seen(other)]}
    _join_items(row, other, by=by, now=now)
    cut.place(row, Stretch(cut.stretch(row).start, cut.stretch(other).end))
    other.delete()
    cut.keep([p for p in cut.parts if p is not other])
    _record(cut, "part_join", str(row), row.uuid, by=by, now=now, before=before, after=_seen(row))
    return row


def _join_items(row: Part, other: Part, *, by: Actor, now: datetime) -> None:
    """Give ``row`` what the units said of ``other``."""
    every = PlanItem.objects.select_for_update().filter(part__in=[row, other])
    items = {(i.part_id, i.unit_id): i for i in every}
    idle = tuple(_("%(part)s不适用：") % {"part": str(p)[:40]} for p in (row, other))
    for (part_id, unit_id), item in items.items():
        if part_id != other.pk:
            continue
        kept = items.get((row.pk, unit_id))
        if kept is None:
            item.part = row
            item.save(update_fields=["part"])
            continue
        first, second = (Said(i.text, i.due_on, i.not_applicable) for i in (kept, item))
        new = outline.joined(first, second, idle=(idle[0], idle[1]))
        kept.text, kept.due_on, kept.not_applicable = new.text, new.due_on, new.not_applicable
        kept.entered_at, kept.entered_label = now, by.label[:80]
        item.delete()
        kept.save()
