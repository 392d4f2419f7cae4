"""What the pages of 走访 call things: programmes, states and their tones, and the places between which one goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.engines.fieldwork.types import Outcome
from linli.engines.fieldwork.workflow import FindingState, RoundState, SubmissionState, VisitState

ROUND_TONES = {
    RoundState.DRAFT.value: "new",
    RoundState.OPEN.value: "doing",
    RoundState.CLOSED.value: "done",
    RoundState.DROPPED.value: "idle",
}
VISIT_TONES = {
    VisitState.DUE.value: "new",
    VisitState.TRIED.value: "doing",
    VisitState.DONE.value: "done",
    VisitState.UNREACHED.value: "check",
    VisitState.DROPPED.value: "idle",
}
RECORD_TONES = {
    SubmissionState.RECEIVED.value: "check",
    SubmissionState.ACCEPTED.value: "done",
    SubmissionState.RETURNED.value: "late",
    SubmissionState.REPLACED.value: "idle",
    SubmissionState.ASIDE.value: "idle",
}
FINDING_TONES = {
    FindingState.FOUND.value: "new",
    FindingState.ON_THE_SPOT.value: "done",
    FindingState.CASE.value: "doing",
    FindingState.RECTIFYING.value: "doing",
    FindingState.RECTIFIED.value: "check",
    FindingState.RECHECKED.value: "check",
    FindingState.RETURNED.value: "late",
    FindingState.SCORED.value: "done",
    FindingState.DROPPED.value: "idle",
}


def programmes() -> dict[str, str]:
    """Return code → name of the programmes that rounds belong to."""
    return {
        "visits": _("四百走访"),
        "civility": _("文明创建"),
        "housing": _("群租整治"),
        "streets": _("街面巡查"),
        "supervision": _("督查"),
        "surveys": _("调查"),
        "flood": _("防汛"),
        "owners": _("业委会评估"),
    }


def outcomes() -> dict[str, str]:
    """Return what may come of a knock, in words."""
    return {
        Outcome.NOBODY.value: _("无人应门"),
        Outcome.CLOSED.value: _("关门停业"),
        Outcome.LATER.value: _("约定改日"),
        Outcome.REFUSED.value: _("不便接待"),
    }


def options(first: str, found: Iterable[tuple[Any, Any]]) -> list[dict[str, Any]]:
    """Return pairs as the options of a select; ``first`` stands for nothing chosen."""
    return [{"value": "", "label": first}, *({"value": value, "label": label} for value, label in found)]


def places(here: str, *, review: int | None = None) -> list[dict[str, Any]]:
    """Return the tabs of 走访, with where the reader is."""
    found = [
        ("rounds", _("轮次"), "desk:rounds", None),
        ("mine", _("我的走访"), "desk:my_visits", None),
        ("review", _("审核"), "desk:review", review),
        ("findings", _("发现的问题"), "desk:findings", None),
        ("calendar", _("日历"), "desk:fieldwork_calendar", None),
        ("ledgers", _("台账"), "desk:ledgers", None),
    ]
    return [
        {"label": label, "url": reverse(name), "count": count, "current": code == here}
        for code, label, name, count in found
    ]
