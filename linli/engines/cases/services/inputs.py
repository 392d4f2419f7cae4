"""What every act asks of what was typed, and how files are attached to it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseFile
from linli.engines.cases.types import FileRef
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean, mask_personal


def need(**texts: str) -> None:
    """Raise if one of the named texts is empty.

    Raises:
        InvalidError: with the names of the empty fields.
    """
    missing = {name: [_("请填写这一项。")] for name, value in texts.items() if not clean(str(value or ""))}
    if missing:
        raise InvalidError(_("还有内容需要填写。"), code="cases.needs", fields=missing)


def attach(case: Case, files: Sequence[FileRef], *, seq: int) -> None:
    """Attach stored files to the act number ``seq`` of ``case``; the faces see to it that none lay unsent for a day."""
    if files:
        CaseFile.objects.bulk_create(
            CaseFile(
                case=case,
                file_id=f.file_id,
                purpose=f.purpose,
                caption=mask_personal(clean(f.caption))[:80],
                event_seq=seq,
            )
            for f in files
        )
