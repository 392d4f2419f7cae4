"""The words of one template in one language."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.foundation.messages.services import LONGEST
from linli.interfaces.web.forms import DomainForm


class WordsForm(DomainForm):
    """Subject, body, text message; why they are changed."""

    subject = forms.CharField(label=_("标题"), max_length=LONGEST["subject"], strip=False)
    body = forms.CharField(
        label=_("正文（站内消息、邮件、电话和上门时说的）"),
        max_length=LONGEST["body"],
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("一行里的参数都没有内容时，这一行自动省去。"),
    )
    short = forms.CharField(
        label=_("短信"),
        max_length=LONGEST["short"],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不写地点、姓名、联系方式：短信会经过别人的手。"),
    )
    reason = forms.CharField(label=_("为什么改"), max_length=500)
    accept_dropped = forms.BooleanField(required=False)


class ResetForm(DomainForm):
    """Why the shipped words come back."""

    reason = forms.CharField(label=_("理由"), max_length=500)


class TestForm(DomainForm):
    """Where a test goes."""

    channel = forms.ChoiceField(
        label=_("发到哪里"), choices=[("in_app", _("我的站内消息")), ("email", _("我的邮箱"))], widget=forms.RadioSelect
    )
    email = forms.EmailField(label=_("我的邮箱"), required=False)
