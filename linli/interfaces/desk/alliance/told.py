"""What words out may tell of the alliance: claims confirmed by who received them. This face knows both rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.projects.types import Strand
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.ids import uuids_in
from linli.foundation.core.paging import Page
from linli.foundation.core.text import quoted
from linli.programmes.alliance import selectors as lists
from linli.programmes.alliance.selectors import period as alliance
from linli.programmes.alliance.workflow import ClaimState
from linli.programmes.publishing import events
from linli.programmes.publishing.selectors.counted import page_of
from linli.programmes.publishing.types import Fact, FigureRow, Parts, Value

if TYPE_CHECKING:
    from linli.programmes.alliance.models import Claim
    from linli.programmes.publishing.types import Period


def _claim(claim: Claim) -> Fact:
    entry, day = claim.entry, claim.confirmed_on
    said = {"member": claim.member.name, "title": quoted(entry.title), "role": claim.role}
    lines = [_("%(member)s认领%(title)s，承担%(role)s。") % said]
    if day is not None and entry.receiver is not None:
        when = {"month": day.month, "day": day.day, "unit": entry.receiver}
        lines.append(_("%(month)s月%(day)s日，%(unit)s确认收到。") % when)
    elif day is not None:
        lines.append(_("%(month)s月%(day)s日确认完成。") % {"month": day.month, "day": day.day})
    if claim.thanks_public:
        lines.append(claim.thanks)
    return Fact(
        kind="claim",
        ref=str(claim.uuid),
        label=f"{entry.title}（{claim.member.name}）"[:80],
        day=day,
        unit_id=entry.receiver_id,
        unit=str(entry.receiver or claim.member.name),
        area_id=entry.area_id,
        topic=entry.category.name if entry.category else "",
        lines=tuple(lines),
        strand=Strand.PLURAL.value,
    )


def _claims(actor: Actor, text: str, _now: datetime) -> Sequence[Fact]:
    return [_claim(c) for c in alliance.confirmed_claims(actor, text)]


def _one_claim(actor: Actor, ref: str, _now: datetime) -> Fact:
    uuid = next(iter(uuids_in([ref])), None)
    if uuid is None:
        raise NotFoundError(_("没有找到这个认领，或者受益单位还没有确认。"), code="alliance.no_claim")
    return _claim(alliance.confirmed_claim(actor, uuid))


def _not_confirmed(refs: Sequence[str]) -> list[str]:
    return [str(uuid) for uuid in alliance.not_confirmed(uuids_in(refs))]


def _states(period: Period, _now: datetime) -> Parts:
    counted = alliance.period_states(period.since, period.until, period.topic)
    return [(str(ClaimState(state).label), n) for state, n in counted]


def _claim_rows(figure: str) -> Callable[[Period, datetime, str, int], Page[FigureRow]]:
    def row(c: Claim) -> FigureRow:
        day = c.confirmed_on if figure == "confirmed" else c.claimed_on
        cells = (c.entry.title, c.member.name, str(c.entry.receiver or ""), str(c.get_state_display()))
        return FigureRow((*cells, day.isoformat() if day else ""), "claim", str(c.uuid))

    def rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
        found = alliance.period_claims(figure, period.since, period.until, period.topic, cursor=cursor, size=size)
        return page_of(found, row)

    return rows


def _member_rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
    found = alliance.period_members(period.since, period.until, period.topic, cursor=cursor, size=size)
    return page_of(found, lambda m: FigureRow((m.name, str(m.get_kind_display())), "member", str(m.uuid)))


def _figure(code: str, name: Any, unit: Any, formula: Any, columns: Any, value: Any, rows: Any, **more: Any) -> events.Figure:  # fmt: skip  # noqa: E501
    return events.Figure(
        f"alliance.{code}", name, unit, formula, columns, value, rows, section="alliance", strand=Strand.PLURAL.value,
        topics="alliance", narrowing=gettext_lazy("只计这个类别的项目的认领。"), every_part=True, **more,
    )  # fmt: skip


def _figures() -> list[events.Figure]:
    times = gettext_lazy("项")
    columns = (gettext_lazy("项目"), gettext_lazy("认领单位"), gettext_lazy("受益单位"), gettext_lazy("状态"))
    return [
        _figure(
            "claims", gettext_lazy("认领"), times, gettext_lazy("期内的认领，按现在的状态计；撤回和失效的也计。"),
            (*columns, gettext_lazy("认领日期")),
            None, _claim_rows("claimed"), parts=_states,
        ),
        _figure(
            "confirmed", gettext_lazy("确认完成的认领"), times, gettext_lazy("期内由受益单位确认收到的认领。"),
            (*columns, gettext_lazy("确认日期")),
            lambda p, _now: Value(alliance.count_confirmed(p.since, p.until, p.topic)), _claim_rows("confirmed"),
        ),
        _figure(
            "members", gettext_lazy("参加共建的单位"), gettext_lazy("家"),
            gettext_lazy("期内有认领（撤回和失效的除外）或者有认领得到确认的成员单位，一家只计一次。"),
            (gettext_lazy("成员单位"), gettext_lazy("类别")),
            lambda p, _now: Value(alliance.count_taking_part(p.since, p.until, p.topic)), _member_rows,
        ),
    ]  # fmt: skip


def _categories() -> list[str]:
    return [c.name for c in lists.categories()]


def register() -> None:
    """Let articles be begun from confirmed claims, and reports count claims."""
    name = gettext_lazy("确认的认领")
    events.register_source(events.Source("claim", name, _claims, _one_claim, _not_confirmed, "desk:alliance_claim"))
    events.register_vocabulary(events.Vocabulary("alliance", gettext_lazy("共建类别"), _categories))
    for figure in _figures():
        events.register_figure(figure)
