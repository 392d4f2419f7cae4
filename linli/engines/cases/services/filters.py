"""Keeping a list's filters under a name."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.cases.models import SavedFilter
from linli.engines.cases.services.inputs import need
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ForbiddenError, InvalidError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal

MOST = 20


@whole
def save_filter(*, by: Actor, now: datetime, name: str, query: str) -> SavedFilter:
    """Keep ``query`` (the query string of a list) under ``name``; the same name is written over.

    Raises:
        InvalidError: no name, or more filters than anybody finds again.
    """
    if by.user_id is None:
        raise ForbiddenError(_("请先登录。"), code="cases.login")
    need(name=name)
    name = clean(name)[:20]
    if len(query) > 500:
        raise InvalidError(_("筛选条件太长，不能保存。"), code="cases.filter")
    others = SavedFilter.objects.filter(user=by.user_id).exclude(name=name).count()
    if others >= MOST:
        raise InvalidError(_("最多保存 %(count)s 个筛选，请先删除不用的。") % {"count": MOST}, code="cases.filter")
    saved, _made = SavedFilter.objects.update_or_create(user_id=by.user_id, name=name, defaults={"query": query})
    journal.record(by=by, verb="cases.save_filter", kind="filter", uuid=None, label=name, now=now)
    return saved


@whole
def delete_filter(*, by: Actor, now: datetime, filter_id: int) -> None:
    """Forget one of one's own filters.

    Raises:
        NotFoundError: there is none of that id among them.
    """
    found = SavedFilter.objects.filter(pk=filter_id, user=by.user_id).first()
    if found is None:
        raise NotFoundError(_("没有这个筛选。"), code="cases.filter")
    journal.record(by=by, verb="cases.delete_filter", kind="filter", uuid=None, label=found.name, now=now)
    found.delete()
