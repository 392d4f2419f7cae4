"""The form of a ledger: its name and its rules, and beside them its fields as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.types import KindData
from linli.foundation.forms.types import Question
from linli.interfaces.web.forms import DomainForm, words_field

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind

TYPES = {
    "text": gettext_lazy("一行字"),
    "long_text": gettext_lazy("一段字"),
    "integer": gettext_lazy("整数"),
    "decimal": gettext_lazy("小数"),
    "yes_no": gettext_lazy("是或否"),
    "choice": gettext_lazy("单选"),
    "choices": gettext_lazy("多选"),
    "date": gettext_lazy("日期"),
    "phone": gettext_lazy("电话"),
}
COLUMNS = {
    "name": gettext_lazy("名称"),
    "address": gettext_lazy("地址"),
    "number": gettext_lazy("台账编号"),
    "parent": gettext_lazy("上级对象"),
}
MOST = 40
_NAMES = ("ask_code", "ask_label", "ask_type", "ask_choices", "ask_personal")
Typed = Mapping[str, str]


class KindForm(DomainForm):
    """A ledger; its fields are rows beside it."""

    code = words_field(gettext_lazy("代码"), 31, required=True, hint=gettext_lazy("小写字母、数字和下划线，定了不改。"))
    name = words_field(gettext_lazy("名称"), 32, required=True)
    icon = words_field(gettext_lazy("图标"), 32, hint=gettext_lazy("图标名，例如 building-store。"))
    order = forms.IntegerField(label=gettext_lazy("次序"), min_value=0, max_value=9999, initial=100)
    parent = forms.ChoiceField(label=gettext_lazy("上级台账"), required=False)
    same_by = forms.MultipleChoiceField(
        label=gettext_lazy("按哪些项查重"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("这些项都相同的，提示可能是同一个。"),
    )  # fmt: skip
    rules = forms.MultipleChoiceField(
        label=gettext_lazy("性质"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[
            ("entity", gettext_lazy("是实体单位（走访覆盖按单位算）")),
            ("guarded", gettext_lazy("是居民信息（只给本网格看，不上地图、不导出；有登记后不能取消）")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, kept: Kind | None = None, typed: Sequence[Typed] = (), **more: Any) -> None:
        """Offer the ledgers above it, and what its entries are compared by."""
        super().__init__(*args, **more)
        others = [k for k in selectors.kinds(active=False) if kept is None or k.pk != kept.pk]
        self.fields["parent"].choices = [("", _("没有")), *((k.code, k.name) for k in others)]  # type: ignore[attr-defined]
        open_ = [(q["code"], q["label"]) for q in typed if q["code"] and q["personal"] != "1"]
        self.fields["same_by"].choices = [*COLUMNS.items(), *open_]  # type: ignore[attr-defined]
        if kept is not None:
            del self.fields["code"]

    def entered(self, code: str, questions: list[dict[str, Any]]) -> KindData:
        """Return what the service takes."""
        d = self.cleaned_data
        return KindData(
            code=code or d["code"],
            name=d["name"],
            icon=d["icon"] or "map-pin",
            questions={"questions": questions},
            same_by=tuple(d["same_by"]),
            parent=d["parent"],
            guarded="guarded" in d["rules"],
            entity="entity" in d["rules"],
            order=d["order"],
        )


def first_values(kept: Kind) -> dict[str, Any]:
    """Return what the form begins with for a ledger that is there."""
    return {
        "name": kept.name,
        "icon": kept.icon,
        "order": kept.order,
        "parent": kept.parent.code if kept.parent else "",
        "same_by": kept.same_by,
        "rules": [name for name in ("entity", "guarded") if getattr(kept, name)],
    }


def fields_of(kept: Kind | None) -> list[dict[str, str]]:
    """Return the fields of a ledger as rows."""
    asked = selectors.questions_of(kept).questions if kept else ()
    return [
        {
            "code": q.code,
            "label": q.label.get("zh-hans", q.code),
            "type": q.type.value,
            "choices": "、".join(c.label.get("zh-hans", c.code) for c in q.choices),
            "personal": "1" if q.personal else "",
        }
        for q in asked
    ]


def typed_fields(posted: QueryDict) -> list[dict[str, str]]:
    """Return the rows that were typed; one without a label is left out."""
    columns = [posted.getlist(name)[:MOST] for name in _NAMES]
    keys = [name.partition("_")[2] for name in _NAMES]
    rows = [dict(zip(keys, (v.strip()[:300] for v in row), strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if row["label"]]


def questions_of(typed: Sequence[Typed], kept: Kind | None) -> list[dict[str, Any]]:
    """Return the rows as the room `forms` takes them: codes stay, new fields and choices get free ones."""
    before = {q.code: q for q in (selectors.questions_of(kept).questions if kept else ())}
    taken = {q["code"] for q in typed if q["code"]}
    found = []
    for row in typed:
        code = row["code"] or next(c for c in (f"f{n}" for n in range(1, MOST * 2)) if c not in taken)
        taken.add(code)
        found.append(_question(code, row, before.get(code)))
    return found


def _question(code: str, row: Typed, before: Question | None) -> dict[str, Any]:
    known = {c.label.get("zh-hans", c.code): c.code for c in before.choices} if before else {}
    labels = [t.strip() for t in row["choices"].replace("，", "、").split("、") if t.strip()]
    used, choices = set(known.values()), []
    for n, label in enumerate(labels if row["type"] in {"choice", "choices"} else [], 1):
        value = known.get(label) or next(c for c in (f"c{m}" for m in range(n, n + MOST * 4)) if c not in used)
        used.add(value)
        choices.append({"code": value, "label": {"zh-hans": label}})
    return {
        "code": code,
        "type": row["type"] if row["type"] in TYPES else "text",
        "label": {"zh-hans": row["label"]},
        "hint": dict(before.hint) if before else {},
        "personal": row["personal"] == "1",
        "choices": choices,
    }
