"""The fields of the acts' forms, one function each; a field is named as the service names its argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.engines.cases import selectors, services
from linli.engines.cases.rules.routing import Route
from linli.engines.cases.types import FeedbackWay, FilePurpose
from linli.engines.cases.workflow import Level, Outcome
from linli.foundation.core.actors import Actor
from linli.foundation.forms.types import Question, QuestionType
from linli.foundation.people import selectors as people
from linli.interfaces.desk import directory

if TYPE_CHECKING:
    from linli.engines.cases.models import Case


MAX_TEXT = 2_000
Choices = list[tuple[Any, Any]]


@dataclass
class Asked:
    """An act on one case by one person, before it is done."""

    actor: Actor
    case: Case
    now: datetime
    verb: str

    @cached_property
    def route(self) -> Route:
        """Where the rules would send the case."""
        return services.suggest_route(self.case, self.now)

    @cached_property
    def detail(self) -> selectors.Detail:
        """What hangs on the case."""
        return selectors.case_detail(self.actor, self.case, events=1)


Make = Callable[[Asked], forms.Field]


class UploadInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class UploadField(forms.Field):
    """Files of one purpose; read from the request, not from the form's data."""

    def __init__(self, purpose: FilePurpose, **more: Any) -> None:
        """Take files that show ``purpose``."""
        super().__init__(widget=UploadInput(), required=False, **more)
        self.purpose = purpose

    def clean(self, value: Any) -> Any:
        """Leave it to the view, which stores them."""
        return value


def text(label: Any, *, required: bool = True, hint: Any = "", start: Callable[[Asked], str] | None = None) -> Make:
    """A longer text."""

    def make(asked: Asked) -> forms.Field:
        initial = start(asked) if start else ""
        return forms.CharField(
            label=label, required=required, max_length=MAX_TEXT, help_text=hint, initial=initial, widget=forms.Textarea
        )

    return make


def result_text(asked: Asked) -> forms.Field:
    """What was done; says which helping units have not answered, though that holds nothing up."""
    waiting = selectors.helpers_waited_for(asked.case)
    units = "、".join(directory.unit_name(unit) for unit in waiting)
    hint = _("还有协办单位没有反馈：%(units)s。可以先提交，记录中会注明。") % {"units": units} if waiting else ""
    return text(_("处置情况"), hint=hint)(asked)


def line(label: Any, start: Callable[[Asked], str], *, longest: int, required: bool = False) -> Make:
    """A short text that stands filled in."""
    return lambda asked: forms.CharField(label=label, required=required, max_length=longest, initial=start(asked))


def radio(
    label: Any, pairs: Choices, *, required: bool = True, start: Callable[[Asked], Any] | None = None, hint: Any = ""
) -> Make:
    """One of a few, all shown."""

    def make(asked: Asked) -> forms.Field:
        initial = start(asked) if start else None
        return forms.ChoiceField(
            label=label, choices=pairs, required=required, initial=initial, help_text=hint, widget=forms.RadioSelect
        )

    return make


def _blank(pairs: Iterable[tuple[Any, Any]], word: Any) -> Choices:
    return [("", word), *pairs]


_UNIT = _("承办单位")


def unit(label: Any = _UNIT, *, required: bool = True) -> Make:
    """One working unit; the one that the rules name is chosen beforehand."""

    def make(asked: Asked) -> forms.Field:
        subject, found = asked.case.subject_unit_id, asked.route.unit_id
        pairs = [(u.id, u.name) for u in directory.units().values() if u.id != subject]
        initial = (
            asked.case.unit_id if asked.verb == "decide_return" else found if found != asked.case.unit_id else None
        )
        hint = (
            _("按规则建议：%(unit)s") % {"unit": directory.unit_name(found)}
            if found
            else _("没有规则适合此件，请人工选择。")
        )
        return forms.TypedChoiceField(
            label=label,
            choices=_blank(pairs, _("请选择")),
            coerce=int,
            empty_value=None,
            required=required,
            initial=initial,
            help_text=hint,
        )

    return make


def units(label: Any, *, required: bool = False) -> Make:
    """Several working units."""

    def make(asked: Asked) -> forms.Field:
        out = {asked.case.subject_unit_id, asked.case.unit_id}
        pairs = [(u.id, u.name) for u in directory.units().values() if u.id not in out]
        initial = list(asked.route.helper_ids) if asked.verb == "dispatch" else []
        widget = forms.SelectMultiple(attrs={"size": 6})
        return forms.TypedMultipleChoiceField(
            label=label,
            choices=pairs,
            coerce=int,
            required=required,
            initial=initial,
            widget=widget,
            help_text=_("可选多个：按住 Ctrl 或 Shift 点选。"),
        )

    return make


def handler(asked: Asked) -> forms.Field:
    """One person of the unit that has the case."""
    holders = people.members_of(asked.case.unit_id or 0, now=asked.now)
    pairs = list({h.user_id: f"{h.name}（{h.title}）" for h in holders}.items())
    return forms.TypedChoiceField(
        label=_("承办人"), choices=_blank(pairs, _("请选择")), coerce=int, initial=asked.case.handler_id
    )


def mentions(asked: Asked) -> forms.Field:
    """Colleagues who should look: the unit's people and who is on duty."""
    found = people.members_of(asked.case.unit_id, now=asked.now) if asked.case.unit_id else []
    pairs = {h.user_id: f"{h.name}（{h.title}）" for h in found}
    pairs |= {d.user_id: f"{d.name}（{d.unit}）" for d in people.on_duty(asked.now)}
    return forms.TypedMultipleChoiceField(
        label=_("提醒同事"),
        choices=list(pairs.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def uploads(purpose: FilePurpose, label: Any, hint: Any = "") -> Make:
    """Photos or papers that show ``purpose``."""

    def make(asked: Asked) -> forms.Field:
        evidence = selectors.spec_of(asked.case.category_version).evidence
        wanted = {
            FilePurpose.BEFORE: evidence.before,
            FilePurpose.AFTER: evidence.after,
            FilePurpose.PAPER: evidence.paper,
        }.get(purpose, 0)
        words = hint
        if asked.verb == "hand_in" and wanted:
            words = _("本类要求 %(n)s 张。%(why)s") % {"n": wanted, "why": evidence.reason(purpose.value)}
        return UploadField(purpose, label=label, help_text=words)

    return make


def day(label: Any) -> Make:
    """A day from today on."""
    widget = forms.DateInput(attrs={"type": "date"})
    return lambda asked: forms.DateField(
        label=label, widget=widget, help_text=_("今天是 %(day)s") % {"day": f"{localtime(asked.now):%Y-%m-%d}"}
    )


def amount(asked: Asked) -> forms.Field:
    """How much more time."""
    return forms.IntegerField(label=_("延长"), min_value=1, max_value=365, initial=5)


def time_unit(asked: Asked) -> forms.Field:
    """In what."""
    pairs = [
        ("work_days", _("个工作日")),
        ("natural_days", _("个自然日")),
        ("work_hours", _("个工作小时")),
        ("natural_hours", _("个自然小时")),
    ]
    return forms.ChoiceField(label=_("单位"), choices=pairs)


def level(asked: Asked) -> forms.Field:
    """Which level convenes."""
    return forms.ChoiceField(label=_("级别"), choices=Level.choices, required=False, initial=asked.case.level)


def category(asked: Asked) -> forms.Field:
    """A kind of problem."""
    pairs = [(n.spec.code, f"{n.group} › {n.spec.name}") for n in selectors.categories() if n.leaf]
    return forms.ChoiceField(label=_("类别"), choices=pairs, required=False, initial=asked.case.category.code)


def urgent(asked: Asked) -> forms.Field:
    """Whether it is urgent."""
    pairs = [("no", _("普通")), ("yes", _("紧急"))]
    start = "yes" if asked.case.urgent else "no"
    return forms.ChoiceField(
        label=_("紧急程度"), choices=pairs, required=False, initial=start, widget=forms.RadioSelect
    )


class PointField(forms.Field):
    """A point of the map; its four inputs are read by the view."""


def point(asked: Asked) -> forms.Field:
    """Where it is, picked on the map."""
    return PointField(label=_("在地图上改位置"), required=False)


def reporter(asked: Asked) -> forms.Field:
    """One of the people who raised it; by the way they want to be told, never by name."""
    pairs = [
        (
            r.pk,
            _("反映人 %(n)s・%(way)s%(told)s")
            % {"n": i, "way": r.get_way_display(), "told": "・" + str(_("已答复")) if r.told_at else ""},
        )
        for i, r in enumerate(asked.detail.reporters, 1)
    ]
    if asked.verb == "reply":
        return forms.TypedChoiceField(
            label=_("答复谁"), choices=_blank(pairs, _("全部反映人")), coerce=int, empty_value=None, required=False
        )
    return forms.TypedChoiceField(label=_("哪位反映人"), choices=pairs, coerce=int)


def order(asked: Asked) -> forms.Field:
    """One of the case's open orders."""
    found = [o for o in asked.detail.orders if o.concluded_at is None]
    pairs = [(o.pk, f"{o.due_on:%Y-%m-%d} {o.text[:40]}") for o in found]
    return forms.TypedChoiceField(label=_("督办"), choices=pairs, coerce=int)


WAYS: Choices = [(w.value, w.label) for w in FeedbackWay if w is not FeedbackWay.NONE]
RESULTS: Choices = [
    ("reached", _("已联系上")),
    ("no_answer", _("无人接听")),
    ("wrong_number", _("号码有误")),
    ("refused", _("拒绝接受")),
]
DECISIONS: Choices = [("yes", _("同意")), ("no", _("不同意"))]
OUTCOMES: Choices = [(o.value, o.label) for o in (Outcome.SOLVED, Outcome.EXPLAINED, Outcome.UNSOLVED)]
RATINGS: Choices = [
    ("satisfied", _("满意")),
    ("mostly", _("基本满意")),
    ("fair", _("一般")),
    ("unsatisfied", _("不满意")),
]


QUESTION = "answers."


def questions(asked: Asked) -> dict[str, forms.Field]:
    """Return the questions of the version that the case was taken in under, filled with its answers."""
    from linli.foundation.forms.rules import from_json  # noqa: PLC0415  asked for by one act alone

    spec = selectors.spec_of(asked.case.category_version)
    found: dict[str, forms.Field] = {}
    for question in from_json(dict(spec.questions)).questions if spec.questions else ():
        if question.type not in {QuestionType.NOTE, QuestionType.PHOTO}:
            found[QUESTION + question.code] = _question(question, asked.case.answers.get(question.code))
    return found


def _word(texts: Mapping[str, str]) -> str:
    return texts.get(get_language() or "") or texts.get("zh-hans", "")


def _question(question: Question, answer: Any) -> forms.Field:
    """Return one question as a field; what is typed is looked at by the service, with the question's own rules."""
    label = question.label.get(get_language() or "") or question.label.get("zh-hans", "")
    pairs: Choices = [
        (c.code, c.label.get(get_language() or "") or c.label.get("zh-hans", "")) for c in question.choices
    ]
    hint = question.hint.get(get_language() or "") or question.hint.get("zh-hans", "")
    more: dict[str, Any] = {"label": label, "required": False, "help_text": hint}
    if question.type is QuestionType.YES_NO:
        pairs, answer = [("yes", _("是")), ("no", _("否"))], {True: "yes", False: "no"}.get(answer, answer)
    if question.type is QuestionType.CHOICES:
        return forms.MultipleChoiceField(choices=pairs, initial=answer, widget=forms.CheckboxSelectMultiple, **more)
    if pairs:
        return forms.ChoiceField(choices=pairs, initial=answer, widget=forms.RadioSelect, **more)
    if isinstance(answer, Mapping):
        answer = answer.get("text", "")
    widgets: dict[QuestionType, type[forms.Widget]] = {
        QuestionType.LONG_TEXT: forms.Textarea,
        QuestionType.DATE: forms.DateInput,
    }
    widget = widgets.get(question.type)
    return forms.CharField(max_length=MAX_TEXT, initial=answer, widget=widget, **more)
