"""The forms of a category: what it says, and one question of it; each speaks the JSON of a version."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.rules import describing
from linli.engines.cases.workflow import Level
from linli.foundation.core.text import clean
from linli.foundation.people import selectors as people
from linli.interfaces.console.categories.labels import FIELDS, FLAGS
from linli.interfaces.console.words import icons
from linli.interfaces.web.forms import DomainForm, words_field

PURPOSES = describing.PURPOSES
_EMPTY_EVIDENCE = {"before": 0, "after": 1, "paper": 0}


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=describing.MAX_PHOTOS, required=False)


class CategoryForm(DomainForm):
    """What a category says, but for its questions."""

    name = words_field(FIELDS["name"], describing.MAX_NAME, required=True)
    resident_name = words_field(
        FIELDS["resident_name"], describing.MAX_NAME, required=True, hint=gettext_lazy("用居民的话，不用公文名称。")
    )
    words = words_field(
        FIELDS["words"], 1_500, rows=2,
        hint=gettext_lazy("居民写到这些词时会提示这一类；用顿号或换行隔开。"),
    )  # fmt: skip
    icon = forms.ChoiceField(label=FIELDS["icon"], required=False, widget=forms.RadioSelect)
    flags = forms.MultipleChoiceField(
        label=gettext_lazy("怎样受理、给谁看"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, label) for code, (label, _hint) in FLAGS.items()],
    )
    level = forms.ChoiceField(label=FIELDS["level"], choices=Level.choices)
    unit_kinds = forms.MultipleChoiceField(
        label=FIELDS["unit_kinds"], required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("给人看的参考；实际派给谁由派遣规则决定。"),
    )  # fmt: skip
    evidence_before = _count(FIELDS["evidence.before"])
    why_before = words_field(FIELDS["evidence.why_before"], 200)
    evidence_after = _count(FIELDS["evidence.after"])
    why_after = words_field(FIELDS["evidence.why_after"], 200)
    evidence_paper = _count(FIELDS["evidence.paper"])
    why_paper = words_field(FIELDS["evidence.why_paper"], 200)
    danger = words_field(
        FIELDS["danger"],
        describing.MAX_TEXT,
        rows=2,
        hint=gettext_lazy("居民一选这类就看到；写明拨打 110、119、120 还是燃气抢修电话。"),
    )
    danger_en = words_field(FIELDS["danger_en"], describing.MAX_TEXT, rows=2)
    laws = forms.MultipleChoiceField(label=FIELDS["laws"], required=False, widget=forms.CheckboxSelectMultiple)
    law = words_field(FIELDS["law"], describing.MAX_LAW, rows=2)
    relapse_days = forms.IntegerField(
        label=FIELDS["relapse_days"], min_value=0, max_value=describing.MAX_DAYS, required=False,
        help_text=gettext_lazy("结案后多少天内同一地点再次出现算返潮；0 表示按规则手册。"),
    )  # fmt: skip

    def __init__(self, *args: Any, laws: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """Offer the texts of the library as ``laws``."""
        super().__init__(*args, **kwargs)
        self.hints = {f"flags.{code}": hint for code, (_label, hint) in FLAGS.items()}
        self.fields["icon"].choices = [(name, name) for name in icons()]  # type: ignore[attr-defined]
        self.fields["unit_kinds"].choices = list(people.unit_kinds().items())  # type: ignore[attr-defined]
        self.fields["laws"].choices = list(laws)  # type: ignore[attr-defined]

    @staticmethod
    def start(spec: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form holds for ``spec``."""
        evidence = {**_EMPTY_EVIDENCE, **(spec.get("evidence") or {})}
        return {
            **{name: spec.get(name, "") for name in ("name", "resident_name", "danger", "danger_en", "law")},
            "words": "、".join(spec.get("words") or ()),
            "icon": {"alert": "alert-circle"}.get(spec.get("icon", ""), spec.get("icon") or "alert-circle"),
            "flags": [code for code in FLAGS if spec.get(code)],
            "level": spec.get("level") or Level.GENERAL.value,
            "unit_kinds": list(spec.get("unit_kinds") or ()),
            "laws": list(spec.get("laws") or ()),
            "relapse_days": spec.get("relapse_days") or 0,
            **{f"evidence_{p}": evidence[p] for p in PURPOSES},
            **{
                f"why_{p}": evidence.get(f"why_{p}") or (evidence.get("why") if evidence[p] else "") or ""
                for p in PURPOSES
            },
        }

    def changes(self) -> dict[str, Any]:
        """Return what was typed, in the JSON of a version."""
        data = self.cleaned_data
        evidence: dict[str, Any] = {p: data[f"evidence_{p}"] or 0 for p in PURPOSES}
        reasons = {p: clean(data[f"why_{p}"]) for p in PURPOSES}
        asked = {reasons[p] for p in PURPOSES if evidence[p]}
        if len(asked) == 1 and all(reasons[p] in {"", *asked} for p in PURPOSES):
            evidence["why"] = asked.pop()  # one reason for all of it
        else:
            evidence |= {f"why_{p}": reason for p, reason in reasons.items() if reason}
        return {
            **{name: clean(data[name]) for name in ("name", "resident_name", "danger", "danger_en", "law")},
            "words": list(dict.fromkeys(w for w in re.split(r"[、，,；;\s]+", clean(data["words"])) if w)),
            "icon": data["icon"] or "alert-circle",
            **{code: code in data["flags"] for code in FLAGS},
            "level": data["level"],
            "unit_kinds": data["unit_kinds"],
            "laws": data["laws"],
            "relapse_days": data["relapse_days"] or 0,
            "evidence": evidence,
        }


class GroupForm(DomainForm):
    """What a group (大类) says: its names."""

    name = words_field(FIELDS["name"], describing.MAX_NAME, required=True)
    resident_name = words_field(FIELDS["resident_name"], describing.MAX_NAME, required=True)

    @staticmethod
    def start(spec: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form holds for ``spec``."""
        return {"name": spec.get("name", ""), "resident_name": spec.get("resident_name", "")}

    def changes(self) -> dict[str, Any]:
        """Return what was typed, in the JSON of a version."""
        return {name: clean(self.cleaned_data[name]) for name in ("name", "resident_name")}


class NewForm(DomainForm):
    """The beginning of a category: where it stands and what it is called."""

    parent = forms.ChoiceField(label=FIELDS["parent"], required=False)
    name = words_field(FIELDS["name"], describing.MAX_NAME, required=True)
    resident_name = words_field(FIELDS["resident_name"], describing.MAX_NAME, required=True)
    code = words_field(
        FIELDS["code"], 32, required=True,
        hint=gettext_lazy("小写英文、数字和下划线，例如 wet_garbage；表格导入和接口用它，以后不能改。"),
    )  # fmt: skip

    def __init__(self, *args: Any, groups: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer ``groups``."""
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", _("（新的大类）")), *groups]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """Return a code that addresses and rules can carry."""
        code = clean(self.cleaned_data["code"])
        if not describing.CODE.fullmatch(code) or code == "new":
            raise forms.ValidationError(_("代码用小写英文字母开头，只含小写字母、数字和下划线，最多 32 个。"))
        return code


class ReasonForm(DomainForm):
    """Why something is done."""

    reason = words_field(gettext_lazy("理由"), 500, rows=2, required=True)
    confirmed = forms.BooleanField(required=False)


class MoveForm(DomainForm):
    """Under which group a category stands."""

    parent = forms.ChoiceField(label=FIELDS["parent"], required=False)

    def __init__(self, *args: Any, groups: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer ``groups``."""
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", _("（单独作为大类）")), *groups]  # type: ignore[attr-defined]
