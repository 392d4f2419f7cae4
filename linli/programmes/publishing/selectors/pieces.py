"""Pieces as staff read them: lists, one by uuid, its versions, its checks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases.selectors import period as cases
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.publishing import events
from linli.programmes.publishing.models import Article, Issue, Method, Piece, PieceVersion, Report
from linli.programmes.publishing.permissions import may_report, visible
from linli.programmes.publishing.rules import checking, markup
from linli.programmes.publishing.types import PieceKind
from linli.programmes.publishing.workflow import State

P = TypeVar("P", bound=Piece)
MODELS: dict[str, type[Piece]] = {m.kind.value: m for m in (Article, Issue, Report, Method)}


def model_of(kind: str) -> type[Piece]:
    """Return the model of a kind of piece."""
    return MODELS[kind]


BOXES: dict[str, tuple[State, ...]] = {
    "open": (State.DRAFT, State.HANDED_IN, State.REVIEWED),
    "review": (State.HANDED_IN,),
    "ready": (State.REVIEWED,),
    "released": (State.RELEASED,),
    "past": (State.WITHDRAWN, State.DROPPED),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of pieces is narrowed to; empty narrows nothing."""

    box: str = "open"
    text: str = ""
    strand: str = ""
    unit_id: int | None = None


def _rows(model: type[P], actor: Actor) -> QuerySet[P]:
    rows: QuerySet[P] = visible(actor, QuerySet(model))
    if model in (Report, Issue) and not may_report(actor):
        rows = rows.filter(state=State.RELEASED)
    return rows.select_related("unit")


def _narrow(rows: QuerySet[P], f: Filters) -> QuerySet[P]:
    if f.box in BOXES:
        rows = rows.filter(state__in=BOXES[f.box])
    if f.strand:
        rows = rows.filter(strands__contains=f"|{f.strand}|")
    if f.unit_id is not None:
        rows = rows.filter(unit=f.unit_id)
    words = f.text.strip()[:60]
    if words:
        q = Q(title__icontains=words) | Q(topic__icontains=words) | Q(unit__name__icontains=words)
        more = {"body", "kicker", "summary", "steps"} & {field.name for field in rows.model._meta.get_fields()}
        for name in more:
            q |= Q(**{f"{name}__icontains": words})
        rows = rows.filter(q)
    return rows


def pieces(model: type[P], actor: Actor, filters: Filters, *, cursor: str = "", size: int = 30) -> Page[P]:
    """Return one page of the pieces that ``actor`` may read, the last changed first: one statement."""
    rows = _narrow(_rows(model, actor), filters)
    if model is Article:
        rows = rows.defer("body", "links", "reasons", "note")
    return keyset(rows, keys=[("changed_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def articles(actor: Actor, filters: Filters, *, cursor: str = "", size: int = 30) -> Page[Article]:
    """Return one page of articles."""
    return pieces(Article, actor, filters, cursor=cursor, size=size)


def issues(actor: Actor, filters: Filters, *, cursor: str = "", size: int = 30) -> Page[Issue]:
    """Return one page of issues."""
    return pieces(Issue, actor, filters, cursor=cursor, size=size)


def reports(actor: Actor, filters: Filters, *, cursor: str = "", size: int = 30) -> Page[Report]:
    """Return one page of reports."""
    return pieces(Report, actor, filters, cursor=cursor, size=size)


def methods(actor: Actor, filters: Filters, *, cursor: str = "", size: int = 30) -> Page[Method]:
    """Return one page of ways of working."""
    return pieces(Method, actor, filters, cursor=cursor, size=size)


def box_counts(model: type[Piece], actor: Actor) -> dict[str, int]:
    """Return how many pieces each open box holds for ``actor``: one statement."""
    rows: Any = _rows(model, actor).filter(state__in=BOXES["open"]).order_by()
    counted = {r["state"]: r["n"] for r in rows.values("state").annotate(n=Count("pk"))}
    return {box: sum(counted.get(s, 0) for s in BOXES[box]) for box in ("open", "review", "ready")}


def _piece(model: type[P], actor: Actor, uuid: UUID) -> P:
    found = _rows(model, actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这份内容。"), code="publishing.not_found")
    return found


def article_for(actor: Actor, uuid: UUID) -> Article:
    """Return an article.

    Raises:
        NotFoundError: there is none for this reader.
    """
    return _piece(Article, actor, uuid)


def issue_for(actor: Actor, uuid: UUID) -> Issue:
    """Return an issue, or raise NotFoundError."""
    return _piece(Issue, actor, uuid)


def report_for(actor: Actor, uuid: UUID) -> Report:
    """Return a report, or raise NotFoundError."""
    return _piece(Report, actor, uuid)


def method_for(actor: Actor, uuid: UUID) -> Method:
    """Return a way of working, or raise NotFoundError."""
    return _piece(Method, actor, uuid)


def piece_for(actor: Actor, kind: str, uuid: UUID) -> Piece:
    """Return a piece of a kind, or raise NotFoundError."""
    if kind not in MODELS:
        raise NotFoundError(_("没有找到这份内容。"), code="publishing.not_found")
    return _piece(MODELS[kind], actor, uuid)


def versions(piece: Piece) -> list[PieceVersion]:
    """Return what was done with a piece, newest first."""
    return list(PieceVersion.objects.filter(piece=piece.uuid).order_by("-number")[:100])


def version_for(piece: Piece, number: int) -> PieceVersion:
    """Return one version of a piece, or raise NotFoundError."""
    found = PieceVersion.objects.filter(piece=piece.uuid, number=number).first()
    if found is None:
        raise NotFoundError(_("没有这个版本。"), code="publishing.version")
    return found


def pictures_of(article: Article) -> list[Any]:
    """Return an article's pictures in order, with their media and files: one statement."""
    return list(article.pictures.select_related("media__file").order_by("number"))


def articles_of(issue: Issue) -> list[Article]:
    """Return an issue's articles in order: one statement."""
    rows = issue.items.select_related("article__unit").order_by("order")
    return [item.article for item in rows]


def pictures_of_many(articles_: Collection[Article]) -> dict[int, list[Any]]:
    """Return the pictures of several articles by article: one statement."""
    from_: dict[int, list[Any]] = {a.pk: [] for a in articles_}
    model: Any = Article.pictures.rel.related_model
    for use in model.objects.filter(article__in=from_).select_related("media__file").order_by("number"):
        from_[use.article_id].append(use)
    return from_


def issues_with(article: Article) -> list[Issue]:
    """Return the issues in which an article stands."""
    return list(Issue.objects.filter(items__article=article).exclude(state=State.DROPPED).order_by("-day", "-id")[:20])


def articles_to_print(actor: Actor, text: str = "", *, limit: int = 50) -> list[Article]:
    """Return the articles that an issue may hold: reviewed or out, newest first."""
    rows = _rows(Article, actor).filter(state__in=[State.REVIEWED, State.RELEASED], hidden_at__isnull=True)
    return list(_narrow(rows, Filters(box="", text=text)).order_by("-changed_at", "-id")[:limit])


def articles_named(actor: Actor, uuids: Collection[UUID]) -> list[Article]:
    """Return those of the articles that ``actor`` may read, in the order named."""
    found = {a.uuid: a for a in _rows(Article, actor).filter(uuid__in=list(uuids))}
    return [found[u] for u in uuids if u in found]


def texts_of(piece: Piece) -> dict[str, str]:
    """Return what of a piece goes out, by field."""
    if isinstance(piece, Report):
        return {"title": piece.title, **{f"text:{k}": str(v) for k, v in piece.texts.items()}}
    names = {
        PieceKind.ARTICLE: ("title", "kicker", "body", "topic"),
        PieceKind.METHOD: ("title", "proposer", "summary", "steps", "used_at", "evidence", "exhibitions"),
        PieceKind.ISSUE: ("title", "publisher"),
    }[piece.kind]
    return {name: str(getattr(piece, name)) for name in names}


def _hidden_links(links: Collection[Mapping[str, Any]]) -> list[str]:
    """Return the labels of linked things of which nobody outside may be told."""
    by_kind: dict[str, list[str]] = {}
    for link in links:
        by_kind.setdefault(str(link["kind"]), []).append(str(link["ref"]))
    hidden = {
        (kind, ref) for kind, refs in by_kind.items() if (known := events.source(kind)) for ref in known.hidden(refs)
    }
    return [str(link["label"]) for link in links if (link["kind"], link["ref"]) in hidden]


def findings(piece: Piece, now: datetime) -> list[checking.Finding]:
    """Return what of a piece may not go out as it is (``rules.checking``)."""
    minimum = cases.minimum_cell(now)
    if not isinstance(piece, Article):
        return checking.check(texts_of(piece), minimum=minimum)
    pictures = []
    captions: dict[str, str] = {}
    for use in pictures_of(piece):
        media = use.media
        agreed = not media.recognisable or bool(media.consent)
        pictures.append(
            checking.Picture(
                use.number, media.title, cleared=media.cleared and not media.withdrawn_at, consented=agreed
            )
        )
        captions[f"caption:{use.number}"] = use.words
    return checking.check(
        {**texts_of(piece), **captions},
        minimum=minimum,
        pictures=pictures,
        used=markup.pictures_in(markup.parse(piece.body)),
        guarded=_hidden_links(piece.links),
    )
