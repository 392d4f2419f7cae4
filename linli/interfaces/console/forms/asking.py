"""The form of one question or group: what people type, and the item of a whole form that it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.errors import DomainError
from linli.foundation.core.text import clean
from linli.foundation.forms.rules import said
from linli.foundation.forms.rules.editing import users_of, with_list, without_idle_lists
from linli.foundation.forms.rules.problems import is_dynamic
from linli.foundation.forms.types import (
    CHOOSING,
    UNSEEN,
    Choice,
    Group,
    Problem,
    Question,
    QuestionType,
    Score,
    WholeForm,
)
from linli.interfaces.console.categories.asking import OWN, conditions
from linli.interfaces.console.forms.words import TYPES, label_of
from linli.interfaces.web.forms import DomainForm, words_field

MOST_ROWS = 150
_T = QuestionType


def _any_of(*types: QuestionType) -> str:
    return " or ".join(f"${{type}} = '{t.value}'" for t in types)


_SEEN = " and ".join(f"${{type}} != '{t.value}'" for t in (*sorted(UNSEEN), _T.NOTE))
_MARKED = [t for t in _T if t not in UNSEEN | {_T.NOTE, _T.ACKNOWLEDGE}]
# What the browser shows for which type: the same language of conditions that the questions themselves use.
SHOWN: dict[str, str] = {
    "choices": _any_of(*sorted(CHOOSING)),
    "range": _any_of(_T.RANGE),
    "photo": _any_of(_T.PHOTO),
    "calculation": _any_of(_T.CALCULATE, _T.HIDDEN, _T.TEXT, _T.INTEGER, _T.DECIMAL, _T.DATE, _T.NOTE),
    "required": _SEEN,
    "required_when": f"({_SEEN}) and ${{required}} = '{OWN}'",
    "required_message": f"({_SEEN}) and ${{required}} != ''",
    "relevant": f"${{when}} = '{OWN}'",
    "answer": _SEEN,
    "scored": " or ".join(f"${{type}} = '{t.value}'" for t in _MARKED),
    "score": f"({' or '.join(f'${{type}} = {t.value!r}' for t in _MARKED)}) and ${{scored}} = 'on'",
}
# Which field of the page says what is wrong with which field of an item.
_FIELDS = {
    "default_expression": "default", "parameters": "range_start", "code": "code", "columns": "choice_filter",
    "mark": "type", "list": "type",
}  # fmt: skip


def _zh(words: Mapping[str, str]) -> str:
    return words.get("zh-hans", "")


def _both(chinese: str, english: str, before: Mapping[str, str]) -> dict[str, str]:
    """Return words in both languages; those in further ones stay."""
    found = {**before, "zh-hans": clean(chinese), "en": clean(english)}
    return {language: text for language, text in found.items() if text}


def _expression(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=5_000, required=False, help_text=hint, widget=forms.Textarea(attrs={"rows": 2})
    )


class ItemForm(DomainForm):
    """A question, or a group of them."""

    label = words_field(
        gettext_lazy("题目"), 500, rows=2, hint=gettext_lazy("一次只问一件事；可以用 ${name} 带出前面的回答。")
    )
    label_en = words_field(gettext_lazy("题目（英文）"), 500)
    type = forms.ChoiceField(label=gettext_lazy("题型"), required=False)
    hint = words_field(gettext_lazy("提示"), 1_000, rows=2, hint=gettext_lazy("写在题目下面的一两句话。"))
    guidance = words_field(
        gettext_lazy("标准原文"), 4_000, rows=3, hint=gettext_lazy("填写的人点开就能看到的条文、测评标准。")
    )
    choice_filter = _expression(
        gettext_lazy("按前面的回答筛选选项"), gettext_lazy("例如 area = ${street}，area 是选项表里的列。")
    )
    range_start = forms.CharField(label=gettext_lazy("最低"), max_length=12, required=False)
    range_end = forms.CharField(label=gettext_lazy("最高"), max_length=12, required=False)
    range_step = forms.CharField(label=gettext_lazy("间隔"), max_length=12, required=False)
    least = forms.IntegerField(label=gettext_lazy("最少几张"), min_value=0, max_value=20, required=False)
    most = forms.IntegerField(
        label=gettext_lazy("最多几张"),
        min_value=0,
        max_value=20,
        required=False,
        help_text=gettext_lazy("0 表示不另限。"),
    )
    same_spot = forms.BooleanField(
        label=gettext_lazy("同一机位"), required=False, help_text=gettext_lazy("拍的时候叠上次的照片，周周可比。")
    )
    required = forms.ChoiceField(label=gettext_lazy("要不要必答"), required=False)
    required_when = _expression(gettext_lazy("什么时候必答"))
    required_message = words_field(gettext_lazy("没有回答时说什么"), 300)
    when = forms.ChoiceField(label=gettext_lazy("什么时候问"), required=False)
    relevant = _expression(gettext_lazy("条件"))
    constraint = _expression(gettext_lazy("回答的要求"), gettext_lazy("“.”是这道题的回答，例如 . > 0 and . < 20。"))
    constraint_message = words_field(gettext_lazy("不符合时说什么"), 300)
    calculation = _expression(gettext_lazy("算式"), gettext_lazy("例如 round(${area} div ${people}, 2)。"))
    default = words_field(
        gettext_lazy("默认值"), 1_000, hint=gettext_lazy("一个值，或 today() 这样的算式；选择题写选项代码。")
    )
    personal = forms.BooleanField(
        label=gettext_lazy("个人信息"), required=False, help_text=gettext_lazy("加密保存，列表和导出里遮盖。")
    )
    scored = forms.BooleanField(label=gettext_lazy("计分"), required=False)
    score_full = forms.CharField(label=gettext_lazy("满分"), max_length=12, required=False)
    score_weight = forms.CharField(label=gettext_lazy("权重"), max_length=12, required=False)
    score_veto = forms.ChoiceField(label=gettext_lazy("一票否决"), required=False)
    score_passes = _expression(
        gettext_lazy("怎样算满分"), gettext_lazy("不按选项计分时写条件，例如 . >= 80；留空表示有回答就是满分。")
    )
    finds = _expression(
        gettext_lazy("怎样算发现问题"), gettext_lazy("符合时生成一条问题，例如 . = 'no'；“.”是这道题的回答。")
    )
    count = _expression(gettext_lazy("重复几次"), gettext_lazy("留空表示由填写的人添加；可以写 ${floors} 这样的名称。"))
    repeat = forms.BooleanField(label=gettext_lazy("可以填多次（重复组）"), required=False)
    code = forms.CharField(
        label=gettext_lazy("名称（代码）"), max_length=64,
        help_text=gettext_lazy("条件和算式用它，英文字母开头；改名后，引用它的地方会跟着改。"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, form: WholeForm, item: Question | Group, path: str, before: Sequence[Question], **kwargs: Any
    ) -> None:
        """Offer what fits ``item``; ``before`` are the questions asked earlier."""
        super().__init__(*args, **kwargs)
        self.form, self.item, self.path = form, item, path
        self.rows: list[dict[str, str]] = []
        fields: Any = self.fields
        fields["type"].choices = [(t.value, label) for t, (label, _icon) in TYPES.items()]
        fields["required"].choices = [("", _("选答")), ("yes", _("必答")), (OWN, _("按条件必答"))]
        asked = [_as_json(q, form) for q in before]
        fields["when"].choices = [("", _("总是问")), *conditions(asked)[:120], (OWN, _("自己写条件"))]
        fields["score_veto"].choices = [("", _("否")), ("group", _("本组记零分")), ("form", _("整张表记零分"))]
        fields["label"].required = isinstance(item, Question) and item.type not in UNSEEN

    def clean(self) -> dict[str, Any]:
        """Look at what belongs together."""
        data = super().clean() or {}
        if data.get("when") == OWN and not clean(data.get("relevant", "")):
            self.add_error("relevant", _("请写明条件，或改选“总是问”。"))
        if data.get("required") == OWN and not clean(data.get("required_when", "")):
            self.add_error("required_when", _("请写明条件，或改选“必答”。"))
        return data

    def take(self, error: DomainError) -> None:
        """Show each problem of this item at its field; those of others above, with their names."""
        found: tuple[Problem, ...] = error.params.get("problems", ())
        if not found:
            super().take(error)
            return
        *above, _code = self.path.split("/")
        mine = "/".join([*above, str(self.cleaned_data.get("code", ""))])
        for problem in found[:20]:
            words = "".join(said(problem))
            field = _FIELDS.get(problem.field, problem.field)
            if problem.field == "score":
                field = f"score_{problem.detail}" if f"score_{problem.detail}" in self.fields else "score_full"
            if problem.path == mine and field in self.fields:
                self.add_error(field, words)
            else:
                self.add_error(None, words if problem.path == mine or not problem.path else f"{problem.path}：{words}")

    def whole(self) -> tuple[WholeForm, Question | Group]:
        """Return the form with its lists as typed, and the item."""
        if isinstance(self.item, Group):
            return self.form, self._group(self.item)
        return self._question(self.item)

    def _relevant(self) -> str:
        data = self.cleaned_data
        return clean(data["relevant"]) if data["when"] == OWN else str(data["when"])

    def _group(self, old: Group) -> Group:
        data = self.cleaned_data
        count = clean(data["count"]) if data["repeat"] else ""
        return replace(
            old, code=clean(data["code"]), label=_both(data["label"], data["label_en"], old.label),
            relevant=self._relevant(), repeat=data["repeat"], count=count,
        )  # fmt: skip

    def _question(self, old: Question) -> tuple[WholeForm, Question]:
        data, form = self.cleaned_data, self.form
        kind = QuestionType(data["type"] or old.type.value)
        code, default = clean(data["code"]), clean(data["default"])
        dynamic = is_dynamic(default)
        zh = ("hint", "guidance", "constraint_message", "required_message")
        words: dict[str, Any] = {n: _both(data[n], getattr(old, n).get("en", ""), getattr(old, n)) for n in zh}
        made = replace(
            old, code=code, type=kind, label=_both(data["label"], data["label_en"], old.label), **words,
            required=data["required"] == "yes", relevant=self._relevant(), constraint=clean(data["constraint"]),
            required_when=clean(data["required_when"]) if data["required"] == OWN else "",
            calculation=clean(data["calculation"]), finds=clean(data["finds"]), personal=data["personal"],
            default=None if dynamic or not default else default, default_expression=default if dynamic else "",
            choice_filter=clean(data["choice_filter"]) if kind in CHOOSING else "", score=self._score(old, kind),
            least=data["least"] or 0 if kind is _T.PHOTO else 0, most=data["most"] or 0 if kind is _T.PHOTO else 0,
            same_spot=data["same_spot"] and kind is _T.PHOTO, parameters=self._parameters(old, kind),
        )  # fmt: skip
        if kind not in CHOOSING:
            return form, replace(made, list="", choices=())
        if not self.rows:
            return form, made
        name = made.list or f"{code}_list"
        while not made.list and name in form.lists:
            name = f"{name}_"
        return with_list(form, name, tuple(self._choices(form.choices(old)))), replace(made, list=name, choices=())

    def _parameters(self, old: Question, kind: QuestionType) -> dict[str, str]:
        data = self.cleaned_data
        if kind is not _T.RANGE:
            return {k: v for k, v in old.parameters.items() if k not in {"start", "end", "step"}}
        given = {k: clean(data[f"range_{k}"]) for k in ("start", "end", "step")}
        return {**old.parameters, **{k: v for k, v in given.items() if v}}

    def _score(self, old: Question, kind: QuestionType) -> Score | None:
        data = self.cleaned_data
        if not data["scored"] or kind not in _MARKED:
            return None
        spared = tuple(r["code"] for r in self.rows if r["spared"]) if kind in CHOOSING and self.rows else ()
        if kind not in CHOOSING or not self.rows:
            spared = old.score.spared if old.score else ()
        return Score(
            clean(data["score_full"]) or "1", clean(data["score_weight"]) or "1", data["score_veto"], spared,
            clean(data["score_passes"]),
        )  # fmt: skip

    def take_rows(self, rows: Sequence[dict[str, str]]) -> None:
        """Take the choices as typed; those without a code get a free one."""
        taken = {r["code"] for r in rows if r["code"]}
        self.rows = []
        for row in rows:
            code = row["code"] or next(c for n in range(1, len(rows) + 200) if (c := f"o{n}") not in taken)
            taken.add(code)
            self.rows.append({**row, "code": code})

    def _choices(self, old: Sequence[Choice]) -> list[Choice]:
        known = {c.code: c for c in old}
        found = []
        for row in self.rows:
            before = known.get(row["code"], Choice(row["code"], {}))
            found.append(replace(before, label=_both(row["text"], row["en"], before.label), mark=row["mark"]))
        return found


def _as_json(q: Question, form: WholeForm) -> dict[str, Any]:
    """Return what ``conditions`` reads of a question."""
    choices = [asdict(c) for c in form.choices(q)[:20]] if q.type in {_T.CHOICE, _T.CHOICES} else []
    return {"code": q.code, "type": q.type.value, "label": {"zh-hans": label_of(q)}, "choices": choices}


def typed_rows(post: Any) -> list[dict[str, str]]:
    """Return the choices as typed, rows without words left out."""
    columns = [post.getlist(f"choice_{name}") for name in ("text", "en", "code", "mark", "spared")]
    rows = zip(*(c[:MOST_ROWS] for c in columns), strict=False)
    found = [dict(zip(("text", "en", "code", "mark", "spared"), map(clean, row), strict=True)) for row in rows]
    return [row for row in found if row["text"]]


def rows_of(form: WholeForm, item: Question | Group) -> list[dict[str, str]]:
    """Return the choices of a question, as the page shows them."""
    if not isinstance(item, Question):
        return []
    spared = set(item.score.spared) if item.score else set()
    return [
        {
            "text": _zh(c.label), "en": c.label.get("en", ""), "code": c.code, "mark": c.mark,
            "spared": "1" if c.code in spared else "",
        }
        for c in form.choices(item)[: MOST_ROWS + 1]
    ]  # fmt: skip


def shared_with(form: WholeForm, item: Question | Group, path: str) -> list[str]:
    """Return the other questions that use the same list."""
    return [p for p in users_of(form, item.list) if p != path] if isinstance(item, Question) else []


def start(item: Question | Group, before: Sequence[Question], form: WholeForm) -> dict[str, Any]:
    """Return what the form holds for ``item``."""
    simple = {expression for expression, _words in conditions([_as_json(q, form) for q in before])[:120]}
    own = item.relevant and item.relevant not in simple
    found: dict[str, Any] = {
        "code": item.code, "label": _zh(item.label), "label_en": item.label.get("en", ""),
        "when": OWN if own else item.relevant, "relevant": item.relevant if own else "",
    }  # fmt: skip
    if isinstance(item, Group):
        return found | {"count": item.count, "repeat": item.repeat}
    score = item.score or Score()
    return found | {
        "type": item.type.value, "hint": _zh(item.hint), "guidance": _zh(item.guidance),
        "required": "yes" if item.required else OWN if item.required_when else "",
        "required_when": item.required_when, "required_message": _zh(item.required_message),
        "constraint": item.constraint, "constraint_message": _zh(item.constraint_message),
        "calculation": item.calculation,
        "default": item.default_expression or ("" if item.default is None else item.default),
        "personal": item.personal, "choice_filter": item.choice_filter, "least": item.least, "most": item.most,
        "same_spot": item.same_spot, "scored": item.score is not None, "score_full": score.full,
        "score_weight": score.weight, "score_veto": score.veto, "score_passes": score.passes, "finds": item.finds,
        **{f"range_{k}": item.parameters.get(k, usual) for k, usual in (("start", "1"), ("end", "10"), ("step", "1"))},
    }  # fmt: skip


__all__ = ["SHOWN", "ItemForm", "rows_of", "shared_with", "start", "typed_rows", "without_idle_lists"]
