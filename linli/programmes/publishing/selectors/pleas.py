"""Requests to take something down: for those who decide, and for who asked, by code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text, keyed_hash
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.ids import normal_code
from linli.foundation.core.paging import Page, keyset
from linli.programmes.publishing.models import TakedownRequest
from linli.programmes.publishing.permissions import may_decide

PURPOSE = "publishing.takedown"


def hash_of(code: str) -> str:
    """Return the hash under which a code is kept."""
    return keyed_hash(normal_code(code), PURPOSE)


def _rows() -> QuerySet[TakedownRequest]:
    return TakedownRequest.objects.select_related("article__unit")


def pleas(actor: Actor, *, waiting: bool = True, cursor: str = "", size: int = 30) -> Page[TakedownRequest]:
    """Return one page of the requests: those that wait by day, the answered ones newest first."""
    rows = _rows() if may_decide(actor) else _rows().none()
    if waiting:
        return keyset(rows.filter(answer=""), keys=[("due_on", date), ("id", int)], cursor=cursor, size=size)
    done = rows.exclude(answer="")
    return keyset(done, keys=[("filed_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def waiting_pleas(actor: Actor) -> int:
    """Return how many requests wait for an answer."""
    return TakedownRequest.objects.filter(answer="").count() if may_decide(actor) else 0


def plea_for(actor: Actor, uuid: UUID) -> TakedownRequest:
    """Return a request.

    Raises:
        NotFoundError: there is none, or ``actor`` is none of those who decide.
    """
    found = _rows().filter(uuid=uuid).first() if may_decide(actor) else None
    if found is None:
        raise NotFoundError(_("没有找到这个申请。"), code="publishing.plea")
    return found


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks and what, in clear."""

    statement: str
    name: str
    contact: str


def asker_of(plea: TakedownRequest) -> Asker:
    """Return what was written; empty once it is no longer kept. Whoever shows a contact journals it."""
    return Asker(
        decrypt_text(plea.statement_sealed, PURPOSE),
        decrypt_text(plea.name_sealed, PURPOSE),
        decrypt_text(plea.contact_sealed, PURPOSE),
    )


def plea_by_code(code: str) -> TakedownRequest:
    """Return the request that a code belongs to.

    Raises:
        NotFoundError: there is none.
    """
    found = _rows().filter(code_hash=hash_of(code)).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这个查询码对应的申请。"), code="publishing.plea", hint=_("请核对查询码，大小写、短横不用管。")
        )
    return found


def pleas_about(article_id: int) -> int:
    """Return how many requests about an article wait."""
    return TakedownRequest.objects.filter(article=article_id, answer="").count()
