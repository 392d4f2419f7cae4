"""The form by which a round is planned, and what is typed as the engine takes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.rules.choosing import choice_of
from linli.engines.fieldwork.types import Choice, How, RoundData, TargetFilter
from linli.foundation.forms import selectors as form_rows
from linli.foundation.rulebook import selectors as rulebook
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import day_of, uuid_of
from linli.interfaces.desk.fieldwork.rounds import narrowing
from linli.interfaces.desk.fieldwork.rounds.words import options, programmes
from linli.interfaces.web.forms import DomainForm, day_field

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round

WEEKDAYS = [(str(n), name) for n, name in enumerate("一二三四五六日", 1)]
RHYTHMS = [
    ("once", gettext_lazy("一次")),
    ("days", gettext_lazy("每隔几天")),
    ("workdays", gettext_lazy("每隔几个工作日")),
    ("weeks", gettext_lazy("每隔几周")),
    ("months", gettext_lazy("每隔几个月")),
    ("given", gettext_lazy("在指定的日子、节日")),
]
HOWS = [
    ("filter", gettext_lazy("符合条件的全部对象")),
    ("draw", gettext_lazy("随机抽取")),
    ("list", gettext_lazy("逐个指定")),
]
MOST_WINDOWS = 2


def _clock_field(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class RoundForm(DomainForm):
    """A round: what, whom, where, when, how."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    form = forms.ChoiceField(label=gettext_lazy("表单"))
    programme = forms.ChoiceField(label=gettext_lazy("专项"), required=False)
    unit = forms.TypedChoiceField(label=gettext_lazy("组织单位"), coerce=int)
    joining = forms.TypedMultipleChoiceField(label=gettext_lazy("联合参加的单位"), coerce=int, required=False)
    how = forms.ChoiceField(label=gettext_lazy("怎样选对象"), choices=HOWS, initial="filter")
    kind = forms.ChoiceField(label=gettext_lazy("台账"), required=False)
    area = forms.TypedChoiceField(label=gettext_lazy("范围"), coerce=int, required=False, empty_value=None)
    tag = forms.CharField(label=gettext_lazy("标签"), max_length=40, required=False)
    text = forms.CharField(label=gettext_lazy("名称、地址含有"), max_length=60, required=False)
    more = forms.MultipleChoiceField(label=gettext_lazy("台账里的筛选"), required=False)
    owner = forms.TypedChoiceField(label=gettext_lazy("对象的责任单位"), coerce=int, required=False, empty_value=None)
    seed = forms.CharField(label=gettext_lazy("抽签种子"), max_length=60, required=False)
    wanted = forms.IntegerField(label=gettext_lazy("抽取数量"), required=False, min_value=0, max_value=20_000)
    margin = forms.IntegerField(label=gettext_lazy("允许误差（±百分点）"), required=False, min_value=1, max_value=50)
    stratum = forms.CharField(label=gettext_lazy("按什么分层"), max_length=40, required=False)
    targets = forms.MultipleChoiceField(label=gettext_lazy("对象"), required=False)
    starts_on = day_field(gettext_lazy("开始"))
    ends_on = day_field(gettext_lazy("结束"))
    rhythm = forms.ChoiceField(label=gettext_lazy("多久一次"), choices=RHYTHMS, initial="once")
    every = forms.IntegerField(label=gettext_lazy("间隔"), required=False, min_value=1, max_value=365)
    festivals = forms.MultipleChoiceField(label=gettext_lazy("节日"), required=False)
    days = forms.CharField(label=gettext_lazy("其他日子"), required=False, max_length=400)
    before = forms.IntegerField(label=gettext_lazy("提前几天开始"), required=False, min_value=0, max_value=60)
    weekdays = forms.MultipleChoiceField(label=gettext_lazy("星期"), choices=WEEKDAYS, required=False)
    from_1 = _clock_field(gettext_lazy("从"))
    to_1 = _clock_field(gettext_lazy("到"))
    from_2 = _clock_field(gettext_lazy("从"))
    to_2 = _clock_field(gettext_lazy("到"))
    pair = forms.BooleanField(label=gettext_lazy("须两人同行"), required=False)
    review = forms.BooleanField(label=gettext_lazy("记录须审核后才算数"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Offer what there is today."""
        super().__init__(*args, **kwargs)
        self.today = today
        units = [(u.id, u.name) for u in directory.units().values()]
        kinds = selectors.kinds()
        self._choose("form", _("请选择表单"), form_rows.fillable())
        self._choose("programme", _("不属于专项"), programmes().items())
        self._choose("unit", _("请选择单位"), units)
        self._choose("owner", _("不限"), units)
        self._choose("kind", _("请选择台账"), ((k.code, k.name) for k in kinds))
        self._choose(
            "area", _("全街道"), ((a.id, f"{'　' * max(0, a.depth - 1)}{a.name}") for a in directory.areas(today))
        )
        self.fields["joining"].choices = units  # type: ignore[attr-defined]
        self.coming = festivals(today)
        self.fields["festivals"].choices = [(d.isoformat(), name) for d, name in self.coming]  # type: ignore[attr-defined]
        parts = self.data.getlist("more") if hasattr(self.data, "getlist") else self.initial.get("more", [])
        self.fields["more"].choices = [(p, p) for p in parts if narrowing.is_part(p)]  # type: ignore[attr-defined]
        named = self.data.getlist("targets") if hasattr(self.data, "getlist") else self.initial.get("targets", [])
        self.fields["targets"].choices = [(u, u) for u in named if uuid_of(str(u))]  # type: ignore[attr-defined]

    def _choose(self, name: str, first: str, found: Any) -> None:
        self.fields[name].choices = [(o["value"], o["label"]) for o in options(first, found)]  # type: ignore[attr-defined]

    @property
    def area_path(self) -> str:
        """The path of the area that was chosen."""
        wanted = self.cleaned_data.get("area")
        return next((a.path for a in directory.areas(self.today) if a.id == wanted and a.depth), "")

    def choice(self) -> Choice:
        """Return what was typed of whom to visit."""
        data = self.cleaned_data
        where = TargetFilter(
            kinds=(data["kind"],) if data.get("kind") else (), area_path=self.area_path, tag=data.get("tag", ""),
            text=data.get("text", ""), unit_id=data.get("owner"),
        )  # fmt: skip
        where = narrowing.narrowed(where, data.get("more", ()))
        how = How(data.get("how") or "filter")
        if how is How.LIST:
            found = tuple(u for t in data.get("targets", ()) if (u := uuid_of(t)) is not None)
            return Choice(how, where, targets=found)
        if how is How.DRAW:
            return Choice(
                how, where, seed=data.get("seed", ""), wanted=data.get("wanted") or 0, margin=data.get("margin") or 0,
                stratum=data.get("stratum", "").strip(),
            )  # fmt: skip
        return Choice(how, where)

    def rhythm_json(self) -> dict[str, Any]:
        """Return what was typed of when, as a round keeps it; empty: once at any time."""
        data = self.cleaned_data
        unit = data["rhythm"]
        found: dict[str, Any] = {} if unit == "once" else {"unit": unit}
        if unit == "given":
            found |= {"days": sorted(self._days()), "before": data.get("before") or 0}
        elif unit != "once":
            found["every"] = data.get("every") or 1
        windows = self._windows()
        if windows:
            found |= {"unit": unit, "windows": windows}
        return found

    def _days(self) -> set[str]:
        typed = self.cleaned_data.get("days", "").replace("，", " ").replace("、", " ").replace(",", " ").split()
        return {d.isoformat() for t in typed if (d := day_of(t)) is not None} | set(
            self.cleaned_data.get("festivals", ())
        )

    def _windows(self) -> list[list[int]]:
        data = self.cleaned_data
        spans = [(data.get(f"from_{n}"), data.get(f"to_{n}")) for n in range(1, MOST_WINDOWS + 1)]
        minutes = [(a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in spans if a and b]
        chosen = [int(d) for d in data.get("weekdays", ())]
        if not chosen and not minutes:
            return []
        return [[d, *m] for d in chosen or range(1, 8) for m in minutes or [(0, 1440)]]

    def clean(self) -> dict[str, Any]:
        """Hold the times against each other, and days that are none."""
        data: dict[str, Any] = super().clean() or {}
        for n in range(1, MOST_WINDOWS + 1):
            first, last = data.get(f"from_{n}"), data.get(f"to_{n}")
            if (first is None) != (last is None) or (first and last and first >= last):
                self.add_error(f"from_{n}", _("时段要写起止，且止晚于起；跨零点的分两段写。"))
        typed = data.get("days", "").replace("，", " ").replace("、", " ").replace(",", " ").split()
        if wrong := [t for t in typed if day_of(t) is None]:
            self.add_error("days", _("“%(day)s”不是日期，请写成 2026-09-30。") % {"day": wrong[0]})
        if data.get("rhythm") == "given" and not typed and not data.get("festivals"):
            self.add_error("days", _("请选择节日，或填写日子。"))
        return data

    def round_data(self) -> RoundData:
        """Return the round as the engine takes it."""
        data = self.cleaned_data
        return RoundData(
            title=data["title"], form=data["form"], unit_id=data["unit"], starts_on=data["starts_on"],
            ends_on=data["ends_on"], choice=self.choice(), area_id=data["area"] if self.area_path else None,
            programme=data["programme"], rhythm=self.rhythm_json(), pair=data["pair"], review=data["review"],
            joining=tuple(data["joining"]),
        )  # fmt: skip


def festivals(today: date) -> list[tuple[date, str]]:
    """Return the first day of each festival of this year and the next that the calendar knows, from today on."""
    found: dict[tuple[int, str], date] = {}
    for special in rulebook.working_calendar().days.values():
        if special.is_workday or not special.name or special.day < today or special.day.year > today.year + 1:
            continue
        key = (special.day.year, special.name)
        found[key] = min(special.day, found.get(key, special.day))
    return sorted((day, f"{name} {day:%Y-%m-%d}") for (_year, name), day in found.items())


def fresh(today: date, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what a new plan begins with; ``asked`` may name form, programme, ledger, title and area."""
    known = ("title", "form", "programme", "kind", "area", "unit", "tag")
    return {
        "starts_on": today,
        "ends_on": today + timedelta(days=14),
        "how": "filter",
        "rhythm": "once",
        "seed": f"{today:%Y%m%d}-{token_hex(3)}",
        **{k: v for k in known if (v := asked.get(k, ""))},
    }


def chosen_as(choice: Choice) -> dict[str, Any]:
    """Return a choice as the form shows it; where, the area says."""
    return {
        "how": choice.how.value, "kind": next(iter(choice.filter.kinds), ""), "tag": choice.filter.tag,
        "text": choice.filter.text, "owner": choice.filter.unit_id or "", "seed": choice.seed,
        "wanted": choice.wanted or None, "margin": choice.margin or None, "stratum": choice.stratum,
        "targets": [str(t) for t in choice.targets], "more": narrowing.parts_of(choice.filter),
    }  # fmt: skip


def begun_with(choice: Choice, today: date) -> dict[str, Any]:
    """Return what a new plan begins with where its choice was made elsewhere."""
    area = next((a.id for a in directory.areas(today) if a.depth and a.path == choice.filter.area_path), "")
    return {**fresh(today, {}), **{k: v for k, v in chosen_as(choice).items() if v}, "area": area}


def initial_of(round_: Round, joining: list[int]) -> dict[str, Any]:
    """Return a round as the form shows it."""
    rhythm = round_.rhythm
    windows: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for weekday, begin, end in rhythm.get("windows", ()):
        windows[weekday].append((begin, end))
    spans = next(iter(windows.values()), [])
    found: dict[str, Any] = {
        "title": round_.title, "form": round_.form.code, "programme": round_.programme, "unit": round_.unit_id,
        "joining": joining, "area": round_.area_id or "", **chosen_as(choice_of(round_.choice)),
        "starts_on": round_.starts_on, "ends_on": round_.ends_on, "rhythm": rhythm.get("unit", "once"),
        "every": rhythm.get("every"), "before": rhythm.get("before"), "days": "、".join(rhythm.get("days", ())),
        "weekdays": [str(d) for d in sorted(windows)] if len(windows) < 7 else [], "pair": round_.pair,
        "review": round_.review,
    }  # fmt: skip
    for n, (begin, end) in enumerate(spans[:MOST_WINDOWS], 1):
        if (begin, end) != (0, 1440):
            found |= {f"from_{n}": _clock(begin), f"to_{n}": _clock(end)}
    return found


def _clock(minutes: int) -> str:
    return "23:59" if minutes >= 1440 else f"{minutes // 60:02}:{minutes % 60:02}"


class CloseForm(DomainForm):
    """A round is closed: 有督查就有情况反馈，有督查就有处理结果."""

    feedback = forms.CharField(
        label=gettext_lazy("情况反馈"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5_000,
        help_text=gettext_lazy("查了什么、发现什么、向谁作了反馈。"),
    )  # fmt: skip
    result = forms.CharField(
        label=gettext_lazy("处理结果"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5_000,
        help_text=gettext_lazy("问题怎样处理，还有什么没有完成、由谁跟进。"),
    )  # fmt: skip


class DropForm(DomainForm):
    """A round is called off."""

    reason = forms.CharField(label=gettext_lazy("取消的原因"), widget=forms.Textarea(attrs={"rows": 2}), max_length=300)
