"""The shape of what is entered for a mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases import selectors as cases
from linli.engines.mailbox.types import MailboxData, Security
from linli.foundation.places import selectors as places
from linli.interfaces.console.doors import today
from linli.interfaces.web.forms import DomainForm

if TYPE_CHECKING:
    from linli.engines.mailbox.models import Mailbox

_SAME = ("name", "address", "host", "port", "security", "user", "folder", "ca", "category")


class MailboxForm(DomainForm):
    """A mailbox."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=40, help_text=gettext_lazy("例如：群众来信。"))
    address = forms.CharField(
        label=gettext_lazy("邮箱地址"), max_length=254,
        help_text=gettext_lazy("居民写信的地址；我们的答复也请对方回复到这里。"),
    )  # fmt: skip
    host = forms.CharField(
        label=gettext_lazy("IMAP 服务器"), max_length=253, help_text=gettext_lazy("例如 imap.example.org。")
    )
    port = forms.IntegerField(label=gettext_lazy("端口"), min_value=1, max_value=65535)
    security = forms.ChoiceField(
        label=gettext_lazy("加密方式"), choices=Security.choices, widget=forms.RadioSelect
    )  # fmt: skip
    user = forms.CharField(
        label=gettext_lazy("账号"), max_length=254, help_text=gettext_lazy("多数服务商就是完整的邮箱地址。")
    )
    password = forms.CharField(
        label=gettext_lazy("密码或授权码"), max_length=200, required=False, widget=forms.PasswordInput,
        help_text=gettext_lazy("加密保存，不再显示。修改时留空表示不变；换了服务器、端口或加密方式须重新填写。"),
    )  # fmt: skip
    folder = forms.CharField(label=gettext_lazy("文件夹"), max_length=200)
    area = forms.TypedChoiceField(
        label=gettext_lazy("默认居民区"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("居民区自己的邮箱请选择；来信立案时先落在这里，由派单员核对。"),
    )  # fmt: skip
    category = forms.ChoiceField(label=gettext_lazy("默认分类"), required=False)
    ca = forms.CharField(
        label=gettext_lazy("信任的证书"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("只有服务器使用自签或单位自建的证书时才填：PEM 格式。"),
    )  # fmt: skip
    active = forms.MultipleChoiceField(
        label=gettext_lazy("状态"), choices=[("yes", gettext_lazy("每几分钟收取一次"))], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, new: bool = False, **kwargs: Any) -> None:
        """Offer neighbourhoods and categories; a ``new`` mailbox needs its password."""
        super().__init__(*args, **kwargs)
        self.fields["password"].required = new
        area: Any = self.fields["area"]
        area.choices = [("", _("不设"))] + [(a.pk, a.name) for a in places.areas(on=today(), kind="neighbourhood")]
        category: Any = self.fields["category"]
        category.choices = [("", _("其他，由派单员分类"))] + [
            (n.spec.code, n.title) for n in cases.fileable()
        ]  # fmt: skip

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """The fields as they are drawn; a password that was typed is not sent back."""
        return [f | {"value": ""} if f["name"] == "password" else f for f in super().drawn]

    def entry(self) -> MailboxData:
        """Return what was typed."""
        data = dict(self.cleaned_data)
        area, active = data.pop("area"), data.pop("active")
        return MailboxData(**data, area_id=area, active=bool(active))


def start(row: Mailbox | None) -> dict[str, Any]:
    """Return what the form begins with."""
    if row is None:
        return {"port": 993, "security": Security.TLS.value, "folder": "INBOX", "active": ["yes"]}
    return {n: getattr(row, n) for n in _SAME} | {"area": row.area_id, "active": ["yes"] if row.active else []}
