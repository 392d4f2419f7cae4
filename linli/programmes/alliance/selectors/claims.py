"""Reading claims and agreements."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.alliance import permissions
from linli.programmes.alliance.models import Agreement, Claim, ClaimReport, Entry, Member
from linli.programmes.alliance.rules import naming, standing
from linli.programmes.alliance.types import AgreementState
from linli.programmes.alliance.workflow import HOLDING, ClaimState


def claim_for(by: Actor, uuid: UUID, *, lock: bool = False) -> Claim:
    """Return the claim with that uuid, if ``by`` may read it: the office, its member, who receives.

    Raises:
        NotFoundError: there is none for this reader.
    """
    rows = Claim.objects.select_for_update(of=("self",)) if lock else Claim.objects.all()
    rows = rows.select_related("entry__receiver", "entry__body", "member", "agreement")
    found = rows.filter(uuid=uuid).first()
    if found is None or not permissions.may_read_claim(by, found):
        raise NotFoundError(_("没有找到这个认领。"), code="alliance.no_claim")
    return found


def claims_q(by: Actor) -> Q:
    """Return the filter of the claims that ``by`` may read."""
    if permissions.may_keep(by):
        return Q()
    own = permissions.unit_ids(by, permissions.MEMBER_ROLES)
    return Q(member__unit__in=own) | Q(entry__receiver__in=own)


def claim_page(
    by: Actor, *, state: str = "", text: str = "", year: int | None = None, confirmed: int | None = None,
    cursor: str = "", size: int = 50,
) -> Page[Claim]:  # fmt: skip
    """Return a page of the claims that ``by`` may read, the newest first.

    Args:
        text: part of a project's or member's name, with any quotes or none.
        year, confirmed: only those claimed, or confirmed, in that year.
    """
    rows = Claim.objects.filter(claims_q(by)).select_related("entry", "member")
    if state in ClaimState.values:
        rows = rows.filter(state=state)
    if year is not None:
        rows = rows.filter(claimed_on__year=year)
    if confirmed is not None:
        rows = rows.filter(confirmed_on__year=confirmed)
    if key := naming.fold(text):
        rows = rows.filter(Q(entry__title_key__contains=key) | Q(member__name_key__contains=key))
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def claim_counts(by: Actor) -> dict[str, int]:
    """Return how many claims stand in each state, of those that ``by`` may read: one statement."""
    return dict(Claim.objects.filter(claims_q(by)).order_by().values_list("state").annotate(n=Count("pk")))


def holding_claims(entry: Entry) -> QuerySet[Claim]:
    """Return the claims of a project that hold a share."""
    return Claim.objects.filter(entry=entry, state__in=HOLDING)


def claims_on(entry: Entry) -> list[Claim]:
    """Return every claim of a project, those that hold a share first."""
    rows = list(Claim.objects.filter(entry=entry).select_related("member").order_by("id"))
    return sorted(rows, key=lambda c: c.state not in HOLDING)


def claims_of(member: Member) -> list[Claim]:
    """Return a member's claims, the newest first."""
    return list(Claim.objects.filter(member=member).select_related("entry").order_by("-id")[:100])


def silent_claims(today: date) -> list[UUID]:
    """Return the claims that nobody signed by their day."""
    rows = Claim.objects.filter(state=ClaimState.CLAIMED, answer_by__lt=today)
    return list(rows.order_by("id").values_list("uuid", flat=True)[:500])


def public_thanks(entry: Entry) -> list[Claim]:
    """Return the claims of a project whose thanks everybody may read."""
    rows = Claim.objects.filter(entry=entry, state=ClaimState.THANKED, street_agrees=True, member_agrees=True)
    return list(rows.select_related("member").order_by("id"))


def report_file(by: Actor, uuid: UUID) -> bool:
    """Return whether ``by`` may open a file of a claim, an agreement or a pitch."""
    found = ClaimReport.objects.filter(file__uuid=uuid).select_related("claim__entry", "claim__member").first()
    if found is not None and permissions.may_read_claim(by, found.claim):
        return True
    if Agreement.objects.filter(file__uuid=uuid).exists() and permissions.may_keep(by):
        return True
    return Entry.objects.filter(permissions.entries_q(by), pitch_file__uuid=uuid).exists()


def agreement_for(uuid: UUID | None, *, lock: bool = False) -> Agreement:
    """Return the agreement with that uuid.

    Raises:
        NotFoundError: there is none.
    """
    rows = Agreement.objects.select_for_update(of=("self",)) if lock else Agreement.objects.select_related("previous")
    found = rows.filter(uuid=uuid).first() if uuid is not None else None
    if found is None:
        raise NotFoundError(_("没有这份协议。"), code="alliance.no_agreement")
    return found


def _remind_days(today: date) -> int:
    return int(rulebook.value("alliance.renewal_days", on=today))


def agreement_state(row: Agreement, today: date) -> AgreementState:
    """Return how an agreement stands; ``row`` comes from :func:`agreement_page` or with its ``following``."""
    return standing.agreement_state(
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        ended_on=row.ended_on,
        renewed=hasattr(row, "following"),
        today=today,
        remind_days=_remind_days(today),
    )


def agreement_page(
    *, text: str = "", member_id: int | None = None, year: int | None = None, cursor: str = "", size: int = 50
) -> Page[Agreement]:
    """Return a page of the agreements, those that run out last first.

    Args:
        text: part of a title, a number or a party, with any quotes or none.
        year: only those signed in that year.
    """
    rows = Agreement.objects.select_related("following").prefetch_related("parties__member")
    if member_id is not None:
        rows = rows.filter(parties__member=member_id)
    if year is not None:
        rows = rows.filter(signed_on__year=year)
    if key := naming.fold(text):
        named = Q(parties__member__name_key__contains=key) | Q(parties__name__contains=text.strip())
        rows = rows.filter(Q(title_key__contains=key) | Q(number__contains=text.strip()) | named).distinct()
    return keyset(rows, keys=[("ends_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def chain_of(row: Agreement) -> list[Agreement]:
    """Return an agreement with those before and after it, the newest first."""
    found = [row]
    while (before := found[-1].previous) is not None:
        found.append(before)
    while (after := Agreement.objects.filter(previous=found[0]).first()) is not None:
        found.insert(0, after)
    return found


def agreements_of(member: Member, today: date) -> list[Agreement]:
    """Return the agreements of a member that run or will run on a day."""
    rows = Agreement.objects.filter(parties__member=member, ended_on__isnull=True, ends_on__gte=today)
    return list(rows.order_by("-ends_on"))


def ending_agreements(today: date, until: date) -> list[Agreement]:
    """Return the agreements that run out by ``until``, are not renewed, and of which nobody was told."""
    rows = Agreement.objects.filter(
        ends_on__gte=today, ends_on__lte=until, ended_on__isnull=True, reminded_on__isnull=True, following__isnull=True
    )
    return list(rows.order_by("ends_on", "id")[:200])
