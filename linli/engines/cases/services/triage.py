"""The acts before a case goes to a unit, and the talk beside it: accept, refuse, verify, file, ask, answer, note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case
from linli.engines.cases.permissions import is_reporter
from linli.engines.cases.selectors import catalogue, laws
from linli.engines.cases.services.clocks import local_date
from linli.engines.cases.services.inputs import attach, need
from linli.engines.cases.services.work import Work
from linli.engines.cases.types import FileRef, NoteKind
from linli.engines.cases.workflow import State
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal

MAX_AUDIENCE = 60


@whole
def accept(*, by: Actor, now: datetime, case: Case, expected: int | None = None, verify: bool | None = None) -> Case:
    """Take a reported problem in hand: to be verified on the spot if its category asks so, else to be dispatched."""
    spec = catalogue.spec_of(case.category_version)
    to = State.TO_VERIFY if (spec.verify if verify is None else verify) else State.TO_DISPATCH
    work = Work(case, by=by, now=now, expected=expected)
    work.act("accept", to=to, changes={"accepted_at": now})
    return work.save()


@whole
def refuse(*, by: Actor, now: datetime, case: Case, reason: str, elsewhere: str, expected: int | None = None) -> Case:
    """Refuse a problem that is not the subdistrict's, and say where to go instead."""
    need(reason=reason, elsewhere=elsewhere)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("refuse", text=elsewhere, reason=reason, data={"elsewhere": mask_personal(clean(elsewhere))})
    return work.save()


@whole
def verify(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    confirmed: bool,
    text: str,
    files: Sequence[FileRef] = (),
    expected: int | None = None,
) -> Case:
    """Record what a supervisor found on the spot: confirmed goes on to dispatch, else back to the centre."""
    need(text=text)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("verify", to=State.TO_DISPATCH if confirmed else State.REPORTED, text=text, data={"confirmed": confirmed})
    work.save()
    attach(case, files, seq=case.version)
    return case


@whole
def file(*, by: Actor, now: datetime, case: Case, expected: int | None = None) -> Case:
    """File the case (网格立案): from here it counts in 结案率 and 闭环率."""
    work = Work(case, by=by, now=now, expected=expected)
    work.act("file", changes={"filed_at": now})
    return work.save()


@whole
def ask(*, by: Actor, now: datetime, case: Case, text: str, expected: int | None = None) -> Case:
    """Ask the reporter for what is missing; the clocks stand still until the answer."""
    need(text=text)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("ask", text=text, changes={"resume_state": case.state})
    return work.save()


@whole
def answer(
    *, by: Actor, now: datetime, case: Case, text: str, files: Sequence[FileRef] = (), expected: int | None = None
) -> Case:
    """Take the reporter's answer (or staff's note of it); the case goes on where it stood."""
    need(text=text)
    work = Work(case, by=by, now=now, expected=expected)
    back = State(case.resume_state or State.REPORTED)
    work.act("answer", to=back, text=text, changes={"resume_state": ""})
    work.save()
    attach(case, files, seq=case.version)
    return case


@whole
def reporter_says(*, by: Actor, now: datetime, case: Case, text: str, files: Sequence[FileRef] = ()) -> Case:
    """Keep what the reporter adds by themselves: the answer where one was asked for, else beside the case.

    It moves nothing; whoever has the case is told, and so is the centre where nobody has it, or it has ended.

    Raises:
        ForbiddenError: ``by`` did not raise it. InvalidError: no words.
    """
    if not is_reporter(by, case):
        raise ForbiddenError(_("只有反映人本人可以补充。"), code="cases.reporter")
    if case.state == State.AWAITING_INFO:
        return answer(by=by, now=now, case=case, text=text, files=files)
    need(text=text)
    work = Work(case, by=by, now=now)
    work.act("note", text=text, data={"mentions": [], "kind": NoteKind.FROM_REPORTER.value}, public=True, checked=False)
    work.save()
    attach(case, files, seq=case.version)
    return case


@whole
def note(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    text: str,
    mentions: Sequence[int] = (),
    files: Sequence[FileRef] = (),
    kind: NoteKind = NoteKind.REMARK,
    authority: str = "",
    number: str = "",
    law: str = "",
    audience: str = "",
) -> Case:
    """Add an internal note, naming colleagues (user ids) who should look.

    A note may record that the law was explained (普法), or that the matter was handed to an ``authority``
    outside, under its ``number`` there. Of an explanation the words that were shown are kept with it:
    ``law`` is the uuid of a text of the library (empty: what the category cites), ``audience`` to whom it
    was explained, by what they are (店主、租客), never by name.
    """
    need(text=text)
    if kind is NoteKind.LEGAL_EDUCATION:
        kept = _explained(case, law, audience, local_date(now))
    else:
        kept = _recorded(kind, authority, number)
    work = Work(case, by=by, now=now)
    work.act("note", text=text, data={"mentions": list(mentions), **kept})
    work.save()
    attach(case, files, seq=case.version)
    return case


def _explained(case: Case, law: str, audience: str, on: date) -> dict[str, str]:
    """Return what a note that the law was explained keeps: its words as they stood, and to whom."""
    words = laws.explainable(catalogue.spec_of(case.category_version), law, on)
    if not words:
        raise ConflictError(
            _("这条法律条文不能引用，或本类别没有条文。"),
            code="cases.law",
            hint=_("请从列表中选择现行有效的条文；没有时改用备注，写明所讲的内容。"),
        )
    audience = clean(audience)
    if len(audience) > MAX_AUDIENCE:
        raise InvalidError(_("普法记录填写有误。"), code="cases.law", fields={"audience": [_("最多 60 个字。")]})
    kept = {"kind": NoteKind.LEGAL_EDUCATION.value, "law": words}
    return kept | ({"law_uuid": law} if law else {}) | ({"audience": mask_personal(audience)} if audience else {})


def _recorded(kind: NoteKind, authority: str, number: str) -> dict[str, str]:
    """Return what a note of ``kind`` keeps beside its text."""
    if kind is NoteKind.HANDED_OVER:
        need(authority=authority)
        longest = {"authority": (authority, 60), "number": (number, 60)}
        errors = {k: [_("最多 60 个字。")] for k, (v, most) in longest.items() if len(clean(v)) > most}
        if errors:
            raise InvalidError(_("移交记录填写有误。"), code="cases.handed_over", fields=errors)
        return {
            "kind": kind.value,
            "authority": mask_personal(clean(authority)),
            "number": clean(number),
        }
    return {}
