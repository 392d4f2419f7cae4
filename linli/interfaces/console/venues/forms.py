"""The shape of what is entered about venues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.coordinates import CoordinateSystem, to_wgs84
from linli.foundation.forms.types import QuestionSet, QuestionType
from linli.foundation.venues.rules import hours as opening
from linli.foundation.venues.types import ItemKind, Level, State, VenueData
from linli.interfaces.console.venues.doors import id_of
from linli.interfaces.web.forms import DomainForm, words_field

if TYPE_CHECKING:
    from linli.foundation.venues.models import Venue

_DATE = {"type": "date"}
_SAID = {
    "span": gettext_lazy("时间没有看懂。请写成“08:30-11:30, 13:30-17:00”，休息写“休息”或留空。"),
    "order": gettext_lazy("开始和结束时间相同。全天开放写“00:00-24:00”。"),
    "overlap": gettext_lazy("同一天的时段互相重叠。"),
    "many": gettext_lazy("时段太多，请合并。"),
    "date": gettext_lazy("日期没有看懂。请写成“2026-02-16~2026-02-22 休息 春节”。"),
}


def _day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=False, help_text=hint, widget=forms.DateInput(attrs=_DATE))


class VenueForm(DomainForm):
    """Everything of a venue but its hours' days, its place on the map, its facilities and its kind's questions."""

    name = words_field(gettext_lazy("名称"), 64, required=True)
    aliases = words_field(gettext_lazy("别名"), 300, hint=gettext_lazy("居民会怎么叫它，用逗号隔开；按别名也能找到。"))
    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=State.choices)
    level = forms.ChoiceField(label=gettext_lazy("层级"), choices=Level.choices, required=False)
    address = words_field(gettext_lazy("地址"), 200)
    area = forms.CharField(required=False, max_length=20)
    district = words_field(gettext_lazy("商圈、片区"), 64, hint=gettext_lazy("留空则按所在的街区、商务区填写。"))
    always = forms.BooleanField(label=gettext_lazy("全年 24 小时开放"), required=False)
    exceptions = words_field(
        gettext_lazy("特殊日期"),
        4000,
        rows=3,
        hint=gettext_lazy("一行一条：日期（或起~止）、时间或“休息”、说明。例如：2026-02-16~2026-02-22 休息 春节"),
    )
    keeper = forms.CharField(required=False, max_length=20)
    keeper_post = forms.CharField(required=False, max_length=20)
    phone = words_field(gettext_lazy("对外电话"), 32, hint=gettext_lazy("场所自己的电话，会公开；不要填个人手机。"))
    partner = words_field(gettext_lazy("合作机构"), 100, hint=gettext_lazy("例如：基金会、志愿服务队。"))
    offers = words_field(gettext_lazy("优惠与服务"), 300)
    plaque = words_field(gettext_lazy("铭牌编号"), 40)
    intro = words_field(gettext_lazy("公开介绍"), 2000, rows=3)
    valid_from = _day(gettext_lazy("启用日期"))
    valid_to = _day(gettext_lazy("停用日期"))
    review_on = _day(gettext_lazy("下次复核日期"))
    note = words_field(gettext_lazy("内部备注"), 2000, rows=2, hint=gettext_lazy("只有工作人员能看到。"))


def days() -> list[str]:
    """Return the names of the week's fields' days."""
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


def initial(venue: Venue | None) -> dict[str, Any]:
    """Return what the form shows first."""
    if venue is None:
        return {"state": State.OPEN.value}
    hours = opening.from_json(venue.hours)
    names = (
        "name", "state", "level", "address", "district", "phone", "partner", "offers", "plaque", "intro", "note",
        "valid_from", "valid_to", "review_on",
    )  # fmt: skip
    found = {n: getattr(venue, n) for n in names}
    return {
        **found,
        "aliases": "，".join(venue.aliases),
        "area": venue.area_id or "",
        "keeper": venue.keeper_id or "",
        "keeper_post": venue.keeper_post_id or "",
        "always": hours.always,
        "exceptions": opening.exceptions_text(hours.exceptions),
    }


def listed(text: str) -> tuple[str, ...]:
    """Return what stands between commas, each once."""
    parts = text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    return tuple(dict.fromkeys(p.strip() for p in parts if p.strip()))


def week_of(source: Mapping[str, Any] | Venue | None) -> list[str]:
    """Return the seven texts of the week: as typed, or as kept."""
    if source is None:
        return [""] * 7
    if isinstance(source, Mapping):
        return [str(source.get(f"day{n}", ""))[:200] for n in range(7)]
    return [opening.spans_text(spans) for spans in opening.from_json(source.hours).week]


def read_hours(form: VenueForm, typed: Sequence[str]) -> dict[str, Any]:
    """Return the hours as they are kept; what cannot be read is said at its field."""
    week: list[tuple[opening.Span, ...]] = []
    for n, text in enumerate(typed):
        try:
            week.append(opening.parse_spans(text))
        except opening.BadHoursError as error:
            week.append(())
            form.add_error(None, f"{days()[n]}：{_SAID[error.args[0]]}")
    exceptions: tuple[opening.Exceptional, ...] = ()
    try:
        exceptions = opening.parse_exceptions(form.cleaned_data.get("exceptions", ""))
    except opening.BadHoursError as error:
        line = error.args[1] if len(error.args) > 1 else 1
        form.add_error("exceptions", _("第 %(line)s 行：%(what)s") % {"line": line, "what": _SAID[error.args[0]]})
    hours = opening.Hours(tuple(week), exceptions, bool(form.cleaned_data.get("always")))
    return opening.to_json(hours) if hours.known else {}


def read_point(form: VenueForm, data: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return the chosen point in WGS-84, (None, None) for none."""
    lat, lon = data.get("point_lat", "").strip(), data.get("point_lon", "").strip()
    if not lat and not lon:
        return None, None
    code = data.get("point_system") or CoordinateSystem.WGS84.value
    try:
        system = CoordinateSystem(code)
        point = to_wgs84(float(lat), float(lon), system)
    except ValueError:
        form.add_error(None, _("地图上的位置没有读懂，请重新选点。"))
        return None, None
    return point.lat, point.lon


def read_answers(questions: QuestionSet, request: HttpRequest) -> dict[str, Any]:
    """Return what was typed to a kind's questions."""
    found: dict[str, Any] = {}
    for q in questions.questions:
        values = [str(v)[:5000] for v in request.POST.getlist(f"q_{q.code}")]
        if values:
            found[q.code] = values if q.type is QuestionType.CHOICES else values[0]
    return found


def venue_data(form: VenueForm, request: HttpRequest, kind: str, questions: QuestionSet) -> VenueData | None:
    """Return what was typed as the service takes it; None where the form is wrong and says so."""
    form.full_clean()
    hours = read_hours(form, week_of(request.POST))
    lat, lon = read_point(form, request.POST)
    if form.errors:
        return None
    d = form.cleaned_data
    return VenueData(
        kind=kind, name=d["name"], aliases=listed(d["aliases"]), address=d["address"], lat=lat, lon=lon,
        area_id=id_of(d["area"]), district=d["district"], level=d["level"], hours=hours,
        keeper_id=id_of(d["keeper"]), keeper_post_id=id_of(d["keeper_post"]), phone=d["phone"],
        facilities=tuple(request.POST.getlist("facility")), intro=d["intro"], partner=d["partner"],
        offers=d["offers"], plaque=d["plaque"], state=d["state"], valid_from=d["valid_from"], valid_to=d["valid_to"],
        review_on=d["review_on"], answers=read_answers(questions, request), note=d["note"],
    )  # fmt: skip


class StateForm(DomainForm):
    """Open, pause or close."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=State.choices)
    reason = words_field(gettext_lazy("原因"), 300)
    expected = forms.IntegerField(min_value=0)


class ReviewForm(DomainForm):
    """The yearly review."""

    passed = forms.TypedChoiceField(
        label=gettext_lazy("结论"),
        choices=[("1", gettext_lazy("通过")), ("0", gettext_lazy("不通过，摘牌关闭"))],
        coerce=lambda v: v == "1",
    )
    note = words_field(gettext_lazy("说明"), 300)
    expected = forms.IntegerField(min_value=0)


class ItemForm(DomainForm):
    """A line of the inventory."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=ItemKind.choices)
    name = words_field(gettext_lazy("名称"), 64, required=True)
    count = forms.IntegerField(label=gettext_lazy("数量"), min_value=1, max_value=9999, initial=1)
    unit = forms.CharField(required=False, max_length=20)
    note = words_field(gettext_lazy("说明"), 200)


class ActivityForm(DomainForm):
    """Something that takes place."""

    title = words_field(gettext_lazy("活动名称"), 64, required=True)
    starts_at = forms.DateTimeField(
        label=gettext_lazy("开始"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    ends_at = forms.DateTimeField(
        label=gettext_lazy("结束"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    note = words_field(gettext_lazy("说明"), 200)


class PhotoForm(DomainForm):
    """A picture with its words."""

    photo = forms.FileField(label=gettext_lazy("照片"))
    alt = words_field(gettext_lazy("照片上是什么"), 100)
