"""Claims of a period as figures with the rows behind each, and those of which everybody may be told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.alliance.models import Claim, Member
from linli.programmes.alliance.rules import naming
from linli.programmes.alliance.selectors.claims import claims_q
from linli.programmes.alliance.workflow import DONE_CLAIMS, HOLDING


def _in(figure: str, since: date, until: date, topic: str) -> QuerySet[Claim]:
    """Return the claims of a figure: ``claimed`` or ``confirmed`` in the days of a period, the last one included."""
    days = Q(claimed_on__gte=since, claimed_on__lte=until)
    if figure == "confirmed":
        days = Q(confirmed_on__gte=since, confirmed_on__lte=until)
    rows = Claim.objects.filter(days)
    return rows.filter(entry__category__name=topic) if topic else rows


def period_states(since: date, until: date, topic: str = "") -> list[tuple[str, int]]:
    """Return how many of the claims made in a period stand now in each state: one statement.

    Args:
        topic: name of a category of the lists.
    """
    counted: Any = _in("claimed", since, until, topic).order_by().values_list("state").annotate(n=Count("pk"))
    return list(counted)


def count_confirmed(since: date, until: date, topic: str = "") -> int:
    """Return how many claims were confirmed in a period by who received them."""
    return _in("confirmed", since, until, topic).count()


def period_claims(
    figure: str, since: date, until: date, topic: str = "", *, cursor: str = "", size: int = 50
) -> Page[Claim]:
    """Return one page of the claims that were ``claimed`` or ``confirmed`` in a period, the newest first."""
    rows = _in(figure, since, until, topic).select_related("entry__receiver", "member")
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def _taking_part(since: date, until: date, topic: str) -> QuerySet[Member]:
    held = _in("claimed", since, until, topic).filter(state__in=HOLDING) | _in("confirmed", since, until, topic)
    return Member.objects.filter(pk__in=held.values("member"))


def count_taking_part(since: date, until: date, topic: str = "") -> int:
    """Return how many members hold a claim made, or had one confirmed, in a period."""
    return _taking_part(since, until, topic).count()


def period_members(since: date, until: date, topic: str = "", *, cursor: str = "", size: int = 50) -> Page[Member]:
    """Return one page of the members that :func:`count_taking_part` counts, the longest known first."""
    return keyset(_taking_part(since, until, topic), keys=[("id", int)], cursor=cursor, size=size)


def _confirmed(by: Actor) -> QuerySet[Claim]:
    rows = Claim.objects.filter(claims_q(by), state__in=DONE_CLAIMS)
    return rows.select_related("entry__receiver", "entry__category", "entry__body", "member")


def confirmed_claims(by: Actor, text: str = "", *, limit: int = 20) -> list[Claim]:
    """Return the claims that who received them confirmed and ``by`` may read, the last confirmed first."""
    rows = _confirmed(by)
    if key := naming.fold(text):
        rows = rows.filter(Q(entry__title_key__contains=key) | Q(member__name_key__contains=key))
    return list(rows.order_by("-confirmed_on", "-id")[:limit])


def confirmed_claim(by: Actor, uuid: UUID) -> Claim:
    """Return a claim that was confirmed.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = _confirmed(by).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这个认领，或者受益单位还没有确认。"), code="alliance.no_claim")
    return found


def not_confirmed(uuids: Collection[UUID]) -> set[UUID]:
    """Return those of the claims that nobody confirmed: one statement where any is named."""
    if not uuids:
        return set()
    return set(uuids) - set(Claim.objects.filter(uuid__in=uuids, state__in=DONE_CLAIMS).values_list("uuid", flat=True))
