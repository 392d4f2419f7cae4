"""Kinds of venues, facilities and thematic maps: a page to read them all, a form for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.forms.types import QuestionSet
from linli.foundation.venues import selectors, services
from linli.foundation.venues.types import COLOURS, ICONS, KindData
from linli.interfaces.console.doors import actor_of
from linli.interfaces.console.venues.doors import administrators
from linli.interfaces.console.venues.forms import listed
from linli.interfaces.web.forms import DomainForm
from linli.interfaces.web.opening import label_of

if TYPE_CHECKING:
    from linli.foundation.venues.models import VenueKind

TYPES = {
    "text": gettext_lazy("一行字"),
    "long_text": gettext_lazy("一段字"),
    "integer": gettext_lazy("整数"),
    "yes_no": gettext_lazy("是或否"),
    "choice": gettext_lazy("单选"),
    "choices": gettext_lazy("多选"),
    "date": gettext_lazy("日期"),
    "phone": gettext_lazy("电话"),
}
BLANK_GROUPS, BLANK_QUESTIONS, MOST = 2, 2, 30


class KindForm(DomainForm):
    """A kind; its questions and its standard are rows beside it."""

    code = forms.CharField(label=gettext_lazy("代码"), max_length=31)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=32)
    aliases = forms.CharField(
        label=gettext_lazy("别的叫法"), max_length=400, required=False,
        help_text=gettext_lazy("用逗号隔开，搜索时都能找到。"),
    )  # fmt: skip
    order = forms.IntegerField(label=gettext_lazy("次序"), min_value=0, max_value=9999, initial=100)
    public = forms.BooleanField(label=gettext_lazy("居民可见"), required=False)
    reviewed = forms.BooleanField(label=gettext_lazy("每年复核"), required=False)
    canteen = forms.BooleanField(label=gettext_lazy("有菜单（食堂）"), required=False)
    charging = forms.BooleanField(label=gettext_lazy("计入充换电台账"), required=False)
    active = forms.BooleanField(label=gettext_lazy("启用"), required=False)


class MapForm(DomainForm):
    """A thematic map."""

    code = forms.CharField(
        label=gettext_lazy("网址"), max_length=31, help_text=gettext_lazy("小写字母、数字和短横线，例如 riders。")
    )
    title = forms.CharField(label=gettext_lazy("标题"), max_length=64)
    intro = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    order = forms.IntegerField(label=gettext_lazy("次序"), min_value=0, max_value=9999, initial=100)
    active = forms.BooleanField(label=gettext_lazy("公开"), required=False, initial=True)


@require_GET
@administrators
def listing(request: HttpRequest) -> HttpResponse:
    """Show kinds, facilities and maps."""
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, trouble: DomainError | None = None) -> HttpResponse:
    context = {
        "nav_here": "console",
        "kinds": selectors.kinds(active=False),
        "facilities": selectors.facilities(),
        "maps": selectors.thematic_maps(),
        "trouble": trouble,
        "typed": request.POST.get("name", "") if trouble else "",
    }
    return render(request, "console/venues/kinds.html", context, status=status)


@require_POST
@administrators
def ship(request: HttpRequest) -> HttpResponse:
    """Enter the shipped kinds that are not there yet."""
    made = services.load_shipped(by=actor_of(request), now=clock.now())
    if made:
        messages.success(request, _("已装入常用类别、设施和地图。"))
    else:
        messages.info(request, _("常用的都已经有了。"))
    return HttpResponseRedirect(reverse("console:venue_kinds"))


@require_POST
@administrators
def facility(request: HttpRequest) -> HttpResponse:
    """Enter something that venues may offer."""
    try:
        services.save_facility(by=actor_of(request), now=clock.now(), name=request.POST.get("name", ""))
    except DomainError as error:
        return _page(request, status=error.status, trouble=error)
    messages.success(request, _("已添加。"))
    return HttpResponseRedirect(reverse("console:venue_kinds"))


@require_http_methods(["GET", "POST"])
@administrators
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Enter a kind, or change one."""
    kept = selectors.kind(code) if code else None
    if request.method != "POST":
        form = KindForm(initial=_initial(kept))
        return _edit_page(request, form, kept, _asked(kept), _groups(kept), _look(kept))
    data = request.POST.copy()
    if kept is not None:
        data["code"] = kept.code
    form = KindForm(data)
    asked, groups = _typed_questions(request), _typed_groups(request)
    look = {"icon": data.get("icon", ""), "colour": data.get("colour", "")}
    status = 422
    if form.is_valid():
        try:
            services.save_kind(by=actor_of(request), now=clock.now(), data=_data(form, asked, groups, look, kept))
        except DomainError as error:
            form.take(error)
            for name in ("icon", "colour", "standard"):
                for message in error.fields.get(name, []):
                    form.add_error(None, message)
            status = error.status
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("console:venue_kinds"))
    return _edit_page(request, form, kept, asked, groups, look, status=status)


def _initial(kept: VenueKind | None) -> dict[str, Any]:
    if kept is None:
        return {"public": True, "active": True}
    names = ("code", "name", "order", "public", "reviewed", "canteen", "charging", "active")
    return {**{n: getattr(kept, n) for n in names}, "aliases": "，".join(kept.aliases)}


def _look(kept: VenueKind | None) -> dict[str, str]:
    return {"icon": kept.icon if kept else ICONS[0], "colour": kept.colour if kept else "blue"}


def _edit_page(
    request: HttpRequest, form: KindForm, kept: VenueKind | None, asked: list[dict[str, str]],
    groups: list[dict[str, str]], look: dict[str, str], *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    blank_question = {"code": "", "label": "", "type": "text", "choices": "", "hint": ""}
    context = {
        "nav_here": "console",
        "form": form,
        "f": {name: form[name] for name in form.fields},
        "kind": kept,
        "asked": [*asked, *([blank_question] * BLANK_QUESTIONS)],
        "groups": [*groups, *([{"name": "", "count": "", "items": ""}] * BLANK_GROUPS)],
        "types": [{"value": v, "label": label} for v, label in TYPES.items()],
        "icons": ICONS,
        "colours": COLOURS.items(),
        "look": look,
    }
    return render(request, "console/venues/kind.html", context, status=status)


def _asked(kept: VenueKind | None) -> list[dict[str, str]]:
    questions = selectors.questions_of(kept.code) if kept else QuestionSet(0, ())
    return [
        {
            "code": q.code,
            "label": label_of(q.label),
            "type": q.type.value,
            "hint": label_of(q.hint),
            "choices": "、".join(label_of(c.label) for c in q.choices),
        }
        for q in questions.questions
    ]


def _groups(kept: VenueKind | None) -> list[dict[str, str]]:
    return [
        {"name": g["name"], "count": str(g["count"]), "items": "、".join(g["items"])}
        for g in (kept.standard if kept else [])
    ]


def _rows(request: HttpRequest, names: tuple[str, ...]) -> list[dict[str, str]]:
    columns = [request.POST.getlist(n)[:MOST] for n in names]
    keys = [n.partition("_")[2] for n in names]
    return [dict(zip(keys, (v.strip()[:300] for v in row), strict=True)) for row in zip(*columns, strict=False)]


def _typed_questions(request: HttpRequest) -> list[dict[str, str]]:
    found = _rows(request, ("ask_code", "ask_label", "ask_type", "ask_choices", "ask_hint"))
    return [q for q in found if q["label"]]


def _typed_groups(request: HttpRequest) -> list[dict[str, str]]:
    return [g for g in _rows(request, ("group_name", "group_count", "group_items")) if g["name"] or g["count"]]


def _data(
    form: KindForm,
    asked: list[dict[str, str]],
    groups: list[dict[str, str]],
    look: dict[str, str],
    kept: VenueKind | None,
) -> KindData:
    d = form.cleaned_data
    standard = tuple(
        {
            "name": g["name"],
            "count": int(g["count"]) if g["count"].isascii() and g["count"].isdigit() else 0,
            "items": list(listed(g["items"])),
        }
        for g in groups
    )
    values = {**d, **look, "aliases": listed(d["aliases"])}
    return KindData(**values, standard=standard, questions={"questions": _questions(asked, kept)})


def _questions(asked: list[dict[str, str]], kept: VenueKind | None) -> list[dict[str, Any]]:
    """Return what was typed as the room `forms` takes it; codes stay where they were, new questions get free ones."""
    taken = {q["code"] for q in asked}
    before = selectors.questions_of(kept.code).questions if kept else ()
    known = {(q.code, label_of(c.label)): c.code for q in before for c in q.choices}
    found = []
    for n, q in enumerate(asked, 1):
        code = q["code"]
        while not code:
            code, n = (f"q{n}", n) if f"q{n}" not in taken else ("", n + 1)
        taken.add(code)
        chosen = q["type"] in {"choice", "choices"}
        labels = listed(q["choices"]) if chosen else ()
        found.append(
            {
                "code": code,
                "type": q["type"],
                "label": {"zh-hans": q["label"]},
                "hint": {"zh-hans": q["hint"]} if q["hint"] else {},
                "choices": [
                    {"code": known.get((code, text), text[:60]), "label": {"zh-hans": text}} for text in labels
                ],
            }
        )
    return found


@require_http_methods(["GET", "POST"])
@administrators
def edit_map(request: HttpRequest, code: str = "") -> HttpResponse:
    """Enter a thematic map, or change one."""
    kept = next((m for m in selectors.thematic_maps() if m.code == code), None)
    if code and kept is None:
        raise NotFoundError(_("没有这张地图。"))
    names = ("code", "title", "intro", "order", "active")
    initial = {n: getattr(kept, n) for n in names} if kept else {"active": True}
    data = request.POST.copy()
    if kept is not None:
        data["code"] = kept.code
    form = MapForm(data) if request.method == "POST" else MapForm(initial=initial)
    chosen = request.POST.getlist("kind") if form.is_bound else list(kept.kinds) if kept else []
    status = 200
    if form.is_bound:
        status = form.attempt(
            lambda: services.save_map(by=actor_of(request), now=clock.now(), kinds=chosen, **form.cleaned_data)
        )
        if not status:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("console:venue_kinds"))
    context = {
        "nav_here": "console",
        "form": form,
        "f": {name: form[name] for name in form.fields},
        "map": kept,
        "kinds": [k for k in selectors.kinds() if k.public],
        "chosen": chosen,
    }
    return render(request, "console/venues/map.html", context, status=status)
