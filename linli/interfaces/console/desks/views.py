"""Walk-in desks: where, whose officer by post, on which days of the week."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError
from linli.foundation.people import selectors, services
from linli.foundation.people.types import Hours, NewDesk
from linli.foundation.places import selectors as places
from linli.interfaces.console.doors import only_roles
from linli.interfaces.web.formats import WEEKDAYS, hours_words
from linli.interfaces.web.forms import DomainForm

KEEPERS = frozenset({"system_admin", "shift_leader", "street_leader"})
MOST_HOURS = 14


class DeskForm(DomainForm):
    """One desk; its hours are rows of their own."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    area = forms.TypedChoiceField(label=gettext_lazy("居民区"), coerce=int)
    place = forms.CharField(
        label=gettext_lazy("地点"), max_length=120, help_text=gettext_lazy("例如：居委会一楼接待室。")
    )
    unit = forms.TypedChoiceField(label=gettext_lazy("值守单位"), coerce=int)
    post = forms.CharField(
        label=gettext_lazy("值守岗位"), max_length=64, required=False, help_text=gettext_lazy("写岗位，不写个人姓名。")
    )
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=32, required=False)
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=200, required=False, help_text=gettext_lazy("例如：法定节假日除外。")
    )
    active = forms.ChoiceField(
        label=gettext_lazy("状态"),
        choices=[("yes", gettext_lazy("启用")), ("no", gettext_lazy("停用"))],
        initial="yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer neighbourhoods and units."""
        super().__init__(*args, **kwargs)
        found = places.areas(on=localtime(clock.now()).date(), kind="neighbourhood")
        area: Any = self.fields["area"]
        area.choices = [("", _("请选择")), *((a.pk, a.name) for a in found)]
        unit: Any = self.fields["unit"]
        unit.choices = [("", _("请选择")), *((u.pk, u.name) for u in selectors.active_units())]


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        return None


def _typed_hours(data: QueryDict) -> list[dict[str, str]]:
    rows = zip(data.getlist("weekday"), data.getlist("starts"), data.getlist("ends"), strict=False)
    return [{"weekday": d, "starts": s, "ends": e} for d, s, e in rows][:MOST_HOURS]


def _hours(rows: list[dict[str, str]]) -> tuple[Hours, ...]:
    """Return the hours that were typed; rows without any time are left out.

    Raises:
        InvalidError: half a row.
    """
    found = []
    for row in rows:
        starts, ends = _time(row["starts"]), _time(row["ends"])
        if not row["starts"] and not row["ends"]:
            continue
        if starts is None or ends is None or row["weekday"] not in {str(n) for n in range(1, 8)}:
            words = _("请填写星期、开始和结束时间。")
            raise InvalidError(_("还有内容需要修改。"), fields={"hours": [words]})
        found.append(Hours(int(row["weekday"]), starts, ends))
    return tuple(found)


@require_GET
@only_roles(KEEPERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Show the desks, closed ones too."""
    rows = [{"desk": d, "hours": hours_words(selectors.hours_of(d))} for d in selectors.desks(every=True)]
    return render(request, "console/desks/list.html", {"rows": rows, "nav_here": "console"})


def _start(desk: Any) -> dict[str, Any]:
    return {
        "name": desk.name,
        "area": desk.area_id,
        "place": desk.place,
        "unit": desk.unit_id,
        "post": desk.post,
        "phone": desk.phone,
        "note": desk.note,
        "active": "yes" if desk.active else "no",
    }


def _save(request: HttpRequest, form: DeskForm, rows: list[dict[str, str]], desk: Any) -> None:
    data = form.cleaned_data
    new = NewDesk(
        name=data["name"],
        area_id=data["area"],
        unit_id=data["unit"],
        place=data["place"],
        hours=_hours(rows),
        post=data["post"],
        phone=data["phone"],
        note=data["note"],
        active=data["active"] == "yes",
    )
    services.save_desk(by=request.actor, now=clock.now(), desk=new, row=desk)  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@only_roles(KEEPERS)
def edit(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Set a desk up, or change it."""
    desk, status, wrong = selectors.desk_for(uuid) if uuid else None, 200, []
    blank = {"weekday": "2", "starts": "", "ends": ""}
    rows = (
        [
            {"weekday": str(h.weekday), "starts": f"{h.starts:%H:%M}", "ends": f"{h.ends:%H:%M}"}
            for h in selectors.hours_of(desk)
        ]
        if desk
        else []
    )
    form = DeskForm(request.POST) if request.method == "POST" else DeskForm(initial=_start(desk) if desk else None)
    if request.method == "POST":
        rows, status = _typed_hours(request.POST), 422
        if form.is_valid():
            try:
                _save(request, form, rows, desk)
            except DomainError as error:
                wrong = error.fields.get("hours", [])
                form.take(error)
                status = error.status
            else:
                messages.success(request, _("已保存。"))
                return HttpResponseRedirect(reverse("console:desks"))
    context = {
        "form": form,
        "desk": desk,
        "rows": rows or [blank],
        "empty": blank,
        "wrong": wrong,
        "weekdays": [{"value": str(n), "label": name} for n, name in enumerate(WEEKDAYS, 1)],
        "nav_here": "console",
    }
    return render(request, "console/desks/edit.html", context, status=status)
