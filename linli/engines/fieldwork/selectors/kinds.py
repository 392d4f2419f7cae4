"""Ledgers, and what is asked of a target of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Kind, Round, Target
from linli.engines.fieldwork.permissions import WIDE, may_count, readable
from linli.engines.fieldwork.workflow import RoundState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.types import QuestionSet


def form_code(kind: str) -> str:
    """Return the code of the form that says what is known of a target of a kind."""
    return f"target.{kind}"


def kinds(*, active: bool = True) -> list[Kind]:
    """Return the ledgers in their order, those retired too where asked."""
    rows = Kind.objects.select_related("parent")
    return list(rows.filter(active=True) if active else rows)


def kind(code: str) -> Kind:
    """Return a ledger.

    Raises:
        NotFoundError: there is none.
    """
    found = Kind.objects.select_related("parent").filter(code=code).first()
    if found is None:
        raise NotFoundError(_("没有这个台账。"), code="fieldwork.no_kind")
    return found


def questions_of(kind: Kind) -> QuestionSet:
    """Return what is asked of a target of a kind, at its newest version; nothing where it has no form."""
    return forms.question_set(kind.fields.code) if kind.fields is not None else QuestionSet(0, ())


def open_rounds_of(kind: Kind) -> int:
    """Return how many rounds of a kind are open."""
    return Round.objects.filter(kind=kind, state=RoundState.OPEN).count()


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many targets of a kind there are for somebody.

    Attributes:
        listed: whether this person may open the list; of a guarded kind who leads reads the number alone.
    """

    kind: Kind
    count: int
    listed: bool


def counts(by: Actor, plain: Mapping[int, int] | None = None) -> list[KindCount]:
    """Return how many targets each ledger holds as far as ``by`` may know: three statements.

    Args:
        plain: kind → how many, of those that are not guarded, where it was counted already: two statements.
    """
    if plain is None:
        rows = readable(by, guarded=False).filter(until=None)
        plain = dict(rows.values_list("kind").annotate(n=Count("*")).order_by())
    closed: dict[int, int] = {}
    if may_count(by):
        rows = Target.objects.filter(_led(by), kind__guarded=True, until=None)
        closed = dict(rows.values_list("kind").annotate(n=Count("*")).order_by())
    opens = Q(pk__in=readable(by, guarded=True).values("kind"))
    found = []
    for each in Kind.objects.filter(active=True).annotate(own=Count("pk", filter=opens)):
        own = bool(getattr(each, "own", 0))
        if each.guarded and not may_count(by):
            continue
        found.append(KindCount(each, (closed if each.guarded else plain).get(each.pk, 0), own or not each.guarded))
    return found


def _led(by: Actor) -> Q:
    """Return where ``by`` may count: everywhere for who reads all, else in the areas of their posts."""
    if by.is_system or by.has_role(*WIDE):
        return Q()
    found = Q(pk__in=())
    for path in {g.area_path for g in by.grants if g.area_path}:
        found |= Q(area_path__startswith=path)
    return found
