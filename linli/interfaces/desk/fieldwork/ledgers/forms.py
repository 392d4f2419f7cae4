"""The form of a target: its columns, then what its ledger asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.fieldwork.types import TargetData
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import CoordinateSystem, to_wgs84
from linli.foundation.forms.types import UNSEEN, UPLOADS, Question, QuestionSet, QuestionType
from linli.interfaces.desk.doors import id_of
from linli.interfaces.desk.fieldwork.ledgers import shared
from linli.interfaces.web.forms import DomainForm, day_field, words_field

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind, Target

_SKIPPED = UNSEEN | UPLOADS | {QuestionType.NOTE, QuestionType.PLACE, QuestionType.RANK}
_INPUTS = {
    QuestionType.INTEGER: "number",
    QuestionType.DATE: "date",
    QuestionType.TIME: "time",
    QuestionType.DATETIME: "datetime-local",
    QuestionType.PHONE: "tel",
}


def fact(code: str) -> str:
    """Return the name of the input of a ledger's field, which is how the service names its faults."""
    return f"facts.{code}"


def asked_in_form(asked: QuestionSet) -> list[Question]:
    """Return the questions that the form asks."""
    return [q for q in asked.questions if q.type not in _SKIPPED]


def _field(question: Question, *, kept: bool) -> forms.Field:
    label, hint = shared.label_of(question), question.hint.get("zh-hans", "")
    if kept:
        hint = _("已有内容，查看须填写用途；不填则保留，填写则更新。")
    if question.type in (QuestionType.YES_NO, QuestionType.CHOICE):
        options = [(o["value"], o["label"]) for o in shared.choices_of(question, _("不详"))]
        return forms.ChoiceField(label=label, required=False, choices=options, help_text=hint)
    if question.type is QuestionType.CHOICES:
        return forms.MultipleChoiceField(
            label=label, required=False, widget=forms.CheckboxSelectMultiple, help_text=hint,
            choices=[(c.code, c.label.get("zh-hans", c.code)) for c in question.choices],
        )  # fmt: skip
    if question.type is QuestionType.LONG_TEXT:
        return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=hint)
    field = forms.CharField(label=label, required=False, help_text=hint)
    field.widget.input_type = _INPUTS.get(question.type, "text")
    return field


class TargetForm(DomainForm):
    """A target as it is entered or changed.

    What is personal is never shown in it: an empty field leaves what is there.
    """

    name = words_field(gettext_lazy("名称"), 100, required=True)
    number = words_field(gettext_lazy("台账编号"), 40, hint=gettext_lazy("本台账里不重复的编号，可不填。"))
    address = words_field(gettext_lazy("地址"), 200)
    area = forms.ChoiceField(
        label=gettext_lazy("所属区域"), required=False, help_text=gettext_lazy("在地图上选了位置的，按位置归入区域。")
    )
    unit = forms.ChoiceField(label=gettext_lazy("责任单位"), required=False)
    tags = words_field(gettext_lazy("标签"), 400, hint=gettext_lazy("多个标签用顿号或空格分开。"))

    def __init__(
        self, *args: Any, by: Actor, kind: Kind, asked: QuestionSet, target: Target | None, **more: Any
    ) -> None:
        """Offer the areas and units, and ask what the ledger asks."""
        super().__init__(*args, **more)
        self.kind, self.target, self.questions = kind, target, asked_in_form(asked)
        self.fields["area"].choices = [  # type: ignore[attr-defined]
            (o["value"], o["label"]) for o in shared.area_options(by, _("按地图上的位置"))
        ]
        self.fields["unit"].choices = [(o["value"], o["label"]) for o in shared.unit_options(_("未定"))]  # type: ignore[attr-defined]
        for question in self.questions:
            kept = question.personal and target is not None and bool(target.sealed)
            self.fields[fact(question.code)] = _field(question, kept=kept)
        if target is None:
            self.fields["since"] = day_field(
                gettext_lazy("入册日期"), required=False, help_text=gettext_lazy("不填为今天。")
            )

    def parts(self) -> list[dict[str, Any]]:
        """Return the fields in three parts: who and where, what the ledger asks, what is personal."""
        drawn = {f["name"]: f for f in self.drawn}
        facts = {fact(q.code): q for q in self.questions}
        plain = [f for n, f in drawn.items() if n in facts and not facts[n].personal]
        personal = [f for n, f in drawn.items() if n in facts and facts[n].personal]
        columns = [f for n, f in drawn.items() if n not in facts]
        found: list[dict[str, Any]] = [
            {"title": _("基本信息"), "fields": columns, "first": True},
            {"title": _("台账内容"), "fields": plain},
            {"title": _("个人信息（封存）"), "fields": personal, "personal": True},
        ]
        return [part for part in found if part["fields"]]

    def entered(self, posted: Any, parent: UUID | None) -> TargetData:
        """Return what a service takes."""
        values = self.cleaned_data
        lat, lon = point_of(posted)
        tags = values["tags"].replace("，", "、").replace(",", "、").replace(" ", "、").split("、")
        return TargetData(
            kind=self.kind.code,
            name=values["name"],
            number=values["number"],
            address=values["address"],
            lat=lat,
            lon=lon,
            area_id=id_of(values["area"]),
            parent=parent,
            venue_id=self.target.venue_id if self.target else None,
            unit_id=id_of(values["unit"]),
            tags=tuple(t for t in tags if t.strip()),
            facts=self._facts(),
            since=values.get("since"),
        )

    def _facts(self) -> dict[str, Any]:
        found = {}
        for question in self.questions:
            value = self.cleaned_data.get(fact(question.code))
            empty = value in (None, "", [])
            if empty and (question.personal or self.target is None):
                continue
            found[question.code] = None if empty else value
        return found


def point_of(posted: Any) -> tuple[float | None, float | None]:
    """Return the point that a picker sent, in WGS-84; two Nones where there is none."""
    try:
        lat, lon = float(posted.get("point_lat", "")), float(posted.get("point_lon", ""))
        found = to_wgs84(lat, lon, CoordinateSystem(posted.get("point_system") or "wgs84"))
    except ValueError:
        return None, None
    return found.lat, found.lon


def first_values(target: Target, questions: list[Question]) -> dict[str, Any]:
    """Return what the form begins with for a target that is there: nothing personal."""
    found: dict[str, Any] = {
        "name": target.name,
        "number": target.number,
        "address": target.address,
        "area": target.area_id or "",
        "unit": target.unit_id or "",
        "tags": "、".join(target.tags),
    }
    for question in questions:
        value = None if question.personal else target.facts.get(question.code)
        found[fact(question.code)] = (
            {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        )
    return found


class ReasonForm(DomainForm):
    """Why something is done."""

    reason = words_field(gettext_lazy("理由"), 300, required=True, rows=2)
