"""Articles, pictures and reports in given states, for the tests of every face."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from linli.foundation.files import services as files
from linli.programmes.publishing import selectors, services
from linli.programmes.publishing.models import Article, Media, Release
from linli.programmes.publishing.types import ArticleData, MediaData

BODY = "街道会同物业清理了楼道堆物。\n\n## 一周清完\n\n- 通知到户\n- 集中清运\n\n居民点赞。"


def begin(world: Any, by: str = "guanliban", **more: Any) -> Article:
    """Begin an article of the management office."""
    fields = {"title": "楼道清爽了", "body": BODY, "unit_id": world.units["management"].pk, **more}
    return services.begin_article(by=world.actor(by), now=world.now, data=ArticleData(**fields))


def handed_in(world: Any, **more: Any) -> Article:
    """Hand a new article in."""
    article = begin(world, **more)
    services.hand_in(by=world.actor("guanliban"), now=world.now, piece=article, version=article.version)
    return article


def reviewed(world: Any, **more: Any) -> Article:
    """Let a new article through."""
    article = handed_in(world, **more)
    services.approve(by=world.actor("lingdao"), now=world.now, piece=article, version=article.version, reasons={})
    return article


def release(world: Any, piece: Any, channel: str = "portal", by: str = "paidan") -> Release:
    """Let a reviewed piece out by a channel."""
    return services.release(
        by=world.actor(by),
        now=world.now,
        piece=piece,
        version=piece.version,
        channel=selectors.channel_for(channel),
    )


def released(world: Any, **more: Any) -> Article:
    """Let a new article out on the residents' pages."""
    article = reviewed(world, **more)
    release(world, article)
    return article


def jpeg(colour: str = "steelblue", size: tuple[int, int] = (640, 420)) -> bytes:
    """Return a small photo of one colour."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def picture(world: Any, by: str = "paidan", **more: Any) -> Media:
    """Enter a picture, cleared for the public unless said otherwise."""
    actor = world.actor(by)
    row = files.store(by=actor, now=world.now, content=jpeg(), name="a.jpg", purpose="publishing")
    fields = {"kind": "photo", "title": "清理后的楼道", "credit": "社区通讯员", "cleared": True, **more}
    return services.add_media(by=actor, now=world.now, data=MediaData(file_id=row.pk, **fields))
