"""Writing reports: the period, the drafted texts; the figures come by themselves and are frozen at release."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.projects.types import Strand
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.text import clean
from linli.programmes.publishing.models import Report
from linli.programmes.publishing.permissions import check, may_report, need
from linli.programmes.publishing.selectors.reporting import sections_of, topics
from linli.programmes.publishing.services import pieces
from linli.programmes.publishing.types import ReportData, ReportKind

TEXT = 5_000
MOST_DAYS = 366 * 2


def _values(by: Actor, data: ReportData) -> dict[str, Any]:
    title = clean(data.title)
    faults = pieces.lengths({"title": (title, 80)}, needed=("title",))
    if data.kind not in ReportKind.values:
        faults["kind"] = [_("请选择一种。")]
    if data.until < data.since:
        faults["until"] = [_("结束日期不能早于开始日期。")]
    elif (data.until - data.since).days > MOST_DAYS:
        faults["until"] = [_("一份报告最长两年。")]
    narrow = _narrowing(data, faults)
    texts = {code: clean(data.texts.get(code, "")) for code in sections_of(data.kind)}
    faults |= pieces.lengths({f"text_{code}": (text, TEXT) for code, text in texts.items()})
    unit_id = pieces.source_unit(by, data.unit_id, faults)
    pieces.refuse(faults)
    return {
        "title": title,
        "report_kind": data.kind,
        "since": data.since,
        "until": data.until,
        "unit_id": unit_id,
        "texts": texts,
        **narrow,
    }


def _narrowing(data: ReportData, faults: dict[str, list[str]]) -> dict[str, str]:
    """Return what the figures of a topic's report are narrowed to: one strand or one topic that is known; else all."""
    if data.kind != ReportKind.TOPIC:
        return {"topic": "", "strands": ""}
    topic, strand = clean(data.topic), data.strand
    known = {name for _label, names in topics() for name in names} if topic else set()
    if (topic and topic not in known) or (strand and strand not in Strand.values) or (topic and strand):
        faults["focus"] = [_("请从列表里选择一个专题。")]
    return {"topic": topic, "strands": pieces.strands_text((strand,) if strand else ())}


def _kept(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "topic": report.topic,
        "strands": report.strands,
        "texts": report.texts,
    }


@whole
def begin_report(*, by: Actor, now: datetime, data: ReportData) -> Report:
    """Begin a report.

    Raises:
        ForbiddenError: not of those who read the figures. InvalidError: with what is wrong by field.
    """
    need(may_report(by), _("报告由街道起草。"))
    report = Report.objects.create(**_values(by, data), **pieces.author(by), created_at=now, changed_at=now)
    pieces.remember(report, by=by, now=now, verb="begin", data=_kept(report))
    pieces.note(report, "begin", by=by, now=now, after=_kept(report) | {"texts": len(report.texts)})
    return report


@whole
def edit_report(*, by: Actor, now: datetime, report: Report, version: int, data: ReportData) -> Report:
    """Change a report's draft as it stood at ``version``.

    Raises:
        StaleError: somebody else changed it meanwhile. Others as :func:`begin_report`.
    """
    check(by, "edit", report)
    values = _values(by, data)
    before = {"title": report.title, "since": report.since.isoformat(), "until": report.until.isoformat()}
    pieces.change(report, version=version, now=now, hands=pieces.hands_with(report, by), **values)
    pieces.remember(report, by=by, now=now, verb="edit", data=_kept(report))
    after = {"title": report.title, "since": report.since.isoformat(), "until": report.until.isoformat()}
    pieces.note(report, "edit", by=by, now=now, before=before, after=after)
    return report
