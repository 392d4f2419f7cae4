"""What is attached to a message, through the same checks as every upload; what is refused is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.engines.cases.services.intake import MAX_FILES
from linli.engines.cases.types import FilePurpose, FileRef
from linli.engines.mailbox.selectors import numbers
from linli.engines.mailbox.types import Incoming, Part
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError
from linli.foundation.core.text import clean
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind

_PURPOSES = {Kind.PHOTO: FilePurpose.REPORT, Kind.DOCUMENT: FilePurpose.PAPER}


@dataclass(frozen=True, slots=True)
class Stored:
    """The files that were kept, and those that were not with the reason; ``beyond``: how many were too many."""

    refs: Sequence[FileRef] = ()
    refused: Sequence[tuple[str, str]] = ()
    beyond: int = 0


def _is_ornament(part: Part, smallest: int) -> bool:
    """Whether it is a picture of a signature: shown within the text, and tiny."""
    return part.inline and part.mime.startswith("image/") and len(part.content) < smallest


def store_parts(mail: Incoming, *, now: datetime, by: Actor) -> Stored:
    """Keep what is attached to a message: pictures and documents; call it before a transaction of one's own."""
    smallest = numbers(now).ornament_kilobytes * 1024
    parts = [p for p in mail.parts if not _is_ornament(p, smallest)]
    refs: dict[int, FileRef] = {}
    refused: list[tuple[str, str]] = []
    hashes: set[int] = set()
    for part in parts:
        if len(refs) >= MAX_FILES or hash(part.content) in hashes:
            continue
        hashes.add(hash(part.content))
        name = clean(part.name)[:80]
        try:
            row = files.store(
                by=by, now=now, content=part.content, name=name, purpose="report", only=list(_PURPOSES)
            )  # fmt: skip
        except DomainError as error:
            refused.append((name, error.message))
        else:
            refs[row.pk] = FileRef(row.pk, _PURPOSES[Kind(row.kind)])
    beyond = len({hash(p.content) for p in parts}) - len(refs) - len(refused)
    return Stored(list(refs.values()), refused, max(0, beyond))
