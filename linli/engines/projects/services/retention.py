"""How long the room keeps what is personal; the days stand on the models."""

from __future__ import annotations

from datetime import datetime

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from linli.engines.projects.models import AskAnswer
from linli.foundation.jobs.services import Keeping, blanking, keep


def _marks(before: datetime) -> QuerySet[AskAnswer]:
    return AskAnswer.objects.filter(on__lte=before.date()).exclude(mark__startswith="-")


keep(
    Keeping(
        "projects.answer_mark",
        "projects.AskAnswer",
        ("mark",),
        since="the day of the answer",
        end="the mark of the browser becomes a running number; the answer stays and is counted",
        take=blanking(_marks, mark=Concat(Value("-"), Cast("pk", CharField()))),
    )
)
