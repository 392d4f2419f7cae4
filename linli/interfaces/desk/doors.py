"""What the desk's views share: the door for staff, the request with its actor, local days, forms shown again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.workflow import STAFF
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, ForbiddenError
from linli.foundation.people import selectors as people
from linli.interfaces.web.access import actor_of, behind

T = TypeVar("T")
UNIT_KINDS = (
    "department",
    "enforcement",
    "police",
    "market",
    "housing",
    "neighbourhood_committee",
    "operations_centre",
    "property_company",
    "contractor",
    "branch",
    "street_office",
    "owners_committee",
    "company",
    "social",
    "task_force",
    "other",
)

__all__ = ["actor_of", "day_of", "get_case_for", "moment_of", "problem", "staff", "unit_options", "uuid_of"]


def check_staff(actor: Actor) -> None:
    """Raise unless somebody holds a role in the work on problems.

    Raises:
        ForbiddenError: a resident, or who only sets up.
    """
    if not actor.has_role(*STAFF):
        raise ForbiddenError(
            _("这个页面供工作人员使用。"), code="desk.staff", hint=_("居民请从首页反映问题、查询进度。")
        )


# Opens a view to people who hold a role in the work on problems; residents and administrators are refused.
staff = behind(check_staff)


def staff_who(check: Callable[[Actor], object]) -> Callable[[Actor], None]:
    """Return the check that lets staff pass whom ``check`` lets pass as well."""

    def both(actor: Actor) -> None:
        check_staff(actor)
        check(actor)

    return both


def local(moment: datetime) -> datetime:
    """Return ``moment`` where the installation is."""
    return timezone.localtime(moment)


def today() -> date:
    """Return the day where the installation is."""
    return local(clock.now()).date()


def day_of(text: str) -> date | None:
    """Return the day that a date field sent, None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """Return the local moment that a datetime field sent, None for anything else."""
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        return None
    if found is None:
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def uuid_of(text: str) -> UUID | None:
    """Return the UUID in ``text``, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def id_of(text: str) -> int | None:
    """Return the row id in ``text``, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def problem(error: DomainError) -> dict[str, Any]:
    """Return an error as the templates show it above a form: message, hint, fields."""
    return {"message": error.message, "hint": error.hint, "fields": error.fields}


def once(request: HttpRequest, name: str, read: Callable[[], T]) -> T:
    """Return what is read for a request under a name: read the first time that it is asked for."""
    kept: dict[str, T] = request.__dict__.setdefault("read_once", {})
    if name not in kept:
        kept[name] = read()
    return kept[name]


def shown_again(request: HttpRequest, error: DomainError | None) -> dict[str, Any]:
    """Return for a template what was typed, and what a service found wrong with it: at its fields and above all."""
    return {
        "typed": defaultdict(str, request.POST.dict()),
        "errors": defaultdict(list, error.fields if error else {}),
        "problem": problem(error) if error else None,
    }


def unit_options(kinds: Sequence[str] = UNIT_KINDS, *, empty: str | None = None) -> list[dict[str, Any]]:
    """Return the working units as options of a select, in the order of ``kinds``: one statement."""
    units = sorted(people.units_of_kinds(kinds), key=lambda u: (kinds.index(u.kind), u.name))
    first = [] if empty is None else [{"value": "", "label": empty}]
    return first + [{"value": u.pk, "label": u.name} for u in units]


def choice_options(choices: Sequence[tuple[Any, Any]], *, without: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the pairs of a TextChoices as options."""
    return [{"value": value, "label": label} for value, label in choices if value not in without]


def lists(data: Mapping[str, Any], name: str) -> list[str]:
    """Return every value sent under ``name``."""
    getter = getattr(data, "getlist", None)
    return list(getter(name)) if getter else []


BULK_LIMIT = cases.BULK_LIMIT
