"""Reading the lists of routing rules: in force, in work, before; what is wrong with one; what a dry run showed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, RoutingDraft, RoutingMove, RoutingRule, RoutingTrial, RoutingVersion
from linli.engines.cases.rules.routing_checks import BLOCKING, Finding, Surroundings, check
from linli.engines.cases.rules.routing_data import Broken, digest, read_rules
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.types import Source
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places

Raw = Mapping[str, Any]


def in_force() -> list[dict[str, Any]]:
    """Return the list in force, in its order, those switched off included."""
    return [catalogue.raw_rule(r) for r in RoutingRule.objects.order_by("order", "id")]


def number_in_force() -> int:
    """Return the number of the version in force, 0 where none was kept yet."""
    return RoutingVersion.objects.order_by("-number").values_list("number", flat=True).first() or 0


def draft() -> RoutingDraft | None:
    """Return the list being worked on, None where nobody has begun one."""
    return RoutingDraft.objects.order_by("pk").first()


def versions(cursor: str = "", size: int = 25) -> Page[RoutingVersion]:
    """Return the lists that were put in force, the newest first, without their rules."""
    return keyset(
        RoutingVersion.objects.defer("rules"), keys=[("number", int)], cursor=cursor, size=size, descending=True
    )


def version(number: int) -> RoutingVersion:
    """Return a list that was put in force.

    Raises:
        NotFoundError: there is none of that number.
    """
    found = RoutingVersion.objects.filter(number=number).first()
    if found is None:
        raise NotFoundError(_("没有这一版派遣规则。"), code="cases.routing_version")
    return found


def surroundings(on: date) -> Surroundings:
    """Return what the names in rules may refer to on a day."""
    nodes = catalogue.categories()
    units = people.active_units()
    departments = {f"department/{name}" for u in units if u.kind == "department" for name in (u.short_name, u.name)}
    return Surroundings(
        categories=frozenset(n.spec.code for n in nodes if n.leaf),
        groups=frozenset(n.spec.code for n in nodes if not n.leaf),
        area_paths=frozenset(places.areas(on=on).values_list("path", flat=True)),
        unit_ids=frozenset(u.pk for u in units),
        kinds=frozenset({u.kind for u in units} | departments),
        sources=frozenset(s.value for s in Source),
        questions={n.spec.code: _asked(n.spec.questions) for n in nodes if n.leaf},
    )


def _asked(questions: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(q.get("code")) for q in questions.get("questions", ()) if isinstance(q, Mapping))


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong with a list: rules that cannot be read, and findings whose rule ids are places in it, from 1."""

    broken: tuple[Broken, ...]
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> bool:
        """Whether the list must not be put in force."""
        return bool(self.broken) or any(f.code in BLOCKING for f in self.findings)


def health(rules: Sequence[Raw], on: date) -> Health:
    """Return what is wrong with ``rules``."""
    specs, broken = read_rules(rules)
    return Health(tuple(broken), tuple(check(specs, surroundings(on))))


def digest_of(found: RoutingDraft) -> str:
    """Return what a dry run of the draft is known by: another list, or another one in force, is another run."""
    return f"{found.based_on}:{digest(found.rules)}"[:64]


def trial_of(found: RoutingDraft) -> RoutingTrial | None:
    """Return the dry run of exactly this draft, None where it was not begun."""
    return RoutingTrial.objects.filter(digest=digest_of(found)).order_by("-pk").first()


def trial(id: int) -> RoutingTrial:
    """Return a dry run.

    Raises:
        NotFoundError: there is none, or a later one has taken its place.
    """
    found = RoutingTrial.objects.filter(pk=id).first()
    if found is None:
        raise NotFoundError(_("没有这次试运行，或已被新的试运行取代。"), code="cases.routing_trial")
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """How many cases would go from one unit to another; None: the inbox of those no rule fits."""

    from_unit: int | None
    to_unit: int | None
    count: int


def pairs(trial_id: int) -> list[Pair]:
    """Return where cases would go elsewhere, the most frequent first."""
    rows = RoutingMove.objects.filter(trial=trial_id).values_list("from_unit", "to_unit").annotate(n=Count("pk"))
    return [Pair(a, b, n) for a, b, n in rows.order_by("-n", "from_unit", "to_unit")]


def moved(trial_id: int, from_unit: int | None, to_unit: int | None, cursor: str = "") -> Page[RoutingMove]:
    """Return the cases of one pair, the newest first; neither their words nor their persons."""
    rows = RoutingMove.objects.filter(trial=trial_id, from_unit=from_unit, to_unit=to_unit).select_related(
        "case", "case__category"
    )
    shown = ("number", "area_label", "source", "reported_at", "guarded", "uuid", "category__name")
    rows = rows.only("from_unit", "to_unit", "trial_id", *(f"case__{name}" for name in shown))
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=25, descending=True)


def oldest_since(since: Any) -> int:
    """Return the id before that of the first case reported at ``since`` or later."""
    first = Case.objects.filter(reported_at__gte=since).order_by("pk").values_list("pk", flat=True).first()
    return (first or 1) - 1
