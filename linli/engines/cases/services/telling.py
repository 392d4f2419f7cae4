"""Whom an event is told to, by which template."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from linli.engines.cases.models import Case, CaseEvent, CaseHelper, Reporter
from linli.engines.cases.permissions import mail_mark, visible
from linli.engines.cases.rules.proof import needs_review
from linli.engines.cases.selectors.catalogue import spec_of
from linli.engines.cases.selectors.levels import convening_unit
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.types import Contact, FeedbackWay, NoteKind, Source
from linli.engines.cases.workflow import UNIT_HEADS, UNIT_STAFF, VERBS, Level, Stage
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.crypto import decrypt_text, encrypt_text
from linli.foundation.messages import selectors as messages_read
from linli.foundation.messages import services as messages
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient, Thread
from linli.foundation.people import selectors as people
from linli.foundation.people.selectors.addressing import AddressBook

# The tracking code is known only in the moment in which it was drawn.
ACCEPTED, ACCEPTED_LATER = "cases.accepted", "cases.accepted_later"
DANGER, INVITATION, KEPT = "cases.danger_advice", "cases.rate_invitation", "cases.review_kept"
# verb → templates told to the reporters, in order
TO_REPORTERS: dict[str, tuple[str, ...]] = {
    "report": (DANGER,),
    "accept": (ACCEPTED, ACCEPTED_LATER),
    "refuse": ("cases.refused",),
    "ask": ("cases.question",),
    "merge": ("cases.merged",),
    "hand_in": ("cases.handled",),
    "close": ("cases.closed_reply", INVITATION),
    "reopen": ("cases.reopened",),
    "review": ("cases.reopened", KEPT),
}
UPDATE = "cases.staff_update"
OVERDUE = 100
FAR_OVERDUE = 150
# verb → (template, who in the house)
TO_STAFF = {
    "dispatch": ("cases.dispatched_to_unit", "unit"),
    "transfer": ("cases.dispatched_to_unit", "unit"),
    "decide_return": ("cases.dispatched_to_unit", "unit"),
    "return_": ("cases.returned", "centre"),
    "urge": ("cases.urged", "unit"),
    "order": ("cases.ordered", "unit"),
    "hand_in": (UPDATE, "checkers"),
    "convene": ("cases.consultation_called", "parties"),
    "decide": (UPDATE, "unit"),
    "check": (UPDATE, "unit"),
    "raise_level": ("cases.escalated", "conveners"),
    "answer": (UPDATE, "unit"),
    "help_result": (UPDATE, "unit"),
    "share": ("cases.dispatched_to_unit", "helpers"),
    "request_extension": (UPDATE, "deciders"),
    "request_shelving": (UPDATE, "deciders"),
    "request_raise": (UPDATE, "deciders"),
    "decide_extension": (UPDATE, "unit"),
    "decide_shelving": (UPDATE, "unit"),
    "order_result": (UPDATE, "unit"),
}

# Verbs of which somebody is told; the others need no job. Whoever reports is advised only where it is dangerous.
TOLD = frozenset({*TO_REPORTERS, *TO_STAFF, "escalate", "rate", "note"}) - {"report"}
_CODE = "cases.tell"
_THREAD = "cases.thread"


def sealed_code(code: str) -> str:
    """Return a tracking code as a job may carry it: whoever reads the queue learns nothing."""
    return b64encode(encrypt_text(code, _CODE)).decode()


def _code_in(payload: Mapping[str, Any]) -> str:
    return decrypt_text(b64decode(str(payload.get("code", ""))), _CODE)


def wants_advice(danger: str, contact: Contact, source: str) -> bool:
    """Return whether somebody is to be told at once how to keep safe: it is dangerous and they left a way."""
    address = bool(contact.phone or contact.email)
    left = contact.user_id is not None or (address and contact.way != FeedbackWay.NONE)
    return bool(danger) and left and source != Source.HOTLINE


Told = tuple[Case, Sequence[CaseEvent], Mapping[str, Any]]
_SENT = frozenset({"dispatch", "transfer", "decide_return"})


def tell_all(told: Iterable[Told], now: datetime) -> None:
    """Send the messages that the events of many cases call for, in one go.

    Args:
        told: each case with its events and with what the job knew beside them.
    """
    out: list[Outgoing] = []
    told = list(told)
    book = _kept_book.get() or AddressBook(now, UNIT_STAFF)
    concerned = _Concerned(told)
    for case, events, payload in told:
        for event in events:
            out.extend(_to_reporters(case, event, payload, now, concerned))
            out.extend(_to_staff(case, event, book, concerned))
    if out:
        messages.send_many(messages=out, now=now)


def _any(events: Sequence[CaseEvent], verbs: Container[str]) -> bool:
    return any(e.verb in verbs for e in events)


class _Concerned:
    """The reporters and the helping units of the cases that are told of: one statement each, where any is asked."""

    def __init__(self, told: Sequence[Told]) -> None:
        outside = {c.pk for c, events, _p in told if c.source != Source.HOTLINE and _any(events, TO_REPORTERS)}
        sent = {c.pk for c, events, _p in told if _any(events, _SENT)}
        self.reporters: dict[int, list[Reporter]] = {}
        if outside:
            # By the cases' ids: asked over a join, both databases read every reporter there is.
            rows = Case.objects.filter(merged_into__in=outside).values_list("pk", "merged_into")
            main = {pk: into for pk, into in rows if into is not None}
            for row in Reporter.objects.filter(case__in=outside | main.keys()).order_by("id"):
                for case_id in {row.case_id, main.get(row.case_id, row.case_id)} & outside:
                    self.reporters.setdefault(case_id, []).append(row)
        self.helpers: dict[int, set[int]] = {}
        if sent:
            for case_id, unit_id in CaseHelper.objects.filter(case__in=sent).values_list("case_id", "unit_id"):
                self.helpers.setdefault(case_id, set()).add(unit_id)


_kept_book: ContextVar[AddressBook | None] = ContextVar("cases_address_book", default=None)


@contextmanager
def one_address_book(now: datetime) -> Iterator[None]:
    """Look everybody up once for all that is told inside: for a load during which nobody changes post."""
    token = _kept_book.set(AddressBook(now, UNIT_STAFF))
    try:
        yield
    finally:
        _kept_book.reset(token)


def _params(template: str, case: Case, event: CaseEvent, payload: Mapping[str, Any]) -> dict[str, Any]:
    due = "" if case.due_at.year > 9000 else f"{localtime(case.due_at):%Y-%m-%d %H:%M}"
    held_at = event.data.get("held_at", "")
    every = {
        "number": case.number,
        "title": case.title,
        "place": case.address or case.area_label,
        "unit": str(case.unit or "—"),
        "due": str(event.data.get("due_on") or due or "—"),
        "reason": event.reason or event.text or "—",
        "level": str(case.get_level_display()),
        "link": f"/desk/cases/{case.number}/",
        "tracking_code": _code_in(payload),
        "question": event.text or "—",
        "stage": str(dict(Stage.choices).get(event.data.get("stage", ""), "")),
        "by": event.by_label,
        "what": str(dict(NoteKind.choices).get(event.data.get("kind") or "-", VERBS[event.verb].past)),
        "outcome": str(case.get_outcome_display()),
        "person": event.by_label,
        "main_number": str(event.data.get("main", "—")),
        "when": f"{localtime(datetime.fromisoformat(held_at)):%Y-%m-%d %H:%M}" if held_at else "—",
    }
    known = messages_read.params_known(template)
    if "reply" in known:
        every["reply"] = _reply_text(case, event)
    return {name: every[name] for name in known if name in every}


def _reply_text(case: Case, event: CaseEvent) -> str:
    """Return what people are answered: closing repeats the last reply, refusing says where to go."""
    if event.verb != "close":
        return event.text or "—"
    last = CaseEvent.objects.filter(case=case, verb="reply").order_by("-seq").values_list("text", flat=True).first()
    return last or event.reason or "—"


def _to_reporters(
    case: Case, event: CaseEvent, payload: Mapping[str, Any], now: datetime, concerned: _Concerned
) -> Iterable[Outgoing]:
    templates = [t for t in TO_REPORTERS.get(event.verb, ()) if _fits(t, case, event, payload)]
    if not templates or case.source == Source.HOTLINE:
        return
    for template in templates:
        ways = [
            way
            for reporter in concerned.reporters.get(case.pk, [])
            if (template != KEPT or needs_review(reporter.rating))
            and (way := way_to(reporter, urgent=template == DANGER)) is not None
        ]
        if ways:
            every = _resident_params(template, case, event, payload, now)
            for way in ways:
                params = every
                if template == DANGER:
                    params = {**every, "advice": spec_of(case.category_version).advice(way[0].language)}
                yield Outgoing(
                    template=template,
                    params=params,
                    recipient=way[0],
                    channel=way[1],
                    subject_kind="case",
                    subject_uuid=case.uuid,
                    url="/track/",
                )


def _fits(template: str, case: Case, event: CaseEvent, payload: Mapping[str, Any]) -> bool:
    """Return whether a template of the verb is what happened.

    Accepted with its tracking code at hand or later; taken up again or not; dangerous, and not long ago.
    """
    if event.verb == "accept":
        return (template == ACCEPTED) is ("code" in payload)
    if event.verb == "review":
        return (template == KEPT) is not bool(event.data.get("reopen"))
    return template != DANGER or ("origin" not in event.data and bool(spec_of(case.category_version).danger))


def _resident_params(
    template: str, case: Case, event: CaseEvent, payload: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    params = _params(template, case, event, payload) | {"link": "/track/"}
    if event.verb == "refuse":
        params["unit"] = event.text or "—"
        params.pop("reply", None)
    if template == INVITATION:
        last = event.at + timedelta(days=int(rule_number("cases.rating.window_days", 14, now)))
        params["due"] = f"{localtime(last):%Y-%m-%d %H:%M}"
    return params


def way_to(reporter: Reporter, *, urgent: bool = False) -> tuple[Recipient, ChannelCode] | None:
    """Return how to write to a reporter: as a user, by mail or SMS who asked for it; in danger, who left a number."""
    if reporter.user_id is not None:
        return Recipient(user_id=reporter.user_id, language=reporter.language), ChannelCode.IN_APP
    if reporter.way == FeedbackWay.EMAIL and reporter.email_hash:
        email = decrypt_text(reporter.email_sealed, "cases.contact")
        return Recipient(email=email, language=reporter.language, thread=_thread_of(reporter)), ChannelCode.EMAIL
    asked = reporter.way == FeedbackWay.MESSAGE or (urgent and reporter.way != FeedbackWay.NONE)
    if not reporter.phone_hash or not asked:
        return None
    phone = decrypt_text(reporter.phone_sealed, "cases.contact")
    return Recipient(phone=phone, language=reporter.language), ChannelCode.SMS


def sealed_thread(message_id: str, reply_to: str) -> bytes:
    """Return what a reporter keeps of the mail that they wrote."""
    return encrypt_text(json.dumps([message_id, reply_to]), _THREAD) if message_id or reply_to else b""


def _thread_of(reporter: Reporter) -> Thread:
    message_id, reply_to = json.loads(decrypt_text(reporter.thread_sealed, _THREAD) or '["", ""]')
    return Thread(message_id, reply_to, mail_mark(reporter))


def _staff_ids(case: Case, who: str, event: CaseEvent, book: AddressBook) -> set[int]:
    return _GROUPS[who](case, event, book) if who else set()


def _unit_people(case: Case, event: CaseEvent, book: AddressBook) -> set[int]:
    if case.handler_id and event.verb not in {"dispatch", "transfer"}:
        return {case.handler_id}
    return set(book.members(case.unit_id)) if case.unit_id else set()


def _centre(case: Case, _event: CaseEvent, book: AddressBook) -> set[int]:
    return book.holders("dispatcher", case.area_path) | book.holders("shift_leader", case.area_path)


def _units_named(_case: Case, event: CaseEvent, book: AddressBook) -> set[int]:
    return {u for unit in event.data.get("units", []) for u in book.members(int(unit))}


def _heads_named(_case: Case, event: CaseEvent, book: AddressBook) -> set[int]:
    units = [int(u) for u in event.data.get("units", [])]
    return {u for unit in units for u in book.members(unit, UNIT_HEADS) or book.members(unit)}


_GROUPS: dict[str, Callable[[Case, CaseEvent, AddressBook], set[int]]] = {
    "unit": _unit_people,
    "centre": _centre,
    "helpers": _units_named,
    "parties": _heads_named,
    "checkers": lambda case, _event, book: set(book.holders("inspector", case.area_path)),
    "conveners": lambda case, _event, book: convener_ids(case, book),
    "deciders": lambda case, _event, book: set(book.holders("shift_leader", case.area_path)),
}


def convener_ids(case: Case, book: AddressBook) -> set[int]:
    """Return who convenes over a case of its level: branch or neighbourhood, the grid's head, the leaders."""
    if case.level == Level.DIFFICULT:
        return book.holders("street_leader", case.area_path)
    if case.level == Level.COMPREHENSIVE:
        return book.holders("grid_head", case.area_path) or book.holders("street_leader", case.area_path)
    unit_id = convening_unit(case, book.now)
    return set(book.members(unit_id, UNIT_HEADS)) if unit_id is not None else set()


def _mark_ids(case: Case, mark: int, book: AddressBook) -> set[int]:
    """Who hears of a mark: whoever has it is warned; over the limit those above, far over the leaders. Never nobody."""
    ids = {case.handler_id} if case.handler_id else set()
    if case.unit_id is not None and not (ids and mark < OVERDUE):
        ids |= book.members(case.unit_id) if mark < OVERDUE else book.members(case.unit_id, UNIT_HEADS)
    if case.unit_id is None or mark >= OVERDUE:
        ids |= _staff_ids(case, "centre", CaseEvent(), book)
    if mark >= FAR_OVERDUE:
        ids |= book.holders("street_leader", case.area_path)
    return ids


def _may_hear(case: Case, user_ids: Iterable[int], book: AddressBook) -> set[int]:
    """Return those of the colleagues named in a note who may read the case at all."""
    users = accounts.users(list(user_ids)).values() if user_ids else ()
    return {u.pk for u in users if visible(people.actor_for(u, book.now)).filter(pk=case.pk).exists()}


def _who(case: Case, event: CaseEvent, book: AddressBook, concerned: _Concerned) -> tuple[str, set[int]]:
    """Return (template, users) for the staff side of an event."""
    if event.verb == "escalate":
        mark = int(event.data.get("mark", OVERDUE))
        return ("cases.due_soon" if mark < OVERDUE else "cases.overdue"), _mark_ids(case, mark, book)
    if event.verb == "rate" and case.needs_review:
        return "cases.review_needed", book.holders("shift_leader", case.area_path)
    if event.verb == "note":
        if event.data.get("kind") == NoteKind.FROM_REPORTER:
            return UPDATE, _staff_ids(case, "unit", event, book) or _staff_ids(case, "centre", event, book)
        named = _may_hear(case, [int(u) for u in event.data.get("mentions", [])], book)
        return UPDATE, named | (_staff_ids(case, "unit", event, book) if "task" in event.data else set())
    template, who = TO_STAFF.get(event.verb, ("", ""))
    ids = _staff_ids(case, who, event, book)
    if event.verb in _SENT:
        ids = ids | {u for h in concerned.helpers.get(case.pk, ()) for u in book.members(h)}
    return template, ids


def _to_staff(case: Case, event: CaseEvent, book: AddressBook, concerned: _Concerned) -> Iterable[Outgoing]:
    template, ids = _who(case, event, book, concerned)
    if not template or not ids:
        return
    if case.subject_unit_id is not None:
        # The unit complained about hears nothing; only those who route for the whole subdistrict still do.
        centre = _staff_ids(case, "centre", CaseEvent(), book)
        ids = ids - (book.everyone(case.subject_unit_id) - centre)
    params = _params(template, case, event, {})
    for user_id in sorted(ids):
        yield Outgoing(
            template=template,
            params=params,
            recipient=Recipient(user_id=user_id),
            channel=ChannelCode.IN_APP,
            subject_kind="case",
            subject_uuid=case.uuid,
            url=f"/desk/cases/{case.number}/",
        )


def year_missing(year: int, now: datetime) -> None:
    """Tell the system administrators that the holidays of ``year`` are missing, once a day."""
    link = "/console/calendar/"
    messages.tell_users(
        people.holders("system_admin", "", now),
        template="cases.year_missing",
        params={"year": str(year), "link": link},
        url=link,
        key=f"cases.year_missing:{year}:{localtime(now):%Y-%m-%d}",
        now=now,
    )
