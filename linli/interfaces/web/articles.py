"""An article's text as the pages of every face draw it: blocks of plain text, pictures in their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from linli.programmes.publishing.rules import markup

if TYPE_CHECKING:
    from uuid import UUID

    from linli.programmes.publishing.models import ArticleMedia

# What makes of a picture's file and size (320, 1600) its address.
Address = Callable[["UUID", int], str]


def picture(use: ArticleMedia, address: Address) -> dict[str, Any]:
    """Return a picture as ``web/_article.html`` draws it; a film or link has no ``url`` but a ``link``."""
    media = use.media
    shown = media.file is not None and media.file.has_shown
    return {
        "number": use.number,
        "words": use.words,
        "credit": media.credit,
        "url": address(media.file.uuid, 1600) if shown and media.file else "",
        "thumb": address(media.file.uuid, 320) if shown and media.file else "",
        "wide": (media.file.width or 4) >= (media.file.height or 3) if media.file else True,
        "link": media.url,
        "uuid": media.uuid,
    }


def drawn(
    blocks: tuple[markup.Block, ...], pictures: Mapping[int, Mapping[str, Any]], *, rest: bool = True
) -> list[dict[str, Any]]:
    """Return blocks as ``web/_article.html`` draws them; pictures that stand nowhere in the text come last.

    A number behind which there is no picture is left out.
    """
    found: list[dict[str, Any]] = []
    used: set[int] = set()
    for block in blocks:
        if block.kind is markup.BlockKind.PICTURE:
            used.add(block.picture)
            if block.picture in pictures:
                found.append({"kind": "pic", "picture": pictures[block.picture]})
            continue
        found.append({"kind": block.kind.value, "lines": block.lines})
    if rest:
        found += [{"kind": "pic", "picture": p} for n, p in sorted(pictures.items()) if n not in used]
    return found
