"""Documents in given states, for the tests of their pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from linli.programmes import documents
from linli.programmes.documents import services
from linli.programmes.documents.models import Block, Document, Finding

GOLDEN = Path(documents.__file__).parent / "tests" / "golden"
MINUTES = """街道召开推进会

5月18日下午，街道召开推进会。街道办事处主任主持会议，各居民区书记等150余人参加。

街道党工委书记提出三点要求：一是加强巡查，由社区管理办公室负责，6月底前完成楼道清理；二是落实责任，各居民区每周自查一次；三是建立机制，确保29个易积水小区不漏一处。

（街道社区党建办）
"""
POLICY = """关于推进楼道治理的实施意见

一、总体要求。坚持以人为本，年内完成全部楼道清理。

二、主要任务。要建立楼组长巡查机制，每周巡查一次。

三、保障措施。要落实经费，由社区管理办公室负责。
"""


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def taken(world: Any, text: str = MINUTES, *, who: str = "paidan", ordered: bool = True, **fields: Any) -> Document:
    """Import a text and, unless told otherwise, confirm its order."""
    by = world.actor(who)
    new = services.NewDocument(text=text, **{"kind": "minutes", "title": "推进会纪要", **fields})
    document = services.import_document(by=by, now=world.now, new=new)
    if ordered:
        order(world, document)
    return document


def order(world: Any, document: Document) -> None:
    """Confirm the order as it was proposed."""
    proposed: dict[int | None, list[int]] = {}
    for block in Block.objects.filter(document=document, article__isnull=False).order_by(
        "article__position", "position"
    ):
        proposed.setdefault(block.article_id, []).append(block.number)
    services.put_in_order(
        by=world.actor("paidan"),
        now=world.now,
        document=document,
        order=list(proposed.values()),
        revision=document.revision,
    )


def requirement(document: Document, n: int = 0) -> Finding:
    """Return the n-th requirement of a document."""
    return Finding.objects.filter(document=document, kind="requirement").order_by("start", "-end", "id")[n]
