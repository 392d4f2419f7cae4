"""What the case loop keeps how long; the days stand on the models."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent, CaseFile, Praise, Reporter
from linli.engines.cases.services.importing.parcels import sweep
from linli.engines.cases.types import FilePurpose
from linli.engines.cases.workflow import State
from linli.foundation.core.actors import SYSTEM
from linli.foundation.files import services as files
from linli.foundation.jobs.services import Keeping, blanking, keep

_CONTACT = (
    "name_sealed", "phone_sealed", "phone_hash", "email_sealed", "email_hash", "thread_sealed", "rating_text", "user",
)  # fmt: skip
_SINCE = "the end of the case (of the main case, where it was merged)"


def ended(before: datetime) -> QuerySet[Case]:
    """Return the cases that ended before ``before``; one that was merged ends with its main case."""
    rows = Case.objects.annotate(
        ended_at=Coalesce("merged_into__closed_at", "closed_at", "merged_into__changed_at", "changed_at")
    )
    # A report that was split is answered when its parts have ended.
    waited = Case.objects.filter(is_open=True, split_from__isnull=False)
    waiting = Q(state=State.SPLIT) & Q(pk__in=waited.values("split_from"))
    return rows.filter(
        ~waiting, Q(merged_into__isnull=True) | Q(merged_into__is_open=False), is_open=False, ended_at__lte=before
    )


def _contacts(before: datetime) -> QuerySet[Reporter]:
    kept = ~Q(name_sealed=b"") | ~Q(phone_sealed=b"") | ~Q(phone_hash="") | ~Q(rating_text="") | Q(user__isnull=False)
    kept |= ~Q(email_sealed=b"") | ~Q(email_hash="") | ~Q(thread_sealed=b"")
    return Reporter.objects.filter(kept, case__in=ended(before))


def _voices(before: datetime, now: datetime, limit: int) -> int:
    """Delete the sound of voice notes; the case keeps what staff wrote down of it."""
    over = CaseFile.objects.filter(purpose=FilePurpose.VOICE, case__in=ended(before)).select_related("file")
    rows = list(over.order_by("id")[:limit])
    CaseFile.objects.filter(id__in=[r.pk for r in rows]).delete()
    for row in rows:
        if row.file.deleted_at is None and not CaseFile.objects.filter(file=row.file_id).exists():
            files.delete(by=SYSTEM, now=now, uuid=row.file.uuid, reason=_("保存期满"))
    return len(rows)


keep(
    Keeping(
        "cases.contact",
        "cases.Reporter",
        _CONTACT,
        since=_SINCE,
        end="name, telephone, e-mail and words of the rating are blanked, the account is unlinked; the rating stays",
        take=blanking(
            _contacts,
            name_sealed=b"",
            phone_sealed=b"",
            phone_hash="",
            email_sealed=b"",
            email_hash="",
            thread_sealed=b"",
            rating_text="",
            user=None,
        ),
    )
)
keep(
    Keeping(
        "cases.praise",
        "cases.Praise",
        ("giver_sealed",),
        since="the day on which it was entered",
        end="the giver's name is blanked; what was said stays",
        take=blanking(
            lambda before: Praise.objects.filter(entered_at__lte=before).exclude(giver_sealed=b""),
            giver_sealed=b"",
            consent=False,
        ),
    )
)
keep(
    Keeping(
        "cases.text",
        "cases.Case",
        ("text_sealed",),
        since=_SINCE,
        end="the text as it was written is blanked; the masked text stays",
        take=blanking(lambda before: ended(before).filter(text_sealed__isnull=False), text_sealed=None),
    )
)
keep(
    Keeping(
        "cases.on_behalf_of",
        "cases.CaseEvent",
        ("on_behalf_of",),
        since=_SINCE,
        end="blanked",
        take=blanking(
            lambda before: CaseEvent.objects.filter(case__in=ended(before)).exclude(on_behalf_of=""), on_behalf_of=""
        ),
    )
)
keep(
    Keeping(
        "cases.voice",
        "cases.CaseFile",
        ("file",),
        since=_SINCE,
        end="the sound is deleted; its row in `files` says when and why",
        take=_voices,
    )
)
keep(
    Keeping(
        "cases.import",
        "cases.Case",
        (),
        since="the upload of a sheet to be imported",
        end="the encrypted sheet is deleted",
        take=lambda before, _now, _limit: sweep(before),
        own_days=1,
    )
)
