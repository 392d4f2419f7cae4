"""What is typed into the pages of shops together, contractors and officers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core import clock
from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.doors import today
from linli.interfaces.desk.streets.forms import MORE, PHOTO, Photos, areas, fill, pick
from linli.interfaces.web.forms import day_field, photo_field, words_field
from linli.programmes.streets import selectors
from linli.programmes.streets.rules import shipped
from linli.programmes.streets.types import Crew, Shift

PLEDGE = gettext_lazy("店门口自己扫，货物不出店，店招定期查；邻店有困难互相搭把手。")


def _fine(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, coerce=lambda v: v == "yes", widget=forms.RadioSelect, initial="yes",
        choices=[("yes", gettext_lazy("良好")), ("no", gettext_lazy("有问题"))],
    )  # fmt: skip


def _number(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=1_000_000, required=False, **more)


class JoinForm(ActForm):
    """A shop that joins the alliance."""

    pledge = words_field(gettext_lazy("公约承诺"), 500, required=True, rows=3)
    on = day_field(gettext_lazy("加入日期"), initial=today)

    def offer(self) -> None:
        """Propose a pledge."""
        self.fields["pledge"].initial = PLEDGE


class PeerForm(ActForm):
    """What one member saw at another's."""

    checker = forms.TypedChoiceField(label=gettext_lazy("哪家来看"), empty_value="")
    on = day_field(gettext_lazy("日期"), initial=today)
    fine = _fine(gettext_lazy("怎么样"))
    text = words_field(
        gettext_lazy("看到什么"), 300, rows=2, hint=gettext_lazy("有问题的要写明；只作互相提醒，不排名。")
    )
    photo = photo_field(PHOTO, required=False)

    def offer(self) -> None:
        """Offer the members nearby."""
        rows = selectors.other_members(self.row) if self.row is not None else []
        fill(self, "checker", [(str(m.uuid), m.target.name) for m in rows])


class MendPeerForm(ActForm):
    """Which peer check is put right."""

    check = pick(gettext_lazy("哪一次"), required=True)

    def offer(self) -> None:
        """Offer what waits."""
        rows = self.row.checks.filter(fine=False, mended_on__isnull=True) if self.row is not None else []
        fill(self, "check", [(c.pk, f"{c.on}　{c.text}") for c in rows])


class BoardForm(Photos):
    """A sign-board's safety check."""

    on = day_field(gettext_lazy("检查日期"), initial=today)
    fine = _fine(gettext_lazy("结果"))
    text = words_field(gettext_lazy("情况"), 300, rows=2, hint=gettext_lazy("有问题的要写明，例如：右下角螺栓松动。"))
    rectify_by = day_field(
        gettext_lazy("整改期限"), required=False, help_text=gettext_lazy("有问题的填；不填按规则的天数。")
    )
    field_order = ("on", "fine", "text", "rectify_by", "photo", "photo2")


class RectifyForm(ActForm):
    """That a sign-board is put right."""

    text = words_field(gettext_lazy("怎样整改的"), 300, required=True, rows=2)
    photo = photo_field(gettext_lazy("整改后的照片"), required=False)


class FriendForm(ActForm):
    """A friendly merchant."""

    offers = forms.MultipleChoiceField(label=gettext_lazy("提供什么"), widget=forms.CheckboxSelectMultiple)
    plaque = words_field(gettext_lazy("铭牌编号"), 40, required=True)
    since = day_field(gettext_lazy("授牌日期"), initial=today)
    public = forms.TypedChoiceField(
        label=gettext_lazy("商户是否同意公开"), coerce=lambda v: v == "yes", widget=forms.RadioSelect, initial="no",
        choices=[("yes", gettext_lazy("同意，列在居民页面")), ("no", gettext_lazy("不公开"))],
    )  # fmt: skip
    photo = photo_field(PHOTO, required=False)

    def offer(self) -> None:
        """Offer the shipped kindnesses."""
        found: Any = self.fields["offers"]
        found.choices = list(shipped.kindnesses().items())


class ReviewForm(ActForm):
    """A yearly look at a friendly merchant."""

    offers = forms.MultipleChoiceField(label=gettext_lazy("还在提供"), widget=forms.CheckboxSelectMultiple)
    text = words_field(gettext_lazy("复核情况"), 300, required=True, rows=2)

    def offer(self) -> None:
        """Offer the shipped kindnesses, those that there are marked."""
        found: Any = self.fields["offers"]
        found.choices = list(shipped.kindnesses().items())
        found.initial = list(self.row.offers) if self.row is not None else []


class LogForm(Photos):
    """A shift's work on a route."""

    on = day_field(gettext_lazy("日期"), initial=today)
    shift = forms.ChoiceField(label=gettext_lazy("班次"), choices=Shift.choices)
    crew = forms.ChoiceField(label=gettext_lazy("谁做的"), choices=Crew.choices)
    planned = forms.DecimalField(label=gettext_lazy("计划量"), min_value=0, max_value=1_000_000, decimal_places=1)
    done = forms.DecimalField(label=gettext_lazy("完成量"), min_value=0, max_value=1_000_000, decimal_places=1)
    unit_word = words_field(gettext_lazy("单位"), 12, required=True, hint=gettext_lazy("例如：公里、平方米、辆、桶。"))
    told = _number(gettext_lazy("通知单车企业（辆）"))
    removed = _number(gettext_lazy("清运（辆）"))
    text = words_field(gettext_lazy("情况"), 300, rows=2, hint=gettext_lazy("写线路和数量，不写作业人员姓名。"))
    field_order = (
        "on", "shift", "crew", "planned", "done", "unit_word", "told", "removed", "text", "photo", "photo2",
    )  # fmt: skip

    def offer(self) -> None:
        """Ask of bikes only on routes of bikes; propose how it is measured."""
        work = self.row.facts.get("work", "") if self.row is not None else ""
        if work != "bikes":
            del self.fields["told"], self.fields["removed"]
        self.fields["unit_word"].initial = {"bikes": _("辆"), "waste": _("桶"), "sweep": _("公里")}.get(work, "")


class QualityForm(Photos):
    """How a route was found."""

    on = day_field(gettext_lazy("日期"), initial=today)
    off = forms.DecimalField(
        label=gettext_lazy("扣分"), min_value=0, max_value=100, decimal_places=1, initial="0",
        help_text=gettext_lazy("满分 100；扣分算在作业单位和线路上，不算到作业人员。"),
    )  # fmt: skip
    text = words_field(gettext_lazy("检查情况"), 300, required=True, rows=2)
    field_order = ("on", "off", "text", "photo", "photo2")


class ReplyForm(ActForm):
    """What the firm says."""

    text = words_field(gettext_lazy("说明"), 300, required=True, rows=2)


class ContactForm(ActForm):
    """Who keeps in touch with which neighbourhood."""

    user_id = pick(gettext_lazy("执法人员"), required=True)
    area_id = pick(gettext_lazy("联络的居民区"), required=True)
    per_month = forms.IntegerField(label=gettext_lazy("每月几次"), min_value=1, max_value=31)
    starts_on = day_field(gettext_lazy("从"), initial=today)

    def offer(self) -> None:
        """Offer officers and areas."""
        fill(self, "user_id", [(h.user_id, h.label) for h in selectors.all_officers(clock.now()).values()])
        fill(self, "area_id", areas())
        self.fields["per_month"].initial = selectors.number("contact_month", today())


class ContactVisitForm(ActForm):
    """One time that the officer was there."""

    on = day_field(gettext_lazy("日期"), initial=today)
    text = words_field(gettext_lazy("做了什么"), 500, required=True, rows=3, hint=gettext_lazy("写事，不写居民姓名。"))
    asked = words_field(gettext_lazy("居民区提出的事"), 500, rows=2)
    photo = photo_field(PHOTO, required=False)
    photo2 = photo_field(MORE, required=False)
