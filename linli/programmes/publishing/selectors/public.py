"""What everybody reads: articles and ways of working that stand on the residents' pages, and their pictures."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.publishing.models import Article, ArticleMedia, Media, Method, Release
from linli.programmes.publishing.types import ChannelKind, ReleaseState
from linli.programmes.publishing.workflow import State


def _standing() -> QuerySet[Release]:
    return Release.objects.filter(piece=OuterRef("uuid"), state=ReleaseState.OUT, channel__kind=ChannelKind.WEB)


def _articles() -> QuerySet[Article]:
    rows = Article.objects.filter(Exists(_standing()), state=State.RELEASED, hidden_at__isnull=True)
    return rows.select_related("unit", "area").defer("area__geometry", "area__wkb", "reasons", "hands", "note")


def public_articles(
    *, text: str = "", topic: str = "", strand: str = "", cursor: str = "", size: int = 20
) -> Page[Article]:
    """Return one page of the news, newest first: one statement."""
    rows = _articles()
    if topic:
        rows = rows.filter(topic=topic)
    if strand:
        rows = rows.filter(strands__contains=f"|{strand}|")
    words = text.strip()[:40]
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(kicker__icontains=words) | Q(body__icontains=words))
    return keyset(rows, keys=[("released_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def public_article(uuid: UUID) -> Article:
    """Return an article that everybody may read.

    Raises:
        NotFoundError: there is none, or it no longer stands there.
    """
    found = _articles().filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这篇内容，它可能已经撤下。"), code="publishing.gone", hint=_("请回到社区动态查看其他内容。")
        )
    return found


def first_pictures(articles: list[Article]) -> dict[int, ArticleMedia]:
    """Return the first picture of each article that may go out: one statement."""
    rows = ArticleMedia.objects.filter(article__in=[a.pk for a in articles]).select_related("media__file")
    found: dict[int, ArticleMedia] = {}
    for use in rows.order_by("article", "number"):
        if use.media.may_go_out and use.media.file is not None and use.media.file.has_shown:
            found.setdefault(use.article_id, use)
    return found


def public_pictures(article: Article) -> dict[int, ArticleMedia]:
    """Return the pictures of an article that may go out, by their number."""
    rows = article.pictures.select_related("media__file")
    return {u.number: u for u in rows if u.media.may_go_out}


def public_media(file: UUID) -> Media:
    """Return the media row of a file that everybody may see: cleared, and in an article that stands.

    Raises:
        NotFoundError: there is none.
    """
    uses = ArticleMedia.objects.filter(media=OuterRef("pk"), article__in=_articles())
    found = Media.objects.filter(Exists(uses), file__uuid=file).select_related("file").first()
    if found is None or not found.may_go_out:
        raise NotFoundError(_("没有找到这张照片。"), code="publishing.media")
    return found


def _methods() -> QuerySet[Method]:
    rows = Method.objects.filter(Exists(_standing()), state=State.RELEASED)
    return rows.select_related("unit")


def public_methods(*, text: str = "", kind: str = "", cursor: str = "", size: int = 20) -> Page[Method]:
    """Return one page of the ways of working that stand on the residents' pages, newest first."""
    rows = _methods()
    if kind:
        rows = rows.filter(method_kind=kind)
    words = text.strip()[:40]
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(summary__icontains=words) | Q(used_at__icontains=words))
    return keyset(rows, keys=[("released_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def public_method(uuid: UUID) -> Method:
    """Return a way of working that everybody may read, or raise NotFoundError."""
    found = _methods().filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这个工作法，它可能已经撤下。"), code="publishing.gone")
    return found
