"""Reading the three lists: always starting from what the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.alliance import permissions
from linli.programmes.alliance.models import Category, Claim, Entry, Use
from linli.programmes.alliance.rules import matching, naming, quantities
from linli.programmes.alliance.rules.quantities import Balance
from linli.programmes.alliance.types import Filters, ListKind, UseState
from linli.programmes.alliance.workflow import HOLDING, OPEN_CLAIMS, EntryState

_WITH = ("category", "member", "body", "area", "receiver")


def categories() -> list[Category]:
    """Return the categories in use, in their order."""
    return list(Category.objects.filter(active=True))


def entry_for(by: Actor, uuid: UUID, *, lock: bool = False) -> Entry:
    """Return the line with that uuid, if ``by`` may read it.

    Raises:
        NotFoundError: there is none for this reader.
    """
    rows = Entry.objects.filter(permissions.entries_q(by), uuid=uuid)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.select_related(*_WITH).first()
    if found is None:
        raise NotFoundError(_("没有找到这一条。"), code="alliance.no_entry")
    return found


def lock_entries(ids: Collection[int]) -> list[Entry]:
    """Return the lines with these ids, locked one after the other by id."""
    rows = Entry.objects.select_for_update(of=("self",)).filter(pk__in=set(ids))
    return list(rows.select_related("member").order_by("pk"))


def entry_page(by: Actor, filters: Filters, *, cursor: str = "", size: int = 50) -> Page[Entry]:
    """Return a page of the lines that ``by`` may read, the newest first."""
    rows = _narrowed(Entry.objects.filter(permissions.entries_q(by)), filters).select_related(*_WITH)
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def _narrowed(rows: QuerySet[Entry], filters: Filters) -> QuerySet[Entry]:
    same = {
        "kind": filters.kind,
        "state": filters.state,
        "category__code": filters.category,
        "body": filters.body_id,
        "member": filters.member_id,
        "published_on__year": filters.year,
        "top_year": filters.top_year,
        "pitched_on__year": filters.pitched,
    }
    rows = rows.filter(**{k: v for k, v in same.items() if v})
    if key := naming.fold(filters.text):
        rows = rows.filter(Q(title_key__contains=key) | Q(member__name_key__contains=key))
    return rows


def state_counts(by: Actor, kind: str) -> dict[str, int]:
    """Return how many lines of a list stand in each state, of those that ``by`` may read: one statement."""
    rows = Entry.objects.filter(permissions.entries_q(by), kind=kind).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def waiting(by: Actor) -> int:
    """Return how many lines wait for a review by ``by``."""
    rows = Entry.objects.filter(permissions.entries_q(by), state=EntryState.SUBMITTED)
    return rows.exclude(submitted_by=by.uuid).count() if by.uuid else rows.count()


def balances(entries: Sequence[Entry]) -> dict[int, Balance]:
    """Return line → what there is, is promised, was used: a statement for the resources, one for the needs."""
    sums: dict[int, dict[str, Decimal]] = {}
    times: dict[int, int] = {}
    for field in (ListKind.RESOURCE, ListKind.NEED):
        ids = [e.pk for e in entries if e.kind == field]
        if not ids:
            continue
        rows = Use.objects.filter(**{f"{field}__in": ids}, state__in=[UseState.COMMITTED, UseState.USED]).order_by()
        if field == ListKind.NEED:  # what is counted in another unit fills no part of a need
            rows = rows.filter(resource__unit_word=F("need__unit_word"))
        found = rows.values_list(str(field), "state").annotate(n=Sum("quantity"), c=Count("pk"))
        for entry_id, state, total, count in found:
            sums.setdefault(entry_id, {})[state] = total
            times[entry_id] = count if state == UseState.USED else times.get(entry_id, 0)
    zero = Decimal(0)
    return {
        e.pk: Balance(
            e.quantity,
            sums.get(e.pk, {}).get(UseState.COMMITTED, zero),
            sums.get(e.pk, {}).get(UseState.USED, zero),
            e.reusable,
            times.get(e.pk, 0),
        )
        for e in entries
    }


def balance(entry: Entry) -> Balance:
    """Return what of one line is there, promised and used."""
    return balances([entry])[entry.pk]


def use_counts(entries: Sequence[Entry]) -> dict[int, int]:
    """Return resource → how many times it was used: one statement."""
    rows = Use.objects.filter(resource__in=[e.pk for e in entries], state=UseState.USED).order_by()
    return dict(rows.values_list("resource").annotate(n=Count("pk")))


def claimed(entries: Sequence[Entry]) -> dict[int, list[Claim]]:
    """Return project → the claims that hold a share, in the order in which they came: one statement."""
    found: dict[int, list[Claim]] = {}
    rows = Claim.objects.filter(entry__in=[e.pk for e in entries], state__in=HOLDING).select_related("member")
    for row in rows.order_by("id"):
        found.setdefault(row.entry_id, []).append(row)
    return found


def unclaimed(claims: Sequence[Claim]) -> Fraction:
    """Return what is left of a project beside ``claims``."""
    return quantities.unclaimed(c.share for c in claims)


def open_claims_on(entry: Entry) -> bool:
    """Return whether a project has claims that are not settled."""
    return Claim.objects.filter(entry=entry, state__in=OPEN_CLAIMS).exists()


def committed_on(entry: Entry) -> bool:
    """Return whether something of this line is promised and not used yet."""
    return Use.objects.filter(Q(resource=entry) | Q(need=entry), state=UseState.COMMITTED).exists()


def uses_of(entry: Entry) -> list[Use]:
    """Return the pieces of a resource, or what a need gets, the latest first."""
    rows = Use.objects.filter(Q(resource=entry) | Q(need=entry)).select_related("resource__member", "need", "member")
    return list(rows[:200])


def use_for(uuid: UUID, *, lock: bool = False) -> Use:
    """Return a piece of a resource with it.

    Raises:
        NotFoundError: there is none.
    """
    rows = Use.objects.select_for_update(of=("self",)) if lock else Use.objects.all()
    found = rows.filter(uuid=uuid).select_related("resource__member", "need", "member").first()
    if found is None:
        raise NotFoundError(_("没有这一笔。"), code="alliance.no_use")
    return found


def side_of(entry: Entry, balance: Balance) -> matching.Side:
    """Return a need or a resource as matching sees it."""
    return matching.Side(
        id=entry.pk,
        category=entry.category.code if entry.category else "",
        unit_word=entry.unit_word,
        remaining=balance.remaining,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        area_path=entry.area_path,
        owner=entry.member_id,
    )


def matches_for(by: Actor, entry: Entry, *, most: int = 20) -> list[tuple[Entry, matching.Match]]:
    """Return what suits a need (resources) or a resource (needs), with the reasons, the best first.

    Looks at the newest 500 published lines of the same category or of none.
    """
    other = ListKind.RESOURCE if entry.kind == ListKind.NEED else ListKind.NEED
    rows = Entry.objects.filter(permissions.entries_q(by), kind=other, state=EntryState.PUBLISHED)
    if entry.category_id is not None:
        rows = rows.filter(Q(category=entry.category_id) | Q(category__isnull=True))
    there = list(rows.select_related(*_WITH).order_by("-id")[:500])
    known = balances([entry, *there])
    mine, by_id = side_of(entry, known[entry.pk]), {e.pk: e for e in there}
    sides = [side_of(e, known[e.pk]) for e in there]
    if other == ListKind.RESOURCE:
        return [(by_id[m.resource], m) for m in matching.matches(mine, sides)[:most]]
    found = [m for m in (matching.match(s, mine) for s in sides) if m is not None]
    return [(by_id[m.need], m) for m in sorted(found, key=lambda m: -m.good)[:most]]


def top_ten(year: int) -> list[Entry]:
    """Return the ten projects of a year in their order."""
    rows = Entry.objects.filter(top_year=year, state__in=permissions.PUBLIC_STATES).select_related("body", "category")
    return list(rows.order_by("top_place"))


def top_years() -> list[int]:
    """Return the years that have a list of ten, the latest first."""
    rows = Entry.objects.filter(top_year__isnull=False).order_by("-top_year").values_list("top_year", flat=True)
    return [y for y in rows.distinct() if y is not None]


def claimable(by: Actor) -> list[Entry]:
    """Return the published projects that have a share left, the newest first: what a clerk offers at a conference."""
    rows = Entry.objects.filter(permissions.entries_q(by), kind=ListKind.PROJECT, state=EntryState.PUBLISHED)
    there = list(rows.order_by("-id")[:300])
    taken = claimed(there)
    return [e for e in there if unclaimed(taken.get(e.pk, [])) > 0]


def public_page(*, kind: str, text: str = "", category: str = "", cursor: str = "", size: int = 30) -> Page[Entry]:
    """Return a page of a published list for everybody, the newest first; no contacts are in these rows."""
    rows = _narrowed(Entry.objects.filter(state=EntryState.PUBLISHED), Filters(kind, "", category, text))
    return keyset(rows.select_related(*_WITH), keys=[("id", int)], cursor=cursor, size=size, descending=True)


def public_entry(uuid: UUID) -> Entry:
    """Return a line that is or was published.

    Raises:
        NotFoundError: there is none.
    """
    rows = Entry.objects.filter(uuid=uuid, published_on__isnull=False, state__in=permissions.PUBLIC_STATES)
    found = rows.select_related(*_WITH, "pitch_file").first()
    if found is None:
        raise NotFoundError(_("没有找到这一条，可能已经撤下。"), code="alliance.no_entry")
    return found


def pitch_picture(uuid: UUID) -> bool:
    """Return whether a file is the picture of a project that is published, and so for everybody."""
    return Entry.objects.filter(pitch_file__uuid=uuid, state__in=permissions.PUBLIC_STATES).exists()
