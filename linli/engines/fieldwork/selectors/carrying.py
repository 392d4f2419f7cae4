"""What somebody carries on a device of their own, filled by another program: open rounds with the visits to make.

Of guarded ledgers (households) nothing is carried: such a program keeps its list open on the phone, and so no name of
a household leaves the house for it.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Round, Visit
from linli.engines.fieldwork.permissions import mine_q, readable
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.workflow import VISIT_OPEN, RoundState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.types import WholeForm

MOST_ROUNDS = 100
MOST_VISITS = 5_000


def _visits(by: Actor) -> Q:
    """Return the filter of the visits that somebody may make: theirs, their unit's, free ones where they work."""
    if by.user_id is None:
        return Q(pk__in=())
    own = Q(user=by.user_id) | Q(second=by.user_id)
    free = Q(user=None) & (mine_q(by) | Q(target__in=readable(by, guarded=False).values("pk")))
    units = Q(user=None, unit=None, round__unit__in=doors.working_units(by))
    return Q(guarded=False, state__in=VISIT_OPEN) & (own | free | units)


def carried_rounds(by: Actor, day: date) -> list[Round]:
    """Return the open rounds in which somebody takes part, the newest first: visits to make, or one without targets.

    Two statements and those of the free rounds' doors.
    """
    rows = Round.objects.filter(state=RoundState.OPEN, starts_on__lte=day).select_related(
        "form", "form_version", "kind", "unit"
    )
    due = Visit.objects.filter(_visits(by), occasion__lte=day, round__state=RoundState.OPEN)
    found = list(rows.filter(pk__in=due.values("round")).order_by("-starts_on", "-pk")[:MOST_ROUNDS])
    free = rows.filter(kind=None).order_by("-starts_on", "-pk")[:MOST_ROUNDS]
    return found + [r for r in free if not by.is_system and doors.staff_grants(by) and doors.reaches(by, r, None, None)]


def carried_round(by: Actor, uuid: UUID, day: date) -> Round:
    """Return one of :func:`carried_rounds`.

    Raises:
        NotFoundError: there is none for this person.
    """
    found = next((r for r in carried_rounds(by, day) if r.uuid == uuid), None)
    if found is None:
        raise NotFoundError(_("没有这一轮，或它不是您的。"), code="fieldwork.no_round", hint=_("请刷新表单列表。"))
    return found


def carried_visits(by: Actor, round_: Round, day: date) -> list[Visit]:
    """Return the visits of a round that somebody may make, in the order of their walk: one statement."""
    rows = Visit.objects.filter(_visits(by), round=round_, occasion__lte=day).select_related("target")
    return list(
        rows.defer("target__sealed", "target__words").order_by("place_in_walk", "target__sort_key", "pk")[:MOST_VISITS]
    )


def sent_form(round_uuid: UUID, number: int) -> tuple[str, WholeForm]:
    """Return code and form of a round at a version, to read what was sent; whether it is taken, ``submit`` says.

    Raises:
        NotFoundError: no such round, or no such version of its form.
    """
    code = Round.objects.filter(uuid=round_uuid).values_list("form__code", flat=True).first()
    if code is None:
        raise NotFoundError(
            _("没有这一轮，或它不是您的。"), code="fieldwork.no_round", hint=_("请刷新表单列表；记录仍保留在本机。")
        )
    try:
        return code, forms.whole_form(code, number)
    except NotFoundError:
        raise NotFoundError(
            _("没有这张表单的第 %(number)s 版。") % {"number": number}, code="fieldwork.no_version",
            hint=_("请更新手机上的应用和表单；本机的记录仍然保留。"),
        ) from None  # fmt: skip
