"""What many report becomes a topic of the meetings: raised, owned and solved there; its cases stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.engines.activities import services as activities
from linli.engines.cases.models import TopicCase
from linli.engines.cases.services.work import lock_cases, note_on_each
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.text import mask_personal

if TYPE_CHECKING:
    from linli.engines.activities.models import Topic
    from linli.engines.activities.types import NewTopic
    from linli.engines.cases.models import Case

MOST = 100


def _check(cases: Sequence[Case]) -> None:
    if not cases:
        raise InvalidError(
            _("请至少选择一件案件。"), code="cases.topic", fields={"chosen": [_("请至少选择一件案件。")]}
        )
    if len(cases) > MOST:
        raise InvalidError(_("一次最多关联 %(n)s 件。") % {"n": MOST}, code="cases.topic")
    guarded = [c.number for c in cases if c.confidential or c.guarded]
    if guarded:
        raise ConflictError(
            _("要求保密的案件不能列为难题：%(numbers)s。") % {"numbers": "、".join(guarded)},
            code="cases.topic",
            hint=_("请取消勾选这些案件后再提出。"),
        )


@whole
def raise_as_topic(*, by: Actor, now: datetime, cases: Sequence[Case], data: NewTopic) -> Topic:
    """Raise a topic of the meetings for what several cases have in common; they are linked to it and stay as they are.

    Args:
        cases: one to a hundred, from the door, none of them confidential: a topic has other readers than its cases.
        data: the topic; contacts in its words are masked.

    Returns:
        The topic, raised and not yet owned.

    Raises:
        ForbiddenError: nobody who may raise a topic.
        InvalidError: no cases, too many, no title.
        ConflictError: one of them is confidential or guarded.
    """
    _check(cases)
    topic = activities.raise_topic(
        by=by, now=now, data=replace(data, title=mask_personal(data.title), text=mask_personal(data.text))
    )
    lock_cases(*cases)
    TopicCase.objects.bulk_create(TopicCase(topic=topic, case=c, added_at=now, added_label=by.label) for c in cases)
    text = _("列入难题“%(title)s”") % {"title": topic.title}
    note_on_each(cases, by=by, now=now, text=text, data={"topic": str(topic.uuid)})
    return topic
