"""Writing articles: begin, from a finished thing too, change, correct what is out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean
from linli.foundation.places import selectors as places
from linli.programmes.publishing.models import Article, ArticleMedia, Media, Release
from linli.programmes.publishing.permissions import check, may_write, need
from linli.programmes.publishing.rules import checking
from linli.programmes.publishing.selectors.pieces import findings, pictures_of
from linli.programmes.publishing.services import pieces
from linli.programmes.publishing.services.linking import linked
from linli.programmes.publishing.types import ArticleData, Fact, ReleaseState

BODY = 20_000
_LONGEST = {"title": 80, "kicker": 60, "body": BODY, "reporter": 60, "editor": 40, "photographer": 60, "topic": 40}
MOST_PICTURES = 12


def begun_from(fact: Fact) -> ArticleData:
    """Return an article begun from a finished thing: what is known, and what the writer is to add."""
    lines = [*fact.lines, _("【请补充：怎么做的，居民怎么说】")]
    return ArticleData(
        title="",
        kicker=fact.topic[:60],
        body="\n\n".join(lines),
        unit_id=fact.unit_id,
        reporter=(_("%(unit)s通讯员") % {"unit": fact.unit})[:60] if fact.unit else "",
        strands=(fact.strand,) if fact.strand else (),
        topic=fact.topic[:40],
        area_id=fact.area_id,
    )


def _values(by: Actor, now: datetime, data: ArticleData, had: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the fields of an article as they are kept.

    Raises:
        InvalidError: with what is wrong by field.
    """
    texts = {name: clean(getattr(data, name)) for name in _LONGEST}
    faults = pieces.lengths({n: (t, _LONGEST[n]) for n, t in texts.items()}, needed=("title", "body"))
    unit_id = pieces.source_unit(by, data.unit_id, faults)
    if data.area_id is not None and data.area_id not in places.areas_by_ids({data.area_id}):
        faults["area"] = [_("没有这个区域。")]
    if len(data.media) > MOST_PICTURES:
        faults["pictures"] = [_("最多 %(most)s 张照片。") % {"most": MOST_PICTURES}]
    known = set(Media.objects.filter(pk__in=[m for m, _c in data.media]).values_list("pk", flat=True))
    if {m for m, _c in data.media} - known:
        faults["pictures"] = [_("有照片已不在媒体库。")]
    links = linked(by, now, data.links, had, faults)
    pieces.refuse(faults)
    return {
        **texts,
        "unit_id": unit_id,
        "area_id": data.area_id,
        "strands": pieces.strands_text(data.strands),
        "links": links,
    }


def _pictures(article: Article, data: ArticleData) -> None:
    article.pictures.all().delete()
    ArticleMedia.objects.bulk_create(
        ArticleMedia(article=article, media_id=media, number=n, caption=clean(caption)[:200])
        for n, (media, caption) in enumerate(data.media, 1)
    )


def _kept(article: Article) -> dict[str, Any]:
    names = (*_LONGEST, "strands", "links", "unit_id", "area_id")
    pictures = [{"media": u.media_id, "caption": u.caption} for u in pictures_of(article)]
    return {**{n: getattr(article, n) for n in names}, "pictures": pictures}


@whole
def begin_article(*, by: Actor, now: datetime, data: ArticleData, outside_number: str = "") -> Article:
    """Begin an article.

    Raises:
        ForbiddenError: residents and administrators write none. InvalidError: with what is wrong by field.
    """
    need(may_write(by), _("稿件由工作人员撰写。"))
    values = _values(by, now, data)
    article = Article.objects.create(
        **values, **pieces.author(by), created_at=now, changed_at=now, outside_number=outside_number
    )
    _pictures(article, data)
    pieces.remember(article, by=by, now=now, verb="begin", data=_kept(article))
    pieces.note(article, "begin", by=by, now=now, after={"unit": article.unit_id, "topic": article.topic})
    return article


@whole
def edit_article(*, by: Actor, now: datetime, article: Article, version: int, data: ArticleData) -> Article:
    """Change a draft as it stood at ``version``.

    Raises:
        StaleError: somebody else changed it meanwhile; nothing of theirs is lost.
        ForbiddenError, ConflictError: as ``permissions.check``. InvalidError: with what is wrong by field.
    """
    check(by, "edit", article)
    values = _values(by, now, data, article.links)
    before = {"title": article.title, "characters": len(article.body)}
    pieces.change(article, version=version, now=now, hands=pieces.hands_with(article, by), **values)
    _pictures(article, data)
    pieces.remember(article, by=by, now=now, verb="edit", data=_kept(article))
    after = {"title": article.title, "characters": len(article.body)}
    pieces.note(article, "edit", by=by, now=now, before=before, after=after)
    return article


@whole
def correct_article(
    *,
    by: Actor,
    now: datetime,
    article: Article,
    version: int,
    notice: str,
    texts: Mapping[str, str],
    reasons: Mapping[str, str] | None = None,
) -> Article:
    """Correct an article that is out, with a notice that stands under it; where it stands elsewhere is to be checked.

    Args:
        notice: what was wrong and what is right, for everybody.
        texts: headline, kicker, body as they are to be.

    Raises:
        InvalidError: no notice, or the new text holds what may not go out.
    """
    known = check(by, "correct", article)
    pieces.required(notice=notice)
    values = {name: clean(texts.get(name, getattr(article, name))) for name in ("title", "kicker", "body")}
    pieces.refuse(pieces.lengths({n: (t, _LONGEST[n]) for n, t in values.items()}, needed=("title", "body")))
    before = {"title": article.title, "characters": len(article.body)}
    pieces.change(article, version=version, now=now, correction=clean(notice), corrected_at=now, **values)
    kept = {**article.reasons, **(reasons or {})}
    still = checking.unresolved(findings(article, now), kept)
    if still:
        raise InvalidError(
            _("更正后的内容还有 %(count)s 处不能发布：%(words)s。")
            % {"count": len(still), "words": "、".join(f.words for f in still[:5])},
            code="publishing.findings",
            fields={"body": [_("请先修改：%(words)s。") % {"words": "、".join(f.words for f in still[:5])}]},
        )
    outside = Release.objects.filter(piece=article.uuid, state=ReleaseState.OUT).exclude(channel__kind="web")
    outside.update(to_check=True)
    pieces.remember(article, by=by, now=now, verb="correct", data=_kept(article), why=clean(notice))
    after = {"title": article.title, "characters": len(article.body)}
    pieces.note(article, "correct", by=by, now=now, before=before, after=after, reason=clean(notice), rule=known.rule)
    return article
