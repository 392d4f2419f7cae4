"""How a problem becomes a case."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, Reporter
from linli.engines.cases.models.case import NEVER
from linli.engines.cases.permissions import email_hash
from linli.engines.cases.rules.proof import is_relapse
from linli.engines.cases.rules.routing import Route
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.places import phone_key, same_place
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.clocks import local
from linli.engines.cases.services.dispatching import add_helpers, dispatch_work
from linli.engines.cases.services.inputs import attach
from linli.engines.cases.services.routes import across_border, find_route, trace_data
from linli.engines.cases.services.telling import sealed_code, sealed_thread, wants_advice
from linli.engines.cases.services.work import Work
from linli.engines.cases.types import Contact, FeedbackWay, FilePurpose, Kind, Receipt, Report, Source
from linli.engines.cases.workflow import REPORTERS, Level, Outcome, Stage, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import encrypt_text, keyed_hash
from linli.foundation.core.db.inserting import insert
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.ids import tracking_code, uuid7
from linli.foundation.core.text import clean, find_personal, mask_personal, to_halfwidth
from linli.foundation.forms import rules as forms
from linli.foundation.places import selectors as places
from linli.foundation.places.rules import normal_key

MAX_TEXT = 5_000
MAX_LETTER = 20_000  # what reached the city in writing is taken whole; nobody here may shorten it
MAX_TITLE = 60
MAX_FILES = 9
OTHER_PATH = "other_path"
WRITTEN = frozenset({Source.MESSAGE, Source.HOTLINE, Source.EMAIL})
WHOLE = frozenset({Source.RESIDENT, Source.OPEN311})
"""Ways in by which every question that must be answered is."""


def draw_number(now: datetime) -> str:
    """Draw the next case number of the day in a statement of its own; numbers may have gaps."""
    day = f"{local(now):%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_numbercounter (day, value) VALUES (%s, 1)"
            " ON CONFLICT (day) DO UPDATE SET value = cases_numbercounter.value + 1 RETURNING value",
            [day],
        )
        (value,) = cursor.fetchone()
    return f"{rule_number('cases.number_prefix', 'HY', now)}{day}-{value:04d}"


def _check(report: Report) -> tuple[str, catalogue.CategoryNode, dict[str, Any]]:
    """Return (clean text, category, clean answers), or raise with every field that is wrong."""
    errors: dict[str, list[str]] = {}
    text = clean(report.text)
    if not text and not any(f.purpose is FilePurpose.VOICE for f in report.files):
        errors["text"] = [_("请说明是什么问题（也可以录一段语音）。")]
    most = MAX_LETTER if report.source in WRITTEN else MAX_TEXT
    if len(text) > most:
        errors["text"] = [
            _("最多 %(max)s 个字，现在是 %(have)s 个字。请精简，或作为附件上传。") % {"max": most, "have": len(text)}
        ]
    if len(report.files) > MAX_FILES:
        errors["files"] = [_("一次最多上传 %(max)s 个文件。") % {"max": MAX_FILES}]
    node = catalogue.category(report.category or catalogue.OTHER)
    if node is None:
        errors["category"] = [_("没有“%(code)s”这个分类。") % {"code": report.category}]
    if wrong := _wrong_phone(report.contact):
        errors["phone"] = [wrong]
    if report.contact.way == FeedbackWay.EMAIL and not report.contact.email:
        errors["way"] = [_("选择电子邮件答复时，请留下电子邮箱。")]
    answers = _answers(report, node, errors)
    if errors or node is None:
        raise InvalidError(_("还有内容需要修改。"), code="cases.report", fields=errors)
    return text, node, answers


def check_report(report: Report) -> None:
    """Raise InvalidError with every field that is wrong, as :func:`report` would; write nothing."""
    _check(report)


def _answers(report: Report, node: catalogue.CategoryNode | None, errors: dict[str, list[str]]) -> dict[str, Any]:
    """Return the clean answers to the category's questions; what is wrong with them goes to ``errors``."""
    if node is None or not node.spec.questions:
        return {}
    questions = forms.from_json(dict(node.spec.questions))
    try:
        return forms.validate(questions, dict(report.answers), partial=report.source not in WHOLE)
    except InvalidError as error:
        errors.update({f"answers.{k}": v for k, v in error.fields.items()})
        return {}


def _wrong_phone(contact: Contact) -> str:
    """Return what is wrong with the telephone number, empty if nothing is."""
    phone = "".join(c for c in to_halfwidth(contact.phone) if c.isdigit() or c == "+")
    if contact.phone and not 7 <= len(phone) <= 15:
        return _("电话号码应为 7 至 15 位数字。")
    if contact.way in {FeedbackWay.PHONE, FeedbackWay.MESSAGE} and not phone and contact.user_id is None:
        return _("选择电话或短信答复时，请留下电话号码。")
    return ""


def place_fields(report: Report, now: datetime) -> dict[str, Any]:
    """Return the fields of a case that say where it is."""
    on = local(now).date()
    fields: dict[str, Any] = {"address": mask_personal(clean(report.address))[:200]}
    fields["address_key"] = normal_key(fields["address"])[:200]
    if report.point is not None:
        where = places.locate(report.point, on)
        fields |= {"lat": report.point.lat, "lon": report.point.lon, "coordinate_source": report.coordinate_source}
        if where.area_id is not None:
            fields |= {
                "area_id": where.area_id,
                "area_path": where.area_path,
                "area_label": " · ".join(where.names)[:120],
            }
            near = rule_number("cases.border.metres", 30, now)
            if where.border_metres is not None and where.border_metres <= near and where.neighbours:
                fields |= {"other_area_id": where.neighbours[0].id, OTHER_PATH: where.neighbours[0].path}
    if report.area_id is not None and "area_id" not in fields:
        area = places.area(report.area_id)
        names = [a.name for a in places.ancestors(area)] + [area.name]
        fields |= {"area_id": area.pk, "area_path": area.path, "area_label": " · ".join(names)[:120]}
    return fields


def _relapse(case: Case, node: catalogue.CategoryNode, now: datetime) -> int | None:
    """Return the id of the last closed case of the same matter at the same place, if it counts as 返潮."""
    where = same_place(case, now)
    if where is None:
        return None
    days = node.spec.relapse_days or int(rule_number("cases.relapse.days", 30, now))
    last = (
        Case.objects.filter(where, category=node.id, state=State.CLOSED, closed_at__gte=now - timedelta(days=days))
        .exclude(outcome=Outcome.WITHDRAWN)
        .order_by("-closed_at")
        .values_list("pk", "closed_at")
        .first()
    )
    return last[0] if last and is_relapse(last[1], now, days) else None


def new_case(report: Report, *, by: Actor, now: datetime) -> tuple[Case, catalogue.CategoryNode, Route]:
    """Return the unsaved case that a report makes, its category and where the rules send it."""
    text, node, answers = _check(report)
    place = place_fields(report, now)
    other_path = place.pop(OTHER_PATH, "")
    shown = mask_personal(text)
    title = mask_personal(clean(report.title) or _headline(text) or node.spec.name)[:MAX_TITLE]
    case = Case(
        uuid=report.uuid or uuid7(),
        kind=report.kind,
        title=title,
        text=shown,
        category_id=node.id,
        category_version_id=node.version_id,
        answers={k: mask_personal(v) if isinstance(v, str) else v for k, v in answers.items()},
        source=report.source,
        level=report.level or node.spec.level,
        urgent=node.spec.urgent if report.urgent is None else report.urgent,
        guarded=node.spec.guarded or report.confidential,
        confidential=report.confidential,
        external_number=report.external_number,
        external_due=report.external_due,
        subject_unit_id=report.subject_unit_id,
        asking_unit_id=report.asking_unit_id,
        reported_by_id=by.user_id,
        state=State.REPORTED,
        due_at=NEVER,
        reported_at=now,
        changed_at=now,
        **place,
    )
    case.category = _category_stub(node)
    case.other_path = other_path  # type: ignore[attr-defined]  # where else it may be; not a column
    if find_personal(text):
        case.text_sealed = encrypt_text(text, "cases.text")
    case.relapse_of_id = _relapse(case, node, now) if case.kind == Kind.PROBLEM else None
    found = find_route(case, node, now)
    case.unrouted = found.unit_id is None
    if found.level and report.level is None:
        case.level = Level(found.level)
    return case, node, found


def _category_stub(node: catalogue.CategoryNode) -> Any:
    from linli.engines.cases.models import Category  # noqa: PLC0415

    return Category(pk=node.id, code=node.spec.code, name=node.spec.name, resident_name=node.spec.resident_name)


def _headline(text: str) -> str:
    first = text.split("\n", 1)[0]
    for mark in "。！？；!?;":
        first = first.split(mark, 1)[0]
    return first.strip("，, ")[:MAX_TITLE]


def seen_already(report: Report) -> Receipt | None:
    """Return the receipt of a report that came before with the same uuid."""
    if report.uuid is None:
        return None
    seen = Case.objects.filter(uuid=report.uuid).only("pk", "uuid", "number").first()
    return Receipt(seen.pk, seen.uuid, seen.number, report.code, seen_before=True) if seen else None


def report(*, by: Actor, now: datetime, report: Report, dispatch: bool = False) -> Receipt:
    """Take a problem in; with ``dispatch`` also accept it and send it where the rules say, in one transaction.

    A case made on a phone carries its uuid: sent again it is answered, not entered twice.

    Raises:
        InvalidError: with every field that is wrong; nothing is written.
        ConflictError: a hotline number that is here already.
    """
    # A program that sends residents' reports holds a key for just that, and need hold no post.
    if by.is_user and report.source != Source.OPEN311 and not by.has_role(*REPORTERS):
        raise ForbiddenError(_("您的岗位不登记问题。"), code="cases.role", hint=_("请以居民身份反映，或请同事登记。"))
    return take_in(by=by, now=now, report=report, dispatch=dispatch)


def take_in(
    *, by: Actor, now: datetime, report: Report, dispatch: bool = False, split_from: int | None = None
) -> Receipt:
    """Enter a report; ``split_from`` is the case that it was a part of."""
    case, node, found = new_case(report, by=by, now=now)
    case.split_from_id = split_from
    code = report.code or tracking_code()
    number = draw_number(now)
    try:
        with transaction.atomic():
            case.number = number
            _write_new(case, report, by=by, now=now, found=found, code=code, dispatch=dispatch, node=node)
    except IntegrityError as error:
        if (seen := seen_already(report)) is not None:
            return seen
        if report.external_number and Case.objects.filter(external_number=report.external_number).exists():
            raise ConflictError(
                _("工单号 %(number)s 已经登记过。") % {"number": report.external_number},
                code="cases.external_number",
                hint=_("请按工单号查找已有的案件。"),
            ) from error
        raise
    return Receipt(case.pk, case.uuid, case.number, code, danger=node.spec.advice())


def _write_new(
    case: Case,
    report: Report,
    *,
    by: Actor,
    now: datetime,
    found: Route,
    code: str,
    dispatch: bool,
    node: catalogue.CategoryNode,
) -> None:
    work = Work(case, by=by, now=now)
    wanted = report.source == Source.HOTLINE or (report.contact.phone and report.contact.way != FeedbackWay.NONE)
    starts = [Stage.OVERALL, *([Stage.FIRST_CONTACT] if wanted else [])]
    border = across_border(case, node, now)
    route_data = trace_data(found) | ({"border": border} if border else {})
    origin = {"origin": dict(report.origin)} if report.origin else {}
    work.act("report", text=case.text, data={"route": route_data, **origin}, starts=starts)
    # An emergency or a plain route needs no second look; guarded ones, those to verify and those
    # near a border where two units come into question do.
    sent = (
        dispatch
        and found.unit_id is not None
        and not node.spec.verify
        and border.get("unit", found.unit_id) == found.unit_id
    )
    if dispatch:
        work.act(
            "accept",
            to=State.TO_VERIFY if node.spec.verify else State.TO_DISPATCH,
            changes={"accepted_at": now},
            checked=False,
        )
    if sent:
        dispatch_work(work, unit_id=found.unit_id, reason="", rule_data=route_data, checked=False, known=True)
    way = report.contact.way
    by_message = (report.contact.phone and way == FeedbackWay.MESSAGE) or way == FeedbackWay.EMAIL
    work.save(
        job={"code": sealed_code(code)} if by_message else None,
        tell=wants_advice(node.spec.danger, report.contact, report.source),
    )
    insert([new_reporter(case, report.contact, uuid=uuid7(), code=code, channel=report.source, now=now)])
    attach(case, report.files, seq=1)
    if sent and found.helper_ids:
        add_helpers(case, found.helper_ids, now)


def new_reporter(case: Case, contact: Contact, *, uuid: UUID, code: str, channel: str, now: datetime) -> Reporter:
    """Return the unsaved row of somebody who raised ``case``: contact encrypted, the code kept as a hash only."""
    return Reporter(
        case=case,
        uuid=uuid,
        user_id=contact.user_id,
        name_sealed=encrypt_text(clean(contact.name)[:40], "cases.contact"),
        phone_sealed=encrypt_text(clean(contact.phone)[:20], "cases.contact"),
        way=contact.way,
        phone_hash=phone_key(contact.phone) if contact.phone else "",
        email_sealed=encrypt_text(contact.email, "cases.contact"),
        email_hash=email_hash(contact.email),
        thread_sealed=sealed_thread(contact.mail_id, contact.reply_to),
        language=contact.language,
        code_hash=keyed_hash(code, "cases.code"),
        channel=channel,
        created_at=now,
    )
