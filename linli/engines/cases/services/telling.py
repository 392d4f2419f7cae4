"""Whom an event is told to, by which template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localtime

from linli.engines.cases.models import Case, CaseEvent, CaseHelper, Reporter
from linli.engines.cases.types import FeedbackWay, Source
from linli.engines.cases.workflow import VERBS, Level, Stage
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.messages import selectors as messages_read
from linli.foundation.messages import services as messages
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient
from linli.foundation.people import selectors as people

# verb → template told to the reporters
TO_REPORTERS = {
    "accept": "cases.accepted", "refuse": "cases.refused", "ask": "cases.question", "merge": "cases.merged",
    "hand_in": "cases.handled", "close": "cases.closed_reply", "reopen": "cases.reopened", "review": "cases.reopened",
}
UPDATE = "cases.staff_update"
# verb → (template, who in the house)
TO_STAFF = {
    "dispatch": ("cases.dispatched_to_unit", "unit"), "transfer": ("cases.dispatched_to_unit", "unit"),
    "decide_return": ("cases.dispatched_to_unit", "unit"), "return_": ("cases.returned", "centre"), "urge": ("cases.urged", "unit"),
    "order": ("cases.ordered", "unit"), "hand_in": (UPDATE, "checkers"), "convene": ("cases.consultation_called", "parties"),
    "decide": (UPDATE, "unit"), "check": (UPDATE, "unit"), "raise_level": ("cases.escalated", "conveners"), "answer": (UPDATE, "unit"),
    "help_result": (UPDATE, "unit"),
}


def tell(case: Case, events: Sequence[CaseEvent], payload: Mapping[str, Any], now: datetime) -> None:
    """Send the messages that ``events`` of ``case`` call for."""
    out: list[Outgoing] = []
    for event in events:
        out.extend(_to_reporters(case, event, payload))
        out.extend(_to_staff(case, event, payload, now))
    if out:
        messages.send_many(messages=out, now=now)


def _params(template: str, case: Case, event: CaseEvent, payload: Mapping[str, Any]) -> dict[str, Any]:
    due = "" if case.due_at.year > 9000 else f"{localtime(case.due_at):%Y-%m-%d %H:%M}"
    held_at = event.data.get("held_at", "")
    every = {
        "number": case.number, "title": case.title, "place": case.address or case.area_label, "unit": str(case.unit or "—"),
        "due": str(event.data.get("due_on") or due or "—"), "reason": event.reason or event.text or "—", "reply": event.text or "—",
        "level": str(case.get_level_display()), "link": f"/desk/cases/{case.number}/", "tracking_code": str(payload.get("code", "")),
        "question": event.text or "—", "stage": str(dict(Stage.choices).get(event.data.get("stage", ""), "")), "by": event.by_label,
        "what": str(VERBS[event.verb].past), "outcome": str(case.get_outcome_display()), "person": event.by_label,
        "main_number": str(event.data.get("main", "—")), "when": f"{localtime(datetime.fromisoformat(held_at)):%Y-%m-%d %H:%M}" if held_at else "—",
    }
    return {name: every[name] for name in messages_read.params_known(template) if name in every}


def _to_reporters(case: Case, event: CaseEvent, payload: Mapping[str, Any]) -> Iterable[Outgoing]:
    template = TO_REPORTERS.get(event.verb, "")
    if not template or case.source == Source.HOTLINE:
        return
    params = _params(template, case, event, payload) | {"link": "/track/"}
    for reporter in Reporter.objects.filter(Q(case=case) | Q(case__merged_into=case)):
        if reporter.user_id is not None:
            recipient, channel = Recipient(user_id=reporter.user_id, language=reporter.language), ChannelCode.IN_APP
        elif reporter.phone_hash and reporter.way == FeedbackWay.MESSAGE:
            phone = decrypt_text(reporter.phone_sealed, "cases.contact")
            recipient, channel = Recipient(phone=phone, language=reporter.language), ChannelCode.SMS
        else:
            continue
        yield Outgoing(template=template, params=params, recipient=recipient, channel=channel, subject_kind="case", subject_uuid=case.uuid, url="/track/")


def _members(unit_id: int, now: datetime, roles: set[str] | None = None) -> set[int]:
    return {h.user_id for h in people.members_of(unit_id, roles=roles, now=now)}


def _staff_ids(case: Case, who: str, event: CaseEvent, now: datetime) -> set[int]:
    if who == "unit":
        ids = _members(case.unit_id, now) if case.unit_id else set()
        return {case.handler_id} if case.handler_id and event.verb not in {"dispatch", "transfer"} else ids
    if who == "centre":
        return set(people.holders("dispatcher", case.area_path, now)) | set(people.holders("shift_leader", case.area_path, now))
    if who == "checkers":
        return set(people.holders("inspector", case.area_path, now))
    if who == "conveners":
        role = "street_leader" if case.level == Level.DIFFICULT else "grid_head"
        return set(people.holders(role, case.area_path, now))
    if who == "parties":
        units = [int(u) for u in event.data.get("units", [])]
        return {u for unit in units for u in _members(unit, now, {"unit_head"})}
    return set()


def _mark_ids(case: Case, mark: int, now: datetime) -> set[int]:
    """Who hears of a mark: warned is whoever has it; over the limit those above; far over, the leaders. Never nobody."""
    ids = {case.handler_id} if case.handler_id else set()
    if case.unit_id is not None and not (ids and mark < 100):
        ids |= _members(case.unit_id, now, None if mark < 100 else {"unit_head", "neighbourhood_secretary"})
    if case.unit_id is None or mark >= 100:
        ids |= _staff_ids(case, "centre", CaseEvent(), now)
    if mark >= 150:
        ids |= set(people.holders("street_leader", case.area_path, now))
    return {i for i in ids if i is not None}


def _to_staff(case: Case, event: CaseEvent, payload: Mapping[str, Any], now: datetime) -> Iterable[Outgoing]:
    if event.verb == "escalate":
        mark = int(event.data.get("mark", 100))
        template, ids = ("cases.due_soon" if mark < 100 else "cases.overdue"), _mark_ids(case, mark, now)
    elif event.verb == "rate" and case.needs_review:
        template, ids = "cases.review_needed", set(people.holders("shift_leader", case.area_path, now))
    elif event.verb == "note":
        template, ids = UPDATE, {int(u) for u in event.data.get("mentions", [])}
    elif event.verb in TO_STAFF:
        template, who = TO_STAFF[event.verb]
        ids = _staff_ids(case, who, event, now)
        if who == "unit" and event.verb in {"dispatch", "transfer"}:
            helpers = CaseHelper.objects.filter(case=case).values_list("unit_id", flat=True)
            ids |= {u for h in helpers for u in _members(h, now)}
    else:
        return
    params = _params(template, case, event, payload)
    for user_id in sorted(ids):
        yield Outgoing(
            template=template, params=params, recipient=Recipient(user_id=user_id), channel=ChannelCode.IN_APP, subject_kind="case", subject_uuid=case.uuid,
            url=f"/desk/cases/{case.number}/",
        )


def year_missing(year: int, now: datetime) -> None:
    """Tell the system administrators that the holidays of ``year`` are missing: once a day, whatever the number of cases."""
    link = "/console/"
    messages.send_many(
        messages=[
            Outgoing(
                template="cases.year_missing", params={"year": str(year), "link": link}, recipient=Recipient(user_id=user_id),
                channel=ChannelCode.IN_APP, url=link, key=f"cases.year_missing:{year}:{localtime(now):%Y-%m-%d}",
            )
            for user_id in people.holders("system_admin", "", now)
        ],
        now=now,
    )
