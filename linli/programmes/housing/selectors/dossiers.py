"""Reads of dossiers: lists, one with what its next step lacks, papers, thresholds and clocks of the rulebook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases import selectors as cases
from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.rules.housing import Limits, Rule, Use
from linli.engines.fieldwork.selectors.submissions import whole_answers
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.deadlines.rules import due
from linli.foundation.deadlines.types import Duration
from linli.foundation.people.selectors import local_day
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError
from linli.programmes.housing.models import Dossier, Paper, Step
from linli.programmes.housing.permissions import dossiers_q
from linli.programmes.housing.rules import Facts, missing
from linli.programmes.housing.types import CATEGORY, Entry, Filters, PaperKind
from linli.programmes.housing.workflow import OPEN, VERBS, Need, State

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission

SEALED = "housing.paper"
_WITH = ("target__parent__parent", "firm", "watch")


def open_q() -> Q:
    """Return the filter of the dossiers that are not over."""
    return Q(state__in=sorted(OPEN))


def limits(now: datetime) -> Limits:
    """Return the thresholds in force."""
    on = local_day(now)
    return Limits(
        persons=int(rulebook.value("cases.group_renting.persons_per_room", on=on)),
        area=Decimal(str(rulebook.value("cases.group_renting.area_per_person", on=on))),
        unfit=frozenset(Use(u) for u in rulebook.value("housing.unfit", on=on)),
        registered_rooms=int(rulebook.value("housing.registered_rooms", on=on)),
        registered_persons=int(rulebook.value("housing.registered_persons", on=on)),
    )


def _clock(code: str, begun: datetime) -> datetime:
    value = rulebook.value(f"cases.clock.{code}.category.{CATEGORY}", on=local_day(begun))
    duration = Duration.of(value)
    try:
        return due(begun, duration, rulebook.working_calendar()).at
    except YearNotAnnouncedError:
        return begun + timedelta(days=duration.amount)


def visit_due(begun: datetime) -> datetime:
    """Return when law officers are to have been there."""
    return _clock("arrive", begun)


def report_due(found: datetime) -> datetime:
    """Return when the property firm is to have reported what it found."""
    return _clock("report", found)


def article(code: str, now: datetime) -> str:
    """Return the article that asks for something, as the rulebook has it."""
    return str(rulebook.value(f"housing.article.{code}", on=local_day(now)))


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing: what, where it is mended, which article asks for it."""

    code: str
    label: str
    where: str
    anchor: str
    article: str


_RECORD_THERE = gettext_lazy("在“文书和照片”里登记")
_STATE_THERE = gettext_lazy("在“文书和照片”里登记，不愿陈述的如实勾选")
_PHOTO_THERE = gettext_lazy("在“文书和照片”里上传")
_NEEDS: dict[Need, tuple[Promise, Promise, str, str]] = {
    Need.CHECK: (gettext_lazy("房屋检查"), gettext_lazy("在“房间检查”里逐间登记"), "rooms", "check"),
    Need.BREACH: (
        gettext_lazy("违反规定的事实"), gettext_lazy("检查没有发现违反的，请用“不构成群租”"), "rooms", "check",
    ),
    Need.WARRANT: (gettext_lazy("法律文书"), _RECORD_THERE, "act-paper", "warrant"),
    Need.BASIS: (gettext_lazy("法律依据"), gettext_lazy("在“制定方案”里写明"), "act-plan", "basis"),
    Need.NOTICE: (gettext_lazy("告知书"), _RECORD_THERE, "act-paper", "notice"),
    Need.OWNER: (gettext_lazy("业主陈述"), _STATE_THERE, "act-paper", "statement"),
    Need.TENANT: (gettext_lazy("承租人陈述"), _STATE_THERE, "act-paper", "statement"),
    Need.INVENTORY: (
        gettext_lazy("财物清单"), gettext_lazy("搬动任何物品之前，在“文书和照片”里登记"), "act-paper", "inventory",
    ),
    Need.BEFORE: (gettext_lazy("整治前照片"), _PHOTO_THERE, "act-paper", "record"),
    Need.AFTER: (gettext_lazy("整治后照片"), _PHOTO_THERE, "act-paper", "record"),
    Need.EDUCATION: (gettext_lazy("普法宣传"), gettext_lazy("在“普法宣传”里登记"), "act-educate", "education"),
    Need.FIRM: (gettext_lazy("负责零报告的物业企业"), gettext_lazy("在“列入监控”里选择"), "act-watch", "firm"),
}  # fmt: skip


def explained(needs: Iterable[Need], now: datetime) -> list[Lack]:
    """Return what is missing in words, with its place and its article."""
    return [
        Lack(n.value, str(_NEEDS[n][0]), str(_NEEDS[n][1]), _NEEDS[n][2], article(_NEEDS[n][3], now)) for n in needs
    ]


def facts_of(row: Dossier) -> Facts:
    """Return what is there of a flat: one statement."""
    kinds = frozenset(row.papers.values_list("kind", flat=True))
    return Facts(
        checked=row.checked_at is not None,
        breach=row.to_verify,
        warrant=row.entry != Entry.WARRANT or PaperKind.WARRANT in kinds,
        basis=bool(row.basis) or row.state in {State.VERIFIED, State.REPORTED},
        papers=kinds,
        educated=row.educated_on is not None,
        firm=row.firm_id is not None,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a dossier stands: the next step and what it lacks."""

    verb: str
    label: str
    lacks: list[Lack]


def standing_of(row: Dossier, now: datetime) -> Standing | None:
    """Return the next step of the usual way and what it lacks; None where it is over or only time is to pass."""
    following = {
        State.REPORTED: "verify", State.NO_CONSENT: "verify", State.VERIFIED: "plan", State.PLANNED: "act",
        State.ACTED: "watch",
    }  # fmt: skip
    verb = following.get(State(row.state))
    if verb is None:
        return None
    needs = tuple(n for n in missing(verb, facts_of(row)) if n is not Need.FIRM)
    return Standing(verb, str(VERBS[verb].label), explained(needs, now))


def _matching(by: Actor, filters: Filters, now: datetime) -> QuerySet[Dossier]:
    rows = Dossier.objects.filter(dossiers_q(by))
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.late:
        rows = rows.filter(state=State.REPORTED, visit_by__lt=now)
    if filters.area_path:
        rows = rows.filter(area_path__startswith=filters.area_path)
    for word in filters.text[:60].split()[:6]:
        rows = rows.filter(Q(target__name__contains=word) | Q(target__address__contains=word))
    return rows


def dossier_page(by: Actor, filters: Filters, *, now: datetime, cursor: str = "", size: int = 50) -> Page[Dossier]:
    """Return a page of the dossiers that ``by`` may read, the newest first: one statement."""
    rows = _matching(by, filters, now).select_related(*_WITH)
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def counts(by: Actor, filters: Filters, *, now: datetime) -> dict[str, int]:
    """Return how many dossiers stand where, and under ``late`` how many were not visited in time: one statement."""
    late = Count("pk", filter=Q(state=State.REPORTED, visit_by__lt=now))
    found = {"late": 0}
    for state, n, overdue in (
        _matching(by, filters, now).values_list("state").annotate(n=Count("pk"), l=late).order_by()
    ):
        found[state] = n
        found["late"] += overdue
    return found


def dossier_for(by: Actor, uuid: UUID) -> Dossier:
    """Return one dossier.

    Raises:
        NotFoundError: there is none, or not for this reader.
    """
    rows = Dossier.objects.filter(dossiers_q(by), uuid=uuid)
    found = rows.select_related(*_WITH, "relapse_of", "submission").first()
    if found is None:
        raise NotFoundError(_("没有这户的整治档案。"), code="housing.no_dossier", hint=_("它可能不在您的查看范围内。"))
    return found


def dossiers_of(by: Actor, targets: Collection[int]) -> dict[int, Dossier]:
    """Return flat → its newest dossier: one statement."""
    rows = Dossier.objects.filter(dossiers_q(by), target__in=targets).order_by("id")
    return {row.target_id: row for row in rows}


def steps_of(row: Dossier) -> list[Step]:
    """Return what happened, the newest first."""
    return list(row.steps.order_by("-id")[:200])


def papers(row: Dossier) -> list[Paper]:
    """Return the papers of a dossier, closed, in the order in which they came."""
    return list(row.papers.select_related("file").order_by("id"))


def opened_papers(row: Dossier) -> list[tuple[Paper, str]]:
    """Return the papers with their words opened: for who may, after it was noted."""
    return [(p, decrypt_text(p.text_sealed, SEALED)) for p in papers(row)]


def paper_for(by: Actor, uuid: UUID, paper: UUID) -> Paper:
    """Return one paper of a dossier.

    Raises:
        NotFoundError: there is none, or not for this reader.
    """
    found = dossier_for(by, uuid).papers.select_related("file").filter(uuid=paper).first()
    if found is None:
        raise NotFoundError(_("没有这份材料。"), code="housing.no_paper")
    return found


def over(today: date) -> list[int]:
    """Return the dossiers whose watch is over."""
    rows = Dossier.objects.filter(state=State.WATCHED, watch__until__lt=today).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:500])


def rooms_in(submission: Submission) -> list[dict[str, Any]]:
    """Return the rooms of a filled check: the rows of a repeat in which there is a use, an area or persons."""
    return list(_rooms(whole_answers(submission)))


def _rooms(answers: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for value in answers.values():
        if isinstance(value, list):
            yield from (r for r in value if isinstance(r, dict) and {"use", "persons", "area"} & set(r))
        elif isinstance(value, dict):
            yield from _rooms(value)


def case_of(submission: Submission) -> UUID | None:
    """Return the case that a record's findings became, None where there is none."""
    found = fieldwork.chain(SYSTEM, submission.uuid).findings
    return next((f.finding.case_uuid for f in found if f.finding.case_uuid is not None), None)


def awaited_cases(by: Actor, now: datetime, *, most: int = 20) -> list[Any]:
    """Return the open cases of the category that no dossier was opened for, the most urgent first."""
    rows = cases.case_list(by, cases.Filters(categories=(CATEGORY,), open=True), now=now, size=most * 3).rows
    known = set(Dossier.objects.filter(case_uuid__in=[c.uuid for c in rows]).values_list("case_uuid", flat=True))
    return [c for c in rows if c.uuid not in known][:most]


_RULES = {
    Rule.PERSONS: gettext_lazy("%(room)s住 %(found)s 人，上限 %(allowed)s 人"),
    Rule.AREA: gettext_lazy("%(room)s人均 %(found)s 平方米，下限 %(allowed)s 平方米"),
    Rule.USE: gettext_lazy("%(room)s是%(use)s，不得用于居住"),
    Rule.SPLIT: gettext_lazy("%(room)s被分成 %(found)s 间"),
    Rule.BEDS: gettext_lazy("%(room)s按床位出租 %(found)s 张"),
    Rule.REGISTRATION: gettext_lazy("达到须登记的规模（%(found)s）"),
    Rule.UNMEASURED: gettext_lazy("%(room)s没有量面积"),
}
_USES = {
    Use.BEDROOM: gettext_lazy("卧室"), Use.LIVING: gettext_lazy("起居室"), Use.KITCHEN: gettext_lazy("厨房"),
    Use.BATHROOM: gettext_lazy("卫生间"), Use.BALCONY: gettext_lazy("阳台"), Use.STORAGE: gettext_lazy("储藏室"),
    Use.BASEMENT: gettext_lazy("地下室"),
}  # fmt: skip


def use_words() -> list[tuple[str, str]]:
    """Return the uses of rooms as choices."""
    return [(u.value, str(_USES[u])) for u in Use]


def breach_words(row: Dossier) -> list[str]:
    """Return what the rules say of a flat, in words."""
    return [_RULES[Rule(b["rule"])] % {**b, "use": _USES[Use(b["use"])] if b["use"] else ""} for b in row.breaches]
