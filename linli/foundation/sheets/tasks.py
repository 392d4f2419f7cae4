"""Going on with imports when nobody looks, and how long their rows are kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.foundation.jobs.services import Keeping, blanking, dropping, handler, keep
from linli.foundation.sheets import services
from linli.foundation.sheets.models import Batch, BatchChange
from linli.foundation.sheets.services import batches

_SEALED = ("actor_sealed", "sheet_sealed", "work_sealed", "faults_sealed", "sample_sealed", "trouble_sealed")


@handler(batches.JOB)
def go_on(payload: dict[str, str], now: datetime) -> None:
    """Do what twenty seconds allow, and ask to go on where that was not all."""
    uuid = UUID(payload["batch"])
    found = Batch.objects.filter(uuid=uuid).only("id").first()
    if found is None:
        return
    batch = services.advance(uuid=uuid, now=now, seconds=20.0)
    if batch.running:
        batches.ask(batch, now)


keep(
    Keeping(
        "sheets.rows",
        "sheets.Batch",
        _SEALED,
        since="the last step of the import",
        end="the rows are blanked; what was imported by whom and how many rows stays",
        take=blanking(
            lambda before: Batch.objects.filter(touched_at__lt=before).exclude(sheet_sealed=b""),
            **dict.fromkeys(_SEALED, b""),
        ),
    )
)
keep(
    Keeping(
        "sheets.changes",
        "sheets.BatchChange",
        ("values_sealed",),
        since="the last step of the import",
        end="the row is deleted; the import can no longer be undone",
        take=dropping(lambda before: BatchChange.objects.filter(batch__touched_at__lt=before)),
    )
)
