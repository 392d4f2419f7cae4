"""Work orders as the city gets them back: what became of each, the returns, extensions and repetitions with reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent, Request
from linli.engines.cases.permissions import visible
from linli.engines.cases.services.clocks import local_moment
from linli.engines.cases.services.importing.parcels import may_import
from linli.engines.cases.services.opening import note_export
from linli.engines.cases.types import RequestKind, Source
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.sheets import services as sheets

MOST = 5_000
LONGEST = timedelta(days=92)
_VERBS = ("report", "contact", "return_", "decide_return", "reply", "hand_in", "merge")


def _headers() -> list[str]:
    return [
        _("工单编号"), _("案件编号"), _("状态"), _("承办单位"), _("要求保密"), _("签派"), _("办理时限"),
        _("先行联系时间"),
        _("联系次数"), _("联系情况"), _("退单次数"), _("退单理由"), _("退单裁定"), _("延期申请"), _("延期裁定"),
        _("是否重复"), _("原工单号"), _("重复理由"), _("办结时间"), _("结案评判"), _("答复内容"),
    ]  # fmt: skip


def orders_sheet(*, by: Actor, now: datetime, first: date, last: date) -> tuple[bytes, int]:
    """Return an xlsx of the work orders that changed between two days, both included, and how many they are.

    Raises:
        ForbiddenError: ``by`` is not of the operations centre.
        InvalidError: the days are the wrong way round, too far apart, or hold too many orders.
    """
    may_import(by)
    if not timedelta(0) <= last - first <= LONGEST:
        message = _("请选择先后正确、相隔不超过 %(days)s 天的两个日期。") % {"days": LONGEST.days}
        raise InvalidError(message, code="cases.orders.days", fields={"last": [message]})
    rows = visible(by).filter(
        source=Source.HOTLINE,
        external_number__isnull=False,
        changed_at__gte=local_moment(first, 0),
        changed_at__lt=local_moment(last + timedelta(days=1), 0),
    )
    cases = list(rows.select_related("unit", "merged_into").order_by("changed_at", "id")[: MOST + 1])
    if len(cases) > MOST:
        message = _("超过 %(most)s 件，请缩短日期。") % {"most": MOST}
        raise InvalidError(message, code="cases.orders.many", fields={"last": [message]})
    content = sheets.write_table(_("12345 工单"), _headers(), _lines(cases))
    note_export(by=by, now=now, count=len(cases), query=["hotline", first.isoformat(), last.isoformat()])
    return content, len(cases)


def _lines(cases: Sequence[Case]) -> Iterable[list[str]]:
    ids = [c.pk for c in cases]
    events: dict[int, list[CaseEvent]] = defaultdict(list)
    for event in CaseEvent.objects.filter(case__in=ids, verb__in=_VERBS).order_by("case_id", "seq"):
        events[event.case_id].append(event)
    asked: dict[int, list[Request]] = defaultdict(list)
    for request in Request.objects.filter(case__in=ids, kind=RequestKind.EXTENSION).order_by("asked_at", "id"):
        asked[request.case_id].append(request)
    return [_line(case, events[case.pk], asked[case.pk]) for case in cases]


def _at(moment: datetime | None) -> str:
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else ""


def _yes(truth: object) -> str:
    return _("是") if truth else _("否")


def _line(case: Case, events: list[CaseEvent], asked: list[Request]) -> list[str]:
    of = {verb: [e for e in events if e.verb == verb] for verb in _VERBS}
    origin: dict[str, Any] = next((e.data.get("origin", {}) for e in of["report"]), {})
    main = case.merged_into.external_number or case.merged_into.number if case.merged_into is not None else ""
    original = main or origin.get("duplicate_of", "")
    return [
        case.external_number or "",
        case.number,
        str(case.get_state_display()),
        case.unit.name if case.unit is not None else "",
        _yes(case.confidential),
        _yes(origin.get("assigned") or case.no_return),
        _at(case.external_due),
        _at(case.first_contact_at),
        str(case.contact_attempts),
        "\n".join(f"{_at(e.at)} {_reached(e)}".strip() for e in of["contact"]),
        str(case.return_count),
        "\n".join(f"{_at(e.at)} {e.reason}" for e in of["return_"]),
        "\n".join(f"{_at(e.at)} {_ruling(e)} {e.reason}" for e in of["decide_return"]),
        "\n".join(f"{_at(r.asked_at)} {_amount(r)} {r.reason}" for r in asked),
        "\n".join(f"{_at(r.decided_at)} {r.get_decision_display()} {r.decision_reason}".strip() for r in asked),
        _yes(original),
        original,
        "\n".join(e.reason for e in of["merge"] if e.reason),
        _at(case.closed_at),
        str(case.get_outcome_display()),
        "\n".join(e.text for e in (of["reply"] or of["hand_in"])[-1:]),
    ]


def _reached(event: CaseEvent) -> str:
    words = {"reached": _("已联系"), "no_answer": _("未接通"), "wrong_number": _("号码有误"), "refused": _("拒绝沟通")}
    return words.get(event.data.get("result", ""), "")


def _ruling(event: CaseEvent) -> str:
    return _("同意退单") if event.data.get("uphold") else _("签派")


def _amount(request: Request) -> str:
    units = {
        "work_days": _("个工作日"),
        "natural_days": _("天"),
        "work_hours": _("工作小时"),
        "natural_hours": _("小时"),
    }
    return f"{request.amount or ''}{units.get(request.time_unit, '')}"
