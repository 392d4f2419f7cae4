"""Laying out what was read: text, blocks, articles and findings as rows; again after a person moved blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, StaleError
from linli.foundation.core.ids import uuid7
from linli.foundation.journal import services as journal
from linli.programmes.documents import rules, selectors
from linli.programmes.documents.models import Article, Block, Document, Finding
from linli.programmes.documents.permissions import check_keep
from linli.programmes.documents.selectors.texts import seal, seal_by_line, text_of
from linli.programmes.documents.types import Found, Order, Reading
from linli.programmes.documents.workflow import DOCUMENT_STEPS, FindingState

_POINTERS = ("parent", "meeting", "project_found")


def move(document: Document, verb: str, **fields: Any) -> None:
    """Take a document one step on, if nobody did meanwhile.

    Raises:
        StaleError: it is no longer where the step starts.
    """
    step = DOCUMENT_STEPS[verb]
    rows = Document.objects.filter(pk=document.pk, state__in=step.source, revision=document.revision)
    if rows.update(state=step.target, **fields) != 1:
        raise StaleError(
            _("这份文件已被别人改动，或不在可以“%(step)s”的状态。") % {"step": step.label},
            hint=_("请刷新后再看。"),
        )
    document.refresh_from_db()


@whole
def lay(document: Document, reading: Reading) -> None:
    """Write what was read, in place of what was proposed before; what a person decided stays, by its span."""
    raw = text_of(document).raw
    document.text_sealed = seal(raw, reading.cleaned)
    document.length, document.verdict = len(reading.cleaned.text), str(reading.verdict)
    document.save(update_fields=["text_sealed", "length", "verdict"])
    Finding.objects.filter(document=document).update(article=None)
    Block.objects.filter(document=document).delete()
    Article.objects.filter(document=document).delete()
    articles = _articles(document, reading)
    _blocks(document, reading, articles)
    _findings(document, reading, articles)


def _articles(document: Document, reading: Reading) -> list[Article]:
    rows = [
        Article(
            document=document,
            position=n,
            title=a.title[:200],
            source_name=a.source_unit[:80],
            by_line_sealed=seal_by_line(dict(a.by_line)),
            continued_from=a.continued_from[:20],
            confidence=a.confidence,
        )
        for n, a in enumerate(reading.articles)
    ]
    return Article.objects.bulk_create(rows)


def _blocks(document: Document, reading: Reading, articles: Sequence[Article]) -> None:
    places = {b: (n, p) for n, a in enumerate(reading.articles) for p, b in enumerate(a.blocks)}
    rows = []
    for number, block in enumerate(reading.blocks):
        article, position = places.get(number, (None, number))
        rows.append(
            Block(
                document=document,
                article=articles[article] if article is not None else None,
                number=number,
                position=position,
                kind=str(block.kind),
                start=block.span.start,
                end=block.span.end,
                at=block.at,
                size=len(block.text),
            )
        )
    Block.objects.bulk_create(rows)


def _key(kind: str, start: int, end: int) -> tuple[str, int, int]:
    return (str(kind), start, end)


def _findings(document: Document, reading: Reading, articles: Sequence[Article]) -> None:
    rows = Finding.objects.filter(document=document)
    rows.filter(state=FindingState.PROPOSED, tasked_at__isnull=True).delete()
    kept = {_key(f.kind, *_proposed_span(f)): f for f in rows}
    made: dict[int, Finding] = {}
    uuids: dict[int, UUID] = {}
    for n, found in enumerate(reading.found):
        old = kept.get(_key(found.kind, found.span.start, found.span.end))
        if old is not None:
            uuids[n] = old.uuid
            old.article = _article(articles, found)
        else:
            uuids[n] = uuid7()
            made[n] = _finding(document, found, _article(articles, found), uuids[n])
    for n, row in made.items():
        row.attributes = _pointed(reading.found[n].attributes, uuids)
    Finding.objects.bulk_create(made.values(), batch_size=500)
    Finding.objects.bulk_update(kept.values(), ["article"], batch_size=500)


def _proposed_span(finding: Finding) -> tuple[int, int]:
    first = finding.proposal or {}
    return int(first.get("start", finding.start)), int(first.get("end", finding.end))


def _article(articles: Sequence[Article], found: Found) -> Article | None:
    return articles[found.article] if found.article is not None and found.article < len(articles) else None


def _finding(document: Document, found: Found, article: Article | None, uuid: UUID) -> Finding:
    return Finding(
        uuid=uuid,
        document=document,
        article=article,
        kind=str(found.kind),
        start=found.span.start,
        end=max(found.span.end, found.span.start + 1),
        pieces=[[p.start, p.end] for p in found.pieces],
        text=found.text,
        confidence=found.confidence,
        rule=found.rule[:60],
    )


def _pointed(attributes: Mapping[str, object], uuids: Mapping[int, UUID]) -> dict[str, object]:
    """Return the attributes with what points at another finding by its index pointing by its uuid."""
    found = dict(attributes)
    for name in _POINTERS:
        at = found.get(name)
        if isinstance(at, int) and not isinstance(at, bool):
            found[name] = str(uuids[at]) if at in uuids else None
    return found


@whole
def put_in_order(*, by: Actor, now: datetime, document: Document, order: Order, revision: int) -> Document:
    """Confirm which blocks make which article, in which order; the text is read again by it.

    Args:
        order: one sequence of block numbers for each article; what is left out belongs to none.
        revision: of the page that the person looked at.

    Raises:
        ForbiddenError: not a keeper. StaleError: somebody ordered it meanwhile.
        InvalidError: no article, or blocks that the text does not have or that stand twice.
    """
    check_keep(by)
    if document.revision != revision:
        raise StaleError(_("别人刚调整过这份文件的顺序。"), hint=_("下面是您排的顺序，请对照后再确认。"))
    reading = rules.read(text_of(document).raw, lexicon=selectors.lexicon(now))
    if [(b.start, b.end) for b in Block.objects.filter(document=document).order_by("number")] != [
        (b.span.start, b.span.end) for b in reading.blocks
    ]:
        move(document, "order", revision=revision + 1, ordered_at=now)
        lay(document, reading)
        raise ConflictError(_("识读规则已更新，段落有变化。"), hint=_("请重新看一遍顺序。"))
    wanted = [list(a) for a in order if a]
    if not wanted:
        raise InvalidError(_("至少要有一篇文章。"), code="documents.order", hint=_("请保留至少一个段落。"))
    try:
        reading = rules.read_articles(reading, wanted, lexicon=selectors.lexicon(now))
    except ValueError as error:
        raise InvalidError(
            _("顺序里有重复或不存在的段落。"), code="documents.order", hint=_("请刷新后重新调整。")
        ) from error
    before = [list(b) for b in _order_now(document)]
    move(document, "order", revision=revision + 1, ordered_at=now)
    lay(document, reading)
    journal.record(
        by=by,
        verb="documents.order",
        kind="document",
        uuid=document.uuid,
        label=document.title[:80],
        now=now,
        before={"articles": before},
        after={"articles": wanted},
    )
    return document


def _order_now(document: Document) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    rows = Block.objects.filter(document=document, article__isnull=False)
    for position, number in rows.order_by("article__position", "position").values_list("article__position", "number"):
        found.setdefault(position, []).append(number)
    return list(found.values())


def take_text(document: Document, raw: str, now: datetime) -> None:
    """Read the whole text of a document that waited for it, and lay it out."""
    reading = rules.read(raw, lexicon=selectors.lexicon(now))
    document.text_sealed = seal(raw)
    document.save(update_fields=["text_sealed"])
    move(document, "read", pages_read=document.pages)
    lay(document, reading)
