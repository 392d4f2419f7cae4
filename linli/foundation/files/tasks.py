"""Jobs of the room `files`; one rule for the uploads of all rooms that no form was sent with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.foundation.files import selectors, services
from linli.foundation.jobs.services import Keeping, keep, schedule

keep(
    Keeping(
        "files.upload",
        "files.StoredFile",
        (),
        since="the upload, where no row of any room names it",
        end="the file is deleted; its row says when and why",
        take=services.drop_uploads,
        own_days=selectors.KEPT_FOR // timedelta(days=1),
    )
)


@schedule("files.clean_up", every=timedelta(days=1))
def clean_up(payload: dict[str, Any], now: datetime) -> None:
    """Remove content that belongs to no row."""
    services.clean_up(now=now)
