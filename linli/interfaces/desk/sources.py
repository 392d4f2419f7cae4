"""Where a task came from, as a link: each face that shows such a thing registers how it is reached.

A task keeps the kind, the uuid and the label of its source (``source_kind``, …); the room that tasks live in
knows none of those things. A face registers its kind when Django starts::

    sources.register("meeting", gettext_lazy("会议决定"), lambda t: reverse("desk:decision", args=[t.source_uuid]))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from linli.engines.projects.models import Task

Address = Callable[["Task"], str]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of thing that tasks come from: what people call it, and the address of one."""

    kind: str
    label: Any
    url: Address | None = None


SOURCES: dict[str, Source] = {}


def register(kind: str, label: Any, url: Address | None = None) -> None:
    """Make a kind known, or say anew how it is reached."""
    SOURCES[kind] = Source(kind, label, url)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a task is: the kind of its source in words, its label, and where it is shown; empty where nowhere."""

    kind: str
    label: str
    url: str


def why(task: Task) -> Why:
    """Return where a task came from."""
    found = SOURCES.get(task.source_kind)
    if found is None:
        return Why("", task.source_label, "")
    url = ""
    if found.url is not None and (task.source_uuid is not None or task.source_label):
        try:
            url = found.url(task)
        except NoReverseMatch:
            url = ""
    return Why(str(found.label), task.source_label, url)


def options() -> list[tuple[str, Any]]:
    """Return the kinds as a filter offers them."""
    return [(s.kind, s.label) for s in SOURCES.values()]


def enter() -> None:
    """Register the kinds that this face shows itself."""
    register("case", _("案件"), lambda task: reverse("desk:case", args=[task.source_label]))
    register("consultation", _("会商"), lambda task: reverse("desk:consultation", args=[task.source_uuid]))
    for kind, label, page in (
        ("document", _("文件"), "desk:document_finding"),
        ("meeting", _("会议决定"), "desk:meeting_decision"),
        ("topic", _("难题"), "desk:topic"),
        ("project", _("项目"), "desk:project_of_node"),
        ("blocker", _("卡点"), "desk:project_blocker"),
        ("claim", _("认领"), "desk:alliance_claim"),
        ("demand", _("走访需求"), "desk:visits_demand"),
        ("lane", _("一弄一案"), "desk:streets_lane"),
        ("civility", _("文明创建清单"), "desk:civility_todo"),
    ):
        register(kind, label, _page_of(page))


def _page_of(page: str) -> Address:
    return lambda task: reverse(page, args=[task.source_uuid])
