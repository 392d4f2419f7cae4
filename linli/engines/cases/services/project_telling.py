"""Telling who reported a case how the project goes that came of it: a message where they left a way, and a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import translation

from linli.engines.cases.models import Case, Reporter
from linli.engines.cases.services.telling import way_to
from linli.engines.cases.types import Source
from linli.engines.projects import selectors as projects
from linli.engines.projects import services as project_services
from linli.engines.projects.types import Moved
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import NotFoundError
from linli.foundation.messages import services as messages
from linli.foundation.messages.types import Outgoing

if TYPE_CHECKING:
    from linli.engines.projects.models import Project

TEMPLATE = "cases.project_moved"


@whole
def tell(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell the reporters of the case that a project came from, and of those merged into it.

    The contact is used as each of them allowed; reports of the hotline are answered by the city. What was told is
    kept with the project, whether or not anybody could be written to: the page of the case shows it.
    """
    case = Case.objects.filter(uuid=payload["source"]).first()
    if case is None:
        return
    try:
        project = projects.public_project(UUID(payload["project"]))
    except NotFoundError:
        return  # not public any more
    what, values = Moved(payload["what"]), dict(payload["values"])
    out = [] if case.source == Source.HOTLINE else _messages(case, project, what, values, str(payload["at"]))
    if out:
        messages.send_many(messages=out, now=now)
    project_services.note_told(
        now=now, project_id=project.pk, source=case.uuid, what=what, values=values, people=len(out)
    )


def _messages(case: Case, project: Project, what: Moved, values: dict[str, str], at: str) -> list[Outgoing]:
    # By the cases' ids: asked over a join, both databases read every reporter there is.
    ids = [case.pk, *Case.objects.filter(merged_into=case).values_list("pk", flat=True)]
    ways = [way for r in Reporter.objects.filter(case__in=ids).order_by("id") if (way := way_to(r)) is not None]
    found = []
    for recipient, channel in ways:
        with translation.override(recipient.language):
            news = what.words(values)
        params = {
            "number": case.number,
            "title": case.title,
            "project": project.name,
            "news": news,
            "unit": str(project.unit),
            "link": f"/projects/{project.uuid}/",
        }
        found.append(
            Outgoing(
                template=TEMPLATE, params=params, recipient=recipient, channel=channel, subject_kind="case",
                subject_uuid=case.uuid, url="/track/", key=f"{TEMPLATE}:{project.uuid}:{what}:{at}",
            )
        )  # fmt: skip
    return found
