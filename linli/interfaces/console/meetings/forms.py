"""The form of a kind of meetings; agenda and standing topics are rows beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.activities import selectors
from linli.engines.activities.types import Doing, Kind, KindData, MinutesForm, PlannedItem
from linli.foundation.core.errors import InvalidError
from linli.foundation.people import selectors as people
from linli.foundation.people.types import POST_GROUPS
from linli.interfaces.web.forms import DomainForm, words_field

BLANK = {"title": "", "kind": Doing.ITEM.value, "minutes": "10", "presenter": ""}
_TICKS = ("series", "branches", "themed")
_COLUMNS = ("title", "kind", "minutes", "presenter")
_MOST = 30


class KindForm(DomainForm):
    """What a kind says, but for its agenda."""

    name = words_field(gettext_lazy("名称"), 40, required=True)
    convener = words_field(
        gettext_lazy("由谁召集"), 60, required=True, hint=gettext_lazy("写单位或岗位，例如：街道党工委。")
    )
    minutes = forms.IntegerField(label=gettext_lazy("一般开多少分钟"), min_value=10, max_value=600, initial=120)
    order = forms.IntegerField(label=gettext_lazy("在列表中的次序"), min_value=0, max_value=9999, initial=500)
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("按岗位邀请"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(g.code, g.name) for g in POST_GROUPS.values()],
    )  # fmt: skip
    unit_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("按单位种类邀请"), required=False, widget=forms.CheckboxSelectMultiple
    )
    guests = words_field(
        gettext_lazy("其他参会身份"), 400, rows=2, hint=gettext_lazy("每行一种，只写身份，例如：人大代表。")
    )
    form = forms.ChoiceField(
        label=gettext_lazy("记录的形式"), widget=forms.RadioSelect, initial=MinutesForm.RECORD.value,
        choices=[
            (MinutesForm.RECORD.value, gettext_lazy("会议记录：逐项写明谁说了什么、决定和任务")),
            (MinutesForm.SUMMARY.value, gettext_lazy("会议纪要：只写概要、决定和任务，不写发言")),
        ],
    )  # fmt: skip
    sections = words_field(
        gettext_lazy("概要的小标题"), 400, rows=3,
        hint=gettext_lazy("每行一个，写概要时已经列好，例如：会议认为、会议要求。"),
    )  # fmt: skip
    traits = forms.MultipleChoiceField(
        label=gettext_lazy("怎样开"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[
            ("series", gettext_lazy("可按月成系列")),
            ("branches", gettext_lazy("可设分会场")),
            ("themed", gettext_lazy("每次有主题")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of units."""
        super().__init__(*args, **kwargs)
        self.fields["unit_kinds"].choices = list(people.unit_kinds().items())  # type: ignore[attr-defined]

    def data_of(self, agenda: Sequence[dict[str, str]], standing: Sequence[dict[str, Any]]) -> KindData:
        """Return the kind that was described.

        Raises:
            InvalidError: a place of a standing topic, or the minutes of an item, are no number.
        """
        data = self.cleaned_data
        return KindData(
            name=data["name"],
            convener=data["convener"],
            agenda=_items(agenda),
            groups=tuple(data["groups"]),
            unit_kinds=tuple(data["unit_kinds"]),
            guests=tuple(data["guests"].splitlines()),
            standing=_ordered(standing),
            minutes=data["minutes"],
            form=data["form"],
            sections=tuple(data["sections"].splitlines()),
            order=data["order"],
            **{t: t in data["traits"] for t in _TICKS},
        )


def start(kind: Kind) -> dict[str, Any]:
    """Return what the form holds for a kind."""
    return {
        **{n: getattr(kind, n) for n in ("name", "convener", "minutes", "order", "form")},
        "groups": list(kind.groups),
        "unit_kinds": list(kind.unit_kinds),
        "guests": "\n".join(kind.guests),
        "sections": "\n".join(kind.sections),
        "traits": [t for t in _TICKS if getattr(kind, t)],
    }


def agenda_of(kind: Kind | None) -> list[dict[str, str]]:
    """Return the rows of the agenda that a kind begins with."""
    return [
        {"title": i.title, "kind": i.kind, "minutes": str(i.minutes), "presenter": i.presenter}
        for i in (kind.agenda if kind else ())
    ]


def typed_agenda(data: QueryDict) -> list[dict[str, str]]:
    """Return the rows of the agenda as they were typed; a row without a title is left out."""
    columns = [data.getlist(f"item_{name}")[:_MOST] for name in _COLUMNS]
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in zip(*columns, strict=False)]
    return [r for r in rows if r["title"].strip()]


def standing_of(kind: Kind | None, data: QueryDict | None = None) -> list[dict[str, Any]]:
    """Return every standing topic with its place: as typed, else as the kind has it, those in use first."""
    chosen = {code: str(n) for n, code in enumerate(kind.standing if kind else (), 1)}
    known = selectors.standing_topics()
    ordered = [*(c for c in chosen if c in known), *(c for c in known if c not in chosen)]
    return [
        {
            "code": code,
            "title": known[code].title,
            "place": (data.get(f"place_{code}", "").strip() if data is not None else chosen.get(code, "")),
        }
        for code in ordered
    ]


def _wrong(field: str, message: str) -> InvalidError:
    return InvalidError(_("还有内容需要修改。"), code="console.meetings", fields={field: [message]})


def _number(text: str, field: str, message: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise _wrong(field, message)
    return int(text)


def _items(rows: Sequence[dict[str, str]]) -> tuple[PlannedItem, ...]:
    message = _("每一项的时长应为 0 至 600 分钟。")
    return tuple(
        PlannedItem(r["title"], r["kind"], _number(r["minutes"].strip() or "0", "agenda", message), r["presenter"])
        for r in rows
    )


def _ordered(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    message = _("次序写 1、2、3；留空表示不列入。")
    places = [(_number(r["place"], "standing", message), r["code"]) for r in rows if r["place"]]
    if len({n for n, _code in places}) < len(places):
        raise _wrong("standing", _("两个专题的次序相同。"))
    return tuple(code for _n, code in sorted(places))
