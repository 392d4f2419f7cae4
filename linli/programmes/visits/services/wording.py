"""Sets of words that a street changes itself: 四百, 七要诀. A save is a new version; the former stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.faults import stale
from linli.foundation.core.text import clean
from linli.programmes.visits import permissions
from linli.programmes.visits.models import Wording
from linli.programmes.visits.services.help import fitting, needed, note, wrong
from linli.programmes.visits.shipped import wordings

MOST_LINES, LONGEST_LINE = 20, 120


@whole
def save_wording(
    *, by: Actor, now: datetime, code: str, title: str, lines: Sequence[str], why: str = "", expected: int
) -> Wording:
    """Save the next version of a set of words.

    Args:
        expected: the number of the version that was changed; 0: the shipped one.

    Raises:
        ForbiddenError: not who leads. StaleError: somebody saved meanwhile. InvalidError: by field.
    """
    permissions.check_lead(by)
    if code not in wordings():
        raise wrong(code=_("没有这组文字。"))
    name = needed("title", title, 40)
    kept = [line for line in map(clean, lines) if line]
    if not 0 < len(kept) <= MOST_LINES or any(len(line) > LONGEST_LINE for line in kept):
        raise wrong(
            lines=_("请填 1 至 %(most)s 条，每行一条，每条最多 %(long)s 个字。")
            % {"most": MOST_LINES, "long": LONGEST_LINE}
        )
    last = Wording.objects.filter(code=code).order_by("-number").first()
    if expected != (last.number if last else 0):
        raise stale()
    try:
        with transaction.atomic():
            row = Wording.objects.create(
                code=code, number=expected + 1, title=name, lines=kept, saved_at=now, by_label=by.label[:80],
                why=fitting("why", why, 200),
            )  # fmt: skip
    except IntegrityError as error:
        raise stale() from error
    before = {"title": last.title, "lines": last.lines} if last else {"title": wordings()[code]["title"]}
    note(by, now, "save_wording", "wording", None, name, before=before, after={"title": name, "lines": kept},
         reason=row.why)  # fmt: skip
    return row
