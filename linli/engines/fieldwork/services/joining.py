"""Joint action: which units take part in a round; which were there, and with how many people, for a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Round, RoundUnit, Submission, SubmissionUnit
from linli.engines.fieldwork.permissions import may_plan
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.services.steps import record, wrong
from linli.engines.fieldwork.workflow import SubmissionState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError
from linli.foundation.people import selectors as people

MOST_UNITS, MOST_PEOPLE = 30, 999


def checked_units(unit_ids: Iterable[int], own: int) -> list[int]:
    """Return the units that join, each once and without the one whose round it is.

    Raises:
        InvalidError: there is no such unit, or there are too many.
    """
    wanted = sorted({u for u in unit_ids if u != own})
    if len(wanted) > MOST_UNITS or len(people.units(wanted)) != len(wanted):
        raise wrong("joining", _("请从单位名单中选择，最多 %(most)s 个。") % {"most": MOST_UNITS})
    return wanted


def set_units(round_: Round, unit_ids: Iterable[int]) -> None:
    """Let these units and no others take part in a round, in the caller's transaction."""
    wanted = set(unit_ids)
    there = dict(RoundUnit.objects.filter(round=round_).values_list("unit_id", "pk"))
    RoundUnit.objects.filter(pk__in=[pk for unit, pk in there.items() if unit not in wanted]).delete()
    RoundUnit.objects.bulk_create(RoundUnit(round=round_, unit_id=u) for u in sorted(wanted - set(there)))


@whole
def note_present(*, by: Actor, now: datetime, submission: Submission, present: Mapping[int, int]) -> None:
    """Write down which units were there with how many people; said anew it replaces what was said.

    By who sent the record or went along, and by who leads the round.

    Args:
        present: unit → people, each 1 or more.

    Raises:
        ForbiddenError: somebody else. InvalidError: no such unit, or no such number.
        ConflictError: the record was corrected or is not used.
    """
    row = Submission.objects.select_for_update(of=("self",)).select_related("round", "target").get(pk=submission.pk)
    mine = by.user_id is not None and by.user_id in (row.user_id, row.second_id)
    leads = row.round is not None and may_plan(by, row.round.unit_id, row.round.area_path)
    doors.get_submission_for(by, row.uuid)
    if not (mine or leads):
        raise ForbiddenError(_("参加单位由提交人或本轮负责人填写。"), code="fieldwork.present", hint=_("请联系他们。"))
    if row.state in (SubmissionState.REPLACED, SubmissionState.ASIDE):
        raise ConflictError(_("这条记录已不采用。"), code="fieldwork.submission_state", hint=_("请打开最新的一份。"))
    if len(present) > MOST_UNITS or len(people.units(present)) != len(present):
        raise wrong("present", _("请从单位名单中选择，最多 %(most)s 个。") % {"most": MOST_UNITS})
    if any(not 0 < n <= MOST_PEOPLE for n in present.values()):
        raise wrong("present", _("人数填 1 至 %(most)s。") % {"most": MOST_PEOPLE})
    before = dict(SubmissionUnit.objects.filter(submission=row).values_list("unit_id", "people"))
    SubmissionUnit.objects.filter(submission=row).delete()
    SubmissionUnit.objects.bulk_create(
        SubmissionUnit(submission=row, unit_id=unit, people=n) for unit, n in sorted(present.items())
    )
    label = row.target.name if row.target is not None and not row.target.kind.guarded else str(row.uuid)
    record(
        by, now, "present", "fieldwork", row.uuid, label,
        before={str(k): v for k, v in before.items()}, after={str(k): v for k, v in present.items()},
    )  # fmt: skip
