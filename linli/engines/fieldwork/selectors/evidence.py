"""The pictures and papers of a record, for rooms that go on with them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from linli.engines.fieldwork.models import SubmissionFile

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission


def file_ids(submission: Submission, paths: Collection[str]) -> list[int]:
    """Return the rows of the files that a record's answers at ``paths`` hold, in the order in which they came."""
    rows = SubmissionFile.objects.filter(submission=submission, path__in=list(paths)).order_by("id")
    return list(rows.values_list("file_id", flat=True))
